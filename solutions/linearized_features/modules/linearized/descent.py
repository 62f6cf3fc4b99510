"""Gradient descent through the features. Works for any network that has them."""

import numpy as np

from .parameters import pack, unpack
from .shallow import elbows


def gradient_step(params, matrix, residual, learning_rate):
    """One step of gradient descent on the loss L = 1/(2N) sum_n (f(x_n) - y_n)^2.

    The chain rule needs the features and the residual, and nothing else of the network:

        dL/dparam_p = 1/N sum_n residual_n * matrix[n, p]

    Parameters
    ----------
    params : dict of arrays, P numbers in all
        It is not changed, and neither are its arrays.
    matrix : array of shape (N, P)
        The features at these parameters.
    residual : array of shape (N,)
        f(x_n) - y_n.
    learning_rate : float

    Returns
    -------
    params : dict
        New arrays, of the same shapes.
    """
    ### BEGIN SOLUTION gradient_step
    gradient = matrix.T @ residual / len(residual)
    return unpack(pack(params) - learning_rate * gradient, params)
    ### END SOLUTION


def train(params, x, y, predict, features, learning_rate=0.05, steps=2000, every=100):
    """Take steps of gradient descent on all examples at once, and keep what happened.

    Parameters
    ----------
    params : dict of arrays
        Where training begins. It is not changed.
    x, y : arrays of shape (N,)
    predict : function of (params, x), which returns values of shape (N,)
    features : function of (params, x), which returns a matrix of shape (N, P)
    learning_rate : float
    steps : int
    every : int
        A snapshot is kept before the first step and after each `every` steps.

    Returns
    -------
    history : dict
        ``history["losses"]``, one number for each step: L before it.
        ``history["snapshots"]``, a list of 1 + steps // every dictionaries of parameters; the
        first one is where training began.
    """
    ### BEGIN SOLUTION training
    losses, snapshots = [], [params]
    for step in range(1, steps + 1):
        residual = predict(params, x) - y
        losses.append(float(residual @ residual) / (2 * len(residual)))
        params = gradient_step(params, features(params, x), residual, learning_rate)
        if step % every == 0:
            snapshots.append(params)
    return {"losses": losses, "snapshots": snapshots}
    ### END SOLUTION


def elbow_path(snapshots):
    """The elbows of a shallow network in every snapshot.

    Parameters
    ----------
    snapshots : list of S dictionaries of parameters

    Returns
    -------
    path : array of shape (S, H)
    """
    ### BEGIN SOLUTION elbow_path
    return np.array([elbows(params) for params in snapshots])
    ### END SOLUTION
