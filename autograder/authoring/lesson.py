"""A lesson: a percent script read as cells, with what each is for. Writes no notebook."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jupytext  # type: ignore[import-untyped]

from .errors import AuthoringError
from .markers import CODE_STUB, TEXT_STUB, Marked, parse

KEYS = ("check", "demo", "manual", "points")

NO_CELLS = "a lesson begins with a cell: `# %% [markdown]` or `# %%`"
UNCLEAR_CELLS = (
    "{headers} lines look like the beginning of a cell, and jupytext finds {cells} cells; "
    "is one of those lines inside a string?"
)
UNKNOWN_KIND = "a cell is either `# %%` or `# %% [markdown]`, not {kind}"
UNKNOWN_KEY = "unknown cell key {key!r}; there are `check`, `demo`, `manual` and `points`"
BAD_DEMO = "write `demo=true`, or nothing"
BAD_ID = "{key}={id!r} is no id; use lower-case letters, digits and `_`, in quotes"
MANY_ROLES = "a cell is one of `check`, `demo` and `manual`, not {roles}"
CHECK_IN_TEXT = "`check` belongs to a code cell"
DEMO_IN_TEXT = "`demo` belongs to a code cell"
MANUAL_IN_CODE = "`manual` belongs to a text cell: `# %% [markdown] manual=...`"
POINTS_ALONE = "`points` belongs to a `manual` cell; those of a check are in its hidden test"
NO_POINTS = "manual cell {id!r} needs `points=` and a number above 0"
GIVEN_REGION = "a `{role}` cell is given as it is, and has no solution region"
TEXT_REGION = "a solution region in a text cell needs `manual=` and `points=` in the cell's header"
MANUAL_REGION = "manual cell {id!r} needs exactly one solution region, `{id}`"

_HEADER = re.compile(r"\s*#\s*%%(%*\s|$)")  # not a cell magic, `# %%time`
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
# What jupytext notes about the script's layout, which is no key of the author's.
_LAYOUT = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell; `line` is that of its header, `first_line` that of its text.

    At most one of `check`, `manual` and `demo` is set. `points` are those of a manual cell.
    """

    line: int
    first_line: int
    is_code: bool
    source: str
    marked: Marked
    check: str = ""
    manual: str = ""
    points: float = 0
    demo: bool = False

    @property
    def grade_id(self) -> str:
        """nbgrader's id for the cell; empty for one that nbgrader need not know."""
        regions = self.marked.regions
        return self.check or self.manual or (f"solution-{regions[0].id}" if regions else "")

    @property
    def stub(self) -> str:
        """What stands for a region that brings no stub of its own."""
        return CODE_STUB if self.is_code else TEXT_STUB


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One percent script; it becomes `<name>.ipynb`."""

    name: str
    file: str
    cells: tuple[Cell, ...]


@functools.lru_cache(maxsize=32)  # most mutants change a module and no lesson
def read_lesson(text: str, *, name: str, file: str) -> Lesson:
    """Read a percent script.

    Raises
    ------
    AuthoringError : for markers that `markers.parse` refuses, and for a cell whose header has an
        unknown key, an unfit value or keys that do not go together.
    """
    lines = text.split("\n")
    headers = [n for n, line in enumerate(lines, start=1) if _HEADER.match(line)]
    before = lines[: headers[0] - 1] if headers else lines
    for number, line in enumerate(before, start=1):
        if line.strip():
            raise AuthoringError(file, number, NO_CELLS)
    cells = jupytext.reads(text, fmt="py:percent").cells if headers else []
    if len(cells) != len(headers):
        unclear = UNCLEAR_CELLS.format(headers=len(headers), cells=len(cells))
        raise AuthoringError(file, headers[0] if headers else 1, unclear)
    read = (_read_cell(cell, n, lines, file) for cell, n in zip(cells, headers, strict=True))
    return Lesson(name=name, file=file, cells=tuple(read))


def _read_cell(cell: Any, line: int, lines: list[str], file: str) -> Cell:
    try:
        keys = _checked_keys(cell.cell_type, cell.metadata)
    except _HeaderError as error:
        raise AuthoringError(file, line, str(error)) from error
    first_line = _first_line(cell.source, line, lines)
    read = Cell(
        line=line,
        first_line=first_line,
        is_code=cell.cell_type == "code",
        source=cell.source,
        marked=parse(cell.source, file=file, first_line=first_line),
        **keys,
    )
    _check_regions(read, file)
    return read


def _first_line(source: str, header: int, lines: list[str]) -> int:
    """Where the cell's text begins: below its header, blank lines and an opening quote."""
    first = source.split("\n")[0]
    for number, line in enumerate(lines[header:], start=header + 1):
        if first in (line, line.removeprefix("# "), line.removeprefix("#")):
            return number
    return header + 1


class _HeaderError(Exception):
    """A cell's header is wrong."""


def _checked_keys(kind: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    if kind not in {"code", "markdown"}:
        raise _HeaderError(UNKNOWN_KIND.format(kind=f"`# %% [{kind}]`"))
    keys = {key: value for key, value in metadata.items() if key not in _LAYOUT}
    for key in keys:
        if key not in KEYS:
            raise _HeaderError(
                UNKNOWN_KEY.format(key=keys.get("incorrectly_encoded_metadata", key))
            )
    roles = sorted(keys.keys() - {"points"})
    if len(roles) > 1:
        raise _HeaderError(MANY_ROLES.format(roles=" and ".join(roles)))
    for key in roles:
        _check_value(key, keys[key])
        _check_kind(key, kind)
    _check_points(keys)
    return keys


def _check_value(key: str, value: object) -> None:
    if key == "demo" and value is not True:
        raise _HeaderError(BAD_DEMO)
    if key != "demo" and not (isinstance(value, str) and _ID.fullmatch(value)):
        raise _HeaderError(BAD_ID.format(key=key, id=value))


def _check_kind(key: str, kind: str) -> None:
    if key == "manual" and kind == "code":
        raise _HeaderError(MANUAL_IN_CODE)
    if key != "manual" and kind == "markdown":
        raise _HeaderError(CHECK_IN_TEXT if key == "check" else DEMO_IN_TEXT)


def _check_points(keys: Mapping[str, Any]) -> None:
    points = keys.get("points")
    if "manual" not in keys:
        if "points" in keys:
            raise _HeaderError(POINTS_ALONE)
    elif isinstance(points, bool) or not isinstance(points, int | float) or not points > 0:
        raise _HeaderError(NO_POINTS.format(id=keys["manual"]))


def _check_regions(cell: Cell, file: str) -> None:
    ids = [region.id for region in cell.marked.regions]
    if cell.manual and ids != [cell.manual]:
        raise AuthoringError(file, cell.line, MANUAL_REGION.format(id=cell.manual))
    if not ids or cell.manual:
        return
    line = cell.marked.regions[0].line
    if not cell.is_code:
        raise AuthoringError(file, line, TEXT_REGION)
    if cell.check or cell.demo:
        role = "check" if cell.check else "demo"
        raise AuthoringError(file, line, GIVEN_REGION.format(role=role))
