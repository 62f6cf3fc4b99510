"""What a training has reached, and what a page may draw of it. Requires nothing of anybody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exhibit import Curve
from autograder.sandbox.faults import Fault

from .arrays import as_array
from .check import Finding, NotAttempted
from .shown import curve

logger = logging.getLogger(__name__)

Array = np.ndarray[Any, np.dtype[Any]]
Scores = Callable[[Array], Array]
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class TrainingRun:
    """An accuracy that was reached, and what a page may draw of the training.

    Parameters
    ----------
    accuracy : in [0, 1].
    shown : is called where the accuracy is not enough; see `judging.shown`.
    """

    accuracy: float
    shown: Callable[[], Iterable[object]]

    def drawn(self) -> tuple[object, ...]:
        """What there is to draw; nothing where that fails, which must cost nobody anything."""
        try:
            return tuple(self.shown())
        except Exception as error:
            logger.warning("a training is not drawn: %r", error)
            return ()


def guesses(scores: Scores, X: Array) -> Array:
    """The class with the largest score for each row, by the judge's own `scores`; shape (N,).

    >>> guesses(lambda X: X, np.eye(3))
    array([0, 1, 2])
    """
    parts = range(0, len(X), BATCH)
    with np.errstate(all="ignore"):  # large weights overflow; the accuracy then is what it is
        found = [scores(X[n : n + BATCH]).argmax(axis=1) for n in parts]
    return np.concatenate(found)


def history_drawn(
    name: str, history: Callable[[], object], *, goal: float | None = None
) -> list[Curve]:
    """A history of a student's as a curve; nothing where it is none. Raises nothing for it.

    Parameters
    ----------
    goal : what it should reach.

    Examples
    --------
    >>> history_drawn("loss", lambda: [2.0, 1.0])[0].values
    (2.0, 1.0)
    """
    try:
        values = as_array(name, history()).reshape(-1)
    except (Finding, NotAttempted, Fault):
        return []
    return [curve(name, values, goal=goal)] if len(values) > 1 else []
