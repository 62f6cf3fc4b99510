"""What helps to name a mistake: values that known mistakes give, and relations with a name.

Everything that is said here was computed from the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .closeness import Array, is_close


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
    >>> from autograder.judging.arrays import expect_number
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
    >>> from autograder.judging.arrays import expect_close
    >>> rows = Hints(factors={4: "the number of rows"})
    >>> expect_close("db", np.array([4.0, 8.0]), np.array([1.0, 2.0]), hints=rows)
    Traceback (most recent call last):
    autograder.judging.check.Finding: This gives `db` that is 4 times the right value, and 4
    is the number of rows.
    """

    mistakes: Sequence[Mistake] = ()
    factors: Mapping[float, str] = field(default_factory=dict)
    help: str = ""


def named_relation(array: Array, right: Array, factors: Mapping[float, str]) -> str:
    """What a wrong array is to the right one where that has a name, such as a multiple."""
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
