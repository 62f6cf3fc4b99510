"""What a wrong array is to the right one, where that has a name. Everything said was computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from .closeness import Array, is_close
from .places import right_in_places

FEWEST = 4  # numbers that are hardly related by chance in one of these ways
HUGE = 1e6  # times too large, as after a division by what is 0 but for rounding
EXACT = 1e-6  # and a single one, in relative size, as float32 has it


def named_relation(array: Array, right: Array, factors: Mapping[float, str]) -> str:
    """What a wrong array is to the right one where that has a name, such as a multiple."""
    square = float(np.vdot(right, right))
    if not array.any() and square:
        return "that is zero everywhere, where the right value is not"
    if array.size == 1 and (told := _of_one(array, right)):
        return told
    ratio = float(np.vdot(array, right)) / square if square else 0.0
    if ratio and np.isfinite(ratio) and is_close(array, ratio * right):
        return _named_factor(ratio, factors)
    if np.abs(array).max() > HUGE * np.abs(right).max() > 0:
        times = np.abs(array).max() / np.abs(right).max()
        return f"whose largest value is {times:.0e} times that of the right one"
    if array.size < FEWEST or not square:
        return ""
    told = next((told for told in _of_many(array, right) if told), "")
    return told or right_in_places(array, right)


def _named_factor(ratio: float, factors: Mapping[float, str]) -> str:
    if np.isclose(ratio, -1, rtol=1e-3):
        return "with the wrong sign"
    for factor, meaning in factors.items():
        if np.isclose(ratio, factor, rtol=1e-3):
            return f"that is {factor:g} times the right value, and {factor:g} is {meaning}"
        if np.isclose(ratio, 1 / factor, rtol=1e-3):
            return f"that is 1/{factor:g} of the right value, and {factor:g} is {meaning}"
    return f"that is {ratio:.4g} times the right value everywhere"


def _of_one(array: Array, right: Array) -> str:
    for value, told in _computed(right):
        if np.allclose(array, value, rtol=EXACT, atol=0) and not np.allclose(value, right):
            return told
    return ""


def _of_many(array: Array, right: Array) -> Iterator[str]:
    for value, told in (*_computed(right), *_turned(right), *_limited(right)):
        if value.shape == array.shape and np.isfinite(value).all() and is_close(array, value):
            yield told
    shift = float(np.mean(array - right))
    if is_close(array, right + shift):
        yield f"that is {abs(shift):.4g} too {'large' if shift > 0 else 'small'} everywhere"
    if is_close(np.sort(array, axis=None), np.sort(right, axis=None)):
        yield "that has the right numbers in other places"
    if array.ndim > 1:
        yield _multiples(array, right)
        yield _some_rows(array, right)


def _computed(right: Array) -> Iterator[tuple[Array, str]]:
    """Functions of the right value."""
    with np.errstate(all="ignore"):
        yield right**2, "that is the square of the right value"
        yield np.sqrt(right), "that is the square root of the right value"
        yield 1 / right, "that is 1 divided by the right value"
        yield np.sqrt(2 * right), "that is sqrt(2 v), where v is the right value"
        yield np.exp(-right), "that is exp(-v), where v is the right value"
        yield np.exp(right), "that is exp(v), where v is the right value"
        yield -np.log(right), "that is -ln(v), where v is the right value"
        yield np.log(right), "that is ln(v), where v is the right value"


def _turned(right: Array) -> Iterator[tuple[Array, str]]:
    """The right numbers at other places."""
    if right.ndim == 2:
        yield right.T, "that is the transpose of the right value"
    if right.ndim:
        yield (
            right[::-1],
            f"that has the right {'rows' if right.ndim > 1 else 'numbers'} in reverse order",
        )
    if right.ndim > 1:
        yield right[:, ::-1], "that has the right columns in reverse order"


def _limited(right: Array) -> Iterator[tuple[Array, str]]:
    """The right values with a part of their range cut off."""
    yield np.abs(right), "that is the absolute value of the right one"
    yield (
        np.maximum(right, 0),
        "that is right where it is positive, and 0 where it should be negative",
    )
    yield np.rint(right), "that is rounded to whole numbers"
    yield np.trunc(right), "that is cut to whole numbers"


def _multiples(array: Array, right: Array) -> str:
    """Whether each row, or each column, is a multiple of the right one."""
    for axis, word in ((1, "row"), (0, "column")):
        others = tuple(n for n in range(array.ndim) if n != 1 - axis)
        if min(array.shape) < 2:
            continue
        with np.errstate(all="ignore"):
            ratio = (array * right).sum(others, keepdims=True) / (right**2).sum(
                others, keepdims=True
            )
        if np.isfinite(ratio).all() and ratio.all() and is_close(array, ratio * right):
            return f"in which each {word} is a multiple of the right one"
    return ""


def _some_rows(array: Array, right: Array) -> str:
    """Which rows are right where not all of them are wrong."""
    good = [bool(is_close(one, other)) for one, other in zip(array, right, strict=True)]
    wrong = [number for number, fits in enumerate(good) if not fits]
    if len(good) > 2 and good[0] and len(wrong) == len(good) - 1:
        return "in which only the first row is right"
    if len(good) > 2 and len(wrong) == 1:
        return f"in which only row {wrong[0]} is wrong"
    return ""
