"""Hidden tests of training: what it reports, and what it reaches.

Many of them train on one example repeated, see `repeated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from autograder.exhibit import Reached
from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_number,
    expect_close,
    expect_number,
)
from autograder.judging.check import Finding, check
from autograder.judging.handed_in import assignment_of
from autograder.judging.shown import confusion, filters
from autograder.judging.trained import TrainingRun, guesses, history_drawn
from autograder.judging.training import expect_falling, expect_trained
from autograder.sandbox.remote import Student

from . import formulas
from .batches import BATCH_SIZE, EPOCHS, history_of
from .graded import draw, goal, saved, seconds, sizes
from .network import network_with, parameters_of
from .repeated import LEARNING_RATE, SIZES, Repeated

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

RATES = (0.2, 0.07, 0.03, 0.015)  # none is that of `LEARNING_RATE`
DIGITS = (1, 2, 3)
BATCH_SIZES = (32, 50, 64, 100, 128, 200, 250, 256)  # what students cut rows into
FEW = 1000  # rows are enough to see a loss fall


@check("running_loss", points=10, needs="training_runs", seconds=seconds)
def running_loss(student: Student, rng: Generator) -> None:
    """Each epoch's running loss is the mean of its own batches, and falls over the epochs."""
    one = Repeated(rng)
    losses = _losses_on_the_way(student, one, updates=15)
    history = student.training.train(
        network_with(student, one.params),
        *one.training(60),
        *one.validation(),
        batch_size=20,
        learning_rate=LEARNING_RATE,
        epochs=5,
    )
    got = history_of(history, "loss", epochs=5)
    expect_close(
        "history['loss']", got, losses[:15].reshape(5, 3).mean(axis=1), hints=_mean_hints(losses)
    )
    images = draw(assignment_of(student), rng)
    network = student.network.Network(sizes(assignment_of(student)))
    settings = {"batch_size": BATCH_SIZE, "learning_rate": LEARNING_RATE, "epochs": EPOCHS}
    trained = student.training.train(network, *images.for_student(rows=FEW), **settings)
    expect_falling("history['loss']", history_of(trained, "loss", epochs=EPOCHS))


@check("running_accuracy", points=1, needs=("forward",))
def running_accuracy(student: Student, rng: Generator) -> None:
    """The accuracy is the share of all rows whose largest score is at their label."""
    params = formulas.random_parameters(rng, SIZES)
    X = rng.standard_normal((450, SIZES[0]))
    answers = formulas.scores(params, X).argmax(axis=1)
    for _ in range(100):
        y = np.where(rng.random(len(X)) < 0.4, rng.integers(SIZES[-1], size=len(X)), answers)
        if _is_telling(answers == y):
            break
    got = student.training.accuracy(network_with(student, params), X, y)
    hints = _share_hints(answers == y, as_number("accuracy", got))
    expect_number("accuracy", got, _share(params, X, y), hints=hints)


@check("accuracy_history", points=1, needs=("training_runs", "backward", "running_accuracy"))
def accuracy_history(student: Student, rng: Generator) -> None:
    """Each epoch's accuracy is that of the network as it is after it, on the validation rows.

    Which updates `train` makes is not asked here: all rows that it trains on are equal, so what
    one epoch leads to is read from a training of one epoch, and so on.
    """
    one, rate, X = _changing_answers(rng)
    y = formulas.scores(next(islice(one.path(rate), 11, None)), X).argmax(axis=1)
    others = rng.random(len(y)) < 0.2
    y[others] = rng.integers(SIZES[-1], size=int(others.sum()))
    rows, labels = one.training(60)
    after = [one.params]
    for epochs in range(1, 5):
        network = network_with(student, one.params)
        history = student.training.train(
            network, rows, labels, X, y, batch_size=20, learning_rate=rate, epochs=epochs
        )
        after.append(parameters_of(network, one.params))
    got = history_of(history, "accuracy", epochs=4)
    shares, trained = (
        np.array([_share(params, *tried) for params in after]) for tried in ((X, y), (rows, labels))
    )
    if not np.allclose(shares[1:], trained[1:]) and np.allclose(got, trained[1:]):
        raise Finding(
            "`history['accuracy']` is what the network reaches on the training rows.",
            "After each epoch the network is tried on the validation rows.",
        )
    _expect_shares(got, shares)


