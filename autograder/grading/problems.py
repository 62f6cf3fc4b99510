"""What went wrong while a submission was loaded, and which names are missing for it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from autograder.syntax import parse

_UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


class Problem(str):
    """A sentence for the student; `missing` are the names that a cell would have defined.

    Examples
    --------
    >>> Problem("Code cell 1 raised ImportError.", source="from nn.solver import Solver").missing
    frozenset({'Solver'})
    """

    __slots__ = ("missing",)
    missing: frozenset[str]

    def __new__(cls, said: str, *, source: str = "") -> Problem:
        """The sentence, and the source of the cell that it is about."""
        problem = super().__new__(cls, said)
        problem.missing = names_bound(source)
        return problem


def names_bound(source: str) -> frozenset[str]:
    """The names that a cell defines at its top level; none where it cannot be read.

    Examples
    --------
    >>> sorted(names_bound("%matplotlib inline\\nimport numpy as np\\na, b = 1, 2"))
    ['a', 'b', 'np']
    """
    lines = ["" if line.startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        tree = parse("\n".join(lines))
    except _UNPARSABLE:
        return frozenset()
    return frozenset(name for statement in tree.body for name in _bound_by(statement))


def about(name: str, problems: Sequence[str]) -> str:
    """The problem for which a name is missing; empty if none is known."""
    for problem in problems:
        if isinstance(problem, Problem) and name in problem.missing:
            return problem
    return ""


def _bound_by(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [one.asname or one.name.partition(".")[0] for one in names]
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign() | ast.AnnAssign():
            stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            return [node.id for node in stored if isinstance(node.ctx, ast.Store)]
    return []
