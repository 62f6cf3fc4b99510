"""Comparing a student's arrays with the right ones, and saying what is wrong with them.

The questions come in the order in which they matter: is it numbers, of the right shape, finite,
and close? One cause gives one finding. Nothing here knows any assignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.sandbox.remote import describe, fetch, inputs, label

from .check import Finding, InputChanged, NotAttempted
from .closeness import RELATIVE_TOLERANCE, is_close, worst
from .hints import Hints, Mistake, floored_logarithms
from .inputs import numbers_of, relation_to_inputs
from .relations import named_relation
from .shown import Compared

__all__ = [
    "MAX_NUMBERS",
    "RELATIVE_TOLERANCE",
    "Array",
    "Hints",
    "Mistake",
    "as_array",
    "as_arrays",
    "as_number",
    "call",
    "expect_close",
    "expect_number",
    "expect_shape",
    "expect_unchanged",
    "floored_logarithms",
    "is_close",
]

Array = np.ndarray[Any, np.dtype[Any]]

MAX_NUMBERS = 1 << 25  # as many float64 as one message carries; bytes would become 8 times as large


def expect_close(
    name: str,
    got: object,
    expected: Array | float,
    *,
    hints: Hints | None = None,
    like: str = "",
    also_shapes: Sequence[tuple[int, ...]] = (),
) -> Array:
    """Require an array equal to `expected` up to rounding, and return it as float64.

    Parameters
    ----------
    name : what the student calls it, such as ``dx``.
    got : the answer; a `Remote` is fetched.
    expected : the right value, of any shape.
    hints : known mistakes, which are named where the answer has their value.
    like : whose shape it has, for the message: ``x``.
    also_shapes : other shapes that are right too; they are reshaped to that of `expected`.

    Returns
    -------
    float64 of the shape of `expected`.

    Raises
    ------
    NotAttempted : for ``...``, the placeholder.
    Finding : with the first thing that is wrong.

    Examples
    --------
    >>> expect_close("out", [1.0, 2.0], np.array([1.0, 2.0]))
    array([1., 2.])
    >>> expect_close("dw", np.ones((3, 2)), np.ones((2, 3)), like="w")
    Traceback (most recent call last):
    autograder.judging.check.Finding: This gives `dw` of shape (3, 2), expected (2, 3), the shape
    of `w`. Is it transposed?
    """
    hints = hints or Hints()
    right = np.asarray(expected, dtype=np.float64)
    array = as_array(name, got, help=hints.help)
    if array.shape in also_shapes:
        array = array.reshape(right.shape)
    if array.shape != right.shape:
        raise _wrong_shape(name, got, array, right, like, hints)
    _require_right(name, got, array, right, hints)
    return array


def expect_number(name: str, got: object, expected: float, *, hints: Hints | None = None) -> float:
    """Require one number equal to `expected` up to rounding; an array of one element will do.

    Raises as `expect_close` does.

    Examples
    --------
    >>> expect_number("loss", np.array([2.0]), 2.0)
    2.0
    >>> expect_number("loss", -2.0, 2.0)
    Traceback (most recent call last):
    autograder.judging.check.Finding: This gives `loss` with the wrong sign.
    """
    hints = hints or Hints()
    right = np.asarray(expected, dtype=np.float64)
    number = np.asarray(as_number(name, got, help=hints.help))
    _require_right(name, got, number, right, hints)
    return float(number)


def expect_shape(name: str, got: object, shape: tuple[int, ...], *, like: str = "") -> Array:
    """Require a finite numeric array of that shape, and return it as float64.

    Raises as `expect_close` does, whatever the values are.

    Examples
    --------
    >>> expect_shape("W1", np.zeros((2, 3)), (2, 3)).shape
    (2, 3)
    >>> expect_shape("b1", [1.0, float("nan")], (2,))
    Traceback (most recent call last):
    autograder.judging.check.Finding: This gives `b1` with 1 of 2 values not finite (NaN, first at
    [1]).
    """
    array = as_array(name, got)
    if array.shape != shape:
        raise _wrong_shape(name, got, array, np.empty(shape), like, Hints())
    _require_finite(name, got, array, Hints().not_finite)
    return array


def expect_unchanged(name: str, sent: object, original: Array) -> None:
    """Require that a value which was sent to the student's code still is what it was.

    Parameters
    ----------
    sent : what `Student.send` gave, so that judge and student speak of one object.
    original : the value that was sent; the judge's own copy.

    Raises
    ------
    InputChanged : it has another value or shape now. Call this after the values are compared.

    Examples
    --------
    >>> expect_unchanged("x", np.array([0.0, 2.0]), np.array([-1.0, 2.0]))
    Traceback (most recent call last):
    autograder.judging.check.InputChanged: The function changes its input `x` in place.
    """
    now = _as_whole(fetch(sent))
    if now.shape != original.shape or not np.array_equal(now, original):
        raise InputChanged(
            f"The function changes its input `{name}` in place.",
            f"Work on a copy, `{name}.copy()`: others still need the value.",
            named=True,
        )


def as_array(name: str, got: object, *, help: str = "") -> Array:
    """The answer as a float64 array; lists of numbers are as good as arrays.

    Raises
    ------
    NotAttempted : for `...`, the placeholder.
    Finding : for None and for anything that is not numbers.

    Examples
    --------
    >>> as_array("scores", [[1, 2], [3, 4]]).shape
    (2, 2)
    >>> as_array("out", None)
    Traceback (most recent call last):
    autograder.judging.check.Finding: This gives None for `out`, expected an array.
    """
    value = fetch(got)
    if value is ...:
        raise NotAttempted
    if value is None:
        raise Finding(
            f"{call(got)} gives None for `{name}`, expected an array.", "Is a `return` missing?"
        )
    array = _as_whole(value)
    if array.dtype.kind not in "biuf":
        raise Finding(f"{call(got)} gives {describe(got)} for `{name}`, expected numbers.", help)
    if array.size > MAX_NUMBERS:
        raise Finding(
            f"{call(got)} gives `{name}` of shape {array.shape}; more than {MAX_NUMBERS:,} numbers "
            "are not looked at.",
            help,
        )
    return array.astype(np.float64)


def as_arrays(name: str, got: object) -> dict[str, Array]:
    """The arrays of a dictionary by name, each as `as_array` reads it.

    Raises as `as_array` does, also for what is no dictionary with text as keys.

    Examples
    --------
    >>> as_arrays("params", {"W1": [[1.0, 2.0]]})["W1"].shape
    (1, 2)
    >>> as_arrays("params", [1.0])
    Traceback (most recent call last):
    autograder.judging.check.Finding: This gives list for `params`, expected a dictionary of arrays.
    """
    value = fetch(got)
    if value is ...:
        raise NotAttempted
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise Finding(
            f"{call(got)} gives {describe(got)} for `{name}`, expected a dictionary of arrays."
        )
    return {key: as_array(f"{name}['{key}']", item) for key, item in value.items()}


def as_number(name: str, got: object, *, help: str = "") -> float:
    """The one number of an answer, finite or not. Raises as `as_array` does, and for several.

    Examples
    --------
    >>> as_number("loss", [[0.5]])
    0.5
    """
    array = as_array(name, got, help=help)
    if array.size != 1:
        raise Finding(
            f"{call(got)} gives `{name}` of shape {array.shape}, expected a single number.", help
        )
    return float(array.reshape(()))


def _as_whole(value: object) -> Array:
    """The value as one array, of nothing where its parts do not fit together."""
    try:
        return np.asarray(value)
    except ValueError:
        return np.asarray(None)


def call(got: object) -> str:
    """The call that an answer came from, without the package: `` `relu_forward(array (2,))` ``."""
    text = label(got)
    while text.endswith("]") and "[" in text:
        text = text[: text.rindex("[")]
    function, bracket, arguments = text.partition("(")
    return f"`{function.rsplit('.', 1)[-1]}{bracket}{arguments}`" if text != "value" else "This"


def _wrong_shape(
    name: str, got: object, array: Array, right: Array, like: str, hints: Hints
) -> Finding:
    owner = f", the shape of `{like}`" if like else ""
    rationale = f"{call(got)} gives `{name}` of shape {array.shape}, expected {right.shape}{owner}."
    if array.shape == right.shape[::-1] and array.ndim > 1 and right.size:
        rationale += " Is it transposed?"
    return Finding(rationale, hints.help)


def _require_right(name: str, got: object, array: Array, right: Array, hints: Hints) -> None:
    """Raise a `Finding` that shows both, where one shape has two values."""
    try:
        _require_finite(name, got, array, hints.not_finite)
        if not is_close(array, right):
            raise _wrong_values(name, got, array, right, hints)
    except Finding as found:
        found.showing(Compared(name=name, got=array, right=right))
        raise


def _require_finite(name: str, got: object, array: Array, help: str) -> None:
    wrong = ~np.isfinite(array)
    if not wrong.any():
        return
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    kind = "NaN" if np.isnan(array[first]) else "infinite"
    where = f", first at {list(first)}" if array.ndim else ""
    raise Finding(
        f"{call(got)} gives `{name}` with {int(wrong.sum())} of {array.size} values not finite "
        f"({kind}{where}).",
        help,
    )


def _nearest(array: Array, mistakes: Sequence[Mistake]) -> Mistake | None:
    """The mistake whose value the array has; of several that are close, the nearest.

    Within a tolerance, a small step is the same as none.
    """
    found: list[tuple[float, Mistake]] = []
    for mistake in mistakes:
        value = mistake.value() if callable(mistake.value) else mistake.value
        wrong = np.asarray(value, dtype=np.float64)
        if wrong.shape == array.shape and np.isfinite(wrong).all() and is_close(array, wrong):
            found.append((float(np.abs(array - wrong).max(initial=0.0)), mistake))
    return min(found, key=lambda one: one[0])[1] if found else None


def _wrong_values(name: str, got: object, array: Array, right: Array, hints: Hints) -> Finding:
    mistake = _nearest(array, hints.mistakes)
    if mistake is not None:
        said = f"`{name}`: {mistake.rationale}"
        return Finding(said, mistake.help or hints.help, named=True)
    given = numbers_of(inputs(got))
    named = relation_to_inputs(array, right, given) or named_relation(array, right, hints.factors)
    if named:
        return Finding(f"{call(got)} gives `{name}` {named}.", hints.help)
    return Finding(f"{call(got)} gives wrong values. {worst(name, array, right)}", hints.help)
