"""What must hold of a clustering whichever way it was found; and what is wrong with a history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.judging.check import Finding

from . import formulas
from .formulas import Round
from .returned import Clustering

Array = np.ndarray[Any, np.dtype[Any]]

# Relative to the distance or the sum in question; wide enough for float32.
TOLERANCE = 1e-4
# One or two are the usual cost of seeing that nothing changes.
MOST_REPEATS = 10
NAMES = {2: "J", 1: "J'"}
LEAST = {2: "squared distances to", 1: "absolute differences from"}
NEAREST = {2: "the squared distance", 1: "the sum of absolute differences"}


def expect_nearest(X: Array, labels: Array, centres: Array, *, power: int) -> None:
    """Require every sample to be at one of its nearest centres."""
    away = formulas.all_distances(X, centres, power)
    own = away[np.arange(len(X)), labels]
    wrong = own > away.min(axis=1) + TOLERANCE * (away.min(axis=1) + away.mean() * 1e-2)
    if not wrong.any():
        return
    first = int(wrong.argmax())
    best = int(away[first].argmin())
    raise Finding(
        f"{int(wrong.sum())} of {len(X)} samples are not at their nearest centre: sample {first} "
        f"is at centre {labels[first]}, where {NEAREST[power]} is {own[first]:.4g}, and at centre "
        f"{best} it is {away[first, best]:.4g}.{_other_rule(X, labels, centres, power)}"
    )


def _other_rule(X: Array, labels: Array, centres: Array, power: int) -> str:
    if (labels == formulas.all_distances(X, centres, power).argmax(axis=1)).all():
        return " Each is at its farthest one."
    if (labels == formulas.all_distances(X, centres, 3 - power).argmin(axis=1)).all():
        return f" Each is where {NEAREST[3 - power]} is least; that is another question."
    if (labels == (X[:, None] - centres).sum(axis=2).argmin(axis=1)).all():
        return " Each is where the sum of the differences with their signs is least."
    if (labels == (X @ centres.T).argmax(axis=1)).all():
        return " Each is where the inner product is largest; the distance is another question."
    return ""


def expect_settled(X: Array, got: Clustering, *, power: int) -> None:
    """Require a clustering at which neither step changes anything, and a history that fits it."""
    _expect_not_rising(got.history, power)
    _expect_last(X, got, power)
    _expect_best_centres(X, got, power)
    expect_nearest(X, got.labels, got.centres, power=power)


def expect_stopped(got: Clustering, *, power: int) -> None:
    """Require an end soon after the last round that changes J; where J is 0 anything goes."""
    repeats = len(got.history) - len(without_repeats(got.history))
    if repeats > MOST_REPEATS and got.history[-1] > 0:
        raise Finding(
            f"It goes on for {repeats} rounds in which {NAMES[power]} stays the same.",
            f"Stop when {NAMES[power]} no longer changes; `max_rounds` is only an upper bound.",
        )


def expect_start_used(first: Clustering, other: Clustering, problem: Finding) -> None:
    """Require that another start gives another history, where the first has a problem.

    Raises
    ------
    Finding : both histories are one, so that the given centres are ignored; otherwise `problem`.
    """
    if np.array_equal(first.history, other.history):
        raise Finding(
            "The given centres are ignored: two calls with different `init` give one history.",
            "Centres are drawn only where `init` is None.",
            named=True,
        )
    raise problem


def expect_same_again(function: str, first: Clustering, again: Clustering) -> None:
    """Require the same centres, in the same order, of two calls with one seed."""
    if not np.allclose(first.centres, again.centres, rtol=TOLERANCE, atol=1e-6):
        raise Finding(
            f"`{function}` called twice with the same `seed` gives different centres.",
            "Is the start drawn without `seed`?",
        )


def expect_rounds(got: Clustering, most: int) -> None:
    """Require no more rounds than `max_rounds`."""
    if len(got.history) > most:
        raise Finding(
            f"With max_rounds={most}, `history` has {len(got.history)} entries, expected "
            f"{most} at most.",
            "One round is Step 1 and then Step 2; `history` has one entry for each.",
        )


def _expect_not_rising(history: Array, power: int) -> None:
    rises = np.flatnonzero(history[1:] > history[:-1] * (1 + TOLERANCE) + 1e-9)
    if rises.size:
        at = int(rises[0])
        raise Finding(
            f"{NAMES[power]} rises from {history[at]:.6g} to {history[at + 1]:.6g} in round "
            f"{at + 2}.",
            "Neither step may raise it: do both use the same distance?",
        )


def _expect_last(X: Array, got: Clustering, power: int) -> None:
    now = formulas.cost(X, got.labels, got.centres, power)
    if abs(got.history[-1] - now) > TOLERANCE * abs(now) + 1e-9 * np.abs(X).max() ** power:
        raise Finding(
            f"The last entry of `history` is {got.history[-1]:.6g}, but the labels and centres "
            f"that are returned have {NAMES[power]} = {now:.6g}.",
            "Compute it after the last step, with what is returned.",
        )


def _expect_best_centres(X: Array, got: Clustering, power: int) -> None:
    best = (formulas.means if power == 2 else formulas.medians)(X, got.labels, got.centres)
    for j in range(len(best)):
        members = X[got.labels == j]
        own = (np.abs(members - got.centres[j]) ** power).sum()
        least = (np.abs(members - best[j]) ** power).sum()
        if own > least * (1 + TOLERANCE) + 1e-9 * np.abs(X).max() ** power:
            raise Finding(
                f"Centre {j} could be better: its {len(members)} samples have {NAMES[power]} = "
                f"{own:.6g}, and {least:.6g} is possible.{_other_centres(X, got, power)}",
                f"Which point has the least sum of {LEAST[power]} these samples?",
            )


def _other_centres(X: Array, got: Clustering, power: int) -> str:
    rules = {2: ("medians", formulas.medians), 1: ("means", formulas.means)}
    word, rule = rules[power]
    if np.allclose(got.centres, rule(X, got.labels, got.centres), rtol=1e-4, atol=1e-6):
        return f" The centres are the {word} of their clusters."
    return ""


def history_problem(history: Array, right: Sequence[Round], n: int) -> Finding | None:
    """What is wrong with the values of J after each round; None where they are right."""
    values, after = without_repeats(history), np.array([one.after for one in right])
    if _same(values, after):
        return None
    between = np.array([one.between for one in right])
    if _same(values[: len(between)], between[: len(values)]):
        return Finding(
            "`history` has J between the two steps, with the centres of the round before.",
            "J belongs to the end of a round: labels from Step 1, centres from Step 2.",
        )
    if _same(values[1:], after):
        return Finding("`history` has one entry too many at its beginning; the first one belongs "
                       "to the end of the first round.")  # fmt: skip
    if len(values) < len(after) and _same(values, after[: len(values)]):
        return Finding(
            f"It stops after {len(history)} rounds at J = {values[-1]:.6g}, but the next round has "
            f"J = {after[len(values)]:.6g}.",
            "Go on until J stays the same.",
        )
    return Finding(f"`history` is not that of k-means. {_first_difference(values, after, n)}",
                   "Step 1, then Step 2, then J of both: that is one round.")  # fmt: skip


def _first_difference(values: Array, after: Array, n: int) -> str:
    if _same(values * n, after):
        return f"Its entries are J divided by {n}, the number of samples."
    if _same(values**2, after):
        return "Its entries are square roots of J."
    common = min(len(values), len(after))
    off = np.abs(values[:common] - after[:common]) > TOLERANCE * after[:common]
    first = int(off.argmax()) if off.any() else common
    if first < common:
        return f"After round {first + 1}, J = {values[first]:.6g}; expected {after[first]:.6g}."
    return f"It has {len(values)} different values; expected {len(after)}."


def without_repeats(history: Array) -> Array:
    """The history without the entries at its end that repeat the one before them."""
    last = len(history)
    while last > 1 and np.isclose(history[last - 1], history[last - 2], rtol=1e-6, atol=1e-12):
        last -= 1
    return history[:last]


def _same(values: Array, right: Array) -> bool:
    return values.shape == right.shape and bool(
        np.allclose(values, right, rtol=TOLERANCE, atol=1e-9)
    )
