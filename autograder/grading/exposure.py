"""Refuses to grade where submissions could read the hidden tests of a course. Grades nothing."""

from __future__ import annotations

from functools import cache

from autograder.course import Course
from autograder.errors import UserError
from autograder.sandbox.visible import exposed

EXPOSED = (
    "Submissions could read {folder}: the sandbox shows them /usr and Python with its libraries,"
    " and the course lies in there. Move the course elsewhere, for example to your home."
)


class ExposedCourseError(UserError, RuntimeError):
    """Hidden tests or solutions lie where every submission may read."""


@cache  # a class is graded with one course
def refuse_exposed(course: Course) -> None:
    """Raise `ExposedCourseError` where a submission could read hidden tests or solutions."""
    for folder in exposed((course.checks, course.solutions, course.source)):
        raise ExposedCourseError(EXPOSED.format(folder=folder))
