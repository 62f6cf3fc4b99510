"""Gradients against finite differences of the student's own function.

One random direction costs two evaluations however many parameters there are; see Griewank and
Walther, *Evaluating Derivatives* (2008), section 3.1, and JAX's `check_grads`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .check import Finding

Array = np.ndarray[Any, np.dtype[Any]]

# A step and a tolerance that leave room for float32 arithmetic inside the student's function.
STEP = 1e-3
TOLERANCE = 2e-2


def directional_difference(
    function: Callable[[Array], float], at: Array, direction: Array, *, step: float = STEP
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


def expect_gradient(
    name: str,
    gradient: Array,
    function: Callable[[Array], float],
    at: Array,
    rng: np.random.Generator,
    *,
    help: str = "",
) -> None:
    """Require that `gradient` is the derivative of `function` in a random direction.

    Parameters
    ----------
    name : what the student calls the gradient.
    gradient, at : arrays of one shape.
    function : the scalar whose gradient it should be, computed by the student's own code.
    rng : draws the direction, a unit vector.
    help : where to look.

    Raises
    ------
    Finding : the two differ by more than 2 % of the gradient's norm.

    Examples
    --------
    >>> w, rng = np.array([3.0, 4.0]), np.random.default_rng(0)
    >>> expect_gradient("dw", 2 * w, lambda w: float(w @ w), w, rng)
    >>> expect_gradient("dw", w, lambda w: float(w @ w), w, rng)
    Traceback (most recent call last):
    autograder.judging.check.Finding: `dw` does not fit your own loss: along a random direction the
    loss changes by 7.2142 (finite difference), the gradient says 3.6071.
    """
    direction = np.asarray(rng.standard_normal(at.shape))
    direction = direction / np.linalg.norm(direction)
    analytic = float(np.vdot(gradient, direction))
    numeric = directional_difference(function, at, direction)
    scale = float(np.linalg.norm(gradient)) + abs(numeric) + 1e-6
    if not abs(analytic - numeric) <= TOLERANCE * scale:
        raise Finding(
            f"`{name}` does not fit your own loss: along a random direction the loss changes by "
            f"{numeric:.5g} (finite difference), the gradient says {analytic:.5g}.",
            help,
        )
