"""What the log of a student's own training says, beside what the judge's training gives.

Anybody can edit a log, and it does not show which code wrote it. So no point depends on one: it is
read where settings have failed, to say whether they failed in the notebook, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exhibit import Curve
from autograder.judging.handed_in import HandedIn
from autograder.judging.histories import read_history
from autograder.judging.plain_arrays import Unusable
from autograder.judging.shown import curve

Array = np.ndarray[Any, np.dtype[Any]]

KINDS = (".npz", ".npy", ".json", ".csv")
FAR = 3.0  # times; first losses of one weight_scale are nearer to each other
MISSING = (
    "No log of your own training was handed in: run the cell after your settings, which writes "
    "`{path}`, and the hand-in cell will pack it."
)


@dataclass(frozen=True, kw_only=True)
class Log:
    """A training as it was logged: its losses and, where they are there, training accuracies."""

    path: str
    losses: Array
    accuracies: Array

    @property
    def best(self) -> float:
        """The best training accuracy; 0 where none was logged."""
        return float(self.accuracies.max(initial=0.0))

    def drawn(self) -> tuple[Curve, ...]:
        """The training accuracies, to be drawn."""
        several = len(self.accuracies) > 1
        title = f"training accuracy in {self.path}"
        return (curve(title, self.accuracies, goal=1.0),) if several else ()


def read_log(submitted: HandedIn, stem: str) -> Log:
    """The log that was handed in as ``logs/<stem>`` in any format that is read.

    Raises
    ------
    Unusable : there is none, or none with losses; the message is a sentence for the student.
    """
    for kind in KINDS:
        path = f"logs/{stem}{kind}"
        content = submitted.find(path)
        content = submitted.find(f"{stem}{kind}") if content is None else content
        if content is not None:
            return _log(read_history(content, path), path)
    raise Unusable(MISSING.format(path=f"logs/{stem}{KINDS[0]}"))


def beside_ours(log: Log, firsts: Sequence[float]) -> str:
    """What a log says of settings that fail here.

    Parameters
    ----------
    firsts : the first loss of each training here.
    """
    first, last = float(log.losses[0]), float(log.losses[-1])
    goes = f"In your log `{log.path}` the loss goes from {first:.3g} to {last:.3g}"
    if not any(_near(first, ours) for ours in firsts):
        here = f"here it begins at {firsts[0]:.3g}"
        return f"{goes}, and {here}. Have you changed the settings since, or the data set?"
    if not log.accuracies.size:
        return f"{goes}."
    if log.best < 1:
        return f"{goes}, and the training accuracy reaches {log.best:.0%}: too low there, too."
    return (
        f"{goes}, and the training accuracy reaches 100%; here it did so from none of {len(firsts)}"
        " random initialisations. Are the settings at the edge of the range that works?"
    )


def _near(logged: float, ours: float) -> bool:
    """Whether two first losses may come of one weight_scale; a loss may overflow."""
    if not (np.isfinite(logged) and np.isfinite(ours)):
        return not (np.isfinite(logged) or np.isfinite(ours))
    return ours / FAR <= logged <= ours * FAR


def _log(history: Mapping[str, Array], path: str) -> Log:
    losses = _named(history, "loss")
    if losses is None and len(history) == 1:
        losses = next(iter(history.values()))
    if losses is None or not losses.size:
        raise Unusable(f"Your log `{path}` holds no history of the loss.")
    accuracies = _named(history, "train", "acc")
    accuracies = np.zeros(0) if accuracies is None else accuracies.reshape(-1)
    in_per_cent = accuracies.max(initial=0.0) > 1
    accuracies = accuracies / 100 if in_per_cent else accuracies
    return Log(path=path, losses=losses.reshape(-1), accuracies=accuracies)


def _named(history: Mapping[str, Array], *words: str) -> Array | None:
    """The first history whose name has these words."""
    return next((v for name, v in history.items() if all(w in name.lower() for w in words)), None)
