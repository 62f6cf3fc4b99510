"""What a notebook of the course's own defines, without the plots and the training around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.syntax import parse

# What a notebook's top level may call beside NumPy: what makes a value, and nothing that trains.
_MAKERS = frozenset({"dict", "list", "tuple", "set", "range", "float", "int", "str", "Path"})
_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def definitions(source: str) -> Iterator[ast.stmt]:
    """Those statements of a cell that define something; none where it is no Python.

    >>> [ast.unparse(one) for one in definitions("%matplotlib inline\\nn = 3\\ntrain(n)")]
    ['n = 3']
    """
    lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        tree = parse("\n".join(lines))
    except SyntaxError:
        return
    for statement in tree.body:
        if isinstance(statement, _DEFINING) or _makes_a_value(statement):
            yield statement


def _makes_a_value(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return all(_makes(function) for function in calls)


def _makes(function: ast.expr) -> bool:
    """Whether a function is NumPy's own, makes a plain value, or is a method of such a value."""
    match function:
        case ast.Attribute(value=ast.Name(id="np") | ast.Attribute(value=ast.Name(id="np"))):
            return True
        case ast.Attribute(value=ast.Call()):
            return True  # the call inside is asked for itself
        case ast.Attribute(value=ast.Constant() | ast.List() | ast.Tuple() | ast.BinOp()):
            return True
        case ast.Name(id=name):
            return name in _MAKERS
    return False
