"""The singular value decomposition of a matrix of features. Knows nothing of networks."""

import numpy as np


def principal_features(matrix):
    """The orthogonal functions of x that the features are made of, the strongest first.

    With the thin decomposition ``matrix = U diag(s) V^T`` these are the columns of U.

    Parameters
    ----------
    matrix : array of shape (N, P)

    Returns
    -------
    functions : array of shape (N, r), r = min(N, P)
        Orthonormal columns; the sign of each is free.
    values : array of shape (r,)
        Singular values, in descending order.
    """
    ### BEGIN SOLUTION principal_features
    functions, values, _ = np.linalg.svd(matrix, full_matrices=False)
    return functions, values
    ### END SOLUTION


def features_needed(values, share):
    """The smallest k for which the first k principal features hold a share of all squares.

        sum_{i <= k} s_i^2  >=  share * sum_i s_i^2

    Parameters
    ----------
    values : array of shape (r,)
        Singular values, in descending order; not all of them are 0.
    share : float, above 0 and below 1

    Returns
    -------
    k : int
    """
    ### BEGIN SOLUTION features_needed
    held = np.cumsum(np.square(values))
    return int(np.argmax(held >= share * held[-1])) + 1
    ### END SOLUTION


def least_change(matrix, residual, count):
    """The smallest change of the parameters that removes what `count` features see of a residual.

    In the linearized network a change d of the parameters changes the values by ``matrix @ d``.
    Among all d with ``matrix @ d = -U_k U_k^T residual``, where U_k are the first `count`
    principal features, this is the one with the least sum of squares:

        d = - sum_{i <= count} v_i (u_i . residual) / s_i

    Parameters
    ----------
    matrix : array of shape (N, P)
    residual : array of shape (N,)
    count : int
        At least 1. Singular values below 1e-10 times the largest count as 0: their terms are
        left out, whatever `count` is.

    Returns
    -------
    change : array of shape (P,)
        In the order of ``pack``.
    """
    ### BEGIN SOLUTION least_change
    functions, values, directions = np.linalg.svd(matrix, full_matrices=False)
    used = min(count, int(np.sum(values > 1e-10 * values[0])))
    seen = functions[:, :used].T @ residual
    return -directions[:used].T @ (seen / values[:used])
    ### END SOLUTION
