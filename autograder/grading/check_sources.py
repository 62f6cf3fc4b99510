"""Which source a single hidden test depends on, so that a change to one leaves the others alone.

Errs on the side of too much: of a module, all but the *other* checks in it; of the modules of
checks that it imports, everything; of the data files beside them, those that may be read.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import msgspec

from autograder.assignment import RUBRICS, Assignment
from autograder.judging.check import Check, check_modules

from .contents import digest, files_digest, own_files

_LOOKING_AROUND = {"glob", "rglob", "iterdir", "listdir", "scandir", "walk"}
_ANYTHING = {"eval", "exec", "globals", "vars", "__import__", "import_module", "modules"}


def check_digests(assignment: Assignment) -> Mapping[str, str]:
    """Check id -> digest of its source and data files; "" where the source is not known."""
    if assignment.adopted is not None:  # a cell depends on those before it, and on every file
        record = assignment.adopted
        return dict.fromkeys(
            (cell.id for cell in record.cells), digest(msgspec.json.encode(record))
        )
    return {
        value.id: _digest(part, name)
        for part in check_modules(assignment)
        for name, value in vars(part).items()
        if isinstance(value, Check)
    }


@dataclass(frozen=True)
class _Piece:
    """Some source: its text, and the names, texts and modules of checks that occur in it.

    `bare` are the names that do not stand behind a dot.
    """

    digest: str
    bare: frozenset[str]
    names: frozenset[str]
    texts: frozenset[str]
    imports: frozenset[str]


@dataclass(frozen=True)
class _Source:
    """A module of checks in pieces: the statement of each check, and all the rest."""

    folder: Path
    checks: Mapping[str, _Piece]
    rest: tuple[_Piece, ...]


def _digest(part: ModuleType, name: str) -> str:
    source = _source_of(part)
    if source is None or name not in source.checks:
        return ""
    own = _with_mentioned([source.checks[name], *source.rest], source.checks)
    pieces = [*own, *_imported(part.__name__, own)]
    if any(piece.names & _ANYTHING for piece in pieces):
        data = own_files(source.folder)
    else:
        data = _data_files(source.folder, pieces)
    return digest(*(piece.digest for piece in pieces), files_digest(source.folder, data))


def _source_of(part: ModuleType) -> _Source | None:
    path = getattr(part, "__file__", None)
    if path is None or not Path(path).is_file():
        return None
    names = frozenset(name for name, value in vars(part).items() if isinstance(value, Check))
    return _parsed(Path(path), part.__package__ or "", names)


@cache
def _parsed(path: Path, package: str, checks: frozenset[str]) -> _Source:
    text = path.read_bytes()
    lines = text.splitlines(keepends=True)
    found: dict[str, _Piece] = {}
    rest = []
    for statement in ast.parse(text).body:
        piece = _piece(statement, _lines_of(statement, lines), package)
        bound = _bound(statement)
        if bound in checks and bound not in found:
            found[bound] = piece
        else:
            rest.append(piece)
    return _Source(path.parent, found, tuple(rest))


def _bound(statement: ast.stmt) -> str:
    """The one name that a statement gives a value, or nothing."""
    match statement:
        case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def _lines_of(statement: ast.stmt, lines: list[bytes]) -> bytes:
    """A statement's text, from its first decorator on."""
    decorators = getattr(statement, "decorator_list", [])
    first = min(node.lineno for node in (statement, *decorators))
    return b"".join(lines[first - 1 : statement.end_lineno])


def _piece(tree: ast.AST, text: bytes, package: str) -> _Piece:
    bare, dotted, texts, imports = set(), set(), set(), set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                bare.add(name)
            case ast.Attribute(attr=name):
                dotted.add(name)
            case ast.Constant(value=str(value)):
                texts.add(value)
            case ast.Import() | ast.ImportFrom():
                imports |= _imports(node, package)
    sets = map(frozenset, (bare, bare | dotted, texts, imports))
    return _Piece(digest(text), *sets)


def _imports(node: ast.Import | ast.ImportFrom, package: str) -> set[str]:
    """The modules of checks that a statement may import."""
    names = {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        above = package.split(".")
        above = above[: len(above) + 1 - node.level] if node.level else []
        base = ".".join([*above, *filter(None, [node.module])])
        names = {base, *(f"{base}.{name}" for name in names)}
    # The package itself only lists its parts, and their order is no part of a result.
    return {name for name in names if name.startswith(f"{_course(package)}.") and name != package}


def _course(package: str) -> str:
    """The package under which all checks of a course are imported."""
    return package.partition(".")[0]


def _with_mentioned(own: list[_Piece], checks: Mapping[str, _Piece]) -> list[_Piece]:
    """With the pieces of other checks that are called by name, directly or by one another."""
    names = {name for piece in own for name in piece.bare}
    while new := [piece for name, piece in checks.items() if name in names and piece not in own]:
        own = own + new
        names |= {name for piece in new for name in piece.bare}
    return own


def _imported(module: str, own: Iterable[_Piece]) -> list[_Piece]:
    """The modules of checks that are imported, and those that these import."""
    found: dict[str, _Piece] = {}
    waiting = sorted({name for piece in own for name in piece.imports})
    while waiting:
        name = waiting.pop()
        path = getattr(sys.modules.get(name), "__file__", None)
        if name in found or path is None or name == module:
            continue
        found[name] = _whole(Path(path), sys.modules[name].__package__ or "")
        waiting += sorted(found[name].imports)
    return [found[name] for name in sorted(found)]


@cache
def _whole(path: Path, package: str) -> _Piece:
    text = path.read_bytes()
    return _piece(ast.parse(text), text, package)


def _data_files(folder: Path, pieces: Iterable[_Piece]) -> list[Path]:
    """The files beside the checks that the pieces name, or that no check names."""
    files, claimed = _beside(folder)
    named = {text for piece in pieces for text in piece.texts}
    computed = any(text.lstrip("*") in {path.suffix for path in files} for text in named)
    if computed or any(piece.names & _LOOKING_AROUND for piece in pieces):
        return list(files)
    return [path for path in files if path not in claimed or _claims(named, path)]


@cache
def _beside(folder: Path) -> tuple[tuple[Path, ...], frozenset[Path]]:
    """The files of a folder that are no modules, and those of them that some module names."""
    everything = own_files(folder)
    modules = [path for path in everything if path.suffix == ".py"]
    texts = {text for path in modules for text in _whole(path, "").texts}
    # Rubrics of cells that a person marks are no part of a check; see `keys`.
    rubrics = folder / RUBRICS
    data = (path for path in everything if path.suffix != ".py")
    files = tuple(path for path in data if not path.is_relative_to(rubrics))
    return files, frozenset(path for path in files if _claims(texts, path))


def _claims(texts: Iterable[str], path: Path) -> bool:
    return path.stem in texts or any(text.rsplit("/", 1)[-1] == path.name for text in texts)
