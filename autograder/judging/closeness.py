"""How close two arrays are, and where they differ most. Knows numbers alone."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

# Wide enough for float32 arithmetic throughout, narrow enough for a gradient wrong by 0.05 %.
RELATIVE_TOLERANCE = 1e-4
SHOWN = 3


def is_close(array: Array, right: Array) -> bool:
    """Whether two arrays of one shape agree up to the tolerance.

    An element may be off by 1e-4 of the sum of its own size and a tenth of the largest one's.

    Examples
    --------
    >>> is_close(np.array([1.00001, 0.0]), np.array([1.0, 0.0]))
    True
    >>> is_close(np.array([1.0005, 0.0]), np.array([1.0, 0.0]))
    False
    """
    return bool(np.all(_error(array, right) <= 1.0))


def right_places(array: Array, right: Array) -> Array:
    """In which places two arrays agree up to the tolerance.

    Examples
    --------
    >>> right_places(np.array([1.00001, 0.5]), np.array([1.0, 0.0])).tolist()
    [True, False]
    """
    places: Array = _error(array, right) <= 1.0
    return places


def worst(name: str, array: Array, right: Array) -> str:
    """The elements that are farthest off, at most `SHOWN`, and how many are wrong."""
    error = _error(array, right)
    wrong = error > 1.0
    if array.ndim == 0:
        return f"Got `{name}` = {float(array):.8g}, expected {float(right):.8g}."
    order = np.argsort(error, axis=None)[::-1][: min(SHOWN, int(wrong.sum()))]
    shown = []
    for flat in order:
        index = np.unravel_index(int(flat), array.shape)
        place = ", ".join(str(int(i)) for i in index)
        shown.append(f"`{name}[{place}]` = {array[index]:.6g}, expected {right[index]:.6g}")
    return (
        f"{int(wrong.sum())} of {array.size} differ by more than {RELATIVE_TOLERANCE:g} "
        f"(relative): {'; '.join(shown)}."
    )


def _error(array: Array, right: Array) -> Array:
    """Each element's difference in units of its tolerance."""
    scale = float(np.max(np.abs(right), initial=0.0))
    allowed = RELATIVE_TOLERANCE * (np.abs(right) + 0.1 * scale) + 1e-12
    with np.errstate(over="ignore"):  # the largest floats: infinitely far away is far enough
        error: Array = np.abs(array - right) / allowed
    return error
