"""Which assignments of a course a command is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from .exits import USAGE, say

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.course import Course


def sources(slugs: Sequence[str] | None, course: Course) -> list[Assignment]:
    """The assignments that were named, or all that have a source."""
    from autograder.authoring import read_assignment, source_slugs

    known = source_slugs(course)
    expect_some(slugs or known, course)
    return [read_assignment(slug, course) for slug in slugs or known]


def expect_some(slugs: Sequence[str], course: Course) -> None:
    """End with exit code 2 where there is nothing to do."""
    if not slugs:
        say(f"The course in {course.root} has no assignment; `autograder new SLUG` makes one.")
        raise typer.Exit(USAGE)
