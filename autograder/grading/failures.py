"""Failures of a check, of the engine or of the grader, as their author reads them; no student does.

A report says only that the grader failed. What failed, and where, is a `Failure`: it is logged, and
collected beside the results.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.course import PACKAGE
from autograder.judging.bounded import BrokenJudgeError
from autograder.printable import printable

LOG = "errors.log"
NO_PLACE = "no line of ours"
LINE = "{place}: {error} ({what}; {count})"
ALL_IN = "Tracebacks of all failures: {path}"
HEAD = "=== {student}, {what}\n{place}: {error}\n"

logger = logging.getLogger(__name__)


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that failed on our side.

    `check` is the id of the check that it broke, empty where that is the whole submission;
    `place` is ``file:line``.
    """

    student: str
    check: str
    error: str
    place: str
    traceback: str

    @property
    def what(self) -> str:
        """What it broke."""
        return f"check `{self.check}`" if self.check else "the submission as a whole"

    def __str__(self) -> str:
        head = HEAD.format(student=self.student, what=self.what, place=self.place, error=self.error)
        return head + self.traceback


Told = Callable[[Failure], None]


def log_failure(failure: Failure) -> None:
    """Write a failure to the log, with its traceback."""
    logger.error("%s", failure, extra={"bug": f"{failure.place} {failure.error}"})


def failure_of(
    error: BaseException, assignment: Assignment, *, student: str, check: str = ""
) -> Failure:
    """Describe an error. Its place is the innermost line of the checks, else of the grader."""
    return Failure(
        student=student,
        check=check,
        error=printable(f"{type(error).__name__}: {error}".splitlines()[0]),
        place=_place(error, assignment),
        traceback=printable("".join(traceback.format_exception(error))),
    )


def log_path(out: Path, slug: str) -> Path:
    """Where the failures of a run are written, beside its results."""
    return out / slug / LOG


def write_failures(failures: Iterable[Failure], path: Path) -> None:
    """Add failures to a log, in one piece."""
    text = "".join(f"{failure}\n" for failure in failures)
    if text:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)


def summary(failures: Iterable[Failure]) -> list[str]:
    """A line for each distinct failure: where, what, and how many submissions it hit."""
    same: dict[tuple[str, str], list[Failure]] = {}
    for one in failures:
        same.setdefault((one.place, one.error), []).append(one)
    return [
        LINE.format(place=place, error=error, what=_broken(found), count=_submissions(found))
        for (place, error), found in same.items()
    ]


def _broken(failures: list[Failure]) -> str:
    """The first thing that was broken, and how many more."""
    first, *others = dict.fromkeys(failure.what for failure in failures)
    return f"{first} and {len(others)} more" if others else first


def _submissions(failures: list[Failure]) -> str:
    count = len({failure.student for failure in failures})
    return f"{count} submission{'' if count == 1 else 's'}"


def _place(error: BaseException, assignment: Assignment) -> str:
    if isinstance(error, BrokenJudgeError) and error.place[0]:
        file, line = error.place
        return f"{assignment.course.shown(Path(file))}:{line}"
    frames = traceback.extract_tb(error.__traceback__)
    for folder in (assignment.course.checks, PACKAGE):
        inside = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
        if inside:
            return f"{assignment.course.shown(Path(inside[-1].filename))}:{inside[-1].lineno}"
    return NO_PLACE
