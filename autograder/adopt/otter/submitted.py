"""The notebook that a student hands in, and the one that students get, beside the master notebook.

`otter assign` leaves no names on cells. Cells of the course are known by their text, tests by the
`grader.check("q1")` in whose place they run; everything else is the student's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..source import CellKind, SourceNotebook, Step, cells_of, step_of
from .boundaries import BlockKind, MasterCell, configuration, master_cells, text_of
from .solutions import as_handed_out, without_ignored

_CHECK = re.compile(r"^\s*grader\.check\(\s*[\"']([^\"']+)[\"']\s*\)\s*;?\s*$")
_OTTER = re.compile(
    r"^\s*(grader\.\w+\(.*\)|import\s+otter\b.*|from\s+otter\b.*|grader\s*=\s*otter\.Notebook\(.*\)"
    r"|#\s*Initialize\s+Otter.*|#\s*Save\s+your\s+notebook\s+first.*)\s*;?\s*$",
    re.IGNORECASE,
)
CHECK = 'grader.check("{question}")'


@dataclass(frozen=True)
class _Cell:
    """A code cell that was handed in: the student's lines, and the questions checked after it."""

    text: str
    checks: tuple[str, ...]


def otter_steps(source: SourceNotebook, submitted: bytes | None) -> tuple[Step, ...]:
    """What runs for a submitted notebook, in order.

    Cells of the course run where the student has left them, as the course has written them. A test
    runs where its question is checked last, or at the end; by then the judge has met each cell of
    the course that comes before it.
    """
    return tuple(_Order(source, submitted_cells(source.name, submitted)).steps())


def submitted_cells(name: str, data: bytes | None) -> list[_Cell]:
    """The code cells of a submission, without what is otter's."""
    if data is None:
        return []
    found = []
    for cell in cells_of(name, data):
        if cell.get("cell_type") == "code":
            found.append(_split(text_of(cell.get("source"))))
    return found


def untouched(source: SourceNotebook, submitted: bytes) -> frozenset[str]:
    """The questions whose solution cells were handed in as they were handed out."""
    there = {_bare(cell.text) for cell in submitted_cells(source.name, submitted)}
    same: dict[str, bool] = {}
    for cell in source.cells:
        if cell.kind is CellKind.SOLUTION:
            stub = _bare(as_handed_out(cell.source))
            same[cell.question] = same.get(cell.question, True) and stub in there
    return frozenset(question for question, is_same in same.items() if is_same)


def student_notebook(name: str, data: bytes) -> bytes:
    """A master notebook as students get it: without solutions, tests and outputs."""
    found: dict[str, Any] = json.loads(data.decode("utf-8-sig"))
    cells = _student_cells([*master_cells(cells_of(name, data))])
    found |= {"nbformat": 4, "nbformat_minor": 5, "cells": [*cells]}
    for number, cell in enumerate(found["cells"]):
        cell["id"] = f"cell-{number}"
    return json.dumps(found, ensure_ascii=False).encode()


class _Order:
    """Puts the cells of the course among those of a student."""

    def __init__(self, source: SourceNotebook, cells: Sequence[_Cell]) -> None:
        self._source = source
        self._cells = cells
        self._done: set[int] = set()
        self._tests: dict[str, list[int]] = {}
        self._locked: dict[str, list[int]] = {}
        for place, cell in enumerate(source.cells):
            if cell.kind is CellKind.TEST:
                self._tests.setdefault(cell.question, []).append(place)
            elif cell.kind is CellKind.LOCKED:
                self._locked.setdefault(_bare(cell.source), []).append(place)

    def steps(self) -> Iterator[Step]:
        last = {name: number for number, one in enumerate(self._cells) for name in one.checks}
        for number, cell in enumerate(self._cells):
            if cell.text.strip():
                yield from self._text(cell.text)
            for name in cell.checks:
                if last[name] == number:
                    yield from self._checked(name)
        for name in self._tests:
            yield from self._checked(name)

    def _text(self, text: str) -> Iterator[Step]:
        same = self._locked.get(_bare(text), ())
        place = next((place for place in same if place not in self._done), None)
        if place is not None:
            yield from self._before(place)
            self._done.add(place)
            yield step_of(self._source.cells[place], text)
            return
        if self._source.seeding:
            yield Step(kind=CellKind.SOLUTION, source=self._source.seeding)
        yield Step(kind=CellKind.SOLUTION, source=text)

    def _checked(self, question: str) -> Iterator[Step]:
        for place in self._tests.get(question, ()):
            if place not in self._done:
                yield from self._before(place)
                self._done.add(place)
                yield step_of(self._source.cells[place], "")

    def _before(self, place: int) -> Iterator[Step]:
        """The cells of the course before a place, and whose the names of its solutions are."""
        for number in range(place):
            cell = self._source.cells[number]
            if number in self._done or cell.kind is CellKind.TEST:
                continue
            self._done.add(number)
            yield step_of(cell, "", both=False)


def _split(source: str) -> _Cell:
    lines, checks = [], []
    for line in source.split("\n"):
        check = _CHECK.match(line)
        if check:
            checks.append(check[1])
        if not check and not _OTTER.match(line):
            lines.append(line)
        elif line[:1].isspace():
            lines.append(f"{line[: len(line) - len(line.lstrip())]}pass")  # a block may be empty
    return _Cell("\n".join(lines), tuple(checks))


def _bare(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _student_cells(cells: Sequence[MasterCell]) -> Iterator[dict[str, Any]]:
    blocks: list[BlockKind] = []
    question, tested = "", False
    for cell in cells:
        if cell.is_ignored or cell.is_config:
            continue
        boundary = cell.boundary
        if boundary is None:
            tested = tested or blocks[-1:] == [BlockKind.TESTS]
            yield from _student_cell(cell, blocks[-1] if blocks else None)
        elif boundary.begins:
            blocks.append(boundary.block)
            if boundary.block is BlockKind.QUESTION:
                question, tested = _name_in(cell.source), False
        else:
            blocks.pop()
            if boundary.block is BlockKind.QUESTION and tested:
                yield _made("code", CHECK.format(question=question))


def _student_cell(cell: MasterCell, block: BlockKind | None) -> Iterator[dict[str, Any]]:
    if block is BlockKind.TESTS or (block is BlockKind.SOLUTION and cell.kind != "code"):
        return
    source = without_ignored(cell.source) if cell.kind == "code" else cell.source
    yield _made(cell.kind, as_handed_out(source) if block is BlockKind.SOLUTION else source)


def _made(kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    return cell | {"outputs": [], "execution_count": None} if kind == "code" else cell


def _name_in(source: str) -> str:
    return str(configuration(source).get("name", ""))
