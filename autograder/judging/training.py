"""Judging what training achieved: losses that fall, accuracy on data the student never saw."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exhibit import Reached
from autograder.sandbox.remote import Remote, Student

from .arrays import as_array
from .check import Finding, PersonNeeded
from .handed_in import handed_in
from .plain_arrays import Unusable
from .shown import curve
from .trained import BATCH, Scores, TrainingRun, guesses
from .weights import FILE, read_weights

Array = np.ndarray[Any, np.dtype[Any]]
LUCK = 3.5  # standard deviations between a goal in the notebook and the one that is graded
HALF_PER_CENT = 0.005
DEVIATIONS = 3  # of an accuracy measured on a few images from what it would be on all


@dataclass(frozen=True, kw_only=True)
class Goal:
    """An accuracy to reach on `rows` images that were held back, and of how many classes.

    Parameters
    ----------
    part : the id of the gap whose code trains.
    needed : the accuracy, in [0, 1].
    classes, rows : how many there are.
    help : where to look.

    Examples
    --------
    >>> goal = Goal(part="tuning", needed=0.9, classes=10, rows=400)
    >>> round(goal.chance, 3)
    0.045
    """

    part: str
    needed: float
    classes: int
    rows: int
    help: str = ""

    @property
    def chance(self) -> float:
        """How far below `needed` chance may put a network that deserves it: 3 sqrt(p (1-p) / N)."""
        return DEVIATIONS * float(np.sqrt(self.needed * (1 - self.needed) / self.rows))


def graded_goal(visible: float, *, seen: int, unseen: int, spread: float) -> float:
    """The accuracy to ask for on new images of whoever has reached `visible` in the notebook.

    Both are measured on few images, and the network is trained anew, so one and the same code and
    settings give two different accuracies. Of a thousand who have just reached the visible goal
    one at most falls short of this one:

        visible - 3.5 sqrt(p (1 - p) (1 / seen + 1 / unseen) + 2 spread^2),    p = visible,

    rounded down to half a per cent. 3.09 standard deviations would do for one try; whoever tries
    several settings keeps the luckiest.

    Parameters
    ----------
    visible : the goal in the notebook, in [0, 1].
    seen, unseen : on how many images the notebook and the hidden test measure.
    spread : the standard deviation over trainings, apart from that of the images.

    Examples
    --------
    >>> graded_goal(0.92, seen=1000, unseen=3000, spread=0.003)
    0.88
    """
    variance = visible * (1 - visible) * (1 / seen + 1 / unseen) + 2 * spread**2
    lowest = visible - LUCK * math.sqrt(variance)
    return round(math.floor(lowest / HALF_PER_CENT + 1e-9) * HALF_PER_CENT, 3)


def expect_trained(
    student: Student,
    goal: Goal,
    *,
    saved: Callable[[Mapping[str, Array]], float],
    train: Callable[[], float | TrainingRun],
) -> Reached:
    """Require an accuracy of the weights that were handed in, or of training again.

    Returned is the accuracy that counts.

    Weights count where the instructor asks for them. A file that is missing or cannot be used is
    no fault of the training, so then it is run. Of the others a share, by the submission's own
    lot, is trained again, and so is whoever has left this part as a stub.

    Parameters
    ----------
    saved : the accuracy of arrays by name on images held back; raises `Unusable`.
    train : the accuracy that the student's own training reaches, with what a page may draw of it.

    Raises
    ------
    Finding : it is not reached; it says with which weights.
    PersonNeeded : it is reached by the weights and not by training again, which may be luck, a
        later change of the code, or somebody else's weights.
    """
    submitted = handed_in(student)
    if not submitted.assignment.training_grades.uses_weights:
        return _expect_trained(train(), goal)
    drawn = submitted.lot(goal.part) < submitted.assignment.training_grades.retrain_share
    try:
        reached = saved(read_weights(_file(submitted.find(FILE))))
    except Unusable as reason:
        return _expect_instead(train(), goal, reason)
    counted = _expect(reached, goal, f"with the weights in `{FILE}` on images held back")
    if drawn or goal.part in submitted.open_parts:
        _expect_again(_number(train()), reached, goal)
    return counted


def _file(data: bytes | None) -> bytes:
    if data is None:
        raise Unusable(f"`{FILE}` was not handed in.")
    return data


def _expect(reached: float, goal: Goal, of: str) -> Reached:
    return expect_accuracy(reached, goal.needed, classes=goal.classes, of=of, help=goal.help)


def _expect_trained(trained: float | TrainingRun, goal: Goal) -> Reached:
    """Require the accuracy of training that was run; a finding shows what there is to draw."""
    try:
        return _expect(_number(trained), goal, "on images that were not trained on")
    except Finding as found:
        if isinstance(trained, TrainingRun):
            found.showing(*trained.drawn())
        raise


def _number(trained: float | TrainingRun) -> float:
    return trained.accuracy if isinstance(trained, TrainingRun) else trained


def _expect_instead(trained: float | TrainingRun, goal: Goal, reason: Unusable) -> Reached:
    """Require the accuracy of training that was run for want of weights."""
    try:
        return _expect_trained(trained, goal)
    except Finding as found:
        help = f"{reason} So your code was trained instead. {found.help}".strip()
        raise Finding(found.rationale, help).showing(*found.shown) from None


def _expect_again(reached: float, saved: float, goal: Goal) -> None:
    """Leave to a person what training again does not give, chance of the images drawn apart."""
    if not reached >= goal.needed - goal.chance:
        raise PersonNeeded(
            f"The weights in `{FILE}` have accuracy {saved:.3f}. Trained again, your code reaches "
            f"{reached:.3f}; needed {goal.needed:.3f}, less {goal.chance:.3f} for chance. "
            "The code that was handed in does not give these weights; was it changed after saving?"
        )


def share_right(scores: Scores, X: Array, y: Array) -> float:
    """The share of rows whose largest score is at the label, by the judge's own `scores`.

    Parameters
    ----------
    scores : maps (rows, ...) to (rows, classes).
    X : inputs of shape (N, ...).
    y : labels of shape (N,).

    Examples
    --------
    >>> share_right(lambda X: X, np.eye(4), np.array([0, 1, 2, 0]))
    0.75
    """
    return float(np.mean(guesses(scores, X) == y))


def accuracy(model: Remote, X: Array, y: Array) -> float:
    """The share of rows for which the largest of ``model.loss(X)``'s scores is at the label.

    Parameters
    ----------
    model : the student's, in the worker.
    X : inputs of shape (N, ...), sent in batches of 500.
    y : labels of shape (N,).

    Raises
    ------
    Finding : the scores are not of shape (rows, classes).
    """
    right = 0
    for start in range(0, len(X), BATCH):
        rows = X[start : start + BATCH]
        scores = as_array("scores", model.loss(rows))
        if scores.ndim != 2 or len(scores) != len(rows) or not scores.shape[1]:
            raise Finding(
                f"`model.loss(X)` without labels gives scores of shape {scores.shape}, "
                f"expected ({len(rows)}, number of classes)."
            )
        right += int(np.sum(np.argmax(scores, axis=1) == y[start : start + BATCH]))
    return right / len(X)


def expect_accuracy(
    reached: float, needed: float, *, classes: int, of: str, help: str = ""
) -> Reached:
    """Require an accuracy, and say how far away it is and what guessing would give.

    A check that returns what this returns has its accuracy in the result, for a leaderboard.

    Parameters
    ----------
    reached, needed : accuracies in [0, 1]; NaN is not enough.
    classes : how many there are, for what guessing would give.
    of : what it is the accuracy of, such as ``on images that were not trained on``.

    Raises
    ------
    Finding : it is not reached.

    Examples
    --------
    >>> expect_accuracy(0.51, 0.48, classes=10, of="on the test set").reached
    0.51
    >>> expect_accuracy(0.43, 0.48, classes=10, of="on the test set")
    Traceback (most recent call last):
    autograder.judging.check.Finding: Accuracy 0.430 on the test set; needed 0.480; a constant
    guess has about 0.10.
    """
    share = Reached(reached=reached, needed=needed, guess=1 / classes)
    if not reached >= needed:
        found = Finding(
            f"Accuracy {reached:.3f} {of}; needed {needed:.3f}; "
            f"a constant guess has about {1 / classes:.2f}.",
            help,
        )
        raise found.showing(*([share] if math.isfinite(reached) else []))
    return share


def expect_falling(name: str, losses: object, *, help: str = "") -> Array:
    """Require that a history of losses is finite and ends clearly below its beginning.

    The mean of the last tenth has to be below 0.9 of the mean of the first tenth.

    Parameters
    ----------
    losses : numbers of shape (steps,); a `Remote` is fetched.

    Returns
    -------
    float64 of shape (steps,).

    Raises
    ------
    NotAttempted : for ``...``, the placeholder.
    Finding : too short, not finite, or not falling.

    Examples
    --------
    >>> expect_falling("loss_history", [2.3, 1.1, 0.4]).shape
    (3,)
    >>> expect_falling("loss_history", [2.3, 2.3, 2.2])
    Traceback (most recent call last):
    autograder.judging.check.Finding: `loss_history` goes from 2.3 to 2.2 in 3 steps.
    """
    history = as_array(name, losses).reshape(-1)
    if len(history) < 2:
        raise Finding(f"`{name}` has {len(history)} entries: nothing was trained.", help)
    if not np.isfinite(history).all():
        first = int(np.argmin(np.isfinite(history)))
        raise Finding(
            f"`{name}` is not finite from step {first + 1} of {len(history)} on.",
            help or "Is the learning rate or the weight scale too large?",
        ).showing(curve(name, history))
    part = max(1, len(history) // 10)
    begin, end = float(np.mean(history[:part])), float(np.mean(history[-part:]))
    if not end < 0.9 * begin:
        said = f"`{name}` goes from {begin:.4g} to {end:.4g} in {len(history)} steps."
        raise Finding(said, help).showing(curve(name, history))
    return history
