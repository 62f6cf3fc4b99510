"""What the rows of ``marks.csv`` say: who, which part or word, how much, by whom and why.

Knows the parts of the assignment and the people of the class; adds nothing up.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from autograder.tables import as_meant

from .people import People
from .sheet import MarkRow, MarksError, Sheet

BONUS, DEDUCTION = "bonus", "deduction"
DUE, SUBMITTED, LATE = "due", "submitted", "late"
WORDS = (BONUS, DEDUCTION, DUE, SUBMITTED, LATE)
AUTOMATIC = "auto"  # in the place of points: the automatic result counts again

_NUMBER = re.compile(r"[+\-−]?[0-9]+(?:[.,][0-9]+)?")
_THOUSANDS = re.compile(r"[+\-−]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_EUROPEAN = re.compile(r"^([0-9]{2})\.([0-9]{2})\.([0-9]{4})(?= |$)")
_SHOWN = 10

NO_STUDENT = "no student is named; write one in the column student, or remove the row."
UNKNOWN_STUDENT = (
    "`{student}` has no result here and is on no roster.{near} Correct the name, or give the roster"
    " with --roster FILE if the student takes part."
)
UNKNOWN_CHECK = (
    "no part of {slug} is called `{check}`.{near} Write the id of a check or of a question that a"
    " person marks, or one of: {words}."
)
NO_REASON = "no reason is given; say in the column why what the points are for."
NO_NAME = "nobody is named; say in the column by who has decided this."
NO_POINTS = (
    "there are no points; write a number, or `auto` where the automatic result is to count again."
)
NOT_A_NUMBER = "`{points}` is not a number of points; write one such as 2 or 1.5."
AMBIGUOUS = "`{points}` may be read in two ways; write it without a separator of thousands."
NEGATIVE = "`{points}` is negative; take points off with a row `deduction` and a positive number."
TOO_MUCH = (
    "`{check}` gives at most {most:g} points, and {points:g} are written. Write at most {most:g},"
    " and give what comes on top in a row `bonus`."
)
NOT_A_DATE = (
    "`{points}` is not a date and time; write one such as 2026-03-14 23:59 in the column points."
)
NOT_DAYS = "`{points}` is not a number of late days; write a whole number, 0 for in time."


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One row, understood.

    Attributes
    ----------
    line : where it stands.
    student : the one that it is about.
    about : the id of a part, or one of `WORDS`.
    points : what is given, added or taken off, or a number of late days; None where the automatic
        result counts again, and for dates.
    when : the date of a `due` or `submitted`.
    by, why : as in the file.
    """

    line: int
    student: str
    about: str
    points: float | None = None
    when: datetime | None = None
    by: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The decisions about one student that count, by what they are about, and the others.

    `replaced` are earlier rows about the same, each with the one that counts.
    """

    counts: Mapping[str, Decision] = field(default_factory=dict)
    replaced: tuple[tuple[Decision, Decision], ...] = ()


def read_decisions(
    sheet: Sheet, *, slug: str, most: Mapping[str, float], people: People
) -> dict[str, Decided]:
    """What was decided about each student: of several rows about the same, the last one counts.

    Parameters
    ----------
    slug : the assignment's, for messages.
    most : the id of every part -> its points.

    Raises
    ------
    MarksError : with a line for each row that is wrong.
    """
    found: list[Decision] = []
    wrong: list[str] = []
    for row in sheet.rows:
        try:
            found += _decisions(row, slug=slug, most=most, people=people)
        except ValueError as error:
            wrong.append(f"{sheet.path}, line {row.line}: {error}")
    if wrong:
        more = [f"{len(wrong) - _SHOWN} more rows are wrong."] if len(wrong) > _SHOWN else []
        raise MarksError("\n".join([*wrong[:_SHOWN], *more]))
    return {student: _decided(rows) for student, rows in _by_student(found).items()}


def _by_student(found: Iterable[Decision]) -> dict[str, list[Decision]]:
    sorted_out: dict[str, list[Decision]] = {}
    for one in found:
        sorted_out.setdefault(one.student, []).append(one)
    return sorted_out


def _decided(rows: Sequence[Decision]) -> Decided:
    last = {row.about: row for row in rows}
    replaced = tuple((row, last[row.about]) for row in rows if row is not last[row.about])
    return Decided(counts=last, replaced=replaced)


def _decisions(
    row: MarkRow, *, slug: str, most: Mapping[str, float], people: People
) -> list[Decision]:
    """What a row says of everyone who hands in together; `ValueError` says what is wrong."""
    if not row.student:
        raise ValueError(NO_STUDENT)
    students = people.named(row.student) or people.named(as_meant(row.student))
    if not students:
        raise ValueError(
            UNKNOWN_STUDENT.format(student=row.student, near=_near(row.student, people.all))
        )
    about = _about(row.check, slug, most)
    if not row.why:
        raise ValueError(NO_REASON)
    if not row.by:
        raise ValueError(NO_NAME)
    points = when = None
    given = as_meant(row.points)
    if about in (DUE, SUBMITTED) and about not in most:
        when = _date(given)
    elif about == LATE and about not in most:
        points = _days(given)
    elif given.casefold() != AUTOMATIC:
        points = _points(given, about, most.get(about))
    return [
        Decision(
            line=row.line, student=one, about=about, points=points, when=when, by=row.by,
            why=row.why,
        )
        for one in students
    ]  # fmt: skip


def _about(check: str, slug: str, most: Mapping[str, float]) -> str:
    known = {name.casefold(): name for name in (*WORDS, *most)}
    for spelled in (check, as_meant(check)):
        if spelled in most:
            return spelled
        if spelled.casefold() in known:
            return known[spelled.casefold()]
    near = _near(check, known.values())
    raise ValueError(UNKNOWN_CHECK.format(slug=slug, check=check, near=near, words=_words()))


def _words() -> str:
    return ", ".join(f"`{word}`" for word in WORDS)


def _near(text: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(text, list(known), n=1)
    return f" Did you mean `{found[0]}`?" if found else ""


def _points(text: str, about: str, most: float | None) -> float:
    points = _number(text)
    if points < 0:
        raise ValueError(NEGATIVE.format(points=text))
    if most is not None and points > most:
        raise ValueError(TOO_MUCH.format(check=about, most=most, points=points))
    return points


def _number(text: str) -> float:
    """A number with a point or, as in much of Europe, a comma."""
    if not text:
        raise ValueError(NO_POINTS)
    if not _NUMBER.fullmatch(text) or len(text) > 12:
        raise ValueError(NOT_A_NUMBER.format(points=text))
    if _THOUSANDS.fullmatch(text):
        raise ValueError(AMBIGUOUS.format(points=text))
    return float(text.replace(",", ".").replace("−", "-"))


def _days(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise ValueError(NOT_DAYS.format(points=text))
    return float(text)


def _date(text: str) -> datetime:
    """A date and time as ISO 8601 has it, or as European spreadsheets do (14.03.2026 23:59).

    A date alone is the end of that day. ``3/4/2026`` may be March or April, and is refused.
    """
    text = _EUROPEAN.sub(r"\3-\2-\1", text)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return datetime.fromisoformat(f"{text}T23:59:59")
        if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]", text):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(NOT_A_DATE.format(points=text)) from None
