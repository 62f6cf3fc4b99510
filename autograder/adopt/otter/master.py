"""Reads the master notebook of an otter assignment: its questions, solutions and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, NoReturn

from ..source import CellKind, ManualCell, SourceCell, SourceError, SourceNotebook, cells_of
from .boundaries import (
    BlockKind,
    Boundary,
    BoundaryError,
    MasterCell,
    configuration,
    master_cells,
    test_configuration,
)
from .points import PointsError, shared
from .solutions import is_marked, without_ignored
from .tests import OtterTest, TestCellError

IN_CELL = "{name}.ipynb, cell {number}: {what}."
BEGINS_INSIDE = "`# BEGIN {mark}` stands inside a block; put `# END {outer}` before it"
BEGINS_OUTSIDE = "`# BEGIN {mark}` stands outside of a question; put `# BEGIN QUESTION` before it"
NOT_BEGUN = "`# END {mark}` ends nothing; put `# BEGIN {mark}` before it, or delete it"
NOT_ENDED = "`# BEGIN {mark}` has no end; put `# END {mark}` behind what belongs to it"
NO_NAME = "the question has no name; write `name: q1` below `# BEGIN QUESTION`"
TWICE = "a question is called {question!r} again; rename one, results are kept by that name"
NO_CODE = "a test of {question} is no code cell"
OF_QUESTION = "the question {question} {what}"
OF_TEST = "a test of {question} {what}"
NO_CONFIG = "it names the file {path} as `config_file`, which is not there"
NO_FILES = "`{key}` is no list of files in the folder of the notebook"
TEST = "Question {question}, test {number}"
HIDDEN_TEST = "Question {question}, hidden test {number}"
WHOLE = "Question {question}"
SEEDS = "__import__('random').seed({seed})\n__import__('numpy').random.seed({seed})"


class OtterFormatError(SourceError):
    """A master notebook cannot be read; the message says which cell, and what to do."""


@dataclass
class _Question:
    """A question as it is read."""

    name: str
    settings: Mapping[str, Any]
    tests: list[OtterTest] = field(default_factory=list)


@dataclass
class _OpenBlock:
    """A block that has begun."""

    block: BlockKind
    number: int


def read_master(name: str, data: bytes, files: Mapping[str, bytes]) -> SourceNotebook:
    """Read a master notebook.

    Parameters
    ----------
    files : those of its folder, and its `config_file`, by the path that it names.

    Raises
    ------
    SourceError : it cannot be read; the message says which cell, and what to do.
    """
    return _MasterReader(name, files).read([*master_cells(cells_of(name, data))])


class _MasterReader:
    """Goes through the cells in order."""

    def __init__(self, name: str, files: Mapping[str, bytes]) -> None:
        self._name = name
        self._files = files
        self._settings: dict[str, Any] = {}
        self._configured: list[str] = []
        self._cells: list[SourceCell] = []
        self._manual: list[ManualCell] = []
        self._open: list[_OpenBlock] = []
        self._question: _Question | None = None
        self._names: set[str] = set()
        self._number = 0

    def read(self, cells: Sequence[MasterCell]) -> SourceNotebook:
        for cell in cells:
            self._number = cell.number
            if cell.is_config:
                self._configure(cell)
            elif cell.boundary is not None and not cell.is_ignored:
                self._boundary(cell, cell.boundary)
            elif not cell.is_ignored:
                self._cell(cell)
        if self._open:
            last = self._open[-1]
            self._number = last.number
            self._refuse(NOT_ENDED.format(mark=last.block.upper()))
        return SourceNotebook(
            name=self._name,
            cells=tuple(self._cells),
            manual=tuple(self._manual),
            is_otter=True,
            seeding=self._seeding(),
            files=self._paths("files"),
            hidden=self._paths("autograder_files"),
            settings=tuple(self._configured),
        )

    # --- configuration

    def _configure(self, cell: MasterCell) -> None:
        found = self._yaml(cell.source)
        if found.get("config_file"):
            path = PurePosixPath(str(found["config_file"])).as_posix()
            common = self._files.get(path)
            if common is None:
                self._refuse(NO_CONFIG.format(path=path))
            self._configured.append(path)
            self._settings |= self._yaml(common.decode("utf-8", "replace"))
        self._settings |= found

    def _yaml(self, source: str) -> dict[str, Any]:
        try:
            return configuration(source)
        except BoundaryError as error:
            self._refuse(str(error))

    def _part(self, key: str) -> Mapping[str, Any]:
        found = self._settings.get(key)
        return found if isinstance(found, dict) else {}

    @property
    def _doctest(self) -> bool:
        return self._part("tests").get("ok_format", True) is not False

    def _seeding(self) -> str:
        """What otter runs before each cell of a submission."""
        seed, variable = self._part("generate").get("seed"), self._part("seed")
        lines = []
        if isinstance(seed, int):
            lines.append(SEEDS.format(seed=seed))
        name, value = variable.get("variable"), variable.get("autograder_value")
        if isinstance(name, str) and name.isidentifier() and isinstance(value, int):
            lines.append(f"{name} = {value}")
        return "\n".join(lines)

    def _paths(self, key: str) -> tuple[str, ...]:
        found = self._settings.get(key) or []
        paths: list[str] = []
        for path in found if isinstance(found, list) else [None]:
            if not isinstance(path, str) or path.startswith("/") or ".." in path.split("/"):
                self._number = 1
                self._refuse(NO_FILES.format(key=key))
            paths.append(PurePosixPath(path).as_posix())
        return tuple(paths)

    # --- blocks

    def _boundary(self, cell: MasterCell, boundary: Boundary) -> None:
        if boundary.begins:
            self._begin(cell, boundary.block)
        elif not self._open or self._open[-1].block is not boundary.block:
            self._refuse_end(boundary.block)
        else:
            self._open.pop()
            if boundary.block is BlockKind.QUESTION:
                self._end_question()

    def _refuse_end(self, block: BlockKind) -> None:
        if any(one.block is block for one in self._open):
            last = self._open[-1]
            self._number = last.number
            self._refuse(NOT_ENDED.format(mark=last.block.upper()))
        self._refuse(NOT_BEGUN.format(mark=block.upper()))

    def _begin(self, cell: MasterCell, block: BlockKind) -> None:
        outer = self._open[-1].block if self._open else None
        if outer is not None and (block is BlockKind.QUESTION or outer is not BlockKind.QUESTION):
            self._refuse(BEGINS_INSIDE.format(mark=block.upper(), outer=outer.upper()))
        if outer is None and block is not BlockKind.QUESTION:
            self._refuse(BEGINS_OUTSIDE.format(mark=block.upper()))
        if block is BlockKind.QUESTION:
            self._begin_question(cell)
        self._open.append(_OpenBlock(block, cell.number))

    def _begin_question(self, cell: MasterCell) -> None:
        settings = self._yaml(cell.source)
        name = settings.get("name")
        if not isinstance(name, str | int | float) or not str(name).strip():
            self._refuse(NO_NAME)
        named = str(name).strip()
        if named in self._names:
            self._refuse(TWICE.format(question=named))
        self._names.add(named)
        self._question = _Question(named, settings)

    def _end_question(self) -> None:
        assert self._question is not None
        question, self._question = self._question, None
        if question.tests:
            self._cells += self._tests(question)
        elif question.settings.get("manual"):
            (points,) = self._shared(question, [None])
            self._manual.append(ManualCell(id=question.name, points=points))

    # --- cells

    def _cell(self, cell: MasterCell) -> None:
        block = self._open[-1].block if self._open else None
        if block is BlockKind.TESTS:
            self._test(cell)
        elif cell.kind == "code" and block is not BlockKind.PROMPT:
            source = without_ignored(cell.source)
            everywhere = self._settings.get("strip_solutions_from_all_cells") is True
            is_solution = block is BlockKind.SOLUTION or (everywhere and is_marked(source))
            kind = CellKind.SOLUTION if is_solution else CellKind.LOCKED
            name = self._question.name if self._question else ""
            if source.strip():
                fixed = kind is CellKind.LOCKED
                self._cells.append(SourceCell(kind=kind, source=source, fixed=fixed, question=name))

    def _test(self, cell: MasterCell) -> None:
        assert self._question is not None
        if not cell.source.strip():
            return
        if cell.kind != "code":
            self._refuse(NO_CODE.format(question=self._question.name))
        try:
            said, source = test_configuration(cell.source)
            test = OtterTest(
                source=without_ignored(source),
                expected=cell.output,
                hidden=said.get("hidden") is True,
                points=said.get("points"),
                success=str(said.get("success_message") or ""),
                failure=str(said.get("failure_message") or ""),
            )
            test.as_python(doctest=self._doctest)
        except (BoundaryError, TestCellError) as error:
            self._refuse(OF_TEST.format(question=self._question.name, what=error))
        self._question.tests.append(test)

    def _tests(self, question: _Question) -> list[SourceCell]:
        points = self._shared(question, [test.points for test in question.tests])
        sources = [test.as_python(doctest=self._doctest) for test in question.tests]
        name, one = question.name, len(sources) == 1
        if question.settings.get("all_or_nothing") and not one:
            whole = "\n".join(sources)
            said = WHOLE.format(question=name)
            return [_test_cell(name, name, whole, sum(points), said)]
        cells = []
        for number, (test, source, share) in enumerate(
            zip(question.tests, sources, points, strict=True), start=1
        ):
            said = (HIDDEN_TEST if test.hidden else TEST).format(question=name, number=number)
            id = name if one else f"{name}-{number}"
            cells.append(_test_cell(id, name, source, share, said, test=test))
        return cells

    def _shared(self, question: _Question, said: list[float | None]) -> tuple[float, ...]:
        try:
            return shared(question.settings.get("points"), said)
        except PointsError as error:
            self._refuse(OF_QUESTION.format(question=question.name, what=error))

    def _refuse(self, what: str) -> NoReturn:
        raise OtterFormatError(
            IN_CELL.format(name=self._name, number=self._number, what=what.rstrip("."))
        )


def _test_cell(
    id: str, question: str, source: str, points: float, summary: str, test: OtterTest | None = None
) -> SourceCell:
    return SourceCell(
        kind=CellKind.TEST,
        source=source,
        id=id,
        points=points,
        question=question,
        summary=summary,
        success=test.success if test else "",
        failure=test.failure if test else "",
    )
