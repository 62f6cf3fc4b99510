"""Systems of linear equations that have no solution, or too many, through the SVD."""

import numpy as np

CUTOFF = 1e-10


def lstsq_svd(X, y, cutoff=CUTOFF):
    """The least-squares solution of ``X w = y``; of several, the one of least norm.

    Parameters
    ----------
    X : array of shape (n, d)
        Of any shape and rank. It is not changed.
    y : array of shape (n,)
    cutoff : float
        Singular values up to ``cutoff`` times the largest one count as zero.

    Returns
    -------
    w : array of shape (d,)
    """
    raise NotImplementedError("TODO(lstsq_svd)")


def min_norm_svd(X, y, cutoff=CUTOFF):
    """The solution of ``X w = y`` with the least norm, where there is a solution.

    Parameters
    ----------
    X : array of shape (n, d)
        Usually wide, n < d, but of any shape and rank. It is not changed.
    y : array of shape (n,)
    cutoff : float
        Singular values up to ``cutoff`` times the largest one count as zero.

    Returns
    -------
    w : array of shape (d,)

    Raises
    ------
    ValueError
        If there is no solution: if the part of `y` outside the column space of `X` has a norm of
        more than 1e-6 times that of `y`.
    """
    raise NotImplementedError("TODO(min_norm_svd)")
