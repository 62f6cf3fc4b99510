"""The cells that students are given, for where theirs chooses other data or fails. Runs none.

A student may work with another data set, or load data from a path that is not there where
submissions are graded. The cell as it was handed out then runs after theirs, so that the names
which it defines are there for the answers below.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.judging.attempts import MAX_SOURCE
from autograder.sandbox.messages import Raised
from autograder.syntax import parse

_ASSIGNED = re.compile(r"^(\w+(?:\s*,\s*\w+)*)\s*=(?!=)")
_DEFINED = re.compile(r"^(?:def|class)\s+(\w+)")
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True, kw_only=True)
class GivenCell:
    """A released cell that is not an answer and does not grade.

    Attributes
    ----------
    source : as it was handed out.
    binds, reads : the names that it defines for other cells, and all that it looks up.
    choices : the names to which it assigns the data set that is graded.
    demo : whether it is a demonstration, which runs only where a later cell needs its names.
    """

    source: str
    binds: frozenset[str]
    reads: frozenset[str]
    choices: frozenset[str]
    demo: bool


@lru_cache(maxsize=64)  # a class is graded with one release
def given_cells(notebook: bytes, dataset: str) -> tuple[GivenCell, ...]:
    """The given cells of a released notebook, in order.

    Parameters
    ----------
    dataset : the one that is graded.
    """
    return tuple(_found(notebook, dataset))


def _found(notebook: bytes, dataset: str) -> Iterator[GivenCell]:
    for cell in json.loads(notebook)["cells"]:
        source, marks = "".join(cell["source"]), cell["metadata"].get("nbgrader", {})
        answer = marks.get("solution", False) or "TODO(" in source
        if cell["cell_type"] != "code" or answer or marks.get("grade", False):
            continue
        yield GivenCell(
            source=source,
            binds=bound_names(source),
            reads=_read_names(source),
            choices=frozenset(name for name, value in _choices(source) if value == dataset),
            demo=bool(cell["metadata"].get("autograder", {}).get("demo")),
        )


class Given:
    """The given cells of a submission, and which of their names its own cells have defined.

    Parameters
    ----------
    cells : by the name of the notebook.
    dataset : the one that is graded.
    """

    def __init__(self, cells: Mapping[str, Sequence[GivenCell]], dataset: str) -> None:
        self._cells = cells
        self._dataset = dataset
        self._bound: dict[str, set[str]] = {notebook: set() for notebook in cells}

    def after(self, notebook: str, source: str) -> tuple[str, ...]:
        """What has to run now that a cell has run: what it chose for data, as it was given."""
        self._bound.setdefault(notebook, set()).update(bound_names(source))
        return self._with_needs(notebook, self._other_choice(notebook, source))

    def instead(self, notebook: str, source: str, raised: Raised | None = None) -> tuple[str, ...]:
        """What has to run where a cell has failed: the given cell that it is, or that it needs.

        A cell that fails because a given name is not there is itself the last to run, once more.

        Parameters
        ----------
        raised : why it failed; None if it ended the worker.
        """
        cells = self._cells.get(notebook, ())
        missing = missing_name(raised)
        needed = [n for n in self._open(notebook) if missing in cells[n].binds]
        if needed:
            return (*self._with_needs(notebook, needed[-1:]), source)
        self._other_choice(notebook, source)
        written = bound_names(source)
        own = [n for n in self._open(notebook) if cells[n].binds & written and not cells[n].demo]
        return self._with_needs(notebook, own)

    def _other_choice(self, notebook: str, source: str) -> list[int]:
        """The numbers of given cells whose names are not as given: the cell chose other data."""
        cells, written = self._cells.get(notebook, ()), bound_names(source)
        choices = {name for cell in cells for name in cell.choices}
        chosen = {name: value for name, value in _choices(source) if name in choices}
        if all(chosen.get(name) == self._dataset for name in choices & written):
            return []
        changed = [n for n, cell in enumerate(cells) if cell.binds & written and not cell.demo]
        self._bound[notebook] -= {name for n in changed for name in cells[n].binds}
        return changed

    def _open(self, notebook: str) -> list[int]:
        """The numbers of the given cells with a name that is not there."""
        bound = self._bound.get(notebook, set())
        cells = self._cells.get(notebook, ())
        return [n for n, cell in enumerate(cells) if not cell.binds <= bound]

    def _with_needs(self, notebook: str, wanted: Sequence[int]) -> tuple[str, ...]:
        """The sources of given cells, after those that define what they look up."""
        cells, names, run = self._cells.get(notebook, ()), set[str](), set(wanted)
        for n in sorted({*self._open(notebook), *wanted}, reverse=True):
            if n in run or (run and n < max(run) and cells[n].binds & names):
                run.add(n)
                names |= cells[n].reads
        return tuple(cells[n].source for n in sorted(run))


def bound_names(source: str) -> frozenset[str]:
    """The names that a cell defines for others by assigning, importing, `def` and `class`.

    Variables of a loop are not among them. Where the cell is no Python, its lines are looked at.

    >>> sorted(bound_names("import numpy as np\\nfor i in x:\\n    a, b = i"))
    ['a', 'b', 'np']
    >>> sorted(bound_names("data = load(/home/ada/mnist)"))
    ['data']
    """
    tree = cell_tree(source)
    if tree is None:
        return frozenset(_names_in_lines(source[:MAX_SOURCE]))
    return frozenset(name for statement in tree.body for name in _bound_by(statement))


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
            yield node.name
            return
        case ast.Import() | ast.ImportFrom():
            yield from (one.asname or one.name.partition(".")[0] for one in node.names)
        case ast.Assign():
            yield from (name for target in node.targets for name in _stored(target))
        case ast.AnnAssign() | ast.NamedExpr():
            yield from _stored(node.target)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler):
            yield from _bound_by(child)


def _stored(target: ast.AST) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _names_in_lines(source: str) -> Iterator[str]:
    for line in source.splitlines():
        if assigned := _ASSIGNED.match(line):
            yield from (name.strip() for name in assigned[1].split(","))
        elif defined := _DEFINED.match(line):
            yield defined[1]


def _read_names(source: str) -> frozenset[str]:
    tree = cell_tree(source)
    nodes = ast.walk(tree) if tree else ()
    return frozenset(
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )


def _choices(source: str) -> Iterator[tuple[str, str]]:
    """The names to which a cell assigns a text, and that text."""
    tree = cell_tree(source)
    for node in tree.body if tree else ():
        match node:
            case ast.Assign(targets=targets, value=ast.Constant(value=str(chosen))):
                yield from ((name, chosen) for name in _stored(targets[0]))


def missing_name(raised: Raised | None) -> str:
    """The name that was looked up and is not defined, where that is what was raised."""
    found = _UNDEFINED.match(raised.message) if raised and raised.name == "NameError" else None
    return found[1] if found else ""


def cell_tree(source: str) -> ast.Module | None:
    """The syntax tree of a cell without its magics; None where it is no Python."""
    if len(source) > MAX_SOURCE:
        return None
    lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        return parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
