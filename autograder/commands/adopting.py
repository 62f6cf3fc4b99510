"""The command that adopts assignments of nbgrader's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.adopted import record_path
from autograder.course import SETTINGS, Course, course_around, named_course, read_course

from .app import command
from .exits import say
from .options import CourseFolder, Level

if TYPE_CHECKING:
    from autograder.adopted import AdoptedRecord

MADE = "wrote {path}, which makes this folder a course"
NOTHING = "There is no assignment of nbgrader's in {folder}: name one, such as source/ps1."
NEXT = (
    "Now: put `from autograder.nbgrader_plugin import configure; configure(get_config())` at the"
    " end of nbgrader_config.py, and run `nbgrader autograde {slug}` as always;"
    " or `autograder grade {slug} submitted/`."
)


@command()
def adopt(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Source folders such as source/ps1; or the folder of a course."),
    ] = None,
    sandbox: Level = "bubblewrap",
    course: CourseFolder = None,
) -> None:
    """Keep an assignment of nbgrader's as it is, and run its tests where no student reaches them.

    Runs the reference solution and broken ones, and writes one file beside each assignment.
    """
    from autograder.adopt.adopting import adopt as adopt_one
    from autograder.reports import adopted_notes, adopted_table, print_table

    asked = [path.resolve() for path in folders or [Path()]]
    place = _course(asked[0], course)
    chosen = [one for path in asked for one in _assignments(path, place)]
    if not chosen:
        say(NOTHING.format(folder=asked[0]))
        raise typer.Exit(2)
    for folder in chosen:
        record: AdoptedRecord = adopt_one(folder, level=sandbox, hidden=place.hidden)
        print_table(adopted_table(record))
        for line in adopted_notes(record):
            typer.echo(line)
        typer.echo(f"wrote {place.shown(record_path(folder.parent, record.slug))}")
    typer.echo(NEXT.format(slug=chosen[-1].name))


def _course(folder: Path, asked: Path | None) -> Course:
    """The course around a source folder, made where there is none."""
    found = named_course(asked) or course_around(folder)
    if found is not None:
        return found
    root = folder if (folder / "source").is_dir() else folder.parent.parent
    path = root / SETTINGS
    path.write_text("", encoding="utf-8")
    typer.echo(MADE.format(path=path))
    return read_course(root)


def _assignments(path: Path, course: Course) -> list[Path]:
    """The source folders that a path means: itself, or those of a course."""
    if path == course.root or path == course.source:
        folders = sorted(one for one in course.source.iterdir() if one.is_dir())
        return [one for one in folders if any(one.glob("*.ipynb"))]
    return [path]
