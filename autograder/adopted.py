"""What `autograder adopt` has written beside an assignment of nbgrader's or otter's, and where."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from autograder.errors import UserError

SCHEMA = 2
ENDING = ".adopted.json"
PAGE = ".adopted.html"
UNREADABLE = "{path} cannot be read ({reason}); run `autograder adopt {slug}`."


class NotAdoptedError(UserError, RuntimeError):
    """The file beside an adopted assignment is missing or not one of ours."""


class Route(StrEnum):
    """Where a test cell runs."""

    OUTSIDE = "outside"
    INSIDE = "inside"


class AdoptedCell(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One test cell.

    Attributes
    ----------
    summary : one line for students, from the visible part of the cell.
    reason : why it runs inside the student's interpreter, where it does.
    change : the small change of the cell that would move it outside.
    caught : which of the `tried` broken solutions it does not give full points.
    used : what the reference solution needs of objects that stay with the student.
    success, failure : what its author wants students to be told as it passes or does not.
    watched : of a cell that runs inside, the numbers of the twins that give forgery away.
    """

    id: str
    notebook: str
    points: float
    route: Route
    summary: str = ""
    reason: str = ""
    change: str = ""
    tried: tuple[str, ...] = ()
    caught: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    success: str = ""
    failure: str = ""
    watched: tuple[int, ...] = ()

    @property
    def tests_nothing(self) -> bool:
        """Whether every broken solution passes it."""
        return bool(self.tried) and not self.caught


class AdoptedManual(msgspec.Struct, frozen=True, kw_only=True):
    """A cell that a person marks."""

    id: str
    notebook: str
    points: float


class AdoptedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An adopted assignment.

    Attributes
    ----------
    digests : the SHA-256 of every file of the source, as it was when it was adopted.
    seconds : by notebook, how long one of its cells may take.
    whole : notebooks whose inside cells need their other test cells to run before them.
    folder : the name of its folder beside the record; empty where that is the slug.
    is_otter : whether it is in the format of `otter assign`, rather than nbgrader's.
    outside : what configures its notebooks and lies elsewhere, by the path from its folder.
    written : by id, test cells that nbgrader has written from `AUTOTEST` lines.
    """

    schema: int
    slug: str
    cells: tuple[AdoptedCell, ...]
    manual: tuple[AdoptedManual, ...]
    notebooks: tuple[str, ...]
    digests: dict[str, str]
    seconds: dict[str, float] = {}
    whole: tuple[str, ...] = ()
    written: dict[str, str] = {}
    folder: str = ""
    is_otter: bool = False
    outside: dict[str, str] = {}

    @property
    def place(self) -> str:
        """The name of its folder beside the record."""
        return self.folder or self.slug


def record_path(sources: Path, slug: str) -> Path:
    """Where the record of an assignment is: beside its folder, which nbgrader hands out whole."""
    return sources / f"{slug}{ENDING}"


def page_path(sources: Path, slug: str) -> Path:
    """Where the page about its tests is, which is the instructor's alone."""
    return sources / f"{slug}{PAGE}"


def read_record(sources: Path, slug: str) -> AdoptedRecord | None:
    """The record of an assignment; None where it has not been adopted. Raises `NotAdoptedError`."""
    path = record_path(sources, slug)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=AdoptedRecord)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise NotAdoptedError(UNREADABLE.format(path=path, reason=error, slug=slug)) from error
    if (found.schema, found.slug) != (SCHEMA, slug):
        reason = f"it is schema {found.schema} of {found.slug}, not schema {SCHEMA} of {slug}"
        raise NotAdoptedError(UNREADABLE.format(path=path, reason=reason, slug=slug))
    return found


def adopted_slugs(sources: Path) -> set[str]:
    """The assignments in a folder of sources that have been adopted."""
    return {path.name.removesuffix(ENDING) for path in sources.glob(f"*{ENDING}")}
