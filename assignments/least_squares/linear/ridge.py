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
    raise NotImplementedError("TODO(ridge)")


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
    raise NotImplementedError("TODO(ridge_svd)")


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
    raise NotImplementedError("TODO(ridge_fake_data)")


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
    raise NotImplementedError("TODO(ridge_fake_features)")
