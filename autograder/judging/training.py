"""Judging what training achieved: losses that fall, accuracy on data the student never saw."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.sandbox.remote import Remote

from .arrays import as_array
from .check import Finding

Array = np.ndarray[Any, np.dtype[Any]]
BATCH = 500


def accuracy(model: Remote, X: Array, y: Array) -> float:
    """The share of rows for which the largest of ``model.loss(X)``'s scores is at the label.

    Parameters
    ----------
    X : inputs of shape (N, ...).
    y : labels of shape (N,).
    """
    right = 0
    for start in range(0, len(X), BATCH):
        rows = X[start : start + BATCH]
        scores = as_array("scores", model.loss(rows))
        if scores.ndim != 2 or len(scores) != len(rows):
            raise Finding(
                f"`model.loss(X)` without labels gives scores of shape {scores.shape}, "
                f"expected ({len(rows)}, number of classes)."
            )
        right += int(np.sum(np.argmax(scores, axis=1) == y[start : start + BATCH]))
    return right / len(X)


def expect_accuracy(
    reached: float, needed: float, *, classes: int, of: str, help: str = ""
) -> None:
    """Require an accuracy, and say how far away it is and what guessing would give."""
    if not reached >= needed:
        raise Finding(
            f"Accuracy {reached:.3f} {of}; needed {needed:.3f}; "
            f"a constant guess has about {1 / classes:.2f}.",
            help,
        )


def expect_falling(name: str, losses: object, *, help: str = "") -> Array:
    """Require that a history of losses is finite and ends clearly below its beginning."""
    history = as_array(name, losses).reshape(-1)
    if len(history) < 2:
        raise Finding(f"`{name}` has {len(history)} entries: nothing was trained.", help)
    if not np.isfinite(history).all():
        first = int(np.argmin(np.isfinite(history)))
        raise Finding(
            f"`{name}` is not finite from step {first + 1} of {len(history)} on.",
            help or "Is the learning rate or the weight scale too large?",
        )
    part = max(1, len(history) // 10)
    begin, end = float(np.mean(history[:part])), float(np.mean(history[-part:]))
    if not end < 0.9 * begin:
        raise Finding(f"`{name}` goes from {begin:.4g} to {end:.4g} in {len(history)} steps.", help)
    return history
