"""Notebooks made of a few cells, and what came of running them both ways."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import pytest

from autograder.adopt.running import NotebookRun, Outcomes
from autograder.adopt.source import (
    CellKind,
    CourseFiles,
    SourceCell,
    SourceNotebook,
    Step,
    reference_steps,
)
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits

Cells = Sequence[tuple[str, str]]
Ways = Callable[..., Outcomes]


def notebook(cells: Cells) -> SourceNotebook:
    """Cells named by their kind: `locked`, `solution`, or the id of a test."""
    return SourceNotebook(name="n", cells=tuple(_cell(*cell) for cell in cells), manual=())


def _cell(kind: str, source: str) -> SourceCell:
    if kind in ("locked", "solution"):
        return SourceCell(kind=CellKind(kind), source=source, fixed=kind == "locked")
    return SourceCell(kind=CellKind.TEST, source=source, id=kind, points=1)


def steps(cells: Cells, *solutions: str) -> tuple[Step, ...]:
    """The steps of the reference solution, or of other solutions in its place."""
    return reference_steps(notebook(cells), solutions or None)


def case(
    cells: Cells, *solutions: str, course: CourseFiles | None = None, **options: object
) -> NotebookRun:
    """A run of some cells."""
    return NotebookRun(
        course=course or CourseFiles(seconds=10),
        level=get_level("bubblewrap"),
        limits=Limits(),
        steps=steps(cells, *solutions),
        end=time.monotonic() + 120,
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="session")
def outside() -> Ways:
    """Runs cells with the tests outside: first the reference, then the solutions."""

    def run(cells: Cells, *solutions: str, course: CourseFiles | None = None) -> Outcomes:
        first = case(cells, course=course).outside()
        if not solutions:
            return first
        allowed: Mapping[str, Sequence[str]] = {
            name: verdict.used for name, verdict in first.tests.items()
        }
        assert all(verdict.passed for verdict in first.tests.values()), first.tests
        return case(cells, *solutions, course=course, allowed=allowed).outside()

    return run
