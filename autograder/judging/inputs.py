"""What a wrong array is to the inputs that it was computed from. Everything said was computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np

from .closeness import Array, is_close

FEWEST = 3  # numbers that hardly are a multiple of others by chance
MOST = 12  # arrays to look at
SMALLEST = 1e-3  # of the right value's size: less than that is near to rounding
MOST_TIMES = 100
HUGE = 1e30  # beyond, nothing is compared: products overflow
_SIMPLE = frozenset(Fraction(n, d) for n in range(1, 11) for d in range(1, 11) if 1 in (n, d))


def relation_to_inputs(array: Array, right: Array, inputs: Mapping[str, Array]) -> str:
    """How a wrong array differs from the right one by what the function was given; or nothing.

    Parameters
    ----------
    array, right : of one shape, finite.
    inputs : what the function was given, by name.

    Examples
    --------
    >>> right, c = np.array([1.0, 5.0, 2.0]), np.array([0.5, -1.0, 3.0])
    >>> relation_to_inputs(right - c, right, {"c": c})
    'that is the right value minus `c`'
    """
    size, largest = (float(np.abs(one).max(initial=0.0)) for one in (right, array))
    if not 1 / HUGE < size < HUGE or largest > HUGE or is_close(array, right):
        return ""
    told = (_as_given(array, right, inputs), _by_a_term(array, right, inputs, size),
            _by_sizes(array, right, inputs), _by_a_factor(array, right, inputs))  # fmt: skip
    return next((text for text in told if text), "")


def numbers_of(values: tuple[tuple[str, object], ...]) -> dict[str, Array]:
    """The arrays and numbers among what a call was given; of dictionaries, their entries.

    Examples
    --------
    >>> sorted(numbers_of((("x", 2.0), ("params", {"b1": np.ones(2)}), ("kind", "l2"))))
    ['b1', 'x']
    """
    return dict(list(_numbers_of(values))[:MOST])


def _numbers_of(values: tuple[tuple[str, object], ...]) -> Iterator[tuple[str, Array]]:
    for name, value in values:
        if isinstance(value, dict):
            yield from _numbers_of(tuple((str(key), item) for key, item in value.items()))
        elif isinstance(value, np.ndarray | float) and np.asarray(value).dtype.kind == "f":
            number = np.asarray(value, dtype=np.float64)
            if number.size and np.isfinite(number).all() and np.abs(number).max() < HUGE:
                yield name, number


def _as_given(array: Array, right: Array, inputs: Mapping[str, Array]) -> str:
    """Whether it is an input as it was."""
    for name, given in inputs.items():
        told = given.size >= FEWEST and given.shape == array.shape and _varies(given)
        if told and is_close(array, given):
            return f"that is {_called(name)} as it was given"
    return ""


def _by_a_term(array: Array, right: Array, inputs: Mapping[str, Array], size: float) -> str:
    """Whether a multiple of an input was added or left out."""
    difference = array - right
    if np.abs(difference).max() < SMALLEST * size:
        return ""
    for name, given in inputs.items():
        times = _times(difference, given)
        if times is not None:
            many = "" if abs(times) == 1 else f"{abs(times):.4g} times "
            return (
                f"that is the right value {'plus' if times > 0 else 'minus'} {many}{_called(name)}"
            )
    return ""


def _times(difference: Array, given: Array) -> float | None:
    """How many times an input is a difference; of a single number only whole times count."""
    if given.size == 1:
        if difference.size < FEWEST or np.abs(given).item() == 1:
            return None  # any whole number is so many times 1
        if np.ptp(difference) > 1e-6 * np.abs(difference).max() or not given.any():
            return None
        times = float(np.mean(difference)) / float(given.reshape(-1)[0])
        whole = 1 <= abs(round(times)) <= MOST_TIMES and abs(times - round(times)) < 1e-6
        return float(round(times)) if whole else None
    fits = given.shape == difference.shape[difference.ndim - given.ndim :]
    if given.size < FEWEST or not fits or not _varies(given):
        return None
    laid = np.broadcast_to(given, difference.shape)
    times = float(np.vdot(difference, laid)) / float(np.vdot(laid, laid))
    if not is_close(difference, times * laid):
        return None
    return float(round(times)) if abs(times - round(times)) < 1e-4 and round(times) else times


def _by_sizes(array: Array, right: Array, inputs: Mapping[str, Array]) -> str:
    """Whether it is a multiple by two sizes of one input, such as rows over columns."""
    ratio = float(np.vdot(array, right)) / float(np.vdot(right, right))
    if ratio <= 0 or not is_close(array, ratio * right):
        return ""
    for name, given in inputs.items():
        if given.ndim == 2 and 1 not in given.shape:
            rows, columns = given.shape
            for one, other in ((rows, columns), (columns, rows)):
                simple = Fraction(one, other) in _SIMPLE
                if not simple and np.isclose(ratio, one / other, rtol=1e-3):
                    return (f"that is {one}/{other} of the right value, where {_called(name)} has "
                            f"{rows} rows and {columns} columns")  # fmt: skip
    return ""


def _by_a_factor(array: Array, right: Array, inputs: Mapping[str, Array]) -> str:
    """Whether an input is a factor too many, or one that is missing."""
    for name, given in inputs.items():
        fits = given.shape == array.shape[array.ndim - given.ndim :]
        if given.size <= FEWEST or not fits or not _varies(np.abs(given)):
            continue
        laid = np.broadcast_to(given, array.shape)
        if right.any() and is_close(array, right * laid):
            return f"that is the right value times {_called(name)}"
        if (laid != 0).all() and is_close(array * laid, right):
            return f"that is the right value divided by {_called(name)}"
    return ""


def _varies(given: Array) -> bool:
    return bool(np.ptp(given) > 1e-3 * np.abs(given).max())


def _called(name: str) -> str:
    return f"its {name}" if name.startswith("argument ") else f"`{name}`"
