"""A network with two hidden layers of equal size, of one number x: its values, its features."""

import numpy as np


def predict(params, x):
    """The network's values.

        h1 = max(0, x W1 + b1),    h2 = max(0, h1 W2 + b2),    f(x) = h2 W3 + b3

    Parameters
    ----------
    params : dict
        ``W1`` (1, H), ``b1`` (H,), ``W2`` (H, H), ``b2`` (H,), ``W3`` (H, 1), ``b3`` (1,).
    x : array of shape (N,)

    Returns
    -------
    values : array of shape (N,)
    """
    raise NotImplementedError("TODO(deep_predict)")


def features(params, x):
    """The derivative of every value by every parameter.

    Column p belongs to entry p of ``pack(params)``: W1, b1, W2 (row after row), b2, W3, b3.

    Parameters
    ----------
    params : dict
        As in `predict`.
    x : array of shape (N,)

    Returns
    -------
    matrix : array of shape (N, P), P = H H + 4H + 1
        ``matrix[n, p]`` is the derivative of f(x_n) by parameter p.
    """
    raise NotImplementedError("TODO(deep_features)")
