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
    ### BEGIN SOLUTION deep_predict
    first = np.maximum(0, np.reshape(x, (-1, 1)) @ params["W1"] + params["b1"])
    second = np.maximum(0, first @ params["W2"] + params["b2"])
    return second @ params["W3"][:, 0] + params["b3"]
    ### END SOLUTION


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
    ### BEGIN SOLUTION deep_features
    x = np.reshape(x, (-1, 1))
    first = np.maximum(0, x @ params["W1"] + params["b1"])
    second = np.maximum(0, first @ params["W2"] + params["b2"])
    by_second = (second > 0) * params["W3"].reshape(-1)
    by_first = (first > 0) * (by_second @ params["W2"].T)
    by_weights = first[:, :, np.newaxis] * by_second[:, np.newaxis, :]
    parts = [x * by_first, by_first, by_weights.reshape(len(x), -1), by_second, second]
    return np.hstack([*parts, np.ones_like(x)])
    ### END SOLUTION
