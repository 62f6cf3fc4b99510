"""What there is - assignments, data sets - as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from autograder.assignment import Assignment, NotBuiltError, load_assignment, parts_of
from autograder.course import Course

from .wording import number

if TYPE_CHECKING:
    from autograder.data import DatasetRow

UNBUILT = "not built yet: run `autograder build {slug}`"


def assignment_table(course: Course) -> Table:
    """A row for each assignment of a course."""
    table = Table("slug", "title", "points", "summary", box=None, pad_edge=False)
    for slug in course.slugs:
        try:
            assignment = load_assignment(slug, course)
            points = _points(assignment)
        except NotBuiltError:
            table.add_row(slug, "", "", UNBUILT.format(slug=slug))
        else:
            table.add_row(slug, assignment.title, points, assignment.summary)
    return table


def _points(assignment: Assignment) -> str:
    """Those that a person gives are among them; extra credit comes on top.

    Raises
    ------
    NotBuiltError : the release cannot be read.
    """
    parts = parts_of(assignment)
    most = sum(part.points for part in parts if not part.bonus)
    extra = sum(part.points for part in parts if part.bonus)
    return f"{number(most)} + {number(extra)} extra" if extra else number(most)


def data_table(rows: Iterable[DatasetRow]) -> Table:
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
