"""What students get beside their page: ``[feedback]`` in ``course.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.course import SETTINGS, Course
from autograder.course_settings import CourseError

KEYS = ("try_again", "notebooks")

UNKNOWN_KEY = "{path}: unknown key {key!r} in [feedback]; there are: try_again, notebooks."
BAD_TRY = (
    "{path}: [feedback] try_again is {value!r}; give true to hand out the call that failed as a"
    " file, or false."
)
BAD_ADDRESS = (
    "{path}: [feedback] notebooks is {value!r}; give the address of the notebooks as pages, with"
    " {{notebook}} for the name, such as https://example.edu/course/{{notebook}}.html."
)


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """Whether failed calls are handed out, and where the notebooks can be read as pages."""

    try_again: bool = False
    notebooks: str = ""


def read_feedback(course: Course) -> Feedback:
    """What a course says. Raises `CourseError` with the key that is wrong, and what to give."""
    table, path = course.feedback, str(course.root / SETTINGS)
    for key in table:
        if key not in KEYS:
            raise CourseError(UNKNOWN_KEY.format(path=path, key=key))
    again = table.get("try_again", False)
    if not isinstance(again, bool):
        raise CourseError(BAD_TRY.format(path=path, value=again))
    address = table.get("notebooks", "")
    safe = isinstance(address, str) and address.startswith(("https://", "http://"))
    if address != "" and not (safe and "{notebook}" in address):
        raise CourseError(BAD_ADDRESS.format(path=path, value=address))
    return Feedback(try_again=again, notebooks=address)
