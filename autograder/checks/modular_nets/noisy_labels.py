"""Hidden test of labels that are made wrong on purpose, for extra credit."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import as_array, expect_unchanged
from autograder.judging.check import Finding, check
from autograder.sandbox.remote import Student

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("label_noise", points=2, bonus=True)
def label_noise(student: Student, rng: Generator) -> None:
    """noisy_labels makes exactly the asked share of the labels wrong."""
    for fraction in (0.0, 0.2, 1.0):
        labels = rng.integers(5, size=400)
        sent = student.send(labels, "labels")
        noisy = as_array("noisy", student.analysis.noisy_labels(sent, fraction, 5, seed=3))
        _expect_noise(noisy, labels, fraction)
        expect_unchanged("labels", sent, labels)
    first, again, other = (
        as_array("noisy", student.analysis.noisy_labels(labels, 0.2, 5, seed=seed))
        for seed in (3, 3, 4)
    )
    if (first != again).any():
        raise Finding(
            "Two calls with the same `seed` give different labels.",
            "All random numbers come from one generator, which is made with `seed` in each call.",
        )
    if (first == other).all():
        raise Finding("Two seeds give the same labels.", "Is `seed` used, or a number of your own?")


def _expect_noise(noisy: Array, labels: Array, fraction: float) -> None:
    if noisy.shape != labels.shape or not np.isin(noisy, np.arange(5)).all():
        raise Finding("The labels have another shape, or are not the classes 0 to 4.")
    wrong, asked = int(np.sum(noisy != labels)), round(fraction * len(labels))
    if wrong != asked:
        raise Finding(
            f"With fraction={fraction:g}, {wrong} of {len(labels)} labels are wrong, "
            f"expected {asked}.",
            "Are places drawn without repetition, and new labels only among the wrong ones?",
        )
    _expect_spread_out(noisy != labels)
    shifts = np.bincount((noisy - labels).astype(int) % 5, minlength=5)[1:]
    if asked and shifts.min() < asked / 40:
        raise Finding("The wrong labels are not drawn from all the other classes.")


def _expect_spread_out(wrong: Array) -> None:
    """Of 80 wrong labels among 400, 40 are in the first half, with a standard deviation of 4."""
    early, late = int(wrong[:200].sum()), int(wrong[200:].sum())
    if early + late < len(wrong) and max(early, late) > 3 * min(early, late) + 10:
        raise Finding(
            f"{early} of the wrong labels are in the first half of the examples, {late} in the "
            "second.",
            "The examples are drawn at random, not taken from the front.",
        )
