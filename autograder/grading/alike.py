"""Whether two answers are the same but for rounding, and whether that says anything."""

from __future__ import annotations

import re

import numpy as np

from autograder.judging.arrays import Array, is_close
from autograder.sandbox.recording import RaisedAnswer

FEWEST_WHOLE = 4  # as many whole numbers as are hardly equal by chance
_TRIVIAL = (-1.0, 0.0, 1.0)

# `@` and `np.dot` say in different words which two lengths do not fit: the second's, the first's.
_MATMUL = re.compile(r"\(size (\d+) is different from (\d+)\)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_SIGNED = re.compile(rf"-?(?:{_NUMBER.pattern})")
_DOT = re.compile(r"not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)")


def alike(one: object, other: object) -> bool:
    """Whether two plain values are equal up to rounding.

    Examples
    --------
    >>> alike({"W1": np.array([1.0, 2.0])}, {"W1": [1.0, 2.0000001]})
    True
    >>> alike(None, 0.0) or alike(np.ones(2), np.ones((1, 2)))
    False
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    left, right = _numbers(one), _numbers(other)
    if left is None or right is None:
        return left is right and type(one) is type(other) and _equal(one, other)
    if left.shape != right.shape:
        return False
    finite = np.isfinite(left)
    odd, other = np.where(finite, 0.0, left), np.where(np.isfinite(right), 0.0, right)
    if not np.array_equal(odd, other, equal_nan=True):  # NaN and infinity are not the same mistake
        return False
    return is_close(np.where(finite, left, 0.0), np.where(finite, right, 0.0))


def alike_but_for_signs(one: object, other: object) -> bool:
    """Whether two matrices are equal but for the signs of whole columns, or of whole rows.

    Eigenvectors and singular vectors have no sign of their own.

    Examples
    --------
    >>> one = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> alike_but_for_signs(one, one * [1, -1]), alike_but_for_signs(one, abs(one[::-1]))
    (True, False)
    """
    left, right = _numbers(one), _numbers(other)
    if left is None or right is None or left.shape != right.shape or left.ndim != 2:
        return False
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        return False
    for axis in (0, 1):
        signs = np.where((left * right).sum(axis=axis, keepdims=True) < 0, -1.0, 1.0)
        if is_close(left * signs, right):
            return True
    return False


def raised_alike(one: RaisedAnswer, other: RaisedAnswer) -> bool:
    """Whether two exceptions say the same; of a product, which lengths did not fit.

    Examples
    --------
    >>> dot = "shapes (6,3,4) and (12,9) not aligned: 4 (dim 2) != 12 (dim 0)"
    >>> matmul = "matmul: Input operand 1 has a mismatch (size 12 is different from 4)"
    >>> raised_alike(RaisedAnswer("ValueError", dot), RaisedAnswer("ValueError", matmul))
    True
    """
    return one.name == other.name and _heart(one.message) == _heart(other.message)


def _heart(message: str) -> str:
    if found := _MATMUL.search(message):
        return f"{found[2]} @ {found[1]}"
    if found := _DOT.search(message):
        return f"{found[1]} @ {found[2]}"
    return message


def said_alike(one: str, other: str) -> bool:
    """Whether two findings say the same, up to the last digits of their numbers.

    Examples
    --------
    >>> said_alike("`x` has 25 rows, expected 3.", "`x` has 2 rows, expected 3.")
    False
    >>> said_alike("It is 0.123456, expected 2.", "It is 0.123457, expected 2.")
    True
    """
    if _NUMBER.sub("", one) != _NUMBER.sub("", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(np.isclose(float(a), float(b), rtol=1e-3, atol=1e-9) for a, b in pairs)


def said_alike_but_for_numbers(one: str, other: str) -> bool:
    """Whether two findings say the same of other numbers.

    Examples
    --------
    >>> said_alike_but_for_numbers("`W[0]` = -0.25, expected 2.", "`W[1]` = 0.5, expected -2.")
    True
    """
    return _SIGNED.sub("", one) == _SIGNED.sub("", other)


def telling(answers: tuple[object, ...]) -> bool:
    """Whether the last answer is wrong in a way of its own: finite, and not merely zeros or ones.

    Whole numbers agree by chance more often than others, so several are asked for.

    Examples
    --------
    >>> telling((0.25,)), telling((np.zeros(3),)), telling((3,)), telling((3, 2, 2, 5))
    (True, False, False, True)
    """
    last = _entries(answers[-1]) if answers else np.empty(0)
    if not last.size or not np.isfinite(last).all() or np.isin(last, _TRIVIAL).all():
        return False
    if (last != np.rint(last)).any():
        return True
    return sum(_entries(answer).size for answer in answers) >= FEWEST_WHOLE


def finite(answer: object) -> bool:
    """Whether there is neither NaN nor infinity among the numbers of an answer.

    Examples
    --------
    >>> finite([1.0, np.nan]), finite("nan")
    (False, True)
    """
    return bool(np.isfinite(_entries(answer)).all())


def whole(answer: object) -> bool:
    """Whether an answer has whole numbers alone, as labels are.

    Examples
    --------
    >>> whole(np.array([0.0, 2.0])), whole(np.array([0.5]))
    (True, False)
    """
    entries = _entries(answer)
    return bool((entries == np.rint(entries)).all())


def _numbers(value: object) -> Array | None:
    """The value as floats, or None where it is not made of numbers."""
    if value is None or isinstance(value, str | bytes | dict | set | frozenset):
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None


def _entries(value: object) -> Array:
    if isinstance(value, dict):
        return np.concatenate([np.empty(0), *(_entries(item) for item in value.values())])
    numbers = _numbers(value)
    return np.empty(0) if numbers is None else numbers.reshape(-1)


def _equal(one: object, other: object) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)
