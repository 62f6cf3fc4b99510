"""Rewrites of arithmetic: signs, operators, terms, transposed matrices, numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .code import Code, Rewrite

_SIGNS = {ast.Add: "-", ast.Sub: "+"}
_OPERATORS = {ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "/", ast.Mod: "//"}
_TERMS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.FloorDiv, ast.Mod)


def signs(code: Code, node: ast.AST) -> Iterator[Rewrite | None]:
    """``a - b`` for ``a + b`` and back; ``x`` for ``-x``."""
    match node:
        case ast.BinOp(left, operator, right) if type(operator) in _SIGNS:
            yield code.between("sign", left, right, _SIGNS[type(operator)])
        case ast.UnaryOp(ast.USub(), value) if not isinstance(value, ast.Constant):
            yield code.instead("sign", node, code.operand(value))
        case ast.AugAssign(target, operator, value) if type(operator) in _SIGNS:
            yield code.between("sign", target, value, f"{_SIGNS[type(operator)]}=")


def operators(code: Code, node: ast.AST) -> Iterator[Rewrite | None]:
    """``a / b`` for ``a * b`` and back."""
    match node:
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
            yield code.between("operator", left, right, _OPERATORS[type(operator)])
        case ast.AugAssign(target, operator, value) if type(operator) in _OPERATORS:
            yield code.between("operator", target, value, f"{_OPERATORS[type(operator)]}=")


def missing_terms(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """One operand alone: ``a`` for ``a + b``, ``a * b``, ``a / b``, ``a ** b``."""
    match node:
        case ast.BinOp(left, operator, right) if isinstance(operator, _TERMS):
            yield code.instead("missing term", node, code.operand(left))
            if not isinstance(operator, ast.Pow):
                yield code.instead("missing term", node, code.operand(right))


def transposes(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``A`` for ``A.T``, ``A.T @ B`` for ``A @ B``, ``B @ A`` for ``A @ B``."""
    match node:
        case ast.Attribute(value, "T"):
            yield code.instead("transpose", node, code.operand(value))
        case ast.BinOp(left, ast.MatMult(), right):
            swapped = f"{code.operand(right)} @ {code.operand(left)}"
            yield code.instead("transpose", node, swapped)
            for side in (left, right):
                if not (isinstance(side, ast.Attribute) and side.attr == "T"):
                    yield code.instead("transpose", side, f"{code.operand(side)}.T")


def numbers(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``n + 1`` and ``n - 1`` for a whole number, ten times as much for any other."""
    match node:
        case ast.Constant(bool()) | ast.Constant(str()) | ast.Constant(None):
            return
        case ast.Constant(int()) if _is_unknown_length(code, node):
            return
        case ast.Constant(int(value)):
            yield code.instead("off by one", node, str(value + 1))
            if value:
                yield code.instead("off by one", node, str(value - 1))
        case ast.Constant(float(value)):
            yield code.instead("number", node, repr(10 * value if value else 1.0))


def _is_unknown_length(code: Code, node: ast.AST) -> bool:
    """Whether it is the 1 of a length -1 that `reshape` has to find; any negative one would do."""
    sign = code.parents[node]
    match code.parents.get(sign):
        case ast.Call(ast.Attribute(attr="reshape")) | ast.Tuple():
            return isinstance(sign, ast.UnaryOp) and isinstance(sign.op, ast.USub)
    return False


def formatted_numbers(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``f"W{n + 1}"`` and ``f"W{n - 1}"`` for ``f"W{n}"``."""
    if not isinstance(node, ast.JoinedStr):
        return
    text = code.of(node)
    for value in node.values:
        match value:
            case ast.FormattedValue(ast.Name(name)) if text.count(f"{{{name}}}") == 1:
                for shift in ("+ 1", "- 1"):
                    shifted = text.replace(f"{{{name}}}", f"{{{name} {shift}}}")
                    yield code.instead("off by one", node, shifted)


ARITHMETIC = (signs, operators, missing_terms, transposes, numbers, formatted_numbers)
