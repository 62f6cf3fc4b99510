"""Sums and means along an axis, as products with ones. Knows sizes but no values."""

from __future__ import annotations

from . import nodes as n
from .errors import Ambiguous, ShapeClash
from .render import plain
from .shape_check import Fitted, ShapeCheck
from .sizes import ONE, SCALAR, Shape, Size


def along(check: ShapeCheck, node: n.FunctionCall, shape: Shape) -> Fitted:
    """The sum or the mean of a fitted argument of this shape.

    `function` says along which axis: sum:0, sum:1, sum:-1 or sum:all; a bare sum of a matrix
    means different things in Python, NumPy and MATLAB, and is refused.
    """
    (of,) = node.arguments
    kind, _, axis = node.function.partition(":")
    vector = shape.is_column or shape.is_row or shape.is_scalar
    if not axis and not vector:
        raise Ambiguous(
            f"{plain(of)} is a matrix ({shape}), so it is unclear what is summed.",
            start=node.start,
            end=node.end,
            help="Write np.sum(A, axis=0), np.sum(A, axis=1), or A^T 1 and A 1.",
        )
    if axis == "1" and vector:
        raise ShapeClash(
            f"{plain(of)} is a vector ({shape}); it has no axis 1.",
            start=node.start,
            end=node.end,
            help="Leave the axis out, as in np.sum(v).",
        )
    total, result, counts = _summed(of, shape, "all" if vector else axis or "all")
    if kind == "mean":
        for count in counts:
            total = n.Divide(total, n.Count(check.solver.resolve(count)))
    return total, result


def _summed(of: n.Node, shape: Shape, axis: str) -> tuple[n.Node, Shape, list[Size]]:
    """What is summed, its shape, and how many members were added in each direction."""
    right = n.Filled("ones", shape.cols, ONE)
    left = n.Filled("ones", ONE, shape.rows)
    if axis == "0":
        return n.Transpose(n.Multiply((left, of))), Shape(shape.cols, ONE), [shape.rows]
    if axis in {"1", "-1"}:
        return n.Multiply((of, right)), Shape(shape.rows, ONE), [shape.cols]
    return n.Multiply((left, of, right)), SCALAR, [shape.rows, shape.cols]
