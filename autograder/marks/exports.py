"""Marks as the CSV files that platforms import. Knows their columns, and opens no file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.errors import UserError
from autograder.submission.roster import Roster
from autograder.submission.when import time_in
from autograder.tables import harmless, plain

from .compute import ClassMarks
from .mark import Mark
from .platforms import Platform
from .roster_cells import Cells, email_of, names_of, unless_email
from .sentences import points, sentences

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = (
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
)
GRADESCOPE = (
    "First Name",
    "Last Name",
    "SID",
    "Email",
    "Sections",
    "Total Score",
    "Max Points",
    "Status",
    "Submission ID",
    "Submission Time",
    "Lateness (H:M:S)",
)
NBGRADER = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
_GRADES, _FEEDBACK = ("grade", "bewertung"), ("feedbackcomments", "feedbackalskommentar")
_MAXIMUM = ("maximumgrade", "bestwertung")

NEEDS_ROSTER = (
    "--export {platform} needs --roster FILE: {platform_name} finds students by its own columns,"
    " and these stand in {file}."
)
NO_RESULT = "No result, so the cell is empty ({count}): {names}."
NOT_FINAL = (
    "Not final, so the cell is empty ({count}): {names}. Decide what is open, or export the points"
    " so far with --partial."
)
PARTIAL = "Not final, exported as they stand ({count}): {names}."
UNLISTED = "Not on the roster, and so not in the file ({count}): {names}."
OTHER_MAXIMUM = (
    "Moodle's maximum is {theirs}, and the assignment has {ours} points. Set it to {ours} in Moodle"
    " first: the points are not scaled."
)
BY_EMAIL = (
    "The roster has no column Identifier, so this is no grading worksheet. Import it in Moodle at"
    " Grades > Import > CSV file, by the email address."
)
NEW_COLUMN = (
    "The roster has no column of this assignment. Canvas will ask which assignment `{title}` is, or"
    " make a new one."
)
_SHOWN = 12


class ExportError(UserError, ValueError):
    """Something is missing without which a platform could not take the file."""


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The content of the file, and what the instructor has to know about it."""

    data: bytes
    notices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Columns:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notices: Sequence[str] = ()


def exported(
    platform: Platform, marks: ClassMarks, *, roster: Roster | None, partial: bool = False
) -> Exported:
    """The marks with a platform's columns.

    A student without a result, or whose mark is not final, has an empty cell, never a 0.

    Parameters
    ----------
    roster : the platform's own list of students, whose columns are taken over.
    partial : fill in the points so far where a mark is not final.

    Raises
    ------
    ExportError : a roster is needed.
    """
    if roster is None and platform in _NEED_ROSTER:
        name, file = _NEED_ROSTER[platform]
        said = NEEDS_ROSTER.format(platform=platform, platform_name=name, file=file)
        raise ExportError(said)
    shown = [mark for mark in marks.marks if mark.student not in marks.people.unlisted]
    table = _TABLES[platform](marks, shown, roster or Roster(ids=()), partial)
    notices = (*table.notices, *_notices(marks, shown, partial=partial))
    return Exported(data=_csv([table.head, *table.rows]), notices=notices)


def exported_points(mark: Mark, *, partial: bool) -> str:
    """What stands in the cell: the points, or nothing."""
    value = mark.so_far if partial else mark.final
    return "" if value is None else points(value)


def _canvas(marks: ClassMarks, shown: Sequence[Mark], roster: Roster, partial: bool) -> _Columns:
    column = _canvas_column(marks, roster)
    known = column in roster.heads
    top = ["    Points Possible", *[""] * (len(CANVAS) - 1), points(_maximum(marks))]
    rows = [
        [*_from(roster, mark, CANVAS), exported_points(mark, partial=partial)] for mark in shown
    ]
    notices = [] if known else [NEW_COLUMN.format(title=column)]
    return _Columns(head=[*CANVAS, column], rows=[top, *rows], notices=notices)


def _canvas_column(marks: ClassMarks, roster: Roster) -> str:
    """Canvas's own name of the assignment, which ends in its number, or else the title."""
    wanted = {plain(marks.title), plain(marks.slug)}
    for head in roster.heads:
        if plain(re.sub(r"\s*\(\d+\)$", "", head)) in wanted:
            return head
    return marks.title


