"""Hidden tests of training: what it does to the parameters, what it reports, what it reaches.

Many of them train on one example repeated, see `repeated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_number,
    expect_unchanged,
)
from autograder.judging.check import Finding, check
from autograder.judging.handed_in import assignment_of
from autograder.judging.training import expect_falling, expect_trained, share_right
from autograder.sandbox.remote import Remote, Student

from . import formulas
from .graded import draw, goal, saved, seconds, sizes
from .network import network_with, parameters_of
from .repeated import LEARNING_RATE, SAME, SIZES, Repeated, distance, in_given_order, own_losses

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

BATCH_SIZE, EPOCHS = 200, 20
FEW = 1000  # rows are enough to see a loss fall


@check("training_runs", points=5)
def training_runs(student: Student, rng: Generator) -> None:
    """train runs, changes the parameters and returns a loss and an accuracy for every epoch."""
    X, y = rng.standard_normal((60, 3, 2)), rng.integers(4, size=60)
    X_val, y_val = rng.standard_normal((7, 3, 2)), rng.integers(4, size=7)
    network = student.network.Network((6, 8, 8, 4))
    before = as_array("params['W3']", network.params["W3"])
    sent = {"X_train": X, "y_train": y, "X_val": X_val, "y_val": y_val}
    handles = {name: student.send(value, name) for name, value in sent.items()}
    history = student.training.train(
        network, *handles.values(), batch_size=20, learning_rate=0.05, epochs=2
    )
    for key in ("loss", "accuracy"):
        _history(history, key, epochs=2)
    if np.array_equal(as_array("params['W3']", network.params["W3"]), before):
        raise Finding(
            "After `train` the network's `params` are what they were before.",
            "Does the update reach `network.params`, or a copy of it?",
        )
    for name, value in sent.items():
        expect_unchanged(name, handles[name], value)


@check("hyper_parameters", points=0.5, needs=("training_runs", "backward"))
def hyper_parameters(student: Student, rng: Generator) -> None:
    """Called without settings, train makes the updates of batch 200, rate 0.1 and 20 epochs."""
    rows = 3 * BATCH_SIZE
    one = Repeated(rng)
    network = network_with(student, one.params)
    history = student.training.train(network, *one.training(rows), *one.validation())
    _history(history, "loss", epochs=EPOCHS)
    one.expect_updates(network, updates=3 * EPOCHS, rows=rows)


@check("shuffled_batches", points=0.5, needs=("training_runs", "backward"))
def shuffled_batches(student: Student, rng: Generator) -> None:
    """An epoch visits every row once, with its own label, in an order that is not the given one."""
    params = formulas.random_parameters(rng, SIZES)
    X, y = rng.standard_normal((400, SIZES[0])), np.sort(rng.integers(SIZES[-1], size=400))
    network = network_with(student, params)
    still = student.training.train(
        network, X, y, X[:5], y[:5], batch_size=50, learning_rate=0.0, epochs=2
    )
    mean = formulas.loss(params, X, y)
    once = Hints(
        help="With a rate of 0 an epoch's running loss is the loss of all rows, if every row is "
        "visited once, together with its label. Are rows drawn with replacement, or left out?"
    )
    expect_close("history['loss']", still["loss"], np.full(2, mean), hints=once)
    student.training.train(network, X, y, X[:5], y[:5], batch_size=50, learning_rate=0.5, epochs=1)
    reached = parameters_of(network, params)
    if distance(reached, in_given_order(params, X, y, 50, 0.5), params) < SAME:
        raise Finding(
            "The batches come in the order in which the rows are given.",
            "Draw a new order for every epoch; PyTorch's DataLoader does with shuffle=True.",
        )


@check("last_batch", points=0.5, needs=("training_runs", "backward"))
def last_batch(student: Student, rng: Generator) -> None:
    """Rows that are too few for a batch are left out of the epoch."""
    one = Repeated(rng)
    network = network_with(student, one.params)
    student.training.train(
        network,
        *one.training(65),
        *one.validation(),
        batch_size=20,
        learning_rate=LEARNING_RATE,
        epochs=4,
    )
    reached = parameters_of(network, one.params)
    path = list(islice(one.path(LEARNING_RATE), 16))
    if distance(reached, path[15], one.params) < SAME:
        raise Finding(
            "65 rows in batches of 20 make 4 updates in each epoch: the 5 rows left over make one "
            "as well.",
            "The DataLoader shown has drop_last=True.",
        )
    one.expect_updates(network, updates=12, rows=65)


@check("running_loss", points=10, needs="training_runs", seconds=seconds)
def running_loss(student: Student, rng: Generator) -> None:
    """Each epoch's running loss is the mean of its own batches, and falls over the epochs."""
    one = Repeated(rng)
    X, y = one.training(60)
    losses = own_losses(network_with(student, one.params), X[:20], y[:20], updates=15)
    history = student.training.train(
        network_with(student, one.params),
        X,
        y,
        *one.validation(),
        batch_size=20,
        learning_rate=LEARNING_RATE,
        epochs=5,
    )
    got = _history(history, "loss", epochs=5)
    expect_close(
        "history['loss']", got, losses[:15].reshape(5, 3).mean(axis=1), hints=_mean_hints(losses)
    )
    images = draw(assignment_of(student), rng)
    network = student.network.Network(sizes(assignment_of(student)))
    settings = {"batch_size": BATCH_SIZE, "learning_rate": LEARNING_RATE, "epochs": EPOCHS}
    trained = student.training.train(network, *images.for_student(rows=FEW), **settings)
    expect_falling("history['loss']", _history(trained, "loss", epochs=EPOCHS))


