"""Question 3 in NumPy, `kmeans_l1`: absolute differences in place of squared distances."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, Mistake, expect_number, expect_unchanged
from autograder.judging.check import check, on
from autograder.sandbox.remote import Student

from . import formulas
from .invariants import expect_rounds, expect_same_again, expect_settled, expect_stopped
from .returned import read_clustering

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("kmeans_l1", points=4)
def kmeans_l1(student: Student, rng: Generator) -> None:
    """kmeans_l1 makes the sum of absolute differences as small as its two steps can."""
    for n, k, d in ((45, 3, 6), (30, 2, 4), (21, 1, 3)):
        X = rng.standard_t(2, size=(n, d))  # a few samples are far away
        init, _ = formulas.start_without_empty(rng, X, k, power=1)
        sent, start = student.send(X, "X"), student.send(init, "init")
        got = read_clustering("kmeans_l1", student.kmeans.kmeans_l1(sent, k, init=start), X, k)
        _expect_first(X, init, got.remote_history)
        expect_settled(X, got, power=1)
        expect_unchanged("X", sent, X)
        expect_unchanged("init", start, init)


@check("kmeans_l1_edges", points=1, needs="kmeans_l1")
def kmeans_l1_edges(student: Student, rng: Generator) -> None:
    """kmeans_l1 chooses its start by seed, stops in time, copes with empty clusters."""
    solve = student.kmeans.kmeans_l1
    X = rng.standard_normal((20, 2))
    far = X[:3].copy()
    far[1] = 1e3
    between = rng.uniform(0.1, 0.9, size=(20, 2))  # so that no whole number is a median
    starts = {
        "one centre far away": (X, far),
        "centres of whole numbers": (between, np.array([[0, 0], [1, 1]])),
    }
    for kind, (samples, init) in starts.items():
        with on(f"a start with {kind}"):
            found = solve(samples, len(init), init=init)
            got = read_clustering("kmeans_l1", found, samples, len(init))
            expect_settled(samples, got, power=1)
    for k in (1, 3, 20):
        got = read_clustering("kmeans_l1", solve(X, k, seed=k), X, k)
        expect_settled(X, got, power=1)
        expect_stopped(got, power=1)
    first, again = (
        read_clustering("kmeans_l1", solve(X, 5, seed=7, max_rounds=1), X, 5) for _ in range(2)
    )
    expect_rounds(first, 1)
    expect_same_again("kmeans_l1", first, again)


def _expect_first(X: Array, init: Array, history: Any) -> None:
    """Require the right J' after one round: it does not depend on which median is taken."""
    labels = formulas.all_distances(X, init, 1).argmin(axis=1)
    others = formulas.all_distances(X, init, 2).argmin(axis=1)
    right = formulas.cost(X, labels, formulas.medians(X, labels, init), 1)
    moved, crossed = formulas.means(X, labels, init), formulas.medians(X, others, init)
    mistakes = [
        Mistake(value=formulas.cost(X, labels, moved, 1), rationale="the centres are the means of "
                "their clusters; another point has the smaller sum of absolute differences."),
        Mistake(value=formulas.cost(X, others, crossed, 1), rationale="the samples are at the "
                "centre with the least squared distance; J' adds up absolute differences."),
        Mistake(value=formulas.cost(X, others, formulas.means(X, others, init), 2),
                rationale="it is the J of `kmeans`."),
        Mistake(value=formulas.cost(X, labels, init, 1), rationale="it is J' between the two "
                "steps, with the centres of the round before."),
        Mistake(value=right / len(X), rationale="it is divided by the number of samples."),
    ]  # fmt: skip
    expect_number("history[0]", history[0], right, hints=Hints(mistakes=mistakes))
