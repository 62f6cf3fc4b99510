"""The points that people have given in formgrader, read from a gradebook. Writes nothing."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry  # type: ignore[import-untyped]
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import UserError

NO_FILE = "There is no gradebook {path}. Name the gradebook.db of the course directory."
NO_GRADEBOOK = "{path} is not a gradebook of nbgrader ({reason})."
NO_ASSIGNMENT = "The gradebook {path} has no assignment {slug}."


class GradebookError(UserError, ValueError):
    """No points can be read; the message says what to give."""


def points_of_people(path: Path, slug: str) -> dict[str, dict[str, float]]:
    """Student -> grade cell -> the points that a person has given.

    Cells that only have an automatic score are left out: that one is known from the results.

    Raises
    ------
    GradebookError : there is no such gradebook or assignment.
    """
    if not path.is_file():  # nbgrader would make one
        raise GradebookError(NO_FILE.format(path=path))
    try:
        with Gradebook(f"sqlite:///{path.resolve()}") as gradebook:
            submissions = gradebook.find_assignment(slug).submissions
            return {one.student.id: _given(one) for one in submissions}
    except MissingEntry as error:
        raise GradebookError(NO_ASSIGNMENT.format(path=path, slug=slug)) from error
    except SQLAlchemyError as error:
        reason = str(error).partition("\n")[0]
        raise GradebookError(NO_GRADEBOOK.format(path=path, reason=reason)) from error


def _given(submission: object) -> dict[str, float]:
    notebooks = submission.notebooks  # type: ignore[attr-defined]
    grades = (grade for notebook in notebooks for grade in notebook.grades)
    return {
        grade.name: float(grade.manual_score) for grade in grades if grade.manual_score is not None
    }
