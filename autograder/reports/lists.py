"""What there is - assignments, data sets - as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from autograder.assignment import Assignment

if TYPE_CHECKING:
    import datasets


def assignment_table(assignments: Iterable[Assignment]) -> Table:
    """A row for each assignment."""
    table = Table("slug", "title", "summary", box=None, pad_edge=False)
    for assignment in assignments:
        table.add_row(assignment.slug, assignment.title, assignment.summary)
    return table


def data_table(rows: Iterable[datasets.Row]) -> Table:
    """A row for each data set; images are channels x height x width."""
    table = Table(
        "name", "title", "images", "classes", "licence", "where", box=None, pad_edge=False
    )
    for row in rows:
        shape = "x".join(map(str, row.shape))
        sign = "✓" if row.available else "✗"
        cells = (row.name, row.title, shape, str(row.classes), row.licence, f"{sign} {row.where}")
        table.add_row(*cells)
    return table


def print_table(table: Table) -> None:
    """Print to standard output, as wide as the terminal is."""
    Console().print(table)
