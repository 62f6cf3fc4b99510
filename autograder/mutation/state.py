"""Rewrites of what is kept: sums over calls, values of an earlier round, arguments in place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .code import Code, Rewrite
from .names import _parameters as parameters

_IN_PLACE: dict[type[ast.operator], str] = {
    ast.Add: "+=",
    ast.Sub: "-=",
    ast.Mult: "*=",
    ast.Div: "/=",
}


def accumulations(code: Code, node: ast.AST) -> Iterator[Rewrite | None]:
    """``=`` for ``+=`` and back; entries and attributes that add up over calls."""
    match node:
        case ast.AugAssign(target, ast.Add() | ast.Sub(), value):
            yield code.between("accumulation", target, value, "=")
        case ast.Assign([ast.Name() | ast.Subscript() as target], value):
            yield code.between("accumulation", target, value, "+=")
            if isinstance(target, ast.Subscript) and not _is_new(code, target.value):
                place, key = code.of(target.value), code.of(target.slice)
                kept = f"{place}.get({key}, 0) + {code.operand(value)}"
                yield code.instead("accumulation", value, kept)
        case ast.Assign([ast.Attribute(owner, name)], value) if not _is_new(code, owner):
            kept = f'getattr({code.of(owner)}, "{name}", 0) + {code.operand(value)}'
            yield code.instead("accumulation", value, kept)


def kept_attributes(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """An attribute that is set once, or as long as its shape stays."""
    match node:
        case ast.Assign([ast.Attribute(owner, name) as target], value) if not _is_new(code, owner):
            old = f'getattr({code.of(owner)}, "{name}", None)'
            text = f"{code.operand(value)} if {old} is None else {code.of(target)}"
            yield code.instead("kept state", value, text)
            same = f"np.shape({old}) == np.shape(made := {code.operand(value)})"
            text = f"{code.of(target)} if {same} else made"
            yield code.instead("kept state", value, text)


def kept_values(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """A variable of a loop that keeps the value of the first round."""
    match node:
        case ast.Assign([ast.Name(name)], value) if _in_loop(code, node):
            yield code.instead("kept state", value, f'locals().get("{name}", {code.of(value)})')


def kept_draws(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """A value of a function that is computed in its first call, and used in all others."""
    match node:
        case ast.Assign([ast.Name(name)], value) if function := code.function(node):
            if any(isinstance(one, ast.Call) for one in ast.walk(value)):
                kept = f'globals().setdefault("kept_{function.name}_{name}", {code.of(value)})'
                yield code.instead("kept state", value, kept)


def in_place(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``a *= b`` before what is assigned or returned, for ``a * b``; ``x`` is an argument."""
    match node:
        case ast.Assign([ast.Name()], value) | ast.Return(ast.expr() as value):
            for operation in _operations(code, value):
                assert isinstance(operation.left, ast.Name)
                left, right = operation.left.id, code.of(operation.right)
                text = f"{left} {_IN_PLACE[type(operation.op)]} {right}; "
                start, end = code.span(operation)
                statement, stop = code.span(node)
                before, after = code.text[statement:start], code.text[end:stop]
                yield code.instead("in place", node, f"{text}{before}{left}{after}")


def _operations(code: Code, value: ast.expr) -> Iterator[ast.BinOp]:
    function = code.function(value)
    names = parameters(function) if function else []
    for one in ast.walk(value):
        match one:
            case ast.BinOp(ast.Name(name), operator, _):
                if name in names and type(operator) in _IN_PLACE:
                    yield one


def _is_new(code: Code, owner: ast.expr) -> bool:
    """Whether what is set is that of an object which is only being made: nothing is kept there."""
    function = code.function(owner)
    names = [node.id for node in ast.walk(owner) if isinstance(node, ast.Name)]
    return function is not None and function.name == "__init__" and names[:1] == ["self"]


def _in_loop(code: Code, node: ast.AST) -> bool:
    for above in code.above(node):
        if isinstance(above, ast.For | ast.While):
            return True
        if isinstance(above, ast.FunctionDef):
            return False
    return False


STATE = (accumulations, kept_attributes, kept_values, kept_draws, in_place)