@check("running_accuracy", points=2, needs=("training_runs", "backward"))
def running_accuracy(student: Student, rng: Generator) -> None:
    """Each epoch's accuracy is the share of all validation rows that are right after it."""
    one = Repeated(rng)
    X = rng.standard_normal((450, SIZES[0]))
    y = formulas.scores(one.params, X).argmax(axis=1)
    path = [one.params, *islice(one.path(0.2), 12)]
    shares = np.array([_share(params, X, y) for params in path])
    network = network_with(student, path[3])
    expect_number(
        "accuracy", student.training.accuracy(network, X, y), shares[3], hints=_share_hints(shares)
    )
    network = network_with(student, one.params)
    history = student.training.train(
        network, *one.training(60), X, y, batch_size=20, learning_rate=0.2, epochs=4
    )
    got = _history(history, "accuracy", epochs=4)
    _expect_shares(got, shares[3::3])


@check("twenty_epochs", points=5, needs="training_runs", seconds=seconds)
def twenty_epochs(student: Student, rng: Generator) -> None:
    """Called without settings, train does its 20 epochs on the whole data set in time."""
    images = draw(assignment_of(student), rng)
    network = student.network.Network(sizes(assignment_of(student)))
    history = student.training.train(network, *images.for_student())
    for key in ("loss", "accuracy"):
        _history(history, key, epochs=EPOCHS)


@check("held_back_accuracy", points=8, needs=("twenty_epochs", "forward"), seconds=seconds)
def held_back_accuracy(student: Student, rng: Generator) -> None:
    """After its 20 epochs the network is right on enough images that it has never seen."""
    assignment = assignment_of(student)

    def train() -> float:
        images = draw(assignment, rng)
        network = student.network.Network(sizes(assignment), seed=int(rng.integers(1 << 30)))
        student.training.train(network, *images.for_student(), seed=int(rng.integers(1 << 30)))
        like = formulas.random_parameters(rng, sizes(assignment))
        params = parameters_of(network, like)
        return share_right(partial(formulas.scores, params), images.X_test, images.y_test)

    expect_trained(
        student,
        rng,
        goal(assignment),
        saved=lambda arrays: saved(assignment, arrays, rng),
        train=train,
    )


def _history(history: Remote, key: str, *, epochs: int) -> Array:
    """One finite number for every epoch."""
    values = as_array(f"history['{key}']", history[key]).reshape(-1)
    if len(values) != epochs:
        raise Finding(
            f"`history['{key}']` has {len(values)} entries after {epochs} epochs.",
            "Append one number at the end of every epoch.",
        )
    if not np.isfinite(values).all():
        first = int(np.argmin(np.isfinite(values))) + 1
        raise Finding(
            f"`history['{key}']` is not finite from epoch {first} on.",
            "Is there a log(0) or an overflow, or is the mean one of no batches?",
        )
    return values


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


def _share_hints(shares: Array) -> Hints:
    return Hints(
        mistakes=[
            Mistake(value=100 * shares[3], rationale="it is in per cent, not a share from 0 to 1."),
            Mistake(
                value=450 * shares[3], rationale="it is a number of rows, not a share of them."
            ),
            Mistake(value=1 - shares[3], rationale="it is the share of wrong rows."),
        ],
        help="Of how many rows is the largest score at the label? Divide by the number of rows.",
    )


def _expect_shares(got: Array, right: Array) -> None:
    """Up to one row in 450, whose two best scores may be equal but for rounding."""
    if np.allclose(got, right, atol=1.5 / 450, rtol=0):
        return
    so_far = np.cumsum(right) / np.arange(1, len(right) + 1)
    if np.allclose(got, so_far, atol=1.5 / 450, rtol=0):
        raise Finding(
            "`history['accuracy']` is the mean over all epochs so far.",
            "An epoch's accuracy is that of the network as it is after this epoch.",
        )
    epoch = int(np.argmax(np.abs(got - right)))
    raise Finding(
        f"`history['accuracy']` says {got[epoch]:.4f} for epoch {epoch + 1}; of the 450 validation "
        f"rows {right[epoch]:.4f} are right then.",
        "Count over all validation rows, also those that do not fill a batch, after the epoch.",
    )
