"""Where a wrong array is right: some rows or columns, all but the border, all but the signs.

Everything said was computed. Arrays have several numbers and are finite; `relations` asks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .closeness import SHOWN, Array, is_close, right_places

FEWEST_RIGHT = 4  # places that are hardly right by chance


def right_in_places(array: Array, right: Array) -> str:
    """In which places a wrong array is right, where that has a name; an empty text otherwise.

    Parameters
    ----------
    array, right : of one shape, not close.

    Examples
    --------
    >>> right = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    >>> right_in_places(right.T * [1, 2, 3], right.T)
    'in which only column 0 is right'
    """
    good = right_places(array, right)
    return next((told for told in _told(array, right, good) if told), "")


def _told(array: Array, right: Array, good: Array) -> Iterator[str]:
    yield _zeros(array, right, good)
    yield _signs(array, right, good)
    yield _moved(array, right)
    yield _cut_off(array, right, good)
    if array.ndim > 1 and (~good).sum() > SHOWN:
        yield _columns(good)
        yield _border(good)


def _zeros(array: Array, right: Array, good: Array) -> str:
    """Right where it is not 0, and 0 where it should not be."""
    lost = (array == 0) & ~good
    kept = good & (right != 0)
    if not lost.any() or not (lost | good).all() or kept.sum() < FEWEST_RIGHT:
        return ""
    if array.ndim == 2 and array.shape[1] > 2 and (kept.sum(axis=1) == 1).all():
        return "in which each row has one right value, and 0 where the others should be"
    return f"that is 0 in {int(lost.sum())} of {array.size} places, and right in all others"


def _signs(array: Array, right: Array, good: Array) -> str:
    """Right but for the signs of some places."""
    turned = ~good & right_places(-array, right)
    if not (turned | good).all() or (good & (right != 0)).sum() < FEWEST_RIGHT:
        return ""
    if array.ndim == 2 and (turned | (right == 0)).any(axis=1).all():
        once = turned.sum(axis=1) == 1
        if once.all() and array.shape[1] > 2:
            return "in which one value of each row has the wrong sign, and all others are right"
    number = int(turned.sum())
    return f"that is right but for its sign, which is wrong in {number} of {array.size} places"


def _moved(array: Array, right: Array) -> str:
    """The right values one place late or early, or added up."""
    if not array.ndim or len(array) < FEWEST_RIGHT:
        return ""
    word = "rows" if array.ndim > 1 else "numbers"
    if _close(array[1:], right[:-1]):
        return f"that has the right {word} one place too late"
    if _close(array[:-1], right[1:]):
        return f"that has the right {word} one place too early"
    if _close(array, np.cumsum(right, axis=0)):
        return f"in which the right {word} are added up: each has those before in it"
    return ""


def _cut_off(array: Array, right: Array, good: Array) -> str:
    """Right up to a limit, which takes the place of what is beyond it."""
    for limit, beyond, word in (
        (float(array.max()), right > array.max(), "larger"),
        (float(array.min()), right < array.min(), "smaller"),
    ):
        cut = ~good & beyond
        enough = cut.sum() > 1 and (good & (right != 0)).sum() >= FEWEST_RIGHT
        if limit and enough and (cut | good).all() and np.ptp(array[cut]) == 0:
            return (
                f"that is {limit:.4g} wherever it should be {word}, and right in all other places"
            )
    return ""


def _columns(good: Array) -> str:
    """Which columns are wrong where not all are; the last axis has them."""
    fits = np.asarray(good.reshape(-1, good.shape[-1]).all(axis=0))
    wrong = np.flatnonzero(~fits)
    word = "column" if good.ndim == 2 else "channel"
    if len(fits) > 2 and len(wrong) == 1:
        return f"in which only {word} {int(wrong[0])} is wrong"
    if len(fits) > 2 and len(wrong) == len(fits) - 1:
        return f"in which only {word} {int(np.flatnonzero(fits)[0])} is right"
    return ""


def _border(good: Array) -> str:
    """Whether images are right inside, or only there wrong; axes 1 and 2 are theirs."""
    if good.ndim != 4 or min(good.shape[1:3]) < 3:
        return ""
    inside = np.zeros(good.shape, dtype=bool)
    inside[:, 1:-1, 1:-1] = True
    if good[inside].all() and not good[~inside].any(axis=0).all():
        return "that is right in the inside of the images, and wrong on their border"
    lines = {"last row": good[:, -1], "last column": good[:, :, -1],
             "first row": good[:, 0], "first column": good[:, :, 0]}  # fmt: skip
    for name, line in lines.items():
        if not line.all() and int((~good).sum()) == int((~line).sum()):
            return f"that is wrong in the {name} of the images, and right elsewhere"
    return ""


def _close(one: Array, other: Array) -> bool:
    return bool(np.isfinite(other).all()) and bool(np.ptp(other)) and is_close(one, other)
