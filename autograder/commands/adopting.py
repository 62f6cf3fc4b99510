"""The command that adopts assignments of nbgrader's and of otter's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.adopted import page_path, record_path
from autograder.course import FOLDERS, SETTINGS, Course, course_around, named_course, read_course
from autograder.errors import UserError
from autograder.files import write_atomically

from .app import command
from .exits import say
from .options import CourseFolder, Level

if TYPE_CHECKING:
    from autograder.adopted import AdoptedRecord

MADE = "wrote {path}, which makes this folder a course"
WROTE = "wrote {record}, and {page}, a page about how strong and how safe each test is"
NOTHING = "There is no assignment in {folder}: name one, such as source/ps1 or hw1/hw1.ipynb."
LEFT_OUT = "{path} is not adopted. {error}"
NOT_THERE = "There is no {path}."
ELSEWHERE = (
    "{folder} does not lie in {source}, where this course has its adopted assignments. Set"
    ' `source = "{wanted}"` below `[folders]` in {settings}.'
)
NEXT_OTTER = (
    "Now: `otter assign` makes the notebook of students as always, and `autograder grade {slug}"
    " submitted/` grades what they hand in, or `autograder gradescope {slug}` for Gradescope."
)
NEXT = (
    "Now: put `from autograder.nbgrader_plugin import configure; configure(get_config())` at the"
    " end of nbgrader_config.py, and run `nbgrader autograde {slug}` as always;"
    " or `autograder grade {slug} submitted/`."
)


@command()
def adopt(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Source folders such as source/ps1; notebooks of otter's; or the folder of a"
            " course."
        ),
    ] = None,
    sandbox: Level = "bubblewrap",
    course: CourseFolder = None,
) -> None:
    """Keep an assignment of nbgrader's or otter's, and run its tests where no student reaches them.

    Runs the reference solution and broken ones, and writes one file beside each assignment.
    """
    asked = [path.resolve() for path in folders or [Path()]]
    for path in asked:
        if not path.exists():
            say(NOT_THERE.format(path=path))
            raise typer.Exit(2)
    place = _course(asked[0], course)
    chosen = [one for path in asked for one in _assignments(path, place)]
    if not chosen:
        say(NOTHING.format(folder=asked[0]))
        raise typer.Exit(2)
    for one in chosen:
        _refuse_elsewhere(_folder(one), place)
    found = [_adopted_or_told(one, place, sandbox, alone=len(chosen) == 1) for one in chosen]
    records = [record for record in found if record is not None]
    if records:
        last = records[-1]
        typer.echo((NEXT_OTTER if last.is_otter else NEXT).format(slug=last.slug))
    if len(records) < len(found):
        raise typer.Exit(2)


def _adopted_or_told(
    path: Path, course: Course, level: str, *, alone: bool
) -> AdoptedRecord | None:
    """Adopt one of several, and say why where that cannot be: the others are adopted all the same.

    Raises `UserError` where it is the only one.
    """
    try:
        return _adopted(path, course, level)
    except UserError as error:
        if alone:
            raise
        say(LEFT_OUT.format(path=course.shown(path), error=error))
        return None


def _adopted(path: Path, course: Course, level: str) -> AdoptedRecord:
    from autograder.adopt.adopting import adopt as adopt_one
    from autograder.reports import adopted_notes, adopted_table, adoption_page, print_table

    record: AdoptedRecord = adopt_one(path, level=level, hidden=course.hidden)
    print_table(adopted_table(record))
    for line in adopted_notes(record):
        typer.echo(line)
    sources = _folder(path).parent
    written, page = record_path(sources, record.slug), page_path(sources, record.slug)
    write_atomically(page, adoption_page(record).encode())
    said = {"record": course.shown(written), "page": course.shown(page)}
    typer.echo(WROTE.format(**said))
    return record


def _course(path: Path, asked: Path | None) -> Course:
    """The course around a source, made where there is none and it can be adopted."""
    found = named_course(asked) or course_around(_folder(path))
    if found is not None:
        return found
    folder = _folder(path)
    if (folder / FOLDERS["source"]).is_dir():
        root, text = folder, ""
    else:
        _refuse_none(path)
        root, name = folder.parent.parent, folder.parent.name
        text = "" if name == FOLDERS["source"] else f'[folders]\nsource = "{name}"\n'
    settings = root / SETTINGS
    settings.write_text(text, encoding="utf-8")
    typer.echo(MADE.format(path=settings))
    return read_course(root)


def _refuse_none(path: Path) -> None:
    """Raise `UserError` where there is nothing to adopt, before anything is written."""
    from autograder.adopt.gathering import gather

    gather(path)


def _refuse_elsewhere(folder: Path, course: Course) -> None:
    """Stop where the record would lie where the course does not look for it."""
    if folder.parent == course.source:
        return
    settings = course.root / SETTINGS
    inside = folder.parent.is_relative_to(course.root) and folder.parent != course.root
    wanted = course.shown(folder.parent) if inside else "..."
    said = {"folder": folder, "source": course.source, "wanted": wanted, "settings": settings}
    say(ELSEWHERE.format(**said))
    raise typer.Exit(2)


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _assignments(path: Path, course: Course) -> list[Path]:
    """What a path means: itself, or the source folders of a course."""
    if path == course.root or path == course.source:
        folders = sorted(one for one in course.source.iterdir() if one.is_dir())
        return [one for one in folders if any(one.glob("*.ipynb"))]
    return [path]
