"""Question 3 in NumPy, the parts of k-means: Step 1, Step 2, J, and rounds from given centres."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    call,
    expect_close,
    expect_number,
    expect_unchanged,
)
from autograder.judging.check import Finding, check, on
from autograder.sandbox.remote import Student

from . import formulas
from .invariants import expect_nearest, expect_settled, expect_start_used, history_problem
from .returned import read_centres, read_clustering, read_labels

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("assign", points=2)
def assign(student: Student, rng: Generator) -> None:
    """assign gives every sample the number of its nearest centre."""
    for n, k, d in ((20, 4, 3), (1, 3, 2), (9, 1, 4), (12, 5, 1)):
        X, centres = 2 * rng.standard_normal((n, d)), rng.standard_normal((k, d))
        sent, at = student.send(X, "X"), student.send(centres, "centres")
        got = student.kmeans.assign(sent, at)
        if as_array("labels", got).shape == (k,) != (n,):
            raise Finding(
                f"{call(got)} gives one label for each of the {k} centres; expected one for each "
                f"of the {n} samples.",
                "Over which axis is the least distance taken?",
            )
        expect_nearest(X, read_labels(got, n, k), centres, power=2)
        expect_unchanged("X", sent, X)
        expect_unchanged("centres", at, centres)


@check("assign_ties", points=1, needs="assign")
def assign_ties(student: Student, rng: Generator) -> None:
    """assign gives a sample to one of its nearest centres where several are equally near."""
    corners = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [2.0, 2.0]])
    between = np.concatenate([corners, [[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]])
    for centres in (corners, corners[[0, 0, 3]], np.ones((2, 2))):
        labels = read_labels(student.kmeans.assign(between, centres), len(between), len(centres))
        expect_nearest(between, labels, centres, power=2)


@check("update", points=2)
def update(student: Student, rng: Generator) -> None:
    """update moves every centre to the mean of its cluster."""
    for n, k, d in ((20, 4, 3), (5, 5, 2), (7, 1, 4)):
        X, old = rng.standard_normal((n, d)) + 1, rng.standard_normal((k, d))
        labels = rng.permutation(np.arange(n) % k)
        sent, at = student.send(X, "X"), student.send(old, "centres")
        got = student.kmeans.update(sent, labels, at)
        right = formulas.means(X, labels, old)
        expect_close("moved", got, right, like="centres", hints=_mean_hints(X, labels, old))
        expect_unchanged("X", sent, X)
        expect_unchanged("centres", at, old)


@check("update_empty", points=1, needs="update")
def update_empty(student: Student, rng: Generator) -> None:
    """update leaves the centre of an empty cluster where it is, and copes with whole numbers."""
    X, old = rng.standard_normal((8, 3)), rng.standard_normal((4, 3))
    for empty in (1, 3):
        labels = np.array([0, 1, 2, 3, 0, 1, 2, 3])
        labels[labels == empty] = 0
        got = student.kmeans.update(X, labels, old)
        centres = read_centres(got, (4, 3))
        right = formulas.means(X, labels, old)
        if not centres[empty].any():
            raise Finding(
                f"Centre {empty}, whose cluster has no samples, is moved to the origin.",
                "A centre without samples stays where it is.",
            )
        expect_close("moved", got, right, like="centres")
    _expect_whole_numbers_moved(student, rng)


def _expect_whole_numbers_moved(student: Student, rng: Generator) -> None:
    X, old = rng.integers(-9, 10, size=(8, 3)), rng.integers(-9, 10, size=(3, 3))
    X[0] += 1 - X[[0, 3]].sum(axis=0) % 2  # their mean is no whole number
    labels = np.array([0, 1, 2, 0, 1, 2, 1, 2])
    right = formulas.means(X, labels, old)
    cut = Mistake(
        value=np.trunc(right),
        rationale="they are cut to whole numbers.",
        help="An array of whole numbers, such as a copy of `centres` may be, holds no others.",
    )
    with on("X and centres of whole numbers"):
        got = student.kmeans.update(X, labels, old)
        expect_close("moved", got, right, like="centres", hints=Hints(mistakes=[cut]))


@check("objective", points=1)
def objective(student: Student, rng: Generator) -> None:
    """objective is the sum of the squared distances to the centres."""
    for n, k, d in ((15, 4, 3), (6, 1, 2)):
        X, centres = rng.standard_normal((n, d)), rng.standard_normal((k, d))
        labels = rng.integers(k, size=n)
        right = formulas.cost(X, labels, centres, 2)
        sent, at = student.send(X, "X"), student.send(centres, "centres")
        got = student.kmeans.objective(sent, labels, at)
        expect_number("J", got, right, hints=_cost_hints(X, labels, centres))
        expect_unchanged("X", sent, X)
        expect_unchanged("centres", at, centres)


@check("kmeans", points=4, needs=("assign", "update", "objective"))
def kmeans(student: Student, rng: Generator) -> None:
    """kmeans goes round by round from the given centres until J no longer changes."""
    for n, k, d in ((60, 4, 2), (40, 3, 5), (30, 6, 1)):
        X = rng.standard_normal((n, d))
        init, right = formulas.start_without_empty(rng, X, k, power=2, least=3)
        sent, start = student.send(X, "X"), student.send(init, "init")
        got = read_clustering("kmeans", student.kmeans.kmeans(sent, k, init=start), X, k)
        problem = history_problem(got.history, right, n)
        if problem:
            again = student.kmeans.kmeans(X, k, init=init[::-1] + 0.1)
            expect_start_used(got, read_clustering("kmeans", again, X, k), problem)
        expect_settled(X, got, power=2)
        expect_unchanged("X", sent, X)
        expect_unchanged("init", start, init)
        _expect_one_round(student, X, init, right[0])


def _expect_one_round(student: Student, X: Array, init: Array, right: formulas.Round) -> None:
    got = student.kmeans.kmeans(X, len(init), init=init, max_rounds=1)
    one = read_clustering("kmeans", got, X, len(init))
    if len(one.history) != 1:
        raise Finding(
            f"With max_rounds=1, `history` has {len(one.history)} entries, expected 1.",
            "One round is Step 1 and then Step 2; `history` has one entry for each.",
        )
    expect_close("centres", one.centres, right.centres)
    expect_number("history[0]", one.remote_history[0], right.after)


def _mean_hints(X: Array, labels: Array, old: Array) -> Hints:
    (n, d), k = X.shape, len(old)
    right = formulas.means(X, labels, old)
    sums = right * np.bincount(labels, minlength=k)[:, None]
    place = "where the size of the cluster belongs."
    wrong: list[tuple[Array, str]] = [
        (sums, "they are sums; divide by the size of the cluster."),
        (sums / n, f"the sums are divided by {n}, the number of all samples, {place}"),
        (sums / d, f"the sums are divided by {d}, the number of coordinates, {place}"),
        (formulas.medians(X, labels, old), "they are medians."),
        (old, "they have not moved; return the new centres."),
    ]
    return Hints(
        mistakes=[Mistake(value=value, rationale=text) for value, text in wrong],
        help="A centre goes to the mean of its own samples, in each coordinate.",
    )


def _cost_hints(X: Array, labels: Array, centres: Array) -> Hints:
    n, d = X.shape
    right = formulas.cost(X, labels, centres, 2)
    lengths = np.sqrt(((X - centres[labels]) ** 2).sum(axis=1))
    every = formulas.all_distances(X, centres, 2).sum()
    wrong: list[tuple[float, str]] = [
        (right / n, f"it is the mean over the {n} samples, not the sum."),
        (right / (n * d), "it is the mean over all numbers, not the sum."),
        (float(lengths.sum()), "the distances are not squared."),
        (float(np.sqrt(right)), "it is the square root of J."),
        (formulas.cost(X, labels, centres, 1), "it is J', with absolute differences."),
        (float(every), "every sample counts for every centre; only its own one counts."),
    ]
    return Hints(
        mistakes=[Mistake(value=value, rationale=text) for value, text in wrong],
        help="J is the sum of the squared distances of the samples to their own centres.",
    )
