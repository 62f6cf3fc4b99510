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
    gradient, at : arrays of one shape.
    function : the scalar whose gradient it should be, computed by the student's own code.
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
