"""Tikhonov regularisation: least squares with weights on the residuals and on the solution."""

import numpy as np


def tikhonov(A, b, W1, W2, c):
    """The minimiser of ``||W1 (A x - b)||^2 + ||W2 (x - c)||^2`` over x.

    Parameters
    ----------
    A : array of shape (n, k)
    b : array of shape (n,)
    W1 : array of shape (m, n)
        Weights of the residuals; m may differ from n.
    W2 : array of shape (p, k)
        Weights of the solution; p may differ from k. ``W1 A`` above ``W2`` has rank k.
    c : array of shape (k,)
        Where the solution is pulled to. None of the arrays is changed.

    Returns
    -------
    x : array of shape (k,)
    """
    raise NotImplementedError("TODO(tikhonov)")
