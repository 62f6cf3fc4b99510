"""What grading knows of an assignment's solution: the course's own parts, and known mistakes.

`autograder build` writes it beside the hidden tests, and it is as hidden as they are. So grading
needs no source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.errors import UserError

SUFFIX = ".solved.json"
SCHEMA = 1

UNREADABLE = "{path} cannot be read ({reason}); run `autograder build {slug}`."


class SolvedError(UserError, RuntimeError):
    """The file is there and is not what `autograder build` writes."""


class Splice(msgspec.Struct, frozen=True, array_like=True):
    """Other lines in the place of lines `first` to `last` (from 0, `last` not included)."""

    first: int
    last: int
    lines: tuple[str, ...]


class WrongSolution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A wrong solution with the name that it has, and what a student should be told of it.

    `loses` are the ids of the checks that it fails by its own fault; `changes` say per file in
    which lines it differs from the reference.
    """

    name: str
    description: str
    loses: tuple[str, ...]
    diagnosis: str = ""
    help: str = ""
    changes: Mapping[str, tuple[Splice, ...]]


class Solved(msgspec.Struct, frozen=True, kw_only=True):
    """The reference solution by released path, as text, and the known mistakes.

    Of a notebook there are only the code cells.
    """

    schema: int
    slug: str
    files: Mapping[str, str]
    mistakes: tuple[WrongSolution, ...]

    def reference(self) -> dict[str, bytes]:
        """The files of somebody who got everything right, by released path."""
        return {path: text.encode() for path, text in self.files.items()}

    def with_mistakes(self, *mistakes: WrongSolution) -> dict[str, bytes]:
        """The files of somebody who made mistakes.

        Raises
        ------
        ValueError : two of them change the same lines.
        """
        files = self.reference()
        for path in {path for mistake in mistakes for path in mistake.changes}:
            changes = [splice for mistake in mistakes for splice in mistake.changes.get(path, ())]
            files[path] = _spliced(self.files[path], changes).encode()
        return files


def solved_file(assignment: Assignment) -> Path:
    """Where it is, whether or not it has been written."""
    return assignment.course.checks / f"{assignment.slug}{SUFFIX}"


def read_solved(assignment: Assignment) -> Solved | None:
    """What was built, or None where nothing was.

    Raises
    ------
    SolvedError : it was edited, or written by another version.
    """
    path = solved_file(assignment)
    try:
        status = path.stat()
    except OSError:
        return None
    return _read(path, assignment.slug, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, slug: str, size: int, changed: int) -> Solved:
    """The content of a file, read once for each state that it is seen in."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Solved)
    except (OSError, msgspec.DecodeError) as error:
        raise SolvedError(UNREADABLE.format(path=path, reason=error, slug=slug)) from error
    if (found.schema, found.slug) != (SCHEMA, slug):
        reason = f"it is schema {found.schema} of {found.slug}, not schema {SCHEMA} of {slug}"
        raise SolvedError(UNREADABLE.format(path=path, reason=reason, slug=slug))
    return found


def _spliced(text: str, changes: Sequence[Splice]) -> str:
    lines = text.splitlines(keepends=True)
    end = len(lines) + 1
    for splice in sorted(changes, key=lambda one: (one.first, one.last), reverse=True):
        if splice.last > end or (splice.first == splice.last == end):
            raise ValueError(f"two changes of line {splice.last}")
        lines[splice.first : splice.last] = splice.lines
        end = splice.first
    return "".join(lines)
