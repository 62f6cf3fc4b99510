"""Ridge regression in four ways: minimise ||X w - y||^2 + lam ||w||^2 over w."""

import numpy as np


def ridge(X, y, lam):
    """The ridge solution from the normal equations.

    Parameters
    ----------
    X : array of shape (n, d)
        Tall or wide. It is not changed.
    y : array of shape (n,)
    lam : float
        The weight of the penalty, lam > 0.

    Returns
    -------
    w : array of shape (d,)
    """
    ### BEGIN SOLUTION ridge
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    ### END SOLUTION


def ridge_svd(X, y, lam):
    """The ridge solution from the SVD of `X`, without ever forming a product of `X` with itself.

    Parameters
    ----------
    X : array of shape (n, d)
        Tall or wide. It is not changed.
    y : array of shape (n,)
    lam : float
        The weight of the penalty, lam > 0. It may be as small as the square of a singular value
        of 1e-8.

    Returns
    -------
    w : array of shape (d,)
    """
    ### BEGIN SOLUTION ridge_svd
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ (s / (s**2 + lam) * (U.T @ y))
    ### END SOLUTION


def ridge_fake_data(X, y, lam):
    """The ridge solution as plain least squares, with d fake rows below `X` and `y`.

    Parameters
    ----------
    X : array of shape (n, d)
        Tall or wide. It is not changed.
    y : array of shape (n,)
    lam : float
        The weight of the penalty, lam > 0.

    Returns
    -------
    w : array of shape (d,)
    X_fake : array of shape (n + d, d)
    y_fake : array of shape (n + d,)
        The system whose least-squares solution is `w`.
    """
    ### BEGIN SOLUTION ridge_fake_data
    d = X.shape[1]
    X_fake = np.vstack([X, np.sqrt(lam) * np.eye(d)])
    y_fake = np.concatenate([y, np.zeros(d)])
    return np.linalg.lstsq(X_fake, y_fake, rcond=None)[0], X_fake, y_fake
    ### END SOLUTION


def ridge_fake_features(X, y, lam):
    """The ridge solution as the solution of least norm, with n fake columns beside `X`.

    Parameters
    ----------
    X : array of shape (n, d)
        Tall or wide. It is not changed.
    y : array of shape (n,)
    lam : float
        The weight of the penalty, lam > 0.

    Returns
    -------
    w : array of shape (d,)
        The weights of the real features.
    f : array of shape (n,)
        The weights of the fake features, so that ``X w + sqrt(lam) f = y``.
    """
    ### BEGIN SOLUTION ridge_fake_features
    n, d = X.shape
    stacked = np.linalg.pinv(np.hstack([X, np.sqrt(lam) * np.eye(n)])) @ y
    return stacked[:d], stacked[d:]
    ### END SOLUTION
