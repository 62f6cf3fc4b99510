"""Gradients against finite differences of the student's own function.

A random direction costs a few evaluations however many parameters there are; see Griewank and
Walther, *Evaluating Derivatives* (2008), section 3.1, and JAX's `check_grads`. Where the judge can
compute the value itself, compare with that: finite differences need a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .check import Finding

Array = np.ndarray[Any, np.dtype[Any]]

# Long steps for float32, whose rounding drowns short ones; short steps for functions with kinks.
STEPS = (1e-2, 1e-3, 1e-4, 1e-5)
FINER = (*STEPS, 1e-6, 1e-7)  # where kinks lie close together, before a gradient is called wrong
TOLERANCE = 2e-2
CLOSE = 2e-3  # where the function is computed in float64
DIRECTIONS = 4


def directional_difference(
    function: Callable[[Array], float], at: Array, direction: Array, *, step: float = STEPS[1]
) -> float:
    """The central difference (f(at + h d) - f(at - h d)) / 2h.

    Parameters
    ----------
    at, direction : arrays of one shape.
    step : h.

    Examples
    --------
    >>> round(directional_difference(lambda x: float(x @ x), np.array([1.0, 2.0]),
    ...                              np.array([1.0, 0.0])), 6)
    2.0
    """
    above, below = function(at + step * direction), function(at - step * direction)
    return (above - below) / (2 * step)


@dataclass(frozen=True)
class Slope:
    """A derivative along a direction, and how far off rounding and kinks may have put it."""

    value: float
    doubt: float


def measured_slope(
    function: Callable[[Array], float],
    at: Array,
    direction: Array,
    *,
    steps: Sequence[float] = STEPS,
) -> Slope:
    """The derivative of `function` along `direction`, with the steps that agree best.

    Where a ReLU or a max pooling switches within a step, the differences to both sides differ; in
    rounding, neighbouring steps differ. Both are the doubt. A step too short for float32 to show
    any change says nothing, as long as a longer one shows some.

    Examples
    --------
    >>> slope = measured_slope(lambda x: abs(float(x[0]) - 5e-4), np.zeros(1), np.ones(1))
    >>> round(slope.value, 6), slope.doubt < 1e-6
    (-1.0, True)
    """
    here = function(at)
    tried: list[Slope] = []
    for step in steps:
        up = (function(at + step * direction) - here) / step
        down = (here - function(at - step * direction)) / step
        unchanged = up == down == 0 and any(slope.value for slope in tried)
        tried.append(Slope((up + down) / 2, np.inf if unchanged else abs(up - down)))
    agreed = [_agreed(longer, shorter) for longer, shorter in pairwise(tried)]
    return min(agreed, key=lambda slope: np.nan_to_num(slope.doubt, nan=np.inf))


def _agreed(one: Slope, other: Slope) -> Slope:
    """Of two measurements the surer one, with the doubts of both and their disagreement."""
    surer = min(one, other, key=lambda slope: slope.doubt)
    return Slope(surer.value, one.doubt + other.doubt + abs(one.value - other.value))


def expect_gradient(
    name: str,
    gradient: Array,
    function: Callable[[Array], float],
    at: Array,
    rng: np.random.Generator,
    *,
    of: str = "your own loss",
    help: str = "",
    directions: int = DIRECTIONS,
) -> None:
    """Require that `gradient` is the derivative of `function` in random directions.

    A right gradient passes, whatever kinks the function has and in float32 too: what rounding and
    kinks may have changed is measured, and allowed for.

    Parameters
    ----------
    name : what the student calls the gradient.
    gradient, at : arrays of one shape.
    function : the scalar whose gradient it should be, computed by the student's own code.
    rng : draws the directions, unit vectors.
    of : what the function is, for the message.
    help : where to look.
    directions : how many are tried, each with nine evaluations of the function.

    Raises
    ------
    Finding : along one of them, the two differ by more than 2 % of what a gradient of this length
        has along a direction, or the function has two values at one place.

    Examples
    --------
    >>> w, rng = np.array([3.0, 4.0]), np.random.default_rng(0)
    >>> expect_gradient("dw", 2 * w, lambda w: float(w @ w), w, rng)
    >>> expect_gradient("dw", w, lambda w: float(w @ w), w, rng)
    Traceback (most recent call last):
    autograder.judging.check.Finding: `dw` does not fit your own loss: along a random direction it
    changes by -9.9077 (finite difference), the gradient says -4.9539.
    """
    _expect_repeatable(name, function, at, of, help)
    for analytic, numeric in _misfits(gradient, function, at, rng, directions, TOLERANCE):
        raise Finding(
            f"`{name}` does not fit {of}: along a random direction it changes by "
            f"{numeric.value:.5g} (finite difference), the gradient says {analytic:.5g}.",
            help,
        )


def is_gradient(
    gradient: Array,
    function: Callable[[Array], float],
    at: Array,
    rng: np.random.Generator,
    *,
    tolerance: float = CLOSE,
    directions: int = 2,
) -> bool:
    """Whether `gradient` is the derivative of `function`, which is the same with each call.

    Looks closer than `expect_gradient`, and with fewer calls, at functions in float64.

    Examples
    --------
    >>> w, rng = np.array([3.0, 4.0]), np.random.default_rng(0)
    >>> [is_gradient(share * w, lambda w: float(w @ w), w, rng) for share in (2, 2.02)]
    [True, False]
    """
    if function(at) != function(at):
        return False
    return not any(_misfits(gradient, function, at, rng, directions, tolerance, steps=STEPS[2:]))


def _misfits(
    gradient: Array,
    function: Callable[[Array], float],
    at: Array,
    rng: np.random.Generator,
    directions: int,
    tolerance: float,
    steps: Sequence[float] = STEPS,
) -> Iterator[tuple[float, Slope]]:
    """The random directions along which they differ: what the gradient says, and what is."""
    usual = float(np.linalg.norm(gradient)) / np.sqrt(max(gradient.size, 1))
    for _ in range(directions):
        direction = np.asarray(rng.standard_normal(at.shape))
        direction = direction / np.linalg.norm(direction)
        analytic = float(np.vdot(gradient, direction))
        numeric = measured_slope(function, at, direction, steps=steps)
        if not _fits(analytic, numeric, usual, tolerance):
            numeric = measured_slope(function, at, direction, steps=FINER)
        if not _fits(analytic, numeric, usual, tolerance):
            yield analytic, numeric


def _fits(analytic: float, numeric: Slope, usual: float, tolerance: float) -> bool:
    allowed = tolerance * (usual + abs(numeric.value)) + 2 * numeric.doubt + 1e-9
    return abs(analytic - numeric.value) <= allowed


def _expect_repeatable(
    name: str, function: Callable[[Array], float], at: Array, of: str, help: str
) -> None:
    first, second = function(at), function(at)
    if not abs(first - second) <= 1e-6 * max(abs(first), abs(second)):
        raise Finding(
            f"`{name}` cannot fit {of}, which has two values with the same parameters: "
            f"{first:.6g} and {second:.6g}.",
            help,
        )
