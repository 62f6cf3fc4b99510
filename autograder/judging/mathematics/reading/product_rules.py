"""The shape of products: side by side, with a sign, inner, and entry by entry. Knows no values."""

from __future__ import annotations

from dataclasses import replace

from . import nodes as n
from .broadcasting import is_aligned, repeated
from .errors import Ambiguous, ShapeClash
from .render import plain
from .shape_check import Fitted, ShapeCheck
from .sizes import ONE, SCALAR, Shape


def multiply(check: ShapeCheck, node: n.Multiply) -> Fitted:
    _refuse_long_slash(check, node)
    fits = [check.fit(factor) for factor in node.factors]
    shape, left, own = fits[0][1], node.factors[0], fits[0][1]
    for factor, (_, other) in zip(node.factors[1:], fits[1:], strict=True):
        shape = _product(check, shape, other, (left, own), factor)
        left, own = (factor, other) if not other.is_scalar else (left, own)
    return replace(node, factors=tuple(new for new, _ in fits)), shape


def _refuse_long_slash(check: ShapeCheck, node: n.Multiply) -> None:
    """1/2n may mean 1/(2n)."""
    for left, right in zip(node.factors, node.factors[1:], strict=False):
        bare = right.base if isinstance(right, n.Power) else right
        atomic = isinstance(bare, (n.Symbol, n.Dimension, n.Number, n.Element))
        if isinstance(left, n.Divide) and left.slash and atomic and check.fit(right)[1].is_scalar:
            raise Ambiguous(
                f"{plain(left)} {plain(right)} can be read in two ways.",
                start=left.start,
                end=right.end,
                help="Write it as \\frac{1}{2n}, or with brackets: (1/2) n or 1/(2n).",
            )


def _product(
    check: ShapeCheck, a: Shape, b: Shape, left: tuple[n.Node, Shape], right: n.Node
) -> Shape:
    """The shape of a product so far times one more factor; `left` is the factor before it."""
    a, b = check.solver.shape(a), check.solver.shape(b)
    if a.is_scalar:
        return b
    if b.is_scalar:
        return a
    if not check.solver.same(a.cols, b.rows):
        before, own = left[0], check.solver.shape(left[1])
        raise ShapeClash(
            f"{plain(before)} is {own} and {plain(right)} is {b}; "
            f"their product needs {a.cols} = {b.rows}.",
            start=before.start,
            end=right.end,
            help="Look at the order of the factors and at the transposes.",
        )
    return Shape(check.solver.resolve(a.rows), check.solver.resolve(b.cols))


def dot(check: ShapeCheck, node: n.Dot) -> Fitted:
    """Two factors around a sign: of two columns it is their inner product."""
    alike = is_aligned(node.left) == is_aligned(node.right)
    if node.sign == "*" and check.numpy and alike and _are_columns(check, node):
        return hadamard(check, n.Hadamard(node.left, node.right, start=node.start, end=node.end))
    left, a = check.fit(node.left)
    right, b = check.fit(node.right)
    a, b = check.solver.shape(a), check.solver.shape(b)
    if entries := _by_entries(check, node, (left, a), (right, b)):
        return entries
    if node.sign == "⟨":
        return _inner_product(check, node, (left, a), (right, b))
    if a.is_column and b.is_column and a.rows == b.rows:
        product = n.Multiply((n.Transpose(left), right), start=node.start, end=node.end)
        return product, SCALAR
    if node.sign == "@" and a.is_column and not b.is_scalar and b.rows != ONE:
        return _row_of_numpy(check, node, (left, a), (right, b))
    if node.sign == "×" and not (a.is_scalar or b.is_scalar):
        raise Ambiguous(
            "× between vectors or matrices has no agreed meaning.",
            start=node.start,
            end=node.end,
            help="Write the factors side by side: A B.",
        )
    if node.sign == "*" and check.numpy and not (a.is_scalar or b.is_scalar):
        raise Ambiguous(
            "Next to @, a * between vectors or matrices works on entries.",
            start=node.start,
            end=node.end,
            help="Write A @ B for the matrix product, or A * B without any @.",
        )
    shape = _product(check, a, b, (node.left, a), node.right)
    return n.Multiply((left, right), start=node.start, end=node.end), shape


def _by_entries(check: ShapeCheck, node: n.Dot, one: Fitted, other: Fitted) -> Fitted | None:
    """NumPy's * of two arrays, where it can be nothing else; None for any other product."""
    (left, a), (right, b) = one, other
    aligned = is_aligned(node.left) or is_aligned(node.right)
    if node.sign != "*" or not (check.numpy or check.code or aligned) or a.is_scalar or b.is_scalar:
        return None
    alike = aligned and is_aligned(node.left) != is_aligned(node.right)
    if a == b and a.rows != a.cols and not alike:
        return n.Hadamard(left, right, start=node.start, end=node.end), a
    numpy = repeated(check, (node.left, node.right), (one, other))
    if numpy is None:
        return None
    return n.Hadamard(*numpy.parts, start=node.start, end=node.end), numpy.shape


def _row_of_numpy(check: ShapeCheck, node: n.Dot, one: Fitted, other: Fitted) -> Fitted:
    """v @ A, which is Aᵀv: NumPy's vectors have one axis and need no transpose."""
    (left, a), (right, b) = one, other
    row = _product(check, a.transposed, b, (node.left, a), node.right)
    turned = n.Transpose(right, start=node.right.start, end=node.right.end)
    return n.Multiply((turned, left), start=node.start, end=node.end), row.transposed


def _are_columns(check: ShapeCheck, node: n.Dot) -> bool:
    """Whether NumPy's * next to an @ has two columns beside it, which it multiplies by entries."""
    check.entries += 1
    shapes = [check.solver.shape(check.fit(side)[1]) for side in (node.left, node.right)]
    check.entries -= 1
    return all(shape.is_column and not shape.is_scalar for shape in shapes)


def _inner_product(check: ShapeCheck, node: n.Dot, one: Fitted, other: Fitted) -> Fitted:
    """⟨a, b⟩ = aᵀb, and tr(AᵀB) for matrices."""
    (left, a), (right, b) = one, other
    if not check.same_shape(a, b):
        raise ShapeClash(
            f"{plain(node.left)} is {a} and {plain(node.right)} is {b}; an inner product needs "
            "two of one shape.",
            start=node.start,
            end=node.end,
            help="Look at which vectors belong together, as in \\langle X w, y \\rangle.",
        )
    product = n.Multiply((n.Transpose(left), right), start=node.start, end=node.end)
    if check.solver.shape(a).cols == ONE:
        return product, SCALAR
    return n.FunctionCall("tr", (product,), start=node.start, end=node.end), SCALAR


def hadamard(check: ShapeCheck, node: n.Hadamard) -> Fitted:
    check.entries += 1
    left, a = check.fit(node.left)
    right, b = check.fit(node.right)
    check.entries -= 1
    if not check.same_shape(a, b):
        raise ShapeClash(
            f"{plain(node.left)} is {a} and {plain(node.right)} is {b}; entry by "
            "entry they do not fit.",
            start=node.start,
            end=node.end,
            help="Both need the same shape; the matrix product is written A B.",
        )
    return replace(node, left=left, right=right), a
