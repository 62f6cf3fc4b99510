"""Commands for authors: what is in a course, something to start from, and building it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.course import find_course, find_own_course

from .app import command
from .exits import DOES_NOT_HOLD, say
from .options import CourseFolder, Slugs
from .sources import expect_some, sources

if TYPE_CHECKING:
    from autograder.authoring import Scaffolded

INSIDE = "{folder} lies in another course, {outer}. Commands typed in {folder} use the new one."


@command("list")
def list_(course: CourseFolder = None) -> None:
    """Show the assignments of the course."""
    from autograder.reports import assignment_table, print_table

    found = find_course(course)
    expect_some(found.slugs, found)
    print_table(assignment_table(found))


@command()
def init(
    folder: Annotated[Path, typer.Argument(file_okay=False, metavar="DIR")],
    title: Annotated[
        str, typer.Option(help="The course's title; by default the folder's name.")
    ] = "",
) -> None:
    """Make a folder a course: course.toml, nbgrader_config.py, README.md and .gitignore."""
    from autograder import authoring

    written = authoring.init_course(folder, title)
    _show_written(written)
    if written.outer is not None:
        say(INSIDE.format(folder=folder, outer=written.outer))
    typer.echo(f"Now: cd {shlex.quote(str(folder))}; autograder new ps1")


@command()
def new(
    slug: Annotated[str, typer.Argument(help="The new assignment's name, such as ps1.")],
    course: CourseFolder = None,
) -> None:
    """Write an assignment to start from: one function, one formula and one answer in words."""
    from autograder import authoring

    _show_written(authoring.new_assignment(slug, find_own_course(course)))
    typer.echo(f"Now: autograder build {slug}; autograder verify {slug}")


@command()
def copy(
    slug: Annotated[str, typer.Argument(help="An assignment of the course that is shipped.")],
    course: CourseFolder = None,
) -> None:
    """Take one of the shipped assignments into your course, to change it."""
    from autograder import authoring

    _show_written(authoring.copy_assignment(slug, find_own_course(course)))
    typer.echo(f"Now: autograder build {slug}; autograder verify {slug}")


@command()
def build(
    slugs: Slugs = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; show what is old.")
    ] = False,
    course: CourseFolder = None,
) -> None:
    """Write the released folders from the sources."""
    from autograder import authoring

    differences = ""
    found = find_course(course) if check else find_own_course(course)
    for assignment in sources(slugs, found):
        if check:
            differences += authoring.stale(assignment) + authoring.stale_hidden(assignment)
        else:
            paths = authoring.build(assignment)
            hidden = found.shown(authoring.build_hidden(assignment))
            typer.echo(f"{assignment.slug}: {len(paths)} files in {assignment.release}; {hidden}")
    if differences:
        typer.echo(differences)
        say("The released folders are not what the sources give; run `autograder build`.")
        raise typer.Exit(DOES_NOT_HOLD)


def _show_written(written: Scaffolded) -> None:
    for path in written.files:
        typer.echo(f"wrote {path}")
    for path in written.kept:
        typer.echo(f"kept  {path}, which was there already")
