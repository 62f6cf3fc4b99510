"""Numerical gradients, to hold your backward steps against. Knows nothing of any layer.

All functions here use central differences: ``(f(x + h) - f(x - h)) / (2 h)``, whose error falls
with the square of `h` until rounding takes over.
"""

import numpy as np


def relative_error(a, b):
    """The largest ``|a - b| / (|a| + |b|)`` over all elements; 0 where both are 0.

    >>> relative_error(np.array([0.0, 1.0]), np.array([0.0, 3.0]))
    0.5
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"relative_error compares equal shapes; got {a.shape} and {b.shape}")
    size = np.abs(a) + np.abs(b)
    ratio = np.divide(np.abs(a - b), size, out=np.zeros_like(size), where=size != 0)
    return float(ratio.max(initial=0.0))


def eval_numerical_gradient(f, x, verbose=False, h=1e-5):
    """The gradient of a function that returns one number.

    Parameters
    ----------
    f : function of an array
        Called with `x` itself, changed by `h` in one element at a time, so that it also sees the
        change when it reads the array from elsewhere (such as ``model.params``).
    x : array of floats
        Where the gradient is taken. It is as before when this returns.
    verbose : bool
        Print every element of the gradient.
    h : float
        Half the distance between the two points.

    Returns
    -------
    gradient : float64 array of the shape of `x`
    """
    _require_floats(x)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        gradient[index] = (_at(f, x, index, h) - _at(f, x, index, -h)) / (2 * h)
        if verbose:
            print(index, gradient[index])
    return gradient


def eval_numerical_gradient_array(f, x, dout, h=1e-5):
    """The gradient of ``sum(f(x) * dout)``, for a function that returns an array.

    Parameters
    ----------
    f : function of an array, which returns an array
    x : array of floats
        Where the gradient is taken. It is as before when this returns.
    dout : array of the shape of ``f(x)``
        The gradient of some loss with respect to ``f(x)``.
    h : float
        Half the distance between the two points.

    Returns
    -------
    gradient : float64 array of the shape of `x`
    """
    _require_floats(x)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        difference = _at(f, x, index, h) - _at(f, x, index, -h)
        gradient[index] = np.sum(difference * dout) / (2 * h)
    return gradient


def grad_check_sparse(f, x, analytic_gradient, num_checks=10, h=1e-5, seed=None):
    """Compare an analytic gradient with numerical ones at a few random elements, and print both.

    Parameters
    ----------
    f : function of an array, which returns one number
    x : array
        An array of integers is converted to floats first, for a step of `h` would be lost in it;
        `f` then has to use its argument.
    analytic_gradient : array of the shape of `x`
    num_checks : int
        How many elements are drawn.
    h : float
        Half the distance between the two points.
    seed : int or None
        Makes the choice of elements repeatable.

    Returns
    -------
    worst : float
        The largest relative error; where both gradients are 0 it counts as 0.
    """
    x = x if np.issubdtype(x.dtype, np.floating) else x.astype(np.float64)
    rng = np.random.default_rng(seed)
    worst = 0.0
    for _ in range(num_checks):
        index = tuple(int(rng.integers(size)) for size in x.shape)
        numerical = (_at(f, x, index, h) - _at(f, x, index, -h)) / (2 * h)
        error = relative_error(numerical, analytic_gradient[index])
        print(
            f"{index}: numerical {numerical:.6g}, "
            f"analytic {analytic_gradient[index]:.6g}, relative error {error:.2e}"
        )
        worst = max(worst, error)
    return worst


def _at(f, x, index, step):
    """``f(x)`` with `step` added to one element, which is put back afterwards."""
    before = x[index]
    x[index] = before + step
    try:
        value = f(x)
        # A copy: what f returns may be a view of x, or an array that it uses again.
        return value.copy() if isinstance(value, np.ndarray) else value
    finally:
        x[index] = before


def _require_floats(x):
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError(
            f"a numerical gradient needs an array of floats, got {x.dtype}: use x.astype(float)"
        )
