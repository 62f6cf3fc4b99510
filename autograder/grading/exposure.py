"""What submissions could see of the course and of others' results. Grades nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autograder.course import Course
from autograder.errors import UserError
from autograder.files import is_private
from autograder.sandbox.visible import exposed

EXPOSED = (
    "Submissions could read {folder}: the sandbox shows them /usr and Python with its libraries,"
    " and the course lies in there. Move the course elsewhere, for example to your home."
)

SEEN_RESULTS = (
    "Every user of this machine can see whose results are in {folder}, and so can code that is"
    " graded at the level `user`. Keep them out: chmod o-rwx {folder}"
)


class ExposedCourseError(UserError, RuntimeError):
    """Hidden tests or solutions lie where every submission may read."""


@cache  # a class is graded with one course
def refuse_exposed(course: Course) -> None:
    """Raise `ExposedCourseError` where a submission could read hidden tests or solutions."""
    for folder in exposed((course.checks, course.solutions, course.source)):
        raise ExposedCourseError(EXPOSED.format(folder=folder))


def exposed_results(folder: Path, level: str) -> str:
    """What to say where code can ask whose results are in a folder, and how large they are.

    Landlock hides contents alone. At `bubblewrap` the folder is not there; at `process` the rights
    of files stop nothing.
    """
    seen = level == "user" and folder.exists() and not is_private(folder)
    return SEEN_RESULTS.format(folder=folder) if seen else ""
