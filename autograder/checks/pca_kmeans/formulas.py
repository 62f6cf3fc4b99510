"""The judge's own PCA and k-means, against which students' functions are held.

Written for clearness, with loops, and apart from the reference solutions, so that one mistake
cannot hide in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

MOST_ROUNDS = 200
MOST_DRAWS = 1000


def leading(X: Array, k: int) -> tuple[Array, Array]:
    """The k leading right singular vectors (d, k) of X (n, d), and the squared singular values.

    Jolliffe, *Principal Component Analysis* (2002), section 3.5. X is taken as it is.
    """
    _, sizes, rows = np.linalg.svd(X, full_matrices=False)
    return rows[:k].T, sizes[:k] ** 2


def centred(X: Array) -> Array:
    """X (n, d) with the mean of each column subtracted."""
    return np.stack([column - column.sum() / len(column) for column in X.T], axis=1)


def nearest_points(X: Array, k: int) -> Array:
    """Every row of X (n, d) projected onto the k leading directions through the mean."""
    moved = centred(X)
    W, _ = leading(moved, k)
    nearest: Array = X - moved + np.stack([W @ (W.T @ row) for row in moved])
    return nearest


def all_distances(X: Array, centres: Array, power: int) -> Array:
    """Sums of |difference| ** power over the coordinates, (n, k)."""
    sums: Array = (np.abs(X[:, None] - centres) ** power).sum(axis=2)
    return sums


def cost(X: Array, labels: Array, centres: Array, power: int) -> float:
    """J for power 2 and J' for power 1."""
    return float((np.abs(X - centres[labels]) ** power).sum())


def means(X: Array, labels: Array, centres: Array) -> Array:
    """The mean of each cluster; an empty one keeps its centre."""
    moved = np.array(centres, dtype=np.float64)
    for j in range(len(centres)):
        if (labels == j).any():
            moved[j] = X[labels == j].sum(axis=0) / (labels == j).sum()
    return moved


def medians(X: Array, labels: Array, centres: Array) -> Array:
    """A median of each cluster in each coordinate; an empty one keeps its centre."""
    moved = np.array(centres, dtype=np.float64)
    for j in range(len(centres)):
        if (labels == j).any():
            moved[j] = np.median(X[labels == j], axis=0)
    return moved


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round of k-means: J between its steps and after both, and where it leads."""

    between: float
    after: float
    labels: Array
    centres: Array


def rounds(X: Array, centres: Array, power: int = 2) -> list[Round]:
    """All rounds of k-means from these centres, up to the last one that lowers J, or J'.

    Lloyd, *Least squares quantization in PCM* (1982).
    """
    done: list[Round] = []
    while len(done) < MOST_ROUNDS:
        labels = all_distances(X, centres, power).argmin(axis=1)
        between = cost(X, labels, centres, power)
        centres = (means if power == 2 else medians)(X, labels, centres)
        after = cost(X, labels, centres, power)
        if done and not after < done[-1].after * (1 - 1e-12):
            break
        done.append(Round(between=between, after=after, labels=labels, centres=centres))
    return done


def start_without_empty(
    rng: np.random.Generator, X: Array, k: int, *, power: int, least: int = 1
) -> tuple[Array, list[Round]]:
    """Centres (k, d) from which no cluster is ever empty, and `least` or more rounds from there.

    Raises
    ------
    RuntimeError : where a thousand draws find none.
    """
    for _ in range(MOST_DRAWS):
        init = X[rng.permutation(len(X))[:k]] + 0.1
        done = rounds(X, init, power)
        if len(done) >= least and all(len(np.unique(one.labels)) == k for one in done):
            return init, done
    raise RuntimeError(f"no start without empty clusters in {MOST_DRAWS} draws")
