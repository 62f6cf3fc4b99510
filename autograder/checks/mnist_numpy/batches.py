"""Hidden tests of the updates that training makes: how many, of which rows, in which order.

Many of them train on one example repeated, see `repeated`.
"""

from __future__ import annotations

from itertools import islice, permutations
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    as_array,
    as_number,
    expect_close,
    expect_unchanged,
)
from autograder.judging.check import Finding, check
from autograder.sandbox.faults import NotDefined
from autograder.sandbox.remote import Remote, Student

from . import formulas
from .network import network_with, parameters_of
from .repeated import (
    LEARNING_RATE,
    SAME,
    SIZES,
    Repeated,
    distance,
    in_given_order,
    losses_in_orders,
)

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

BATCH_SIZE, EPOCHS = 200, 20


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
        history_of(history, key, epochs=2)
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
    history_of(history, "loss", epochs=EPOCHS)
    one.expect_updates(network, updates=3 * EPOCHS, rows=rows)
    _expect_batch_size(student)


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
    _expect_orders_differ(student, rng)


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


def _expect_batch_size(student: Student) -> None:
    """The number in the module: a batch one smaller makes as many updates of few rows."""
    try:
        size = as_number("BATCH_SIZE", student.training.BATCH_SIZE)
    except NotDefined:  # it may stand in the function itself
        return
    if size != BATCH_SIZE:
        raise Finding(
            f"`BATCH_SIZE` is {size:g}, expected {BATCH_SIZE}.",
            "Look at the program shown: which batches does its DataLoader make?",
        )


def _expect_orders_differ(student: Student, rng: Generator) -> None:
    """Four rows, one at a time: is the loss of every epoch that of one and the same order?

    In six epochs with orders of their own that happens once in 24^5 trainings.
    """
    params, X, y, fixed = _telling_rows(rng)
    history = student.training.train(
        network_with(student, params), X, y, X, y, batch_size=1, learning_rate=0.1, epochs=6
    )
    if _nearest(history_of(history, "loss", epochs=6), fixed) < SAME:
        raise Finding(
            "Every epoch visits the rows in the same order.",
            "An order is drawn anew at the beginning of each epoch.",
        )


def _telling_rows(rng: Generator) -> tuple[dict[str, Array], Array, Array, Array]:
    """A network, four rows with labels, and the losses (24, 6) of six epochs in each fixed order.

    Where all hidden units are dead, or nothing is left to learn, orders do not show in the losses.
    So ten trainings with orders of their own have to be far from every fixed one.
    """
    every = np.array(list(permutations(range(4))))
    for _ in range(200):
        params = formulas.random_parameters(rng, SIZES)
        X, y = rng.standard_normal((4, SIZES[0])), rng.permutation([0, 1, 2, 0])
        drawn = every[rng.integers(24, size=(10, 6))]
        orders = np.concatenate([np.repeat(every[:, None], 6, axis=1), drawn])
        fixed, others = np.split(losses_in_orders(params, X, y, orders, rate=0.1), [len(every)])
        if all(_nearest(losses, fixed) > 10 * SAME for losses in others):
            return params, X, y, fixed
    raise RuntimeError("no rows whose order shows")


def _nearest(losses: Array, others: Array) -> float:
    """How far losses (6,) are from the nearest of others (n, 6), relative to their size."""
    return float(np.min(np.abs(others - losses).max(axis=1)) / np.abs(others).max())


def history_of(history: Remote, key: str, *, epochs: int) -> Array:
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
