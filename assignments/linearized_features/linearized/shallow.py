"""A network with one hidden layer, of one number x: its values, its elbows, its features."""

import numpy as np


def predict(params, x):
    """The network's values.

        f(x) = sum_j max(0, x W1_j + b1_j) W2_j + b2

    Parameters
    ----------
    params : dict
        ``W1`` (1, H), ``b1`` (H,), ``W2`` (H, 1), ``b2`` (1,).
    x : array of shape (N,)

    Returns
    -------
    values : array of shape (N,)
    """
    raise NotImplementedError("TODO(shallow_predict)")


def elbows(params):
    """Where each unit switches on or off: the x at which ``x W1_j + b1_j`` is 0.

    Parameters
    ----------
    params : dict
        ``W1`` (1, H) and ``b1`` (H,) are used.

    Returns
    -------
    positions : array of shape (H,)
        A unit with W1_j = 0 never switches: its position is NaN.
    """
    raise NotImplementedError("TODO(elbows)")


def features(params, x):
    """The derivative of every value by every parameter.

    Column p belongs to entry p of ``pack(params)``: first W1, then b1, W2 and b2. At an elbow
    itself there is no derivative; any value between those on either side is accepted.

    Parameters
    ----------
    params : dict
        As in `predict`.
    x : array of shape (N,)

    Returns
    -------
    matrix : array of shape (N, P), P = 3H + 1
        ``matrix[n, p]`` is the derivative of f(x_n) by parameter p.
    """
    raise NotImplementedError("TODO(shallow_features)")
