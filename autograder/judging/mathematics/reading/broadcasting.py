"""What NumPy does with arrays of different shapes: v[:, None] * X, X - X.mean(axis=0). No values.

A vector of one axis counts as a row beside a matrix, and one row or column is repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import nodes as n
from .errors import ShapeClash
from .indexed_nodes import Aligned, Einsum
from .render import plain
from .shape_check import Fitted, ShapeCheck
from .sizes import ONE, Shape, Size

PASSES_ON = (n.Negate, n.Add, n.Dot, n.Hadamard, n.Divide, n.Power)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Parts turned as NumPy combines them entry by entry, and the shape of the result."""

    parts: Sequence[n.Node]
    shape: Shape


def is_numpy(node: n.Node) -> bool:
    """Whether an expression has something that only NumPy has: @, einsum, v[:, None]."""
    return any(
        isinstance(part, (Einsum, Aligned)) or (isinstance(part, n.Dot) and part.sign == "@")
        for part in n.walk(node)
    )


def is_aligned(node: n.Node) -> bool:
    """Whether the value has the two axes that v[:, None] gives it."""
    if isinstance(node, Aligned):
        return True
    entrywise = isinstance(node, PASSES_ON) or (
        isinstance(node, n.FunctionCall) and ":" not in node.function
    )
    return entrywise and any(is_aligned(child) for child in n.children(node))


def _is_axis_value(node: n.Node) -> bool:
    """Whether this is X.sum(axis=0) or the like, which has one axis."""
    inside = node.of if isinstance(node, n.Negate) else node
    return isinstance(inside, n.FunctionCall) and inside.function.partition(":")[2] in {
        "0",
        "1",
        "-1",
    }


def aligned(check: ShapeCheck, node: Aligned) -> Fitted:
    """v[:, None] is the column v, v[None, :] the row."""
    new, shape = check.fit(node.of)
    shape = check.solver.shape(shape)
    if not (shape.is_column or shape.is_row or shape.is_scalar):
        raise ShapeClash(
            f"{plain(node.of)} is {shape}: with another axis it has three, which are not read.",
            start=node.start,
            end=node.end,
            help="Write it with vectors or with a sum, as in \\sum_k A_{ik}B_{kj}.",
        )
    turned = shape.is_row == (node.kind == "column") and not shape.is_scalar
    return (n.Transpose(new), shape.transposed) if turned else (new, shape)


def repeated(
    check: ShapeCheck, written: Sequence[n.Node], fits: Sequence[Fitted]
) -> Broadcast | None:
    """The parts as NumPy combines them; None where they are no arrays of NumPy or have one shape.

    None as well where they do not fit: the ordinary rules then say so.
    """
    visible = check.numpy or any(is_aligned(part) or _is_axis_value(part) for part in written)
    shapes = [check.solver.shape(shape) for _, shape in fits]
    open_sizes = any(size.unknowns() for shape in shapes for size in (shape.rows, shape.cols))
    kinds = {
        (shape, is_aligned(part))
        for part, shape in zip(written, shapes, strict=True)
        if not shape.is_scalar
    }
    if not visible or open_sizes or len(kinds) < 2:
        return None
    two_axes = any(
        is_aligned(part) or not (shape.is_column or shape.is_scalar)
        for part, shape in zip(written, shapes, strict=True)
    )
    parts: list[n.Node] = []
    kept: list[Shape] = []
    for part, (new, _), shape in zip(written, fits, shapes, strict=True):
        turned = two_axes and shape.is_column and not is_aligned(part)
        parts.append(n.Transpose(new, start=new.start, end=new.end) if turned else new)
        kept.append(shape.transposed if turned else shape)
    rows, cols = _common([s.rows for s in kept]), _common([s.cols for s in kept])
    return Broadcast(parts, Shape(rows, cols)) if rows and cols else None


def _common(sizes: Sequence[Size]) -> Size | None:
    """The one length beside 1 that these have; None where there are two."""
    long = {size for size in sizes if size != ONE}
    return next(iter(long), ONE) if len(long) < 2 else None
