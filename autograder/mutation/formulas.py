"""Rewrites of formulas: what stands inside of a function or behind it, which way round, how often.

For naming a mistake, as `students` is.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from .code import Code, Rewrite

_INTO = frozenset({"maximum", "exp", "log", "sqrt", "abs", "square", "tanh"})
_JOIN = frozenset({"hstack", "vstack", "concatenate", "column_stack", "stack"})
_OVER = frozenset({"sum", "mean"})


def inside_or_behind(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``f(a) + b`` for ``f(a + b)``, and the reverse."""
    match node:
        case ast.Call(function, [*before, ast.BinOp(left, operator, right)], []):
            name = code.of(function).rpartition(".")[2]
            if name in _INTO and isinstance(operator, ast.Add | ast.Sub | ast.Mult):
                sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}[type(operator)]
                arguments = ", ".join([*(code.of(one) for one in before), code.of(left)])
                text = f"({code.of(function)}({arguments}) {sign} {code.operand(right)})"
                detail = f"A term stands behind `{name}` that belongs inside of it."
                yield code.instead("operator", node, text, detail=detail)
        case ast.BinOp(ast.Call(function, [*before, value], []), ast.Add(), right):
            name = code.of(function).rpartition(".")[2]
            if name in _INTO:
                inner = f"{code.operand(value)} + {code.operand(right)}"
                arguments = ", ".join([*(code.of(one) for one in before), inner])
                text = f"{code.of(function)}({arguments})"
                detail = f"A term stands inside of `{name}` that belongs behind it."
                yield code.instead("operator", node, text, detail=detail)


