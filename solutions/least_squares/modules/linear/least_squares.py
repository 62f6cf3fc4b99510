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
    ### BEGIN SOLUTION lstsq_svd
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > cutoff * s.max()
    return Vt[kept].T @ ((U[:, kept].T @ y) / s[kept])
    ### END SOLUTION


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
    ### BEGIN SOLUTION min_norm_svd
    w = lstsq_svd(X, y, cutoff)
    if np.linalg.norm(X @ w - y) > 1e-6 * np.linalg.norm(y):
        raise ValueError("y is not in the column space of X")
    return w
    ### END SOLUTION
