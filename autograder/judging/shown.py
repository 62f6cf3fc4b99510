"""What a finding lets a page draw: arrays, curves, formulas. Bounded; draws nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exhibit import (
    FILTER_SIDE,
    MAX_CLASSES,
    MAX_FILTERS,
    MAX_FORMULA,
    MAX_SIDE,
    MAX_STEPS,
    ArrayPair,
    Confusion,
    Curve,
    Factors,
    Filters,
    Understood,
)

from .check import Finding
from .closeness import Array, right_places


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A student's array beside the right one, both whole and of one shape."""

    name: str
    got: Array
    right: Array

    def kept(self) -> ArrayPair | None:
        """The part of both that a result keeps: the place with the first differing entry.

        None where there is nothing to look at: of numbers, both values are in the finding.

        Examples
        --------
        >>> right = np.zeros((3, 40, 50))
        >>> wrong = right.copy()
        >>> wrong[1, 30, 2] = 1
        >>> pair = Compared(name="dx", got=wrong, right=right).kept()
        >>> pair.leading, pair.row, pair.column, pair.rows, pair.columns, pair.wrong
        ((1,), 16, 0, 24, 24, 1)
        """
        if self.right.size < 2:
            return None
        differs = ~right_places(self.got, self.right)
        if not differs.any():
            return None
        last = _channels_last(self.right.shape)
        arrays = [_as_image(each, last) for each in (self.got, self.right, differs)]
        shape = arrays[0].shape
        first = np.unravel_index(int(np.argmax(arrays[2].reshape(-1))), shape)
        leading = tuple(int(place) for place in first[:-2])
        row, column = (_start(int(at), size)
                       for at, size in zip(first[-2:], shape[-2:], strict=True))  # fmt: skip
        place: Any = (*leading, slice(row, row + MAX_SIDE), slice(column, column + MAX_SIDE))
        got, right, part = (each[place] for each in arrays)
        return ArrayPair(
            name=self.name,
            shape=tuple(self.right.shape),
            rows=got.shape[0],
            columns=got.shape[1],
            got=_packed(got),
            right=_packed(right),
            differs=np.packbits(part).tobytes(),
            wrong=int(differs.sum()),
            leading=leading,
            row=row,
            column=column,
            channels_last=last,
        )


@contextmanager
def drawing(*shown: object) -> Iterator[None]:
    """Let a page draw this beside whatever is found inside."""
    try:
        yield
    except Finding as found:
        found.showing(*shown)
        raise


def curve(name: str, history: Array, *, goal: float | None = None) -> Curve:
    """A history of which at most `MAX_STEPS` numbers are kept, evenly spaced.

    Parameters
    ----------
    goal : what it should reach, drawn as a line.

    Examples
    --------
    >>> curve("loss", np.arange(1000.0)).values[:2]
    (0.0, 5.0)
    """
    chosen = np.linspace(0, len(history) - 1, min(len(history), MAX_STEPS)).round().astype(int)
    values = tuple(
        float(f"{value:.6g}") if np.isfinite(value) else None for value in history[chosen]
    )
    return Curve(name=name, steps=len(history), values=values, goal=goal)


def confusion(guesses: Array, labels: Array, classes: int) -> list[Confusion]:
    """Which classes were taken for which; nothing where there are too many to look at.

    Parameters
    ----------
    guesses, labels : integers of shape (N,), in [0, classes).

    Examples
    --------
    >>> confusion(np.array([0, 1, 1]), np.array([0, 0, 1]), 2)[0].counts
    ((1, 1), (0, 1))
    """
    inside = len(guesses) and guesses.min() >= 0 and guesses.max() < classes
    if classes > MAX_CLASSES or not inside:
        return []
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (labels, guesses), 1)
    return [Confusion(counts=tuple(tuple(map(int, row)) for row in counts))]


