"""Rewrites of what is done when: branches, conditions, loops, steps."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .code import Code, Rewrite

_COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">"),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<"),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}


def branches(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """A branch that is always taken, or never."""
    match node:
        case ast.If(test) | ast.While(test):
            if not isinstance(test, ast.Constant):
                yield code.instead("branch", test, "False")
            if isinstance(node, ast.If):
                yield code.instead("branch", test, "True")
        case ast.IfExp(_, body, otherwise):
            yield code.instead("branch", node, code.operand(body))
            yield code.instead("branch", node, code.operand(otherwise))


def conditions(code: Code, node: ast.AST) -> Iterator[Rewrite | None]:
    """``<=`` for ``<``, ``or`` for ``and``, one condition alone, the opposite."""
    match node:
        case ast.Compare(left, [operator], [right]):
            for other in _COMPARISONS[type(operator)]:
                yield code.between("condition", left, right, other)
        case ast.BoolOp(operator, values):
            other = " or " if isinstance(operator, ast.And) else " and "
            same = " and " if isinstance(operator, ast.And) else " or "
            texts = [code.operand(value) for value in values]
            yield code.instead("condition", node, other.join(texts))
            for left_out in range(len(texts)):
                kept = [text for n, text in enumerate(texts) if n != left_out]
                yield code.instead("condition", node, same.join(kept))
        case ast.UnaryOp(ast.Not() | ast.Invert(), value):
            yield code.instead("condition", node, code.operand(value))


def loops(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """Rounds left out at either end, the order turned round, an end that goes on."""
    match node:
        case ast.For(_, ast.Call(ast.Name("range"), [end])):
            yield code.instead("loop", end, f"{code.operand(end)} - 1")
            yield code.instead("loop", end, f"1, {code.of(end)}")
        case ast.For(_, ast.Call(ast.Name("range"), [start, end, *_])):
            yield code.instead("loop", end, f"{code.operand(end)} - 1")
            yield code.instead("loop", end, f"{code.operand(end)} + 1")
            if not isinstance(start, ast.Constant):
                yield code.instead("loop", start, f"{code.operand(start)} - 1")
        case ast.For(_, ast.Call(ast.Name("reversed"), [items])):
            yield code.instead("loop", node.iter, code.of(items))
        case ast.For(_, items):
            yield code.instead("loop", items, f"list({code.of(items)})[:1]")
            yield code.instead("loop", items, f"list({code.of(items)})[1:]")
            yield code.instead("loop", items, f"list({code.of(items)})[::-1]")
        case ast.Break():
            yield code.instead("loop", node, "continue")
        case ast.Continue():
            yield code.instead("loop", node, "break")
            yield code.instead("loop", node, "pass")


def missing_steps(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """A statement that is left out."""
    match node:
        case ast.Expr(ast.Constant()):
            return
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Return(ast.expr()):
            yield code.instead("missing step", node, "pass")
        case ast.Assign([ast.Subscript() | ast.Attribute()]):
            yield code.instead("missing step", node, "pass")
        case ast.Assign([ast.Name(name)], value) if _reads(value, name):
            yield code.instead("missing step", node, "pass")


def early_ends(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """A loop that ends after its first round, and a return inside of it."""
    match node:
        case ast.For(body=[*_, last]) | ast.While(body=[*_, last]):
            start, end = code.span(last)
            indent = " " * last.col_offset
            text = f"{code.of(last)}\n{indent}break"
            yield Rewrite(kind="loop", start=start, end=end, text=text)


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))


CONTROL = (branches, conditions, loops, missing_steps, early_ends)
