"""A module that cannot be imported, or lacks a name, takes along all that imports it.

One mistake should not: the submission is loaded once more, with the released file in the place of
such a module, and the released stub where a name is missing. The course's parts then stand in for
what is in there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from autograder.judging.attempts import MAX_SOURCE
from autograder.judging.groups import Group, Groups
from autograder.sandbox.messages import Raised
from autograder.syntax import parse

from .planning import Plan, module_name

_NO_NAME = re.compile(r"cannot import name '(\w+)'")


@dataclass(frozen=True, kw_only=True)
class Gone:
    """What one mistake takes out before any check runs; `name` is what a student reads."""

    name: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class Repair:
    """What is loaded instead, and which parts were replaced by stubs in it."""

    planned: Plan
    gone: tuple[Gone, ...]


def repair(
    planned: Plan,
    release: Mapping[str, bytes],
    not_imported: Mapping[str, Raised | None],
    groups: Groups,
) -> Repair | None:
    """The submission without what keeps its modules from being imported; None where nothing does.

    Parameters
    ----------
    not_imported : the modules that could not be imported, with what they raised.
    """
    paths = {module_name(path): path for path in planned.files if path in release}
    missing = {
        module: names
        for module in groups.modules
        if (names := _missing(planned.files.get(paths.get(module, "")), groups.names(module)))
    }
    faulty = dict.fromkeys(
        module
        for module in _at_fault(planned, not_imported, missing, paths)
        if module in groups.modules and module in paths
    )
    changed = {paths[module]: release[paths[module]] for module in faulty}
    gone = [Gone(name=module, groups=groups.of_names(module)) for module in faulty]
    for module, names in missing.items():
        if module not in faulty and module in paths:
            path = paths[module]
            changed[path] = planned.files[path] + _stubs(release[path], names)
            gone += [
                Gone(name=name, groups=groups.of_names(module, name)) for name in sorted(names)
            ]
    if not gone:
        return None
    return Repair(planned=replace(planned, files={**planned.files, **changed}), gone=tuple(gone))


def _at_fault(
    planned: Plan,
    not_imported: Mapping[str, Raised | None],
    missing: Mapping[str, frozenset[str]],
    paths: Mapping[str, str],
) -> Iterator[str]:
    """The modules whose own lines raised; not those that import them."""
    modules = {path: module for module, path in paths.items()}
    absent = {name for names in missing.values() for name in names}
    for module, raised in not_imported.items():
        alike = {other for other, also in not_imported.items() if _error(also) == _error(raised)}
        if (alike - {module}) & _imported(planned.files.get(paths.get(module, "")), module):
            continue
        name = _NO_NAME.match(raised.message) if raised else None
        if name is None or name[1] not in absent:
            yield modules.get(raised.file, module) if raised else module


def _error(raised: Raised | None) -> tuple[str, str]:
    return (raised.name, raised.message) if raised else ("", "")


def _imported(source: bytes | None, module: str) -> frozenset[str]:
    """The modules that a module imports by name."""
    found: set[str] = set()
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*parents, *filter(None, [node.module])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def _tree(source: bytes | None) -> ast.Module:
    """A module as Python reads it; an empty one where it cannot, or where it is too long."""
    if source is None or len(source) > MAX_SOURCE:
        return ast.Module([], [])
    try:
        return parse(source.decode("utf-8", errors="replace"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _missing(source: bytes | None, names: frozenset[str]) -> frozenset[str]:
    """Those of the names that a module does not bind; none where that cannot be told."""
    nodes = list(ast.walk(_tree(source)))
    bound = {name for node in nodes for name in _bound(node)}
    return frozenset() if len(nodes) == 1 or "*" in bound else names - bound


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name.partition(".")[0]


def _stubs(released: bytes, names: frozenset[str]) -> bytes:
    """The released definitions of these names."""
    text = released.decode()
    found = [
        ast.get_source_segment(text, node) or ""
        for node in parse(text).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names
    ]
    return "".join(f"\n\n\n{segment}\n" for segment in found).encode()
