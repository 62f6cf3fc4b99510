"""What a failed check has met, as plain data: the student's lines, the arrays, the formula read.

Every field has a bound, for results of a whole class are kept and read at once. Knows no page.
"""

from __future__ import annotations

import msgspec

MAX_LINES = 60  # of the student's own code
MAX_SIDE = 24  # rows and columns of an array that are kept
MAX_FILTERS, FILTER_SIDE = 12, 14  # images of weights, and the most rows and columns of each
MAX_CLASSES = 20
MAX_STEPS = 200  # of a curve
MAX_FORMULA = 2_000  # characters
MAX_TRYOUT = 64_000


class OwnCode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Lines of the student's own file, from line `start` of it on.

    `marked` is the line that raised, 0 where none is known. In a notebook, lines are counted within
    its code cell number `cell`. `more` says that the definition goes on. After the first
    `before_gap` lines, `gap` lines of a docstring are left out.
    """

    path: str
    start: int
    text: str
    marked: int = 0
    cell: int = 0
    more: bool = False
    before_gap: int = 0
    gap: int = 0


class ArrayPair(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A student's array and the right one: of `shape`, the part that is kept.

    That part has `rows` rows and `columns` columns from `row` and `column` on, within the last two
    axes at `leading`; with `channels_last` the last axis is one of the leading ones. `got` and
    `right` are little-endian float32, `differs` is a bit for each entry; `wrong` entries differ in
    the whole array.
    """

    name: str
    shape: tuple[int, ...]
    rows: int
    columns: int
    got: bytes
    right: bytes
    differs: bytes
    wrong: int
    leading: tuple[int, ...] = ()
    row: int = 0
    column: int = 0
    channels_last: bool = False


class Curve(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A history of numbers, such as losses, of which at most `MAX_STEPS` are kept.

    None stands for one that is not finite. `goal` is the number to reach, where there is one.
    """

    name: str
    steps: int
    values: tuple[float | None, ...]
    goal: float | None = None


class Factors(msgspec.Struct, frozen=True, kw_only=True):
    """The share of each singular direction that a solution keeps, beside the right share.

    `sigma` are the singular values, from the largest on; None stands for no finite share.
    """

    sigma: tuple[float, ...]
    got: tuple[float | None, ...]
    right: tuple[float, ...]


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """An accuracy beside the one that is needed, and beside what guessing gives."""

    reached: float
    needed: float
    guess: float


class Confusion(msgspec.Struct, frozen=True, kw_only=True):
    """How many examples of each class (rows) were taken for which (columns)."""

    counts: tuple[tuple[int, ...], ...]


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """First-layer weights of some of `units` units as small images, an int8 for each pixel.

    `levels` has shape (count, height, width), from -5 to 5, which is the largest weight of a unit.
    """

    name: str
    units: int
    count: int
    height: int
    width: int
    levels: bytes


class Understood(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A written answer as it was read, in LaTeX of ours; `left`, `right`: a step that is false."""

    name: str
    latex: str = ""
    left: str = ""
    right: str = ""


class Exhibit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is kept of one failed check.

    `tryout` is Python that makes the same call in the student's folder; without it, `no_tryout`
    says why there is none.
    """

    code: OwnCode | None = None
    arrays: ArrayPair | None = None
    curve: Curve | None = None
    accuracies: Curve | None = None
    factors: Factors | None = None
    accuracy: Reached | None = None
    confusion: Confusion | None = None
    filters: Filters | None = None
    understood: Understood | None = None
    tryout: str = ""
    no_tryout: str = ""
