"""Who handed in what, why that is thought, and what is not certain: before anything is graded."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.assignment import Assignment
from autograder.layout import TITLES, Layout
from autograder.printable import printable
from autograder.submission import GivenPath, Intake, Submission

FIRST_LINES = 10
LOOK = "Look at this:"
MISSING = "{count} of {total} on the roster handed in nothing: {names}."
NOBODY_MISSING = "Everybody on the roster has handed in something."
MORE = "… and {count} more; `autograder inspect` shows them all."
EACH = "{count} paths, each with one student's files."
CERTAIN = "Nothing is ambiguous."

_LAID = {
    Layout.STUDENT: "one student's files",
    Layout.CLASS: "{students}, each with a folder, zip or notebook",
    Layout.SECTIONS: "{students} in sections",
    Layout.NBGRADER: "{students} in nbgrader's folders",
}
_PLATFORM = "{students}, in a download of {platform}"


def layout_line(given: GivenPath) -> str:
    """One path: how its files lie, and why that is thought.

    >>> layout_line(GivenPath(place="a.zip", layout=Layout.CANVAS, why="by names", students=2))
    'a.zip: 2 students, in a download of Canvas (by names).'
    """
    students = f"{given.students} student{'' if given.students == 1 else 's'}"
    laid = _LAID.get(given.layout, _PLATFORM)
    said = laid.format(students=students, platform=TITLES.get(given.layout, ""))
    return f"{given.place}: {said} ({given.why})." if given.why else f"{given.place}: {said}."


def layout_lines(intake: Intake) -> Iterator[str]:
    """A line for each path; those that are one student's each share a line where they are many."""
    alone = [given for given in intake.given if given.layout is Layout.STUDENT]
    if len(alone) > 1:
        yield EACH.format(count=len(alone))
    for given in intake.given:
        if given.layout is not Layout.STUDENT or len(alone) == 1:
            yield layout_line(given)


def files_line(submission: Submission, assignment: Assignment) -> str:
    """How many of the assignment's files a student has handed in, and which not."""
    wanted = [path for path in assignment.editable if not path.endswith("__init__.py")]
    absent = [path for path in wanted if path not in submission.files]
    if not absent:
        return f"all {len(wanted)} files" if len(wanted) > 1 else "the file"
    if len(absent) == len(wanted):
        return "none of the assignment's files"
    without = ", ".join(absent[:3]) + (", …" if len(absent) > 3 else "")
    return f"{len(wanted) - len(absent)} of {len(wanted)} files, without {without}"


def first_lines(intake: Intake, assignment: Assignment) -> Iterator[str]:
    """What `grade` says before it grades: the layout, the students, and what is not certain."""
    yield from layout_lines(intake)
    for submission in intake.submissions[:FIRST_LINES]:
        origin = submission.origin
        said = [files_line(submission, assignment), *origin.facts]
        yield f"  {submission.student}: {'; '.join(said)}"
    if len(intake.submissions) > FIRST_LINES:
        yield "  " + MORE.format(count=len(intake.submissions) - FIRST_LINES)
    yield from last_lines(intake)


def last_lines(intake: Intake) -> Iterator[str]:
    """What an instructor has to look at, and who has handed in nothing."""
    if intake.all_warnings:
        yield LOOK
        yield from (f"  ! {warning}" for warning in intake.all_warnings)
    if intake.missing is not None:
        yield missing_line(intake.missing, intake.on_roster)


def missing_line(missing: tuple[str, ...], total: int) -> str:
    """Who on the roster has handed in nothing."""
    if not missing:
        return NOBODY_MISSING
    return MISSING.format(count=len(missing), total=total, names=", ".join(missing))


def print_intake(intake: Intake, assignment: Assignment, *, console: Console | None = None) -> None:
    """Print who handed in what as a table, the layouts above it and the warnings under it."""
    console = console or Console()
    console.print(Text(f"{assignment.slug}: {assignment.title}", "bold"))
    for line in layout_lines(intake):
        console.print(_plain(line), soft_wrap=True)
    aside = [name for given in intake.given for name in given.aside]
    if aside:
        said = ", ".join(aside[:8]) + (", …" if len(aside) > 8 else "")
        console.print(_plain(f"  Left aside, no work in it: {said}"), style="dim")
    console.print(_table(intake, assignment))
    for line in last_lines(intake):
        style = "yellow" if line.startswith("  !") else ""
        console.print(_plain(line), style=style, soft_wrap=True)
    if not intake.all_warnings:
        console.print(CERTAIN, style="green")


def record(intake: Intake, assignment: Assignment) -> str:
    """The same as a text file that stays with the results."""
    kept = io.StringIO()
    print_intake(intake, assignment, console=Console(width=160, file=kept, color_system=None))
    return "\n".join(line.rstrip() for line in kept.getvalue().splitlines()) + "\n"


def _table(intake: Intake, assignment: Assignment) -> Table:
    table = Table(box=None, expand=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column("student", overflow="fold", max_width=28, style="bold")
    table.add_column("label", style="dim")
    table.add_column("what", overflow="fold")
    for submission in intake.submissions:
        table.add_row("", "", "")
        mark = "! " if submission.origin.warnings else "  "
        first = Text(mark + printable(submission.student, keep=""))
        for label, text in _about(submission, assignment):
            table.add_row(first, label, _plain(text))
            first = Text()
    return table


def _about(submission: Submission, assignment: Assignment) -> Iterator[tuple[str, str]]:
    """The files, where they lay, what a platform says, and what was done about them."""
    origin = submission.origin
    yield "has", files_line(submission, assignment)
    if submission.files:
        yield "files", ", ".join(sorted(submission.files))
    yield "in", origin.place
    for fact in origin.facts:
        yield "known", fact
    for problem in submission.problems:
        if not problem.endswith("was not handed in."):  # the first line says so
            yield "note", problem


def _plain(text: str) -> Text:
    return Text(printable(text, keep=""))