def own_masks(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``d * (d > 0)`` for ``d * (x > 0)``."""
    detail = "A mask is taken of the very values that it is applied to."
    match node:
        case ast.BinOp(ast.expr() as masked, ast.Mult(), ast.Compare() as mask):
            yield code.instead("operator", mask.left, code.operand(masked), detail=detail)
        case ast.AugAssign(ast.expr() as masked, ast.Mult(), ast.Compare() as mask):
            yield code.instead("operator", mask.left, code.of(masked), detail=detail)


def diagonals(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """An identity whose first or last 1 is missing, or that is full of ones."""
    match node:
        case ast.Call(ast.Attribute(_, "eye" | "identity"), [size]):
            n = code.of(size)
            for text, said in (
                (f"np.diag(1.0 * (np.arange({n}) > 0))", "The first 1 of the identity is missing: "
                 "one entry is treated otherwise, as an intercept would be."),
                (f"np.diag(1.0 * (np.arange({n}) < {n} - 1))", "The last 1 of the identity is "
                 "missing: one entry is treated otherwise, as an intercept would be."),
                (f"np.ones(({n}, {n}))", "There is a matrix full of ones where the identity "
                 "belongs."),
            ):  # fmt: skip
                yield code.instead("number", node, text, detail=said)


def turned_round(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``b / a`` for ``a / b``, ``b - a`` for ``a - b``, ``a + b`` for ``a * b`` and back."""
    match node:
        case ast.BinOp(left, ast.Div(), right):
            text = f"({code.operand(right)} / {code.operand(left)})"
            yield code.instead("operator", node, text, detail="A quotient is upside down.")
        case ast.BinOp(left, ast.Sub(), right):
            text = f"({code.operand(right)} - {code.operand(left)})"
            detail = "A difference is taken the other way round."
            yield code.instead("sign", node, text, detail=detail)
        case ast.BinOp(left, ast.Mult(), right):
            text = f"({code.operand(left)} + {code.operand(right)})"
            detail = "Two values are added that should be multiplied."
            yield code.instead("operator", node, text, detail=detail)
            for factor, shown in (("2", "2"), ("0.5", "1/2")):
                detail = f"There is a factor {shown} too many."
                text = f"{factor} * {code.operand(left)}"
                yield code.instead("number", left, text, detail=detail)
        case ast.BinOp(left, ast.Add(), right):
            text = f"({code.operand(left)} * {code.operand(right)})"
            detail = "Two values are multiplied that should be added."
            yield code.instead("operator", node, text, detail=detail)


def sums_of_powers(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``sum(x) ** 2`` and ``sum(abs(x))`` for ``sum(x ** 2)``; a root of it.

    Also for ``(x ** 2).sum()``, and where the square is written as ``x * x``.
    """
    match node:
        case ast.Call(ast.Attribute(ast.BinOp() as inner, str(name)), others):
            before, after, behind = "", f".{name}(", others
        case ast.Call(ast.expr() as function, [ast.BinOp() as inner, *others]):
            name = code.of(function).rpartition(".")[2]
            before, after, behind = f"{code.of(function)}(", "", others
        case _:
            return
    power = _power(code, inner)
    if power is None:
        return
    base, exponent = power
    rest = ", ".join([*map(code.of, behind), *map(code.of, node.keywords)])
    if name in _OVER:
        call = f"{before}{base}{', ' if before and rest else ''}{after}{rest})"
        detail = f"The {name} is squared, not each of its terms."
        yield code.instead("operator", node, f"({call}) ** {exponent}", detail=detail)
        detail = "A square root is taken that should not be."
        text = f"np.sqrt({code.of(node)})"
        yield code.instead("similar function", node, text, detail=detail)
    text, detail = f"np.abs({base})", "Absolute values are taken, not squares."
    yield code.instead("similar function", inner, text, detail=detail)


def _power(code: Code, node: ast.BinOp) -> tuple[str, str] | None:
    """Base and exponent of ``x ** 2`` and of ``x * x``."""
    base = code.operand(node.left)
    if isinstance(node.op, ast.Pow):
        return base, code.of(node.right)
    if isinstance(node.op, ast.Mult) and base == code.operand(node.right):
        return base, "2"
    return None


def other_gradients(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``dw.sum(axis=0)`` for ``dout.sum(axis=0)``: another gradient that has been computed."""
    match node:
        case ast.Name(name, ast.Load()) if _is_gradient(name) and (around := code.function(node)):
            earlier = {
                one.id
                for one in ast.walk(around)
                if isinstance(one, ast.Name)
                and isinstance(one.ctx, ast.Store)
                and one.lineno < node.lineno
            }
            given = {one.arg for one in around.args.args}
            for other in sorted(filter(_is_gradient, (earlier | given) - {name})):
                detail = f"The gradient `{other}` stands where another one belongs."
                yield code.instead("wrong name", node, other, detail=detail)


def _is_gradient(name: str) -> bool:
    """Whether a name is one such as `dx`, `dw1`, `dout` or `dprev`."""
    return re.fullmatch(r"d([a-zA-Z]\d?|out|prev|feat|scores)", name) is not None


def standardised(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """Divided by the standard deviation as well as centred; made of length 1."""
    match node:
        case ast.BinOp(value, ast.Sub(), ast.Call(ast.Attribute(_, "mean"))):
            text = f"({code.of(node)}) / {code.operand(value)}.std(axis=0)"
            detail = "It is divided by the standard deviation; it should only be centred."
            yield code.instead("missing term", node, text, detail=detail)
        case ast.Assign([ast.Name()], ast.BinOp() as value) | ast.Return(ast.BinOp() as value):
            text = f"{code.operand(value)} / np.linalg.norm({code.of(value)})"
            detail = "A value is divided by its own norm, so that its length is 1."
            yield code.instead("missing term", value, text, detail=detail)


def repeated_parts(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``[a, a, c]`` for ``[a, b, c]``, where parts are joined."""
    match node:
        case ast.Call(function, [ast.List(items) | ast.Tuple(items), *_]) if len(items) > 2:
            name = code.of(function).rpartition(".")[2]
            detail = "One of the parts that are joined is there twice, in place of another one."
            for one, other in itertools.permutations(items, 2):
                if name in _JOIN:
                    yield code.instead("wrong name", one, code.of(other), detail=detail)


def only_one_row(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``A[-1:].T @ B[-1:]`` for ``A.T @ B``: what a loop gives that sets and does not add."""
    match node:
        case ast.BinOp(ast.Attribute(left, "T"), ast.MatMult(), right):
            for rows, word in (("-1:", "last"), (":1", "first")):
                text = f"({code.operand(left)}[{rows}].T @ {code.operand(right)}[{rows}])"
                detail = f"Only the {word} row counts in a sum over the rows."
                yield code.instead("accumulation", node, text, detail=detail)
        case ast.Call(ast.Attribute(value, "sum"), [], [ast.keyword("axis", ast.Constant(0))]):
            detail = "Only the last row counts in a sum over the rows."
            text = f"{code.operand(value)}[-1]"
            yield code.instead("accumulation", node, text, detail=detail)


def before_rectifier(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``z`` for ``h`` in one place, where ``h = max(0, z)``."""
    match node:
        case ast.Name(name, ast.Load()) if function := code.function(node):
            for one in ast.walk(function):
                match one:
                    case ast.Assign(
                        [ast.Name(target)],
                        ast.Call(ast.Attribute(_, "maximum"), [ast.Constant(), value]),
                    ) if target == name:
                        detail = "What goes into a ReLU is used where what comes out belongs."
                        text = code.operand(value)
                        yield code.instead("wrong name", node, text, detail=detail)


def other_numbers(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """``sum(W1 * W1)`` for ``sum(W2 * W2)``: another number behind a name, everywhere in a call."""
    if not isinstance(node, ast.Call):
        return
    text, function = code.of(node), code.function(node)
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    bound = {one.id for one in ast.walk(function) if isinstance(one, ast.Name)} if function else ()
    for name in sorted(names):
        for other in sorted(bound):
            if other != name and other[:-1] == name[:-1] and (name[-1:] + other[-1:]).isdigit():
                changed = re.sub(rf"\b{name}\b", other, text)
                detail = f"`{other}` stands where `{name}` belongs."
                yield code.instead("wrong name", node, changed, detail=detail)


FORMULAS = (
    repeated_parts,
    only_one_row,
    before_rectifier,
    other_numbers,
    other_gradients,
    inside_or_behind,
    own_masks,
    diagonals,
    turned_round,
    sums_of_powers,
    standardised,
)
