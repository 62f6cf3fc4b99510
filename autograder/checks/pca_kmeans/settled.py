"""Question 3 in NumPy, edge cases of `kmeans`: its own start, empty clusters, ties."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.check import Finding, check
from autograder.sandbox.remote import Student

from . import formulas
from .invariants import TOLERANCE, expect_same_again, expect_settled, expect_stopped
from .returned import read_clustering

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("kmeans_start", points=1, needs="kmeans")
def kmeans_start(student: Student, rng: Generator) -> None:
    """kmeans chooses centres of its own where none are given, and ends where nothing changes."""
    X = rng.standard_normal((40, 3)) + rng.choice([-3.0, 3.0], size=(40, 1))
    for k, seed in ((2, 0), (2, 1), (5, 2), (1, 3), (40, 4)):
        got = read_clustering("kmeans", student.kmeans.kmeans(X, k, seed=seed), X, k)
        expect_settled(X, got, power=2)
        expect_stopped(got, power=2)
    first, again = (
        read_clustering("kmeans", student.kmeans.kmeans(X, 5, seed=7, max_rounds=1), X, 5)
        for _ in range(2)
    )
    expect_same_again("kmeans", first, again)
    _expect_patient(student)


def _expect_patient(student: Student) -> None:
    """Require rounds as long as J falls, however little: centres creep along a line of samples.

    Two samples far away, at a centre of their own, make J so large that no round changes a
    thousandth of it.
    """
    steps = np.arange(30.0)
    line, far = steps + 0.1 * np.sin(steps), np.array([-300.0, 300.0])  # no two equally near
    X = np.column_stack([np.append(line, [9e3, 9e3]), np.append(0 * line, far)])
    got = student.kmeans.kmeans(X, 4, init=X[[0, 1, 2, 30]] * [1, 0])
    expect_settled(X, read_clustering("kmeans", got, X, 4), power=2)


@check("kmeans_empty", points=1, needs=("kmeans", "update_empty", "assign_ties"))
def kmeans_empty(student: Student, rng: Generator) -> None:
    """kmeans stays finite and right when clusters are empty."""
    X = rng.standard_normal((25, 2))
    far, twice = X[:4].copy(), X[:4].copy()
    far[2] = 1e3
    twice[3] = twice[0]
    equal = np.ones((6, 2))
    whole = rng.integers(-9, 10, size=(12, 2))
    for data, init in ((X, far), (X, twice), (equal, equal[:2]), (whole, whole[[0, 0, 1]])):
        got = student.kmeans.kmeans(data, len(init), init=init)
        expect_settled(data, read_clustering("kmeans", got, data, len(init)), power=2)


@check("kmeans_ties", points=1, needs=("kmeans", "assign_ties"))
def kmeans_ties(student: Student, rng: Generator) -> None:
    """kmeans stops and is consistent when samples are equally near to several centres."""
    grid = np.array([[i, j] for i in range(4) for j in range(4)], dtype=np.float64)
    line, near = np.array([[50.0], [0.0], [-2.0], [1.0]]), np.array([[50.0], [-1.0], [1.0]])
    for X, init in ((grid, grid[[0, 3, 12, 15]] + 0.5), (grid, grid[[5, 10]]), (line, near)):
        got = student.kmeans.kmeans(X, len(init), init=init)
        expect_settled(X, read_clustering("kmeans", got, X, len(init)), power=2)
        _expect_nearest_first(student, X, init)


def _expect_nearest_first(student: Student, X: Array, init: Array) -> None:
    """Require that the first round has sent every sample to one of its nearest centres."""
    got = student.kmeans.kmeans(X, len(init), init=init, max_rounds=1)
    reached = float(read_clustering("kmeans", got, X, len(init)).history[0])
    before = float(formulas.all_distances(X, init, 2).min(axis=1).sum())
    if reached > before * (1 + TOLERANCE) + 1e-9:
        raise Finding(
            f"After one round J = {reached:.6g}; with every sample at a nearest centre it is "
            f"{before:.6g} already after Step 1, and Step 2 never raises it.",
            "Where does a sample go that is equally near to two centres?",
        )
