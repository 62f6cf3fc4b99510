"""Which parts a student has left as they were handed out. Reads sources and runs nothing.

A part looks open while its stub is still there, or while its function's body does nothing:
`pass`, `...`, `return None`, or raising NotImplementedError or AssertionError. It is a reason for
a failure, never a verdict: a right answer above a stub that was left standing is right.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from autograder.printable import encodable
from autograder.syntax import parse

# No module and no cell is as long, and no notebook has as many. A tree has a hundred times the
# size of its source, and the judge makes it where nothing bounds its memory.
MAX_SOURCE = 1 << 18
MAX_FILE = 1 << 21
MAX_CELLS = 5_000

_TODO = re.compile(r"TODO\((\w+)\)")


def open_parts(release: Mapping[str, bytes], submitted: Mapping[str, bytes]) -> frozenset[str]:
    """The ids of the parts that are still to be written.

    Parameters
    ----------
    release : the released files, whose stubs say where each part is.
    submitted : the student's files by the same names; a file that is missing or cannot be parsed
        leaves its parts open only if it is missing.
    """
    found: set[str] = set()
    for path in release:
        stubs = _stubs(path, release[path])
        if stubs and path not in submitted:
            found |= dict(stubs).keys()
        elif stubs:
            found |= _still_open(stubs, path, submitted[path])
    return frozenset(found)


def all_parts(release: Mapping[str, bytes]) -> frozenset[str]:
    """The ids of every part that has a place of its own in the released files."""
    return frozenset(part for path in release for part, _ in _stubs(path, release[path]))


def written_parts(path: str, released: bytes, content: bytes) -> frozenset[str]:
    """The parts of one released file that stand in `content` and are no stubs any more."""
    stubs = _stubs(path, released)
    trees = list(_trees(path, content))
    there = {name for tree in trees for name, _ in _functions(tree)}
    there |= {name for tree in trees for name, _ in _assignments(tree)}
    still = _still_open(stubs, path, content)
    return frozenset(
        part
        for part, place in dict(stubs).items()
        if trees and part not in still and place in {"", *there}
    )


@lru_cache(maxsize=64)  # asked for every open part of a submission
def written_functions(path: str, content: bytes) -> frozenset[str]:
    """The functions and methods of a source, as ``f`` or ``Class.f``, that are no stubs."""
    return frozenset(
        name
        for tree in _trees(path, content)
        for name, body in _functions(tree)
        if not _does_nothing(body) and not any(True for node in body for _ in _raised_parts(node))
    )


def places_of_parts(release: Mapping[str, bytes]) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Where the parts stand in the released files: each part's files with function or variable."""
    found: dict[str, frozenset[tuple[str, str]]] = {}
    for path, content in release.items():
        for part, place in _stubs(path, content):
            found[part] = found.get(part, frozenset()) | {(path, place)}
    return found


def _still_open(stubs: tuple[tuple[str, str], ...], path: str, content: bytes) -> frozenset[str]:
    """The stubs that stand in what a name means in the end: its last definition or value."""
    found = _found_open if len(content) <= MAX_SOURCE else _found_open.__wrapped__
    return found(stubs, path, content)


@lru_cache(maxsize=64)  # many of a class have left the same files as they were
def _found_open(stubs: tuple[tuple[str, str], ...], path: str, content: bytes) -> frozenset[str]:
    trees = list(_trees(path, content))
    bodies = {name: body for tree in trees for name, body in _functions(tree)}
    assigned = {name: value for tree in trees for name, value in _assignments(tree)}
    still = set()
    for part, place in dict(stubs).items():
        value = assigned.get(place)
        placeholder = isinstance(value, ast.Constant) and value.value is ...
        body: Sequence[ast.AST] = bodies.get(place, []) if place else trees
        stub = part in {found for node in body for found in _raised_parts(node)}
        if stub or placeholder or _does_nothing(bodies.get(place)):
            still.add(part)
    return frozenset(still)


@lru_cache(maxsize=256)  # a class of submissions is compared with the same released files
def _stubs(path: str, content: bytes) -> tuple[tuple[str, str], ...]:
    """Each part of a released file with the function or the variable that it stands in."""
    return tuple(_found_stubs(path, content))


def _found_stubs(path: str, content: bytes) -> Iterator[tuple[str, str]]:
    for tree in _trees(path, content):
        yield from ((part, "") for part in _raised_parts(tree))
        for name, body in _functions(tree):
            for part in (p for statement in body for p in _raised_parts(statement)):
                yield part, name
    for line in _lines(path, content):
        assigned, todo = re.match(r"\s*(\w+)\s*=\s*\.\.\.", line), _TODO.search(line)
        if assigned and todo:
            yield todo[1], assigned[1]


def _lines(path: str, content: bytes) -> Iterator[str]:
    for source in _sources(path, content):
        yield from source.splitlines()


def _trees(path: str, content: bytes) -> Iterator[ast.Module]:
    room = MAX_FILE
    for source in _sources(path, content):
        if len(source) > min(MAX_SOURCE, room):
            continue
        room -= len(source)
        plain = "\n".join(
            "" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()
        )
        try:
            yield parse(plain)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def _sources(path: str, content: bytes) -> Iterator[str]:
    if path.endswith(".py"):
        yield content.decode("utf-8-sig", errors="replace")
    elif path.endswith(".ipynb"):
        yield from code_cells(content)


def code_cells(notebook: bytes) -> Iterator[str]:
    """The sources of a notebook's first `MAX_CELLS` code cells; none where it is not a notebook.

    Reads UTF-8, 16 and 32, with a byte order mark or without, and the old format 3.
    """
    return islice(_code_cells(notebook), MAX_CELLS)


def _code_cells(notebook: bytes) -> Iterator[str]:
    try:
        for cell in _cells(notebook):
            if cell.get("cell_type") == "code":
                yield encodable("".join(cell.get("source", cell.get("input", ""))))
    except (ValueError, AttributeError, TypeError, RecursionError):
        return


class NotebookCell(NamedTuple):
    """One cell of a notebook; `id` is nbgrader's, or its own where an editor has dropped that."""

    kind: str
    id: str
    source: str


def all_cells(notebook: bytes) -> Iterator[NotebookCell]:
    """The first `MAX_CELLS` cells of a notebook in order; none where it is not a notebook."""
    try:
        for cell in islice(_cells(notebook), MAX_CELLS):
            marks = cell.get("metadata", {}).get("nbgrader", {})
            id = marks.get("grade_id", cell.get("id", ""))
            source = encodable("".join(cell.get("source", cell.get("input", ""))))
            yield NotebookCell(str(cell.get("cell_type")), str(id), source)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return


def text_cells(notebook: bytes) -> Iterator[tuple[str, str]]:
    """The id and the source of a notebook's text cells; none where it is not a notebook."""
    for cell in all_cells(notebook):
        if cell.kind == "markdown":
            yield cell.id, cell.source


def _cells(notebook: bytes) -> Iterator[Any]:
    content = json.loads(notebook)
    for sheet in [content, *content.get("worksheets", [])]:
        yield from sheet.get("cells", [])


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, list[ast.stmt]]]:
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node.body


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value


def _raised_parts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for argument in node.exc.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield from _TODO.findall(argument.value)


def _does_nothing(body: list[ast.stmt] | None) -> bool:
    return body is not None and all(_is_idle(statement) for statement in body)


def _is_idle(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(ast.Constant()):
            return True
        case ast.Return(None) | ast.Return(ast.Constant(None)):
            return True
        case ast.Raise(ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(ast.Call(ast.Name(id="NotImplementedError" | "AssertionError"))):
            return True
    return False
