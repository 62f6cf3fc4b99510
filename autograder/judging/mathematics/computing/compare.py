"""When two values count as equal. Knows arrays only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .arrays import Array

EQUAL = 1e-7
DIFFERENT = 1e-4
TINY = 1e-9
RANK = 1e-9


def size(value: Array) -> Array:
    """Frobenius norms, shape (draws,)."""
    return np.asarray(np.sqrt((value * value).sum(axis=(-2, -1))))


def distance(value: Array, reference: Array) -> Array:
    """Relative Frobenius distance of each draw; all data are of order 1, so is a zero's scale."""
    scale = size(reference)
    return np.asarray(size(value - reference) / np.where(scale < TINY, 1.0, scale))


def inner(left: Array, right: Array) -> Array:
    """Sums of products, shape (draws, 1, 1)."""
    return np.asarray((left * right).sum(axis=(-2, -1), keepdims=True))


def best_factor(value: Array, reference: Array) -> Array:
    """The c for which c·value is nearest to the reference, shape (draws, 1, 1)."""
    below = inner(value, value)
    return inner(value, reference) / np.where(below < TINY**2, 1.0, below)


def _same(value: Array, reference: Array) -> tuple[Array, Array]:
    return value, reference


def _sign(value: Array, reference: Array) -> tuple[Array, Array]:
    return value * np.where(inner(value, reference) < 0, -1.0, 1.0), reference


def _nonzero_factor(value: Array, reference: Array) -> tuple[Array, Array]:
    return value * best_factor(value, reference), reference


def _positive_factor(value: Array, reference: Array) -> tuple[Array, Array]:
    factor = best_factor(value, reference)
    return value * np.where(factor > 0, factor, 1.0), reference


def _column_span(value: Array, reference: Array) -> tuple[Array, Array]:
    return projector(value), projector(reference)


def projector(value: Array) -> Array:
    """The orthogonal projection onto the span of the columns, shape (draws, rows, rows)."""
    if value.dtype == object:
        from .precise_algebra import span_projector  # rarely needed

        return span_projector(value)
    return np.asarray(np.matmul(value, np.linalg.pinv(value, rcond=RANK)))


FREEDOMS: dict[str, Callable[[Array, Array], tuple[Array, Array]]] = {
    "nothing": _same,
    "transpose": _same,
    "sign": _sign,
    "nonzero_factor": _nonzero_factor,
    "positive_factor": _positive_factor,
    "column_span": _column_span,
}


def distance_up_to(freedom: str, value: Array, reference: Array) -> Array:
    """`distance` after the freedom that the question leaves has been used."""
    return distance(*FREEDOMS[freedom](value, reference))


def affine_fit(value: Array, reference: Array) -> tuple[float, float, float]:
    """a, b and the relative residual of reference ≈ a·value + b over all draws."""
    x, y = value.ravel(), reference.ravel()
    dx, dy = x - x.sum() / len(x), y - y.sum() / len(y)
    below = (dx * dx).sum()
    a = (dx * dy).sum() / below if float(below) > 0 else 0.0
    b = (y.sum() - a * x.sum()) / len(x)
    spread = float(np.linalg.norm(dy)) or 1.0
    return float(a), float(b), float(np.linalg.norm(a * dx - dy)) / spread
