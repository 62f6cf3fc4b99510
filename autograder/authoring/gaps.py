"""Where students write: the lines of the solved files that are in solution regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.mutation import CodeText, texts_of

from .build import reference_files
from .markers import Marked, Region
from .source import read_source


@dataclass(frozen=True, kw_only=True)
class GapLine:
    """One line of a solution: the part that it belongs to, and where its author finds it."""

    part: str
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """One text of the solved files, and its lines, from 1, that students write."""

    text: CodeText
    lines: Mapping[int, GapLine]


def gaps(assignment: Assignment) -> Iterator[Gaps]:
    """Every text that students write a part of, in order of file. Raises `AuthoringError`."""
    source, files = read_source(assignment), reference_files(assignment)
    for module in source.modules:
        if module.path in assignment.editable:
            (text,) = texts_of(module.path, files[module.path])
            yield from _gaps(text, module.marked, module.file, 1)
    for lesson in source.lessons:
        name = f"{lesson.name}.ipynb"
        cells = [cell for cell in lesson.cells if cell.is_code]
        for cell, text in zip(cells, texts_of(name, files[name]), strict=True):
            yield from _gaps(text, cell.marked, lesson.file, cell.first_line)


def _gaps(text: CodeText, marked: Marked, file: str, first: int) -> Iterator[Gaps]:
    lines = {
        number: GapLine(part=part, file=file, line=line)
        for number, (part, line) in enumerate(_places(marked, first), start=1)
        if part
    }
    if lines:
        yield Gaps(text=text, lines=lines)


def _places(marked: Marked, first: int) -> Iterator[tuple[str, int]]:
    """For every line of the solved text the part, if it is in one, and its line in the source."""
    line = first
    for block in marked.blocks:
        if not isinstance(block, Region):
            yield "", line
            line += 1
            continue
        begin = block.line + 1 + len(block.stub)  # stubs stand before the solution
        for number in range(len(block.solution)):
            yield block.id, begin + number
        line = begin + len(block.solution) + 1
