"""The command that prints the call of a failed check. Grades nothing and runs no submission."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.assignment import load_assignment
from autograder.course import find_course
from autograder.printable import printable

from .app import command
from .exits import say
from .options import CourseFolder, Out, Slug


@command()
def explain(
    slug: Slug,
    student: Annotated[str, typer.Argument(help="Whose result it is, as the results name them.")],
    check: Annotated[str, typer.Argument(help="A check that failed, by its id.")],
    out: Out = Path("grades"),
    course: CourseFolder = None,
) -> None:
    """Print Python that makes the call of a failed check again, in the student's folder.

    It has the inputs that the check had, and prints what comes out beside what is right. Save it
    in the folder that was handed in: `autograder explain SLUG STUDENT CHECK > try_it.py`.
    """
    from autograder.grading.stored_call import stored_call

    assignment = load_assignment(slug, find_course(course))
    result, text = stored_call(out, assignment.slug, student, check)
    for line in (result.rationale, result.help):
        if line:
            say(printable(line))
    typer.echo(text, nl=False)
