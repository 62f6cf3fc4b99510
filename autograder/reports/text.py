"""Reports as tables for a terminal; a student's words are never taken for markup or escapes."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.printable import printable
from autograder.results import CheckResult, Report, Status

from .wording import (
    LOOKS,
    NO_NOTES,
    NO_PROBLEMS,
    Notes,
    Problems,
    by_hand,
    counts,
    full_marks,
    number,
    score_in_words,
    short_score,
    states,
    verdict,
)


def report_table(report: Report, *, problems: Sequence[str] = ()) -> RenderableType:
    """One submission: every check, how it ended, what happened and where to look."""
    table = Table(box=box.SIMPLE_HEAD, title=_title(report), title_justify="left", expand=False)
    table.add_column("check", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("what happened", overflow="fold", ratio=1)
    for result in report.checks:
        extra = " extra" if result.bonus else ""
        score = f"{number(result.score)}/{number(result.max_score)}{extra}"
        table.add_row(_plain(result.id), _status(result.status), score, _words(result))
    notes = [Text.assemble("Note: ", _plain(problem)) for problem in problems]
    return Group(table, *_manual(report), *notes)


def class_table(reports: Sequence[Report], *, notes: Notes = NO_NOTES) -> Table:
    """A class: score, states of the checks and the first finding of everyone.

    Parameters
    ----------
    notes : what is known beforehand, for a column of its own, as the demo shows it.
    """
    legend = ", ".join(f"{look.sign} {status}" for status, look in LOOKS.items())
    caption = "\n".join(filter(None, (legend, full_marks(reports))))
    table = Table(box=box.SIMPLE_HEAD, show_lines=bool(notes), expand=True, caption=caption)
    table.add_column("student", overflow="fold", max_width=20)
    if notes:
        table.add_column("handed in", overflow="fold", min_width=14, ratio=2)
    table.add_column("score and checks", no_wrap=True)
    table.add_column("found first", overflow="fold", min_width=24, ratio=4)
    for report in reports:
        note = [_plain(notes.get(report.student, ""))] if notes else []
        table.add_row(
            _plain(report.student),
            *note,
            Text("\n").join([_score(report), _tally(report)]),
            _plain(verdict(report)),
        )
    return table


def print_reports(reports: Sequence[Report], *, problems: Problems = NO_PROBLEMS) -> None:
    """Print one submission in full, or a class with what is to be said about its files."""
    console = Console()
    if len(reports) == 1:
        console.print(report_table(reports[0], problems=problems.get(reports[0].student, ())))
        return
    console.print(class_table(reports))
    for report in reports:
        for problem in problems.get(report.student, ()):
            console.print(Text.assemble(_plain(report.student), ": ", _plain(problem)))


def _manual(report: Report) -> list[Text]:
    """The cells that a person marks, under a line that says so."""
    parts = [_plain("  " + by_hand(part)) for part in report.manual]
    head = Text("To be marked by a person; suggestions are no marks, and not in the score:", "bold")
    return [head, *parts] if parts else []


def _title(report: Report) -> Text:
    score = score_in_words(report.score, report.max_score, extra=report.extra)
    return Text.assemble(_plain(report.student), ": ", (score, "bold"), f" ({states(report)})")


def _score(report: Report) -> Text:
    text = short_score(report)
    return Text(text if report.is_final else text + " not final", "bold")


def _tally(report: Report) -> Text:
    """How many checks ended how, by sign; the table's caption explains the signs."""
    found = ((LOOKS[status], count) for status, count in counts(report).items())
    return Text(" ").join(Text(f"{look.sign}{count}", look.colour) for look, count in found)


def _status(status: Status) -> Text:
    look = LOOKS[status]
    return Text(f"{look.sign} {status}", look.colour)


def _words(result: CheckResult) -> Text:
    if result.status is Status.PASSED:
        return Text(printable(" ".join(filter(None, (result.name, result.rationale)))), "dim")
    words = printable(result.rationale or result.name)
    return Text.assemble(words, (f"\n→ {printable(result.help)}" if result.help else "", "italic"))


def _plain(text: str) -> Text:
    return Text(printable(text, keep=""))