@check("twenty_epochs", points=5, needs="training_runs", seconds=seconds)
def twenty_epochs(student: Student, rng: Generator) -> None:
    """Called without settings, train does its 20 epochs on the whole data set in time."""
    images = draw(assignment_of(student), rng)
    network = student.network.Network(sizes(assignment_of(student)))
    history = student.training.train(network, *images.for_student())
    for key in ("loss", "accuracy"):
        history_of(history, key, epochs=EPOCHS)


@check("held_back_accuracy", points=8, needs=("twenty_epochs", "forward"), seconds=seconds)
def held_back_accuracy(student: Student, rng: Generator) -> Reached:
    """After its 20 epochs the network is right on enough images that it has never seen."""
    assignment = assignment_of(student)
    needed = goal(assignment).needed

    def train() -> TrainingRun:
        images = draw(assignment, rng)
        network = student.network.Network(sizes(assignment), seed=int(rng.integers(1 << 30)))
        history = student.training.train(
            network, *images.for_student(), seed=int(rng.integers(1 << 30))
        )
        like = formulas.random_parameters(rng, sizes(assignment))
        params = parameters_of(network, like)
        found = guesses(partial(formulas.scores, params), images.X_test)
        return TrainingRun(
            accuracy=float(np.mean(found == images.y_test)),
            shown=lambda: [
                *history_drawn("history['loss']", lambda: history["loss"]),
                *history_drawn("history['accuracy']", lambda: history["accuracy"], goal=needed),
                *confusion(found, images.y_test, sizes(assignment)[-1]),
                *filters("W1", params["W1"], images.X_test.shape[1:]),
            ],
        )

    return expect_trained(
        student,
        goal(assignment),
        saved=lambda arrays: saved(assignment, arrays, rng),
        train=train,
    )


def _losses_on_the_way(student: Student, one: Repeated, *, updates: int) -> Array:
    """What the student's `backward` says before each update of the student's, and after the last.

    Which updates these are is not asked: one batch makes one epoch, and all batches are equal.
    """
    X, y = one.training(20)
    losses = []
    for epochs in range(updates + 1):
        network = network_with(student, one.params)
        if epochs:
            settings = {"batch_size": 20, "learning_rate": LEARNING_RATE, "epochs": epochs}
            student.training.train(network, X, y, *one.validation(), **settings)
        loss, _ = network.backward(X, y)
        losses.append(as_number("loss", loss))
    return np.array(losses)


def _changing_answers(rng: Generator) -> tuple[Repeated, float, Array]:
    """A training, its rate and rows whose answers change from epoch to epoch, by 20 or more."""
    for _ in range(100):
        one, X = Repeated(rng), rng.standard_normal((450, SIZES[0]))
        for rate in RATES:
            path = [one.params, *islice(one.path(rate), 12)]
            answers = [formulas.scores(params, X).argmax(axis=1) for params in path[::3]]
            if min(np.sum(answers[n] != answers[n + 1]) for n in range(4)) >= 20:
                return one, rate, X
    raise RuntimeError("no training whose answers change")


