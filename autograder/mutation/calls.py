"""Rewrites of calls: arguments, axes, types, similar functions, random draws."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .code import Code, Rewrite

_PAIRS = (
    ("min", "max"),
    ("argmin", "argmax"),
    ("minimum", "maximum"),
    ("nanmin", "nanmax"),
    ("mean", "sum"),
    ("median", "mean"),
    ("std", "var"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("floor", "ceil"),
    ("any", "all"),
    ("exp", "expm1"),
    ("log", "log1p"),
    ("log", "log2"),
    ("sqrt", "square"),
    ("rand", "randn"),
    ("standard_normal", "random"),
    ("row_stack", "column_stack"),
    ("vstack", "hstack"),
    ("argsort", "sort"),
    ("cumsum", "sum"),
    ("append", "extend"),
    ("ravel", "transpose"),
)
SIMILAR: dict[str, tuple[str, ...]] = {}
for _left, _right in _PAIRS:
    SIMILAR[_left] = (*SIMILAR.get(_left, ()), _right)
    SIMILAR[_right] = (*SIMILAR.get(_right, ()), _left)
# fmt: off
_DROPPED = frozenset({
    "abs", "array", "asarray", "astype", "clip", "copy", "exp", "flatten", "float", "int",
    "len", "list", "log", "max", "maximum", "mean", "ravel", "reshape", "reversed", "round",
    "set", "sorted", "sqrt", "square", "squeeze", "sum", "transpose", "tuple",
})
# fmt: on


def _name(node: ast.AST) -> str:
    """The name of what is called, without what it belongs to."""
    match node:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
    return ""


def axes(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """Another axis, or none."""
    match node:
        case ast.keyword("axis", ast.Constant(int(axis))):
            for other in {0, 1, -1, 2} - {axis, axis - 2}:
                yield code.instead("wrong axis", node, f"axis={other}")
            yield code.instead("wrong axis", node, "axis=None")
        case ast.keyword("axis", ast.Tuple(axes)):
            for left_out in range(len(axes)):
                kept = [code.of(axis) for n, axis in enumerate(axes) if n != left_out]
                yield code.instead("wrong axis", node, f"axis=({', '.join(kept)},)")


def dropped_arguments(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """A call without one of its keywords, or without its last argument."""
    if not isinstance(node, ast.Call):
        return
    arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    droppable = [*node.keywords, *node.args[-1:]] if arguments else []
    if len(node.args) == 1 and _name(node.func) in _DROPPED:
        droppable = [*node.keywords]
    for one in droppable:
        kept = [code.of(argument) for argument in arguments if argument is not one]
        text = f"{code.of(node.func)}({', '.join(kept)})"
        yield code.instead("dropped argument", node, text)


def dropped_calls(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """What goes in instead of what comes out: ``x`` for ``x.copy()`` and for ``np.abs(x)``."""
    match node:
        case ast.Call(ast.Attribute(value, name)) if name in _DROPPED and not _is_module(value):
            yield code.instead("dropped call", node, code.operand(value))
        case ast.Call(function, [first, *_]) if _name(function) in _DROPPED:
            yield code.instead("dropped call", node, code.operand(first))


def similar_functions(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """`max` for `min`, `mean` for `sum`, and their like."""
    match node:
        case ast.Call(function) if _name(function) in SIMILAR:
            end = code.span(function)[1]
            for other in SIMILAR[_name(function)]:
                begin = end - len(_name(function))
                yield Rewrite(kind="similar function", start=begin, end=end, text=other)


def number_types(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """Whole numbers, or numbers of single precision, for the right type."""
    match node:
        case ast.keyword("dtype", value):
            for other in {"int", "np.float32"} - {code.of(value)}:
                yield code.instead("number type", node, f"dtype={other}")
        case ast.Call(ast.Attribute(_, "astype"), [value]):
            for other in {"int", "np.float32"} - {code.of(value)}:
                yield code.instead("number type", value, other)
        case ast.Call(ast.Attribute(ast.Name("np"), "zeros" | "ones" | "array"), [value], []):
            yield code.instead("number type", value, f"{code.of(value)}, dtype=int")


def draws(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """With replacement, the first ones, one number for all, in place of what is drawn."""
    match node:
        case ast.keyword("replace", ast.Constant(bool(value))):
            yield code.instead("draws", node, f"replace={not value}")
        case ast.Call(ast.Attribute(_, "permutation"), [items]):
            yield code.instead("draws", node, f"np.arange({code.of(items)})")
            yield code.instead("draws", node, f"np.random.randint({code.of(items)}, "
                                              f"size={code.of(items)})")  # fmt: skip
        case ast.Call(ast.Attribute(_, "choice"), [_, size, *_]):
            yield code.instead("draws", node, f"np.arange({code.of(size)})")
            if not any(keyword.arg == "replace" for keyword in node.keywords):
                yield code.instead("draws", node, f"{code.of(node)[:-1]}, replace=False)")
        case ast.Call(ast.Attribute(_, "standard_normal" | "random" | "random_sample"), [shape]):
            yield code.instead("draws", node, f"np.zeros({code.of(shape)})")
            yield code.instead("draws", node, f"np.ones({code.of(shape)})")
        case ast.Call(ast.Attribute(_, "shuffle"), [_]):
            yield code.instead("draws", node, "None")


def clipped(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """Values above 6 cut off, as a ReLU6 does."""
    match node:
        case ast.Call(ast.Attribute(ast.Name("np"), "maximum"), [_, _]):
            yield code.instead("clipped", node, f"np.minimum({code.of(node)}, 6)")


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"np", "numpy", "math"}


CALLS = (
    axes,
    dropped_arguments,
    dropped_calls,
    similar_functions,
    number_types,
    draws,
    clipped,
)
