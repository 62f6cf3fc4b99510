"""Final marks of a class as a table for a terminal, with every decision of a person under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.marks.compute import ClassMarks
from autograder.marks.exports import listed
from autograder.marks.late import LatePolicy
from autograder.marks.mark import Mark
from autograder.marks.sentences import late_words, points, signed_points, what
from autograder.printable import printable

NO_MARK = "no result"
DECISIONS = "Decisions of people, in {path}:"
NO_DECISIONS = "There are no decisions of people. Add one with --set STUDENT CHECK POINTS --why …"
ROW = "  {student}: {what}, by {by}: {why} (line {line})"
REPLACED = "  {student}: {what}, by {by}: {why} (line {line}, replaced by line {other})"
WAITING = "Waiting for a person: {id} ({count} {students}): {names}."
NO_TIME = (
    "A platform marks these as late and does not say when they were handed in: {names}. Add a row"
    " with `late` and the number of days, or with `submitted` and the date."
)
NO_COST = "Late, and it costs nothing, for [late] in course.toml has no percent_per_day: {names}."
NO_RESULT = "No result ({count}): {names}."
TWICE = (
    "{student}: {id} has {points} in formgrader and another value in marks.csv, line {line}. The"
    " row of marks.csv counts."
)
UNLISTED = "Not on the roster ({count}): {names}."
CLASH = "{student} has {count} results ({results}). The first one counts."


def marks_table(marks: ClassMarks) -> Table:
    """A line for each student: what the grader gave, what people decided, and the mark."""
    table = Table(box=box.SIMPLE_HEAD, title=Text(f"{marks.slug}: {marks.title}", "bold"),
                  title_justify="left", expand=False)  # fmt: skip
    table.add_column("student", overflow="fold", min_width=12, max_width=32)
    for column in ("automatic", "by a person", "override", "late"):
        table.add_column(column, justify="right", overflow="fold")
    table.add_column("mark", justify="right", no_wrap=True)
    for mark in marks.marks:
        table.add_row(_plain(mark.student), *_cells(mark))
    return table


def print_marks(marks: ClassMarks, *, path: str, console: Console | None = None) -> None:
    """Print the table, and under it the decisions and what is not settled.

    Parameters
    ----------
    path : of ``marks.csv``.
    """
    console = console or Console()
    console.print(marks_table(marks))
    decisions = list(decision_lines(marks))
    head = DECISIONS.format(path=path) if decisions else NO_DECISIONS
    for line in (head, *decisions, *open_lines(marks)):
        console.print(_plain(line), soft_wrap=True)


def decision_lines(marks: ClassMarks) -> Iterator[str]:
    """Every row of ``marks.csv``, also those that a later one has replaced."""
    for mark in marks.marks:
        parts = {part.id: part for part in mark.parts}
        for decision in sorted(mark.decided.counts.values(), key=lambda one: one.line):
            said = what(decision, parts.get(decision.about))
            yield ROW.format(
                student=mark.student,
                what=said,
                by=decision.by,
                why=_one_line(decision.why),
                line=decision.line,
            )
        for old, new in mark.decided.replaced:
            yield REPLACED.format(
                student=mark.student,
                what=what(old, parts.get(old.about)),
                by=old.by,
                why=_one_line(old.why),
                line=old.line,
                other=new.line,
            )


def open_lines(marks: ClassMarks) -> Iterator[str]:
    """What a person still has to look at, and who has no mark."""
    for id in marks.most:
        waiting = [mark.student for mark in marks.marks if id in mark.waiting]
        if waiting:
            students = "student" if len(waiting) == 1 else "students"
            yield WAITING.format(
                id=id, count=len(waiting), students=students, names=listed(waiting)
            )
    costless = [mark.student for mark in marks.marks if _costs_nothing(mark, marks.policy)]
    if costless:
        yield NO_COST.format(names=listed(costless))
    unknown = [mark.student for mark in marks.marks if mark.lateness.days is None]
    if unknown:
        yield NO_TIME.format(names=listed(unknown))
    for mark in marks.marks:
        for part in mark.parts:
            if part.decision and part.formgrader not in (None, part.decision.points):
                yield TWICE.format(
                    student=mark.student,
                    id=part.id,
                    points=points(part.formgrader or 0),
                    line=part.decision.line,
                )
    absent = [mark.student for mark in marks.marks if not mark.handed_in]
    if absent:
        yield NO_RESULT.format(count=len(absent), names=listed(absent))
    unlisted = marks.people.unlisted
    if unlisted:
        yield UNLISTED.format(count=len(unlisted), names=listed(unlisted))
    for student, results in marks.people.clashes.items():
        own = sorted(results, key=lambda one: one != marks.people.result_of[student])
        yield CLASH.format(student=student, count=len(own), results=", ".join(own))
    yield from marks.left_out


def _costs_nothing(mark: Mark, policy: LatePolicy) -> bool:
    """Whether late days beyond the free ones are counted, and the course takes nothing for them."""
    spent = (mark.lateness.days or 0) > mark.lateness.free
    return spent and not policy.percent_per_day and policy.cut_off_days is None


def _cells(mark: Mark) -> Iterable[Text]:
    if mark.so_far is None:
        blank = Text("–", "dim")
        return (blank, blank, blank, _plain(late_words(mark.lateness)), Text(NO_MARK, "dim"))
    automatic = f"{points(mark.automatic)}/{points(mark.automatic_max)}" if mark.handed_in else "–"
    changed = mark.overridden + mark.adjustment
    late = late_words(mark.lateness)
    taken = f" {signed_points(-mark.late_points)}" if mark.late_points else ""
    return (
        _plain(automatic),
        _plain(_by_person(mark)),
        _plain(signed_points(changed) if changed else ""),
        _plain(late + taken),
        _total(mark),
    )


def _by_person(mark: Mark) -> str:
    """The points of the questions that a person marks, and how many are still open."""
    parts = [part for part in mark.parts if part.by_person]
    waiting = sum(part.points is None for part in parts)
    if not parts:
        return ""
    most = points(sum(part.max_points for part in parts))
    if waiting == len(parts):
        return f"open/{most}"
    return f"{points(mark.by_person)}/{most}" + (f", {waiting} open" if waiting else "")


def _total(mark: Mark) -> Text:
    text = f"{points(mark.so_far or 0)}/{points(mark.max_points)}"
    return Text(text, "bold") if mark.final is not None else Text(f"{text} so far", "yellow")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> Text:
    return Text(printable(text, keep=""))
