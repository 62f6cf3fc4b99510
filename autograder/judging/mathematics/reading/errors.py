"""Every way in which a written answer can fail to be read or computed. Knows places in a text."""

# ruff: noqa: N818 - these are diagnoses, said to a student

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from .places import surroundings, whole


class MathematicsError(Exception):
    """Something about a written answer: what (`message`), where, and the way out (`help`).

    `start` and `end` are positions in the text that was read (-1 where there is no place).
    `says` is the short name of the diagnosis, the word a specification expects in `wrong`;
    `source` is the text that was read, where it is not the formula that counts.
    """

    says: ClassVar[str] = "unreadable"

    def __init__(self, message: str, *, help: str = "", start: int = -1, end: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.start = start
        self.end = end
        self.source = ""

    def place(self, text: str) -> str:
        """The passage meant, between ▸ and ◂ with a little of its surroundings; "" without one.

        >>> Unreadable("?", start=2, end=3).place("a + b")
        'a ▸+◂ b'
        """
        if self.start < 0:
            return ""
        text = self.source or text
        start, end = min(self.start, len(text)), min(max(self.end, self.start), len(text))
        start, end = whole(text, start, end)
        first, last = surroundings(text, start, end)
        before, after = text[first:start], text[end:last]
        head = "…" if first else ""
        tail = "…" if last < len(text) else ""
        marked = f"{head}{before}▸{text[start:end]}◂{after}{tail}"
        return " ".join(marked.split())


@contextmanager
def read_from(text: str) -> Iterator[None]:
    """Let errors raised inside know the text in which their places are."""
    try:
        yield
    except MathematicsError as error:
        error.source = error.source or text
        raise


class Unreadable(MathematicsError):
    """The text does not follow the notation."""


class TooLarge(MathematicsError):
    """Longer, deeper or more expensive than an answer can sensibly be."""

    says = "too_large"


class Empty(MathematicsError):
    """Nothing has been written yet."""

    says = "empty"


class Ambiguous(MathematicsError):
    """Two readings are possible and they differ."""

    says = "ambiguous"


class UnknownSymbol(MathematicsError):
    """A letter or word that the question does not declare."""

    says = "unknown_symbol"

    def __init__(self, message: str, *, name: str, help: str = "", start: int = -1, end: int = -1):
        super().__init__(message, help=help, start=start, end=end)
        self.name = name


class ForbiddenSymbol(MathematicsError):
    """A declared symbol which this answer must do without."""

    says = "forbidden_symbol"


class ForbiddenOperation(MathematicsError):
    """An operation which this answer must do without, or too many of them."""

    says = "forbidden_operation"


class Implicit(MathematicsError):
    """An equation for the unknown where the solved form was asked for."""

    says = "implicit"


class FreeIndex(MathematicsError):
    """An index that no sum and no diag(...) runs over."""

    says = "free_index"


class WrongShape(MathematicsError):
    """The answer as a whole has another shape than the thing asked for."""

    says = "shape"


class ShapeClash(MathematicsError):
    """Two parts inside the answer do not fit together."""

    says = "shape_clash"


class ScalarPlusMatrix(MathematicsError):
    """A number is added to a matrix."""

    says = "scalar_plus_matrix"


class NotSquare(MathematicsError):
    """An inverse, a power, a trace or a determinant of a rectangular matrix."""

    says = "not_square"


class VectorSquared(MathematicsError):
    """A power of a vector."""

    says = "vector_squared"


class DivisionByMatrix(MathematicsError):
    """A matrix or a vector in a denominator."""

    says = "division_by_matrix"


class UnclearSize(MathematicsError):
    """An identity, zero or ones whose size cannot be told from its neighbours."""

    says = "unclear_size"


class Singular(MathematicsError):
    """An inverse that does not exist for the data at hand."""

    says = "singular"


class NotFinite(MathematicsError):
    """The value is infinite or undefined for the data at hand."""

    says = "not_finite"
