"""How far a class is: a bar on a terminal, plain lines elsewhere. Writes to stderr only."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.printable import printable
from autograder.results import Report

from .wording import number


@contextlib.contextmanager
def progress(total: int, *, console: Console | None = None) -> Iterator[Callable[[Report], None]]:
    """A function to call with each report as it is done."""
    console = console or Console(stderr=True)
    shown = _bar(total, console) if console.is_terminal else _lines(total, console)
    with shown as on_report:
        yield on_report


def score_line(report: Report) -> str:
    """One student's score in a line."""
    note = "" if report.is_final else " (not final)"
    student = printable(report.student, keep="")
    return f"{student}: {number(report.score)}/{number(report.max_score)}{note}"


@contextlib.contextmanager
def _bar(total: int, console: Console) -> Iterator[Callable[[Report], None]]:
    columns = (
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)

        def on_report(report: Report) -> None:
            bar.update(task, advance=1, description=score_line(report))

        yield on_report


@contextlib.contextmanager
def _lines(total: int, console: Console) -> Iterator[Callable[[Report], None]]:
    done = itertools.count(1)

    def on_report(report: Report) -> None:
        line = f"[{next(done)}/{total}] {score_line(report)}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    yield on_report
