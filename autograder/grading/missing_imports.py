"""What is left of a cell when one of its imports fails: a missing module costs its names alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.sandbox.messages import Raised

from .given_cells import cell_tree

_MODULE = re.compile(r"No module named '([\w.]{1,80})'")
_NAME = re.compile(r"cannot import name '(\w{1,80})' from '([\w.]{1,80})'")


@dataclass(frozen=True, kw_only=True)
class Remainder:
    """The import that failed, alone, and what has not run yet because of it."""

    failed: str
    rest: str


def after_import(source: str, raised: Raised | None) -> Remainder | None:
    """What of a cell still has to run where one of its own imports has failed; None otherwise.

    >>> error = Raised("ModuleNotFoundError", "No module named 'torch'")
    >>> after_import("import numpy, torch, math\\nx = 1", error)
    Remainder(failed='import torch', rest='import math\\nx = 1')
    """
    found = _failed(source, raised) if raised else None
    if found is None:
        return None
    statement, alias = found
    names = statement.names[statement.names.index(alias) + 1 :]
    return Remainder(
        failed=_one(statement, [alias]),
        rest="\n".join([*([_one(statement, names)] if names else []), *_behind(source, statement)]),
    )


_Import = ast.Import | ast.ImportFrom


def _failed(source: str, raised: Raised) -> tuple[_Import, ast.alias] | None:
    """The statement of the cell, and the name in it, that raised."""
    module, name = _MODULE.match(raised.message), _NAME.match(raised.message)
    for statement, alias in _imports(source):
        whole = statement.module or "" if isinstance(statement, ast.ImportFrom) else alias.name
        if (
            raised.name == "ModuleNotFoundError"
            and module
            and f"{whole}.".startswith(module[1] + ".")
        ):
            return statement, alias
        if raised.name == "ImportError" and name and (alias.name, whole) == (name[1], name[2]):
            return statement, alias
    return None


def _imports(source: str) -> Iterator[tuple[_Import, ast.alias]]:
    tree = cell_tree(source)
    for statement in tree.body if tree else ():
        if isinstance(statement, _Import):
            yield from ((statement, alias) for alias in statement.names)


def _one(statement: _Import, names: list[ast.alias]) -> str:
    if isinstance(statement, ast.Import):
        return ast.unparse(ast.Import(names=names))
    return ast.unparse(ast.ImportFrom(statement.module, names, statement.level))


def _behind(source: str, statement: ast.stmt) -> list[str]:
    """The lines behind a statement; what stands behind it in its own line begins one."""
    end = statement.end_lineno or statement.lineno
    lines = source.splitlines()
    last = lines[end - 1].encode()[statement.end_col_offset or 0 :].decode("utf-8", "replace")
    same_line = last.strip().removeprefix(";").strip()
    return [*([same_line] if same_line and not same_line.startswith("#") else []), *lines[end:]]