def _mean_hints(losses: Array) -> Hints:
    """`losses` before each of 15 updates, three for each epoch, and after the last."""
    epochs = losses[:15].reshape(5, 3)
    so_far = np.cumsum(epochs.mean(axis=1)) / np.arange(1, 6)
    own = "Start a new list of losses with every epoch."
    return Hints(
        mistakes=[
            Mistake(
                value=so_far,
                rationale="it is the mean over all epochs so far, which falls by construction.",
                help=own,
            ),
            Mistake(value=epochs[:, -1], rationale="it is the loss of the last batch alone."),
            Mistake(value=epochs[:, 0], rationale="it is the loss of the first batch alone."),
            Mistake(
                value=losses[1:].reshape(5, 3).mean(axis=1),
                rationale="the loss of a batch is taken after its update, not before.",
            ),
            Mistake(value=losses[3::3], rationale="it is the loss after the epoch, not during it."),
            Mistake(
                value=np.cumsum(epochs.sum(axis=1)),
                rationale="it is the sum over all epochs so far.",
                help=own,
            ),
        ],
        factors={3.0: "the number of batches", 20.0: "the batch size", 60.0: "the number of rows"},
        help="Take the mean of the losses that `backward` returns for the batches of one epoch.",
    )


def _share(params: Mapping[str, Array], X: Array, y: Array) -> float:
    return float(np.mean(formulas.scores(params, X).argmax(axis=1) == y))


def _share_hints(right: Array, got: float) -> Hints:
    """What a wrong share is known to come from; rounded is only what has no more digits."""
    share = float(right.mean())
    digits = [number for number in DIGITS if abs(got - round(got, number)) < 1e-9]
    wrong = [(round(share, number), f"it is rounded to {number} digits.") for number in digits]
    wrong += _wrong_shares(right)
    return Hints(
        mistakes=[Mistake(value=value, rationale=said) for value, said in wrong if value != share],
        help="Of how many rows is the largest score at the label? Divide by the number of rows.",
    )


def _is_telling(right: Array) -> bool:
    """Whether no rounded share is also what another mistake gives."""
    rounded = [round(float(right.mean()), number) for number in DIGITS]
    others = [value for value, _ in _wrong_shares(right)]
    return not any(abs(one - other) < 1e-6 for one in rounded for other in others)


def _wrong_shares(right: Array) -> list[tuple[float, str]]:
    share, rows = float(right.mean()), len(right)
    wrong = [
        (100 * share, "it is in per cent, not a share from 0 to 1."),
        (rows * share, "it is a number of rows, not a share of them."),
        (1 - share, "it is the share of wrong rows."),
    ]
    for size in BATCH_SIZES:
        batches = [right[start : start + size].mean() for start in range(0, rows, size)]
        mean = f"it is the mean over batches of {size}, whose last one is smaller; every row counts"
        whole = rows // size * size
        left_out = f"rows that do not fill a batch of {size} are left out"
        wrong += [
            (right[:whole].sum() / rows, f"{left_out}."),
            (float(right[: whole or rows].mean()), f"{left_out} of the mean."),
            (rows * share / size, f"the number of right rows is divided by {size}, not by {rows}."),
            (float(np.mean(batches)), f"{mean} alike."),
            (float(batches[0]), f"it is that of the first {size} rows; all of them count."),
        ]
    return wrong


def _expect_shares(got: Array, shares: Array) -> None:
    """`shares` before training and after each epoch.

    Up to one row in 450 may differ: its two best scores may be equal but for rounding.
    """
    right = shares[1:]
    if _same_shares(got, right):
        return
    if _same_shares(got, np.cumsum(right) / np.arange(1, len(right) + 1)):
        raise Finding(
            "`history['accuracy']` is the mean over all epochs so far.",
            "An epoch's accuracy is that of the network as it is after this epoch.",
        )
    if _same_shares(got, shares[:-1]):
        raise Finding(
            "`history['accuracy']` holds the accuracy before each epoch.",
            "Try the network on the validation rows after the epoch's last update.",
        )
    epoch = int(np.argmax(np.abs(got - right)))
    raise Finding(
        f"`history['accuracy']` says {got[epoch]:.4f} for epoch {epoch + 1}; of the 450 validation "
        f"rows {right[epoch]:.4f} are right then.",
        "Count over all validation rows, also those that do not fill a batch, after the epoch.",
    )


def _same_shares(got: Array, shares: Array) -> bool:
    return np.allclose(got, shares, atol=1.5 / 450, rtol=0)