def _moodle(marks: ClassMarks, shown: Sequence[Mark], roster: Roster, partial: bool) -> _Columns:
    """Moodle's worksheet filled in, in the language that it is in; or else its English columns."""
    plain_heads = [plain(head) for head in roster.heads]
    own = any(name in plain_heads for name in _GRADES) and any(
        name in plain_heads for name in _FEEDBACK
    )
    head = roster.heads if own else MOODLE
    rows, maximum = [], points(_maximum(marks))
    for mark in shown:
        cells = dict(zip(head, _from(roster, mark, head), strict=True))
        if not own:
            cells |= _moodle_names(roster.cells.get(mark.student, {}), mark)
            cells["Maximum Grade"] = maximum
        grade = exported_points(mark, partial=partial)
        cells[_named(head, _GRADES)] = grade
        cells[_named(head, _FEEDBACK)] = " ".join(sentences(mark)) if grade else ""
        rows.append([cells[name] for name in head])
    notices = [] if any(cells.get("identifier") for cells in roster.cells.values()) or own else [
        BY_EMAIL
    ]  # fmt: skip
    theirs = _their_maximum(roster)
    if theirs and float(theirs.replace(",", ".")) != float(maximum):
        notices.append(OTHER_MAXIMUM.format(theirs=theirs, ours=maximum))
    return _Columns(head=head, rows=rows, notices=notices)


def _moodle_names(cells: Cells, mark: Mark) -> dict[str, str]:
    first, last = names_of(cells)
    return {
        "Full name": cells.get("fullname") or f"{first} {last}".strip(),
        "Email address": email_of(cells, mark),
    }


def _their_maximum(roster: Roster) -> str:
    found = (cells.get(name, "") for cells in roster.cells.values() for name in _MAXIMUM)
    return next((text for text in found if re.fullmatch(r"\d+([.,]\d+)?", text)), "")


def _gradescope(
    marks: ClassMarks, shown: Sequence[Mark], roster: Roster, partial: bool
) -> _Columns:
    rows = []
    for mark in shown:
        cells = roster.cells.get(mark.student, {})
        grade = exported_points(mark, partial=partial)
        status = "Graded" if grade else "Ungraded" if mark.handed_in else "Missing"
        sid = cells.get("sid") or cells.get("studentid") or unless_email(mark.student)
        sections = cells.get("sections") or cells.get("section", "")
        own = [*names_of(cells), sid, email_of(cells, mark), sections]
        rows.append([*own, grade, points(mark.max_points), status, "", _time(marks, mark), ""])
    return _Columns(head=GRADESCOPE, rows=rows)


def _nbgrader(marks: ClassMarks, shown: Sequence[Mark], roster: Roster, partial: bool) -> _Columns:
    due = marks.policy.due.get(marks.slug)
    rows = []
    for mark in shown:
        cells = roster.cells.get(mark.student, {})
        first, last = names_of(cells)
        score = exported_points(mark, partial=partial)
        raw, penalty = ("", "")
        if score:
            raw, penalty = points(mark.earned + mark.adjustment), points(mark.late_points)
        rows.append(
            [
                marks.slug, str(due or ""), _time(marks, mark), mark.student, last, first,
                email_of(cells, mark), raw, penalty, score, points(mark.max_points),
            ]
        )  # fmt: skip
    return _Columns(head=NBGRADER, rows=rows)


_NEED_ROSTER: Mapping[Platform, tuple[str, str]] = {
    Platform.CANVAS: ("Canvas", "the CSV that Grades > Export gives"),
    Platform.MOODLE: ("Moodle", "the grading worksheet of the assignment"),
}
_TABLES: Mapping[Platform, Callable[[ClassMarks, Sequence[Mark], Roster, bool], _Columns]] = {
    Platform.CANVAS: _canvas,
    Platform.MOODLE: _moodle,
    Platform.GRADESCOPE: _gradescope,
    Platform.NBGRADER: _nbgrader,
}


def _maximum(marks: ClassMarks) -> float:
    """The points of the assignment, which those without a result have as their maximum too."""
    return max((mark.max_points for mark in marks.marks), default=0.0)


def _from(roster: Roster, mark: Mark, columns: Iterable[str]) -> list[str]:
    cells = roster.cells.get(mark.student, {})
    return [cells.get(plain(column), "") for column in columns]


def _named(head: Iterable[str], names: Sequence[str]) -> str:
    return next(column for column in head if plain(column) in names)


def _time(marks: ClassMarks, mark: Mark) -> str:
    report = marks.reports.get(mark.result)
    return str((time_in(report.facts) if report else None) or "")


def _notices(marks: ClassMarks, shown: Sequence[Mark], *, partial: bool) -> list[str]:
    """Whose cells are empty, and who is not in the file at all."""
    without = [mark.student for mark in shown if mark.so_far is None]
    open_marks = [mark.student for mark in shown if mark.final is None and mark.so_far is not None]
    said = (
        (NO_RESULT, without),
        (PARTIAL if partial else NOT_FINAL, open_marks),
        (UNLISTED, list(marks.people.unlisted)),
    )
    return [text.format(count=len(who), names=listed(who)) for text, who in said if who]


def listed(names: Sequence[str]) -> str:
    """The first of many names."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    # Moodle's `-` stands for no date, is no formula, and has to come back as it is.
    writer.writerows([cell if cell == "-" else harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8")
