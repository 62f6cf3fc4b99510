"""Final marks: show them, decide about one, export them for a platform."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.assignment import load_assignment
from autograder.course import find_course
from autograder.errors import UserError
from autograder.marks.platforms import Platform

from .app import command
from .exits import say
from .options import CourseFolder, Out, RosterFile, Slug

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.marks.compute import ClassMarks
    from autograder.submission import Roster

NO_RESULTS = (
    "There are no results of {slug} in {out}. Grade first (autograder grade {slug} PATH), or name"
    " the folder of results with --out."
)
NO_WHY = "--set needs --why TEXT: the reason stays with the mark, and the student reads it."
NO_BY = "--set needs --by NAME here: the system does not say who you are."
ONLY_WITH_SET = "{option} belongs to --set STUDENT CHECK POINTS."
NO_NBGRADER = "--gradebook needs nbgrader, and there is no module {module} here. Install nbgrader."
NOTHING_WRITTEN = "Nothing was written. {reason}"
WRITTEN = "{student}: {mark}. Written to {path}, line {line}."
EXPORTED = "{path}: {count} {students}, with the columns of {platform}."


class NotDecidedError(UserError, ValueError):
    """What was to be decided is not complete or not right; nothing was written."""


@command()
def marks(
    slug: Slug,
    set_points: Annotated[
        tuple[str, str, str] | None,
        typer.Option(
            "--set",
            help="Decide about one check: add a row to OUT/SLUG/marks.csv. CHECK is also one of:"
            " bonus, deduction, late (POINTS are days), due, submitted (POINTS is a date).",
            metavar="STUDENT CHECK POINTS",
        ),
    ] = None,
    why: Annotated[
        str, typer.Option(help="The reason, for --set.", metavar="TEXT", show_default=False)
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            help="Who has decided, for --set; by default your name on this machine.",
            metavar="NAME",
            show_default=False,
        ),
    ] = "",
    export: Annotated[
        tuple[Platform, Path] | None,
        typer.Option(
            help="Write the marks with the columns of canvas, moodle, gradescope or nbgrader.",
            metavar="PLATFORM FILE",
        ),
    ] = None,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Export marks that are not final as they stand, too."),
    ] = False,
    gradebook: Annotated[
        Path | None,
        typer.Option(
            help="nbgrader's gradebook.db: points that people have given in formgrader count.",
            dir_okay=False,
            metavar="FILE",
        ),
    ] = None,
    roster: RosterFile = None,
    out: Out = Path("grades"),
    course: CourseFolder = None,
) -> None:
    """Show the final marks: automatic points, decisions of people in marks.csv, and late days."""
    from autograder.marks.compute import class_marks
    from autograder.marks.results import marks_path
    from autograder.reports.marks import print_marks
    from autograder.submission import read_roster

    assignment = load_assignment(slug, find_course(course))
    known = None if roster is None else read_roster(roster)
    if known is None and not (out / slug).is_dir():
        raise NotDecidedError(NO_RESULTS.format(slug=slug, out=out))
    path = marks_path(out, slug)
    if set_points is not None:
        _decide(assignment, out, set_points, why=why, by=by, roster=known)
    elif why or by:
        raise NotDecidedError(ONLY_WITH_SET.format(option="--why" if why else "--by"))
    held = {} if gradebook is None else _formgrader(gradebook, slug)
    found = class_marks(assignment, out, roster=known, formgrader=held)
    if export is not None:
        _export(*export, found, roster=known, partial=partial)
    elif set_points is None:
        print_marks(found, path=str(path))


def _formgrader(path: Path, slug: str) -> dict[str, dict[str, float]]:
    """Student -> part -> points of a person, where nbgrader is installed."""
    try:
        from autograder.nbgrader_plugin.formgrader import points_of_people
    except ModuleNotFoundError as error:
        raise NotDecidedError(NO_NBGRADER.format(module=error.name)) from error
    return points_of_people(path, slug)


def _decide(
    assignment: Assignment,
    out: Path,
    cells: tuple[str, str, str],
    *,
    why: str,
    by: str,
    roster: Roster | None,
) -> None:
    """Add a row, once it is certain that the file is right with it."""
    from autograder.marks.compute import class_marks
    from autograder.marks.results import marks_path
    from autograder.marks.sheet import append_row, sheet_of, with_row

    student, check, given = cells
    if not why.strip():
        raise NotDecidedError(NO_WHY)
    row = {"student": student, "check": check, "points": given, "why": why.strip()}
    row["by"] = by.strip() or _user()
    path = marks_path(out, assignment.slug)
    before = path.read_bytes() if path.is_file() else b""
    try:
        sheet = sheet_of(with_row(before, path, row), path)
        after = class_marks(assignment, out, roster=roster, sheet=sheet)
    except UserError as error:
        raise NotDecidedError(NOTHING_WRITTEN.format(reason=error)) from error
    line = append_row(path, row)
    for one in after.people.named(student):
        said = _said(after, one)
        typer.echo(WRITTEN.format(student=one, mark=said, path=path, line=line))


def _said(after: ClassMarks, student: str) -> str:
    from autograder.marks.sentences import points

    mark = after.by_student[student]
    if mark.so_far is None:
        return "no mark yet"
    so_far = "" if mark.final is not None else " so far"
    return f"{points(mark.so_far)} of {points(mark.max_points)} points{so_far}"


def _export(
    platform: Platform, path: Path, found: ClassMarks, *, roster: Roster | None, partial: bool
) -> None:
    from autograder.files import write_atomically
    from autograder.marks.exports import exported

    result = exported(platform, found, roster=roster, partial=partial)
    write_atomically(path, result.data)
    count = len(found.marks) - len(found.people.unlisted)
    students = "student" if count == 1 else "students"
    typer.echo(EXPORTED.format(path=path, count=count, students=students, platform=platform))
    for notice in (*result.notices, *found.left_out):
        say(notice)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise NotDecidedError(NO_BY) from error
