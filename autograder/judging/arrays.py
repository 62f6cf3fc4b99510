"""Comparing a student's arrays with the right ones, and saying what is wrong with them.

The questions come in the order in which they matter: is it numbers, of the right shape, finite,
and close? One cause gives one finding. Nothing here knows any assignment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.sandbox.remote import describe, fetch, label

from .check import Finding, NotAttempted

Array = np.ndarray[Any, np.dtype[Any]]

# Wide enough for float32 arithmetic throughout, narrow enough for a gradient wrong by 0.05 %.
RELATIVE_TOLERANCE = 1e-4
SHOWN = 3
MAX_NUMBERS = 1 << 25  # as many float64 as one message carries; bytes would become 8 times as large


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A wrong value that students are known to arrive at, and what to tell them.

    Parameters
    ----------
    value : the wrong value, or a function that computes it once the answer is known to be wrong.
    rationale : what happened; the name of the answer is put in front.
    help : where to look; the help of the `Hints` when left out.

    Examples
    --------
    >>> forgotten = Mistake(value=6.0, rationale="the mean was not taken.")
    >>> expect_number("loss", 6.0, 2.0, hints=Hints(mistakes=[forgotten]))
    Traceback (most recent call last):
    autograder.judging.check.Finding: `loss`: the mean was not taken.
    """

    value: Array | float | Callable[[], Array | float]
    rationale: str
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What helps to name a mistake: known wrong values, telling factors, and where to look.

    Parameters
    ----------
    mistakes : known wrong values, each with its own words; the first that fits is named.
    factors : a number with what it stands for, such as ``{4: "the number of rows"}``.
    help : where to look, whatever the mistake is.

    Examples
    --------
    >>> rows = Hints(factors={4: "the number of rows"})
    >>> expect_close("db", np.array([4.0, 8.0]), np.array([1.0, 2.0]), hints=rows)
    Traceback (most recent call last):
    autograder.judging.check.Finding: This gives `db` that is 4 times the right value, and 4
    is the number of rows.
    """

    mistakes: Sequence[Mistake] = ()
    factors: Mapping[float, str] = field(default_factory=dict)
    help: str = ""


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
    _require_finite(name, got, array)
    if not is_close(array, right):
        raise _wrong_values(name, got, array, right, hints)
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
    _require_finite(name, got, number)
    if not is_close(number, right):
        raise _wrong_values(name, got, number, right, hints)
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
    _require_finite(name, got, array)
    return array


def expect_unchanged(name: str, sent: object, original: Array) -> None:
    """Require that a value which was sent to the student's code still is what it was.

    Parameters
    ----------
    sent : what `Student.send` gave, so that judge and student speak of one object.
    original : the value that was sent; the judge's own copy.

    Raises
    ------
    Finding : it has another value or shape now.

    Examples
    --------
    >>> expect_unchanged("x", np.array([0.0, 2.0]), np.array([-1.0, 2.0]))
    Traceback (most recent call last):
    autograder.judging.check.Finding: The function changes its input `x` in place.
    """
    now = _as_whole(fetch(sent))
    if now.shape != original.shape or not np.array_equal(now, original):
        raise Finding(
            f"The function changes its input `{name}` in place.",
            f"Work on a copy, `{name}.copy()`: others still need the value.",
        )


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
            f"{call(got)} gives None for `{name}`, expected an array.",
            help or "Is a `return` missing?",
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


def _error(array: Array, right: Array) -> Array:
    """Each element's difference in units of its tolerance."""
    scale = float(np.max(np.abs(right), initial=0.0))
    allowed = RELATIVE_TOLERANCE * (np.abs(right) + 0.1 * scale) + 1e-12
    with np.errstate(over="ignore"):  # the largest floats: infinitely far away is far enough
        error: Array = np.abs(array - right) / allowed
    return error


def _wrong_shape(
    name: str, got: object, array: Array, right: Array, like: str, hints: Hints
) -> Finding:
    owner = f", the shape of `{like}`" if like else ""
    rationale = f"{call(got)} gives `{name}` of shape {array.shape}, expected {right.shape}{owner}."
    if array.shape == right.shape[::-1] and array.ndim > 1 and right.size:
        rationale += " Is it transposed?"
    return Finding(rationale, hints.help)


def _require_finite(name: str, got: object, array: Array) -> None:
    wrong = ~np.isfinite(array)
    if not wrong.any():
        return
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    kind = "NaN" if np.isnan(array[first]) else "infinite"
    where = f", first at {list(first)}" if array.ndim else ""
    raise Finding(
        f"{call(got)} gives `{name}` with {int(wrong.sum())} of {array.size} values not finite "
        f"({kind}{where}).",
        "Is there a log(0), an overflow in exp, or a division 0/0?",
    )


def _wrong_values(name: str, got: object, array: Array, right: Array, hints: Hints) -> Finding:
    for mistake in hints.mistakes:
        value = mistake.value() if callable(mistake.value) else mistake.value
        wrong = np.asarray(value, dtype=np.float64)
        if wrong.shape == array.shape and np.isfinite(wrong).all() and is_close(array, wrong):
            return Finding(f"`{name}`: {mistake.rationale}", mistake.help or hints.help)
    named = _named_relation(array, right, hints.factors)
    if named:
        return Finding(f"{call(got)} gives `{name}` {named}.", hints.help)
    return Finding(f"{call(got)} gives wrong values. {_worst(name, array, right)}", hints.help)


def _named_relation(array: Array, right: Array, factors: Mapping[float, str]) -> str:
    square = float(np.vdot(right, right))
    if not array.any() and square:
        return "that is zero everywhere, where the right value is not"
    ratio = float(np.vdot(array, right)) / square if square else 0.0
    if ratio and np.isfinite(ratio) and is_close(array, ratio * right):
        return _named_factor(ratio, factors)
    if array.ndim == 2 and array.shape[0] == array.shape[1] and is_close(array, right.T):
        return "that is the transpose of the right value"
    return ""


def _named_factor(ratio: float, factors: Mapping[float, str]) -> str:
    if np.isclose(ratio, -1, rtol=1e-3):
        return "with the wrong sign"
    for factor, meaning in factors.items():
        if np.isclose(ratio, factor, rtol=1e-3):
            return f"that is {factor:g} times the right value, and {factor:g} is {meaning}"
        if np.isclose(ratio, 1 / factor, rtol=1e-3):
            return f"that is 1/{factor:g} of the right value, and {factor:g} is {meaning}"
    return f"that is {ratio:.4g} times the right value everywhere"


def _worst(name: str, array: Array, right: Array) -> str:
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
