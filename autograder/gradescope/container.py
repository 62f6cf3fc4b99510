"""Inside of Gradescope's container: one submission → results.json, whatever happens.

Started as `python -m autograder.gradescope.container ROOT`, where ROOT is `/autograder`.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from autograder.assignment import Assignment, load_assignment
from autograder.course import read_course
from autograder.files import write_atomically
from autograder.grading import grade_submission
from autograder.grading.seeds import read_seed
from autograder.logs import FAILURES, told
from autograder.reports import report_table
from autograder.reports.gradescope import (
    gradescope_failure,
    gradescope_json,
    gradescope_results,
)
from autograder.sandbox.limits import Limits
from autograder.submission import Submission, one_student
from autograder.submission.names import student_name
from autograder.submission.trees import Folder

from .settings import FILE, Settings

OUR_FAULT = 3
UNKNOWN = "unknown student"


class GradescopeUser(msgspec.Struct, kw_only=True):
    """One of those who hand in, as Gradescope describes them."""

    id: int | str = ""
    email: str = ""
    name: str = ""


class Metadata(msgspec.Struct, kw_only=True):
    """The part of Gradescope's submission_metadata.json that is used."""

    users: list[GradescopeUser] = []


@dataclass(frozen=True, kw_only=True)
class Submitter:
    """Whose submission it is: an id that is the same for everyone in a group, and their names."""

    student: str
    names: tuple[str, ...]


def main(root: Path) -> int:
    """Grade what is in `root`; the exit code is 3 where the grader failed."""
    try:
        with told(FAILURES):  # on stderr, which Gradescope shows to instructors alone
            results = grade(root)
    except Exception as error:
        traceback.print_exc()
        results = gradescope_failure(f"{type(error).__name__}: {error}")
    path = root / "results" / "results.json"
    write_atomically(path, gradescope_json(results))
    if results["extra_data"]["grader_failed"]:
        print("The grader failed, so there is no score. Mend the cause, and regrade.")
        return OUR_FAULT
    return 0


def grade(root: Path) -> dict[str, Any]:
    """The results of the submission in `root`."""
    source = root / "source"
    settings = msgspec.json.decode((source / FILE).read_bytes(), type=Settings)
    assignment = load_assignment(settings.slug, read_course(source))
    author = read_author(root / "submission_metadata.json")
    submission = read_submission(root / "submission", author.student, assignment)
    report = grade_submission(
        assignment,
        submission,
        level=settings.sandbox,
        seed=read_seed(str(settings.seed)),
        limits=Limits(
            load_seconds=settings.seconds / 2,
            total_seconds=settings.seconds,
        ),
    )
    problems = (*submission.problems, *report.problems)
    _print(report_table(report, problems=problems))
    return gradescope_results(
        report,
        problems=problems,
        group=author.names,
        visibility=settings.visibility,
        try_again=settings.try_again,
        leaderboard=settings.leaderboard,
    )


def read_author(path: Path) -> Submitter:
    """Who hands in; a file that is missing or odd does not keep anybody from being graded."""
    try:
        users = msgspec.json.decode(path.read_bytes(), type=Metadata, strict=False).users
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        print(f"{path} was not used: {error}")
        users = []
    users = sorted(users, key=lambda user: (user.email, str(user.id), user.name))
    ids = [user.email or str(user.id) or user.name for user in users]
    names = tuple(student_name(user.name or user.email or str(user.id)) for user in users)
    return Submitter(student=student_name(" + ".join(filter(None, ids)) or UNKNOWN), names=names)


def read_submission(folder: Path, student: str, assignment: Assignment) -> Submission:
    """Everything in the folder, as the work of one student or group."""
    return one_student(Folder(folder), student, assignment)


def _print(table: Any) -> None:
    from rich.console import Console

    Console(width=120).print(table)


def _arguments(words: Sequence[str]) -> Path:
    return Path(words[0] if words else "/autograder").resolve()


if __name__ == "__main__":
    sys.exit(main(_arguments(sys.argv[1:])))
