"""Broken solutions, made from the reference solution: a test that passes them all tests nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

from autograder.sandbox.adopted.binding import parsed

STUB = "raise NotImplementedError()"
_BEGIN = re.compile(r"^(\s*)#+\s*BEGIN SOLUTION", re.IGNORECASE)
_END = re.compile(r"^\s*#+\s*END SOLUTION", re.IGNORECASE)
_OFF = """
def __off__(value):
    import numpy
    if isinstance(value, (bool, numpy.bool_)):
        return not value
    if isinstance(value, numpy.ndarray) and value.dtype == bool:
        return ~value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, (list, tuple)) and value:
        return type(value)([__off__(value[0]), *value[1:]])
    if isinstance(value, dict) and value:
        first = next(iter(value))
        return {**value, first: __off__(value[first])}
    try:
        return value + 1
    except Exception:
        return value
"""
_FLIPPED: Mapping[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult, ast.FloorDiv: ast.Add, ast.Mod: ast.FloorDiv, ast.Lt: ast.LtE,
    ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip


def raising(source: str) -> str:
    """What students are handed out: the solution is replaced by an exception."""
    lines: list[str] = []
    inside = found = False
    for line in source.split("\n"):
        begin = _BEGIN.match(line)
        if begin:
            inside = found = True
            lines.append(f"{begin[1]}{STUB}")
        elif _END.match(line):
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines) if found else STUB


def giving_none(source: str) -> str:
    """Every function returns None, and every name that is assigned is None."""
    return _rewritten(source, _GiveNone(), _assign_none)


def off_by_one(source: str) -> str:
    """Whatever is returned or assigned is off by one, or its first element is."""
    return _OFF + _rewritten(source, _BeOff(), _assign_off)


def flipped(source: str) -> str:
    """The first operator is another one, or else the first number is."""
    return _rewritten(source, _Flip(), lambda statement: None)


KINDS: Mapping[str, Callable[[str], str]] = {
    "raises": raising,
    "gives None": giving_none,
    "off by one": off_by_one,
    "flipped operator": flipped,
}


def _rewritten(
    source: str, transformer: ast.NodeTransformer, top: Callable[[ast.stmt], None]
) -> str:
    tree = parsed(source)
    if tree is None:
        return STUB
    changed = transformer.visit(tree)
    for statement in changed.body:
        top(statement)
    return ast.unparse(ast.fix_missing_locations(changed))


def _assign_none(statement: ast.stmt) -> None:
    if isinstance(statement, ast.Assign) and not isinstance(statement.targets[0], ast.Tuple):
        statement.value = ast.Constant(None)


def _assign_off(statement: ast.stmt) -> None:
    if isinstance(statement, ast.Assign):
        statement.value = _off(statement.value)


def _off(value: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("__off__", ast.Load()), [value], [])


class _GiveNone(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        if not node.name.startswith("__"):
            node.body = [ast.Return(ast.Constant(None))]
        return node


class _BeOff(ast.NodeTransformer):
    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None:
            node.value = _off(node.value)
        return node


class _Flip(ast.NodeTransformer):
    def __init__(self) -> None:
        self._done = False

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if self._done:
            return node
        if isinstance(node, ast.BinOp) and type(node.op) in _FLIPPED:
            node.op = _FLIPPED[type(node.op)]()
            self._done = True
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in _FLIPPED:
            node.ops[0] = _FLIPPED[type(node.ops[0])]()
            self._done = True
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            node.value = node.value + 1  # type: ignore[operator]
            self._done = True
        return node
