"""The one place that makes arrays out of sizes, and keeps them small. Knows no expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..reading.errors import ShapeClash, TooLarge

if TYPE_CHECKING:  # numpy.typing takes longer to import than all of this room
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
else:
    Array = Any

MAX_SIDE = 64
MAX_ELEMENTS = 200_000


def filled(kind: str, height: int, width: int) -> Array:
    """An identity, zeros or ones of this size; raises `TooLarge` beyond 64 by 64."""
    bounded(height, width)
    if kind == "identity":
        return np.eye(height, width)
    return np.zeros((height, width)) if kind == "zero" else np.ones((height, width))


def bounded(height: int, width: int) -> None:
    """Refuse sizes that are negative or more than an answer can need."""
    if height < 0 or width < 0:
        raise ShapeClash(
            f"A block of size {height}×{width} does not exist for these data.",
            help="Look at its subscript: sizes are letters or numbers, as in I_d.",
        )
    if height > MAX_SIDE or width > MAX_SIDE:
        raise TooLarge(
            f"A {height}×{width} matrix is larger than any in this question.",
            help=f"Sizes go up to {MAX_SIDE}.",
        )


def affordable(elements: int) -> None:
    """Refuse to compute this many numbers at once."""
    if elements > MAX_ELEMENTS:
        raise TooLarge(
            "This sum has too many terms.",
            help="Sums run over members or sizes, as in \\sum_{i=1}^{n} x_i.",
        )


def diagonal(entries: Array, height: int, width: int) -> Array:
    """Matrices with `entries` (..., m) on their diagonals: shape (..., height, width)."""
    bounded(height, width)
    count = min(height, width, entries.shape[-1])
    affordable(entries.size * max(height, 1) * max(width, 1))
    result = np.zeros((*entries.shape[:-1], height, width), dtype=entries.dtype)
    places = np.arange(count)
    result[..., places, places] = entries[..., :count]
    return result


def joined(parts: list[Array], axis: int) -> Array:
    """Blocks side by side (axis -1) or below each other (axis -2); leading axes broadcast."""
    length = sum(part.shape[axis] for part in parts)
    bounded(length, length)
    lead = np.broadcast_shapes(*(part.shape[:-2] for part in parts))
    affordable(int(np.prod(lead)) * length * max(part.shape[-1 - (axis == -1)] for part in parts))
    wide = [np.broadcast_to(part, (*lead, *part.shape[-2:])) for part in parts]
    return np.concatenate(wide, axis=axis)
