"""Which names a piece of Python binds, reads and changes in place. Runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def parsed(source: str) -> ast.Module | None:
    """The tree of a notebook cell, with its magics as IPython reads them; None for no Python."""
    try:
        return ast.parse(plain_python(source))
    except (SyntaxError, ValueError):
        return None


def plain_python(source: str) -> str:
    """The source of a cell as Python."""
    if not any(mark in source for mark in ("%", "!", "?")):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    manager: Any = TransformerManager  # has no annotations
    python: str = manager().transform_cell(source)
    return python


def asks_ipython(statement: ast.AST) -> bool:
    """Whether a statement is a magic or a call of the shell."""
    return "get_ipython" in reads(statement)


def binds(node: ast.AST) -> set[str]:
    """The names that it binds or deletes at its own level."""
    found: set[str] = set()
    for part in _own_level(node):
        if isinstance(part, _DEFINITIONS):
            found.add(part.name)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del):
            found.add(part.id)
        elif isinstance(part, ast.Import | ast.ImportFrom):
            found |= imported(part)
        elif isinstance(part, ast.ExceptHandler) and part.name:
            found.add(part.name)
    return found


def imports(node: ast.AST) -> list[ast.Import | ast.ImportFrom]:
    """Its imports, at its own level."""
    return [part for part in _own_level(node) if isinstance(part, ast.Import | ast.ImportFrom)]


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The names that an import binds."""
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    return {alias.asname or alias.name.split(".")[0] for alias in node.names}


def module_of(node: ast.Import | ast.ImportFrom) -> str:
    """The outermost package that an import looks into."""
    name = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
    return (name or "").split(".")[0]


def reads(node: ast.AST) -> set[str]:
    """Every name that occurs in it."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def changes(node: ast.AST) -> set[str]:
    """The names whose objects it may change in place: by an item, an attribute or a method."""
    found = set()
    for part in ast.walk(node):
        for target in _targets(part):
            base = target
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if base is not target and isinstance(base, ast.Name):
                found.add(base.id)
    return found


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign | ast.Delete):
        return list(node.targets)
    if isinstance(node, ast.AugAssign):
        return [node.target]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return [node.value.func]
    return []


def _own_level(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node, but for the insides of functions, classes and comprehensions."""
    yield node
    if isinstance(node, (*_DEFINITIONS, *_SCOPES)):
        return
    for child in ast.iter_child_nodes(node):
        yield from _own_level(child)