def filters(name: str, weights: Array, shape: tuple[int, ...]) -> list[Filters]:
    """First-layer weights as images, those of the largest units; nothing for what is no image.

    Parameters
    ----------
    weights : of shape (inputs, units).
    shape : of an input, (channels, height, width). Channels are averaged, large images are made
        smaller.

    Examples
    --------
    >>> filters("W1", np.ones((16, 3)), (1, 4, 4))[0].count
    3
    """
    if len(shape) != 3 or weights.ndim != 2 or len(weights) != np.prod(shape):
        return []
    if not np.isfinite(weights).all() or not weights.any():
        return []
    strongest = np.argsort(np.linalg.norm(weights, axis=0))[::-1][:MAX_FILTERS]
    images = weights[:, strongest].T.reshape(-1, *shape).mean(axis=1)
    step = -(-max(shape[1:]) // FILTER_SIDE)
    height, width = shape[1] // step, shape[2] // step
    cut = images[:, : height * step, : width * step]
    small = cut.reshape(-1, height, step, width, step).mean(axis=(2, 4))
    largest = np.abs(small).max(axis=(1, 2), keepdims=True)
    levels = np.round(5 * small / np.where(largest > 0, largest, 1)).astype(np.int8)
    return [
        Filters(
            name=name,
            units=weights.shape[1],
            count=len(levels),
            height=height,
            width=width,
            levels=levels.tobytes(),
        )
    ]


def filter_factors(X: Array, y: Array, found: Finding, right: Array) -> list[Factors]:
    """How much of each singular direction of least squares a wrong solution keeps.

    The solution by the SVD is ``w = V diag(f / sigma) U' y``, with the factors f: 1 for least
    squares, sigma^2/(sigma^2 + lambda) for ridge. From a solution they are
    ``f = sigma (V' w) / (U' y)``. Nothing where the finding is about no solution of that shape.

    Parameters
    ----------
    X, y : of shape (n, d) and (n,).
    found : a finding about a solution.
    right : the right factors, one for each singular value.

    Examples
    --------
    >>> wrong = Finding("No.").showing(Compared(name="w", got=np.array([2.0]), right=np.ones(1)))
    >>> filter_factors(np.array([[2.0]]), np.array([4.0]), wrong, np.array([0.5]))[0].got
    (1.0,)
    """
    compared = next((one for one in found.shown if isinstance(one, Compared)), None)
    if compared is None or compared.got.shape != (X.shape[1],):
        return []
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    with np.errstate(all="ignore"):
        factors = sigma * (Vt @ compared.got) / (U.T @ y) + 0.0  # which takes the sign from 0
    kept = tuple(float(f"{one:.6g}") if np.isfinite(one) else None for one in factors[:MAX_SIDE])
    numbers = [tuple(float(f"{one:.6g}") for one in row[:MAX_SIDE]) for row in (sigma, right)]
    return [Factors(sigma=numbers[0], got=kept, right=numbers[1])]


def understood(name: str, latex: str, left: str = "", right: str = "") -> list[Understood]:
    """What was read of an answer, for a page to typeset; nothing where that is too long to keep.

    >>> understood("w", "x^{2}")[0].latex
    'x^{2}'
    """
    short = 0 < len(latex) + len(left) + len(right) <= MAX_FORMULA
    return [Understood(name=name, latex=latex, left=left, right=right)] if short else []


def _channels_last(shape: tuple[int, ...]) -> bool:
    """Whether an array holds images whose channels come last: that axis is the shortest."""
    return len(shape) > 2 and shape[-1] < min(shape[-3:-1])


def _as_image(array: Array, channels_last: bool) -> Array:
    """The array with rows and columns as its last two axes."""
    if array.ndim < 2:
        return array.reshape(1, -1)
    return np.moveaxis(array, -1, -3) if channels_last else array


def _start(at: int, size: int) -> int:
    """Where the kept part begins, so that it has the entry and is as large as it may be."""
    return max(0, min(at - MAX_SIDE // 2, size - MAX_SIDE))


def _packed(array: Array) -> bytes:
    with np.errstate(over="ignore"):
        return array.astype("<f4").tobytes()
