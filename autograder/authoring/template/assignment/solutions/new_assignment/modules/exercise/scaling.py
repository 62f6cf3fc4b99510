"""Bringing features to one scale."""

import numpy as np


def standardise(X):
    """Give every column mean 0 and standard deviation 1.

    Parameters
    ----------
    X : array of shape (n, d)

    Returns
    -------
    array of shape (n, d); a column in which all entries are equal becomes zeros
    """
    ### BEGIN SOLUTION standardise
    centred = X - X.mean(axis=0)
    spread = centred.std(axis=0)
    return centred / np.where(spread > 0, spread, 1.0)
    ### END SOLUTION
