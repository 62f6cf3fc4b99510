"""Rewrites into what students write: squares, masks, orders, rows for columns, steps exchanged.

Naming a mistake looks at them as well. No proof of an assignment does: most are larger than one
sign, so that every check finds them.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from .code import Code, Rewrite

_MASK = "Values stand where only a mask of 0 and 1 belongs."
_MIXED = "An array is reshaped in the wrong order, so that rows mix their numbers."
_COLUMNS = "Whole columns are indexed; one entry of each row is meant."
_EXCHANGED = "Two steps are in the wrong order."
_RESET = "A value is not set back at the start of each round."
_LAST = "The last ones are taken instead of the first."
MOST_FACTORS = 6
_ROWS = "Rows are taken where columns belong."


def masks(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``a * x`` and ``a * max(x, 0)`` for ``a * (x > 0)``."""
    match node:
        case ast.BinOp(_, ast.Mult(), ast.Compare(value, [ast.Gt() | ast.GtE()], _) as mask):
            for text in (code.operand(value), f"np.maximum({code.of(value)}, 0)"):
                yield code.instead("operator", mask, text, detail=_MASK)


def orders(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """Numbers in another order: reshaped from the wrong side, or column after column."""
    match node:
        case ast.Call(ast.Attribute(_, "reshape") as call, [rows, ast.UnaryOp(ast.USub())]):
            text = f"{code.of(call)}(-1, {code.of(rows)}).T"
            yield code.instead("transpose", node, text, detail=_MIXED)
        case ast.Call(ast.Attribute(value, "reshape" | "ravel") as call, arguments, []):
            inner = "".join(f"{code.of(one)}, " for one in arguments)
            text = f'{code.of(call)}({inner}order="F")'
            yield code.instead("transpose", node, text, detail=_MIXED)
            text = f"{code.operand(value)}.T.{call.attr}({inner})"
            yield code.instead("transpose", node, text, detail=_MIXED)


def indices(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``a[:, y]`` for ``a[np.arange(n), y]``; the last for the first; rows for columns."""
    match node:
        case ast.Subscript(_, ast.Tuple([first, second]) as places):
            if not isinstance(first, ast.Slice | ast.Constant):
                text = f":, {code.of(second)}"
                if not isinstance(second, ast.Slice | ast.Constant):
                    yield code.instead("missing term", places, text, detail=_COLUMNS)
            if isinstance(first, ast.Slice) and first.lower is first.upper is None:
                place, kept = code.of(node.value), code.of(second)
                for text in (f"{place}[{kept}]", f"{place}[{kept}].T", f"{place}[{kept}, :]"):
                    yield code.instead("transpose", node, text, detail=_ROWS)
        case ast.Slice(None, ast.expr() as upper, None):
            yield code.instead("sign", node, f"-{code.operand(upper)}:", detail=_LAST)
        case ast.Subscript(value, ast.Slice(None, None, ast.UnaryOp(ast.USub()))):
            detail = "The order is not reversed."
            yield code.instead("dropped call", node, code.operand(value), detail=detail)


def powers(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """A square or a square root too many on a factor."""
    match node:
        case ast.BinOp(left, ast.Mult() | ast.Div(), right):
            for side in (left, right):
                if isinstance(side, ast.Name | ast.Attribute | ast.Call):
                    text = code.of(side)
                    detail = "A factor is squared that should not be."
                    yield code.instead("number", side, f"({text}) ** 2", detail=detail)
                    detail = "The square root of a factor is taken, not the factor."
                    yield code.instead("number", side, f"np.sqrt({text})", detail=detail)
            if isinstance(node.op, ast.Div) and not isinstance(left, ast.Constant):
                yield code.instead("missing term", left, "1", detail="What is divided is missing.")


def counts(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """Division by one less, and by all numbers instead of the rows."""
    match node:
        case ast.BinOp(_, ast.Div(), right) | ast.AugAssign(_, ast.Div(), right):
            if isinstance(right, ast.Name | ast.Call):
                text = f"({code.of(right)} - 1)"
                detail = "It is divided by one less than the right number."
                yield code.instead("off by one", right, text, detail=detail)
        case ast.Call(ast.Attribute(_, "var" | "std")):
            text = f"{code.of(node)[:-1]}, ddof=1)"
            detail = "The variance is divided by one less than the number of values."
            yield code.instead("off by one", node, text, detail=detail)
        case ast.Assign([ast.Name()], ast.expr() as value) | ast.Return(ast.expr() as value):
            function = code.function(node)
            names = [one.arg for one in function.args.args if one.arg != "self"] if function else []
            if names and not isinstance(value, ast.Tuple | ast.Constant):
                for operator, word in (("/", "divided"), ("*", "multiplied")):
                    text = f"{code.operand(value)} {operator} len({names[0]})"
                    detail = f"A value is {word} by the length of `{names[0]}`; it should not be."
                    yield code.instead("missing term", value, text, detail=detail)


def complements(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``1 - p`` for a share ``p``, such as a momentum."""
    match node:
        case ast.Attribute(ast.Name("self"), name, ast.Load()) | ast.Name(name, ast.Load()):
            around = code.parents.get(node)
            if _is_share(name) and isinstance(around, ast.BinOp | ast.Assign | ast.Compare):
                detail = f"`{name}` and 1 - `{name}` are exchanged."
                yield code.instead("operator", node, f"(1 - {code.of(node)})", detail=detail)


def _is_share(name: str) -> bool:
    return name in {"momentum", "keep_prob", "beta1", "beta2", "share", "fraction"}


def other_operands(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``f(b)`` for ``f(a)`` where the same statement has a ``b``."""
    match node:
        case ast.Call(ast.Attribute(_, name), [ast.Name() | ast.Subscript() as value]):
            statement = code.statement(node)
            if not isinstance(statement, ast.Assign | ast.AugAssign | ast.Return):
                return
            others = {
                code.of(one): None
                for one in ast.walk(statement)
                if isinstance(one, ast.Subscript) and isinstance(one.value, ast.Attribute)
            }
            for other in others:
                if other != code.of(value):
                    detail = f"`{name}` is given the wrong value."
                    yield code.instead("wrong name", value, other, detail=detail)


def repeated_terms(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``a + b + b`` for ``a + b``."""
    match node:
        case ast.BinOp(_, ast.Add(), ast.Name() | ast.Subscript() as right):
            text = f"({code.of(right)} + {code.of(right)})"
            yield code.instead("missing term", right, text, detail="A term is added twice.")


def other_factors(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``c @ b`` for ``a @ b`` where the function has a ``c``."""
    match node:
        case ast.BinOp(ast.Name() | ast.Attribute(ast.Name(), "T") as left, ast.MatMult(), _):
            name = left if isinstance(left, ast.Name) else left.value
            function = code.function(node)
            if isinstance(name, ast.Name) and function:
                for other in sorted(_bound(function) - {name.id})[:MOST_FACTORS]:
                    detail = "A matrix product has the wrong factor."
                    yield code.instead("wrong name", name, other, detail=detail)


def _bound(function: ast.AST) -> set[str]:
    return {
        one.id
        for one in ast.walk(function)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }


def rectifiers(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``x`` for ``np.maximum(0, x)``, and the reverse around a product with a bias."""
    match node:
        case ast.Call(ast.Attribute(_, "maximum"), [ast.Constant(), value]):
            detail = "A maximum with a constant, such as a ReLU, is missing."
            yield code.instead("dropped call", node, code.operand(value), detail=detail)
            inner = code.operand(value)
            text = f"np.where({inner} > 0, {inner}, 0.01 * {inner})"
            detail = "Negative values are multiplied by 0.01, as in a leaky ReLU."
            yield code.instead("similar function", node, text, detail=detail)
        case ast.BinOp(ast.BinOp(op=ast.MatMult()), ast.Add(), _):
            detail = "A ReLU follows where none belongs."
            text = f"np.maximum({code.of(node)}, 0)"
            yield code.instead("similar function", node, text, detail=detail)


def exchanged_arguments(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``f(b, a)`` for ``f(a, b)``; parts joined or returned in another order."""
    match node:
        case ast.Call(function, [left, right]) if not node.keywords:
            name = code.of(function).rpartition(".")[2]
            text = f"{code.of(function)}({code.of(right)}, {code.of(left)})"
            detail = f"The arguments of `{name}` are exchanged."
            yield code.instead("wrong name", node, text, detail=detail)
        case ast.Call(function, [ast.List(items) | ast.Tuple(items) as parts, *_]):
            detail = f"The parts that `{code.of(function).rpartition('.')[2]}` joins are exchanged."
            for number in range(len(items) - 1):
                yield _swapped(code, parts, items, number, detail)
        case ast.Return(ast.Tuple(items) as parts):
            for number in range(len(items) - 1):
                yield _swapped(code, parts, items, number, "The results are in the wrong order.")
        case ast.Assign([ast.Tuple(items) as parts], ast.Attribute(_, "shape") | ast.Name()):
            for number in range(len(items) - 1):
                yield _swapped(code, parts, items, number, "Two sizes are exchanged.")


def _swapped(code: Code, parts: ast.expr, items: list[ast.expr], at: int, detail: str) -> Rewrite:
    start, end = code.span(items[at])[0], code.span(items[at + 1])[1]
    text = f"{code.of(items[at + 1])}, {code.of(items[at])}"
    return Rewrite(kind="wrong name", start=start, end=end, text=text, detail=detail)


def exchanged_steps(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """Two statements in the other order; what is made in a loop is made before it."""
    body = getattr(node, "body", None)
    if not isinstance(body, list):
        return
    for one, other in itertools.pairwise(body):
        if _simple(one) and _simple(other):
            start, end = code.span(one)[0], code.span(other)[1]
            gap = code.text[code.span(one)[1] : code.span(other)[0]]
            text = f"{code.of(other)}{gap}{code.of(one)}"
            yield Rewrite(kind="missing step", start=start, end=end, text=text, detail=_EXCHANGED)
    match node:
        case ast.For(body=[ast.Assign([ast.Name()], value) as first, *_]) if _fresh(value):
            start, end = code.span(node)
            text = code.text[start : code.span(first)[0]]
            rest = code.text[code.span(first)[1] : end]
            moved = f"{code.of(first)}\n{' ' * node.col_offset}{text}pass{rest}"
            yield Rewrite(kind="kept state", start=start, end=end, text=moved, detail=_RESET)


def _simple(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(ast.Constant()):
            return False
        case ast.Assign() | ast.AugAssign() | ast.Expr():
            return True
    return False


def _fresh(value: ast.expr) -> bool:
    """Whether a value is that of something which is still empty."""
    match value:
        case ast.Constant(int() | float()) | ast.List([]) | ast.Dict([]):
            return True
        case ast.Call(ast.Attribute(_, "zeros" | "zeros_like" | "copy")):
            return True
    return False


STUDENTS = (
    masks,
    orders,
    indices,
    powers,
    counts,
    complements,
    other_operands,
    repeated_terms,
    other_factors,
    rectifiers,
    exchanged_arguments,
    exchanged_steps,
)
