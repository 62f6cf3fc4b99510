"""How far a class is: a bar on a terminal, plain lines elsewhere. Writes to stderr only."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

from autograder.printable import printable
from autograder.results import Report

from .wording import short_score

REUSED = "{count} of {total} {verb} reused: nothing has changed there. --fresh grades all again."


class Progress(Protocol):
    """What is shown of a class while it is graded. Called with each report as it is done."""

    def __call__(self, report: Report) -> None:
        """Show that a submission was graded."""

    def reused(self, report: Report) -> None:
        """Count a result that was there already; to be called before the first is graded."""

    def notice(self, sentence: str) -> None:
        """Show something that the instructor should know."""


@contextlib.contextmanager
def progress(total: int, *, console: Console | None = None) -> Iterator[Progress]:
    """What to call with each of `total` reports as it is done."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        lines = _Lines(total, console)
        yield lines
        lines.say_reused()
        return
    with _bar(console) as bar:
        shown = _Shown(total, console, bar)
        yield shown
        shown.say_reused()


def score_line(report: Report) -> str:
    """One student's score in a line."""
    note = "" if report.is_final else " (not final)"
    student = printable(report.student, keep="")
    return f"{student}: {short_score(report)}{note}"


class _Lines:
    """A line for each submission."""

    def __init__(self, total: int, console: Console) -> None:
        self._class = self._total = total
        self._console = console
        self._done = 0
        self._reused = 0
        self._said = False

    def __call__(self, report: Report) -> None:
        self.say_reused()
        self._done += 1
        self._print(f"[{self._done}/{self._total}] {score_line(report)}")

    def reused(self, report: Report) -> None:
        self._reused += 1
        self._total = self._class - self._reused

    def notice(self, sentence: str) -> None:
        self._print(sentence)

    def say_reused(self) -> None:
        """Say once how many results were taken as they are."""
        if self._reused and not self._said:
            verb = "was" if self._reused == 1 else "were"
            self._print(REUSED.format(count=self._reused, total=self._class, verb=verb))
            self._said = True

    def _print(self, line: str) -> None:
        self._console.print(printable(line), markup=False, highlight=False, soft_wrap=True)


class _Shown(_Lines):
    """A bar with what is done, what our own faults are, and how long it may still take."""

    def __init__(self, total: int, console: Console, bar: Bar) -> None:
        super().__init__(total, console)
        self._bar = bar
        self._failed = 0
        self._task: TaskID = bar.add_task("", total=total, failed="")

    def __call__(self, report: Report) -> None:
        self.say_reused()
        self._failed += report.failed_to_grade
        failed = f"[red]{self._failed} failed" if self._failed else ""
        self._bar.update(self._task, advance=1, description=score_line(report), failed=failed)

    def reused(self, report: Report) -> None:
        super().reused(report)
        self._bar.update(self._task, total=self._total)


def _bar(console: Console) -> Bar:
    return Bar(
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
        TextColumn("{task.description}", markup=False),
        console=console,
        transient=True,
    )
