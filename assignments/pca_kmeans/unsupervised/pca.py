"""Principal component analysis. Samples are rows here, so X is the transpose of the notebook's.

No function changes the arrays that it gets.
"""

import numpy as np


def pca(X, k):
    """Find the directions in which samples spread most.

    The samples need not be centred: subtract their mean first.

    Parameters
    ----------
    X : array of shape (n, d)
        One sample in each row.
    k : int
        How many directions, 1 <= k <= min(n, d).

    Returns
    -------
    W : array of shape (d, k)
        One direction in each column, of length 1 and orthogonal to the others, the one with the
        largest eigenvalue first. Either sign of a column will do.
    values : array of shape (k,)
        The k largest eigenvalues of the scatter matrix (the sum over the samples, without 1/n),
        largest first.
    """
    raise NotImplementedError("TODO(pca)")


def reconstruct(X, k):
    """Replace each sample by the nearest point on the plane that PCA finds.

    The plane goes through the mean of the samples, along the k directions of `pca`.

    Parameters
    ----------
    X : array of shape (n, d)
        One sample in each row, not necessarily centred.
    k : int
        How many directions, 1 <= k <= min(n, d).

    Returns
    -------
    nearest : array of shape (n, d)
        In the coordinates of X, so that `X - nearest` is what is lost.
    """
    raise NotImplementedError("TODO(reconstruct)")
