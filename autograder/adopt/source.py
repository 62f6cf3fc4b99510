"""A source notebook of nbgrader's as its cells, and a student's beside it. Runs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.errors import UserError

CELL_SECONDS = 10.0
NO_NOTEBOOK = "{path} is no notebook ({reason})."


class SourceError(UserError, ValueError):
    """A source notebook cannot be read; the message says why."""


class CellKind(StrEnum):
    """What a code cell is for."""

    SOLUTION = "solution"
    TEST = "test"
    LOCKED = "locked"  # may not be edited, or not be graded and edited by anybody


@dataclass(frozen=True, kw_only=True)
class SourceCell:
    """One code cell.

    Attributes
    ----------
    id : nbgrader's `grade_id`; empty where it has none.
    points : of a test cell.
    fixed : whether the course's own source runs, whatever a student has made of it.
    question : the question of an otter assignment that it belongs to.
    summary : one line for students about a test; found in the cell where it is empty.
    success, failure : what students are told in addition, as a test passes or does not.
    """

    kind: CellKind
    source: str
    id: str = ""
    points: float = 0.0
    fixed: bool = False
    question: str = ""
    summary: str = ""
    success: str = ""
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class ManualCell:
    """A cell that a person marks."""

    id: str
    points: float


@dataclass(frozen=True, kw_only=True)
class SourceNotebook:
    """A notebook as its author has written it, with solutions and tests.

    Attributes
    ----------
    is_otter : whether it is in the format of `otter assign`, rather than nbgrader's.
    seeding : what runs before each cell of a student's, so that draws are the same.
    files, hidden : the files that it names: those that students have, and those of the tests alone.
    settings : the files that configure it.
    """

    name: str
    cells: tuple[SourceCell, ...]
    manual: tuple[ManualCell, ...]
    is_otter: bool = False
    seeding: str = ""
    files: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    @property
    def tests(self) -> tuple[SourceCell, ...]:
        """The test cells."""
        return tuple(cell for cell in self.cells if cell.kind is CellKind.TEST)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to run: a cell of the student's, or one of the course's.

    `reference` is the course's solution of a solution cell, from which it is known whose a name is.
    """

    kind: CellKind
    source: str
    id: str = ""
    reference: str | None = None
    both: bool = False


@dataclass(frozen=True, kw_only=True)
class CourseFiles:
    """What of the course runs, whoever's solution it is.

    Attributes
    ----------
    files : the released files by path, which both sides see.
    hidden : files that only the tests see.
    hidden_names : what a test cell mentions that reads those.
    seconds : how long one cell may take.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    hidden: Mapping[str, bytes] = field(default_factory=dict)
    hidden_names: tuple[str, ...] = ()
    seconds: float = CELL_SECONDS


def read_nbgrader(name: str, data: bytes) -> SourceNotebook:
    """Read a source notebook of nbgrader's. Raises `SourceError`."""
    cells: list[SourceCell] = []
    manual: list[ManualCell] = []
    for number, cell in enumerate(cells_of(name, data)):
        marks = cell.get("metadata", {}).get("nbgrader") or {}
        points = float(marks.get("points") or 0)
        found = str(marks.get("grade_id") or "")
        if marks.get("grade") and (marks.get("solution") or cell.get("cell_type") != "code"):
            manual.append(ManualCell(id=found, points=points))
        if cell.get("cell_type") == "code":
            kind = _kind(marks)
            name_of_cell = found or (f"cell-{number}" if kind is CellKind.TEST else "")
            cells.append(
                SourceCell(
                    kind=kind,
                    source=_text(cell),
                    id=name_of_cell,
                    points=points if kind is CellKind.TEST else 0.0,
                    fixed=kind is CellKind.LOCKED and bool(marks.get("locked")),
                )
            )
    return SourceNotebook(name=name, cells=tuple(cells), manual=tuple(manual))


def nbgrader_steps(source: SourceNotebook, submitted: bytes | None) -> tuple[Step, ...]:
    """What runs for a submitted notebook, in order.

    Cells that only the course writes run as it has written them, where they belong. Every other
    cell runs as the student has left it, also one that the student has added.
    """
    done: set[int] = set()
    steps: list[Step] = []
    places = {cell.id: place for place, cell in enumerate(source.cells) if cell.id}
    for found, text in _submitted(source.name, submitted):
        place = places.get(found)
        if place is None:
            steps.append(Step(kind=CellKind.SOLUTION, source=text))
            continue
        steps += _until(source.cells, place, done)
        if place not in done:
            done.add(place)
            steps.append(step_of(source.cells[place], text))
        elif source.cells[place].kind is CellKind.SOLUTION:
            steps.append(Step(kind=CellKind.SOLUTION, source=text))
    steps += _until(source.cells, len(source.cells), done)
    return tuple(steps)


def reference_steps(
    source: SourceNotebook, solutions: Sequence[str] | None = None
) -> tuple[Step, ...]:
    """What runs for the reference solution, or for others in the place of its solution cells."""
    own = iter(solutions or [cell.source for cell in source.cells if _is_solution(cell)])
    steps: list[Step] = []
    for cell in source.cells:
        if _is_solution(cell) and source.seeding:
            steps.append(Step(kind=CellKind.SOLUTION, source=source.seeding))
        steps.append(step_of(cell, next(own) if _is_solution(cell) else cell.source))
    return tuple(steps)


def _is_solution(cell: SourceCell) -> bool:
    return cell.kind is CellKind.SOLUTION


def _until(cells: Sequence[SourceCell], place: int, done: set[int]) -> Iterator[Step]:
    """The cells of the course before a place that have not run."""
    for number in range(place):
        if number not in done and cells[number].kind is not CellKind.SOLUTION:
            done.add(number)
            yield step_of(cells[number], cells[number].source, both=cells[number].fixed)


def step_of(cell: SourceCell, text: str, *, both: bool = True) -> Step:
    """One cell as it runs; `text` counts where the cell is the student's."""
    if cell.kind is CellKind.SOLUTION:
        return Step(kind=cell.kind, source=text, id=cell.id, reference=cell.source)
    return Step(kind=cell.kind, source=cell.source, id=cell.id, both=both)


def _kind(marks: Mapping[str, Any]) -> CellKind:
    if marks.get("solution"):
        return CellKind.SOLUTION
    return CellKind.TEST if marks.get("grade") else CellKind.LOCKED


def _submitted(name: str, data: bytes | None) -> Iterator[tuple[str, str]]:
    """The id and text of each code cell that was handed in."""
    if data is None:
        return
    try:
        cells = cells_of(name, data)
    except SourceError:
        return
    for cell in cells:
        if cell.get("cell_type") == "code" and _text(cell).strip():
            metadata = cell.get("metadata")
            marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
            found = marks.get("grade_id") if isinstance(marks, dict) else None
            yield found if isinstance(found, str) else "", _text(cell)


def cells_of(name: str, data: bytes) -> list[dict[str, Any]]:
    """The cells of a notebook. Raises `SourceError`."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
        cells = found["cells"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(NO_NOTEBOOK.format(path=f"{name}.ipynb", reason=error)) from error
    if not isinstance(cells, list):
        raise SourceError(NO_NOTEBOOK.format(path=f"{name}.ipynb", reason="it has no cells"))
    return [cell for cell in cells if isinstance(cell, dict)]


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
