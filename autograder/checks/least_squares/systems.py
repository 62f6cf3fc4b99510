"""Random systems of equations with the singular values that a test needs, and right solutions."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

SHAPES = {"tall": (9, 4), "square": (5, 5), "wide": (4, 9), "one column": (6, 1), "one row": (1, 6)}
# Squares of the smallest singular value get lost beside those of the largest: 1e-16 beside 1.
NEARLY_DEPENDENT = 1e-8
SQUARED = (
    "Is a product such as XᵀX formed? It squares the singular values, and the small ones drown in "
    "the rounding of the large ones."
)


def spread(n: int, d: int) -> Array:
    """Singular values from 3 down to 0.7, one for each dimension that an n×d matrix has."""
    return np.linspace(3.0, 0.7, min(n, d))


def matrix(rng: Generator, n: int, d: int, values: Array) -> Array:
    """A random matrix of shape (n, d) with these singular values (missing ones are zero)."""
    m = len(values)
    left = np.linalg.qr(rng.standard_normal((n, n)))[0][:, :m]
    right = np.linalg.qr(rng.standard_normal((d, d)))[0][:, :m]
    return np.asarray((left * values) @ right.T)


def system(rng: Generator, n: int, d: int) -> tuple[Array, Array]:
    """A matrix of full rank and a right-hand side."""
    return matrix(rng, n, d, spread(n, d)), rng.standard_normal(n)


def whole_numbers(rng: Generator, n: int, d: int) -> tuple[Array, Array]:
    """A matrix (n, d) of full rank, n at least d, and a right-hand side, of whole numbers."""
    X = rng.integers(-1, 2, size=(n, d)) + 5 * np.eye(n, d, dtype=int)
    return X, rng.integers(-9, 10, size=n)


def least_norm(X: Array, y: Array) -> Array:
    """The least-squares solution of least norm, singular values below 1e-10 left out."""
    return np.asarray(np.linalg.pinv(X, rcond=1e-10) @ y)


def ridge_solution(X: Array, y: Array, lam: float) -> Array:
    """The ridge solution without products of X with itself."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return np.asarray(Vt.T @ (s / (s**2 + lam) * (U.T @ y)))
