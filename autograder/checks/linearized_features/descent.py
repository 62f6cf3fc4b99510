"""Hidden tests of gradient descent through the features, and of the path of the elbows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_unchanged,
    is_close,
)
from autograder.judging.check import Finding, NotAttempted, check, on
from autograder.sandbox.faults import Fault
from autograder.sandbox.remote import Remote, Student

from . import formulas

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What `train` is asked for: how many steps of which rate, and how often a snapshot."""

    rate: float
    steps: int
    every: int

    @property
    def kept(self) -> range:
        """After which steps there is a snapshot."""
        return range(0, self.steps + 1, self.every)


@check("gradient_step", points=2)
def gradient_step(student: Student, rng: Generator) -> None:
    """gradient_step moves every parameter against the gradient, and leaves the old ones alone."""
    for params in (formulas.random_shallow(rng, 4), formulas.random_deep(rng, 3)):
        size = sum(value.size for value in params.values())
        matrix, residual = rng.standard_normal((7, size)), rng.standard_normal(7)
        sent = student.send({name: value.copy() for name, value in params.items()}, "params")
        moved = student.descent.gradient_step(sent, matrix, residual, 0.3)
        for name, columns in formulas.blocks(params).items():
            right = -0.3 * (matrix.T @ residual / 7)[columns].reshape(params[name].shape)
            _expect_movement(name, moved, params[name], right)
            expect_unchanged(f"params['{name}']", sent[name], params[name])


@check("training", points=3, needs=("gradient_step", "shallow_features"))
def training(student: Student, rng: Generator) -> None:
    """train takes the steps that it should, and keeps losses and snapshots."""
    for steps, every in ((24, 10), (6, 3)):  # the last snapshot is before the end, or there
        params = formulas.random_shallow(rng, 5)
        asked = Schedule(rate=0.04, steps=steps, every=every)
        _expect_training(student, student.shallow, params, rng, asked)
    params = formulas.random_deep(rng, 3)
    if _has_deep(student, params, formulas.points_off_elbows(params, rng, 15)):
        with on("`predict` and `features` of the deep network"):
            asked = Schedule(rate=0.01, steps=12, every=5)
            _expect_training(student, student.deep, params, rng, asked)


def _has_deep(student: Student, params: formulas.Parameters, x: Array) -> bool:
    """Whether the deep network is right; where it is not, that is no mistake of `train`."""
    try:
        network = student.deep
        values = as_array("values", network.predict(params, x))
        matrix = as_array("matrix", network.features(params, x))
    except (Fault, Finding, NotAttempted):
        return False
    return all(
        got.shape == right.shape and is_close(got, right)
        for got, right in (
            (values, formulas.predict(params, x)),
            (matrix, formulas.features(params, x)),
        )
    )


def _expect_training(
    student: Student, network: Remote, params: dict[str, Array], rng: Generator, asked: Schedule
) -> None:
    x = formulas.points_off_elbows(params, rng, 15)
    y = np.sin(3 * x + rng.uniform(0, 3))
    path = [params]
    for _ in range(asked.steps):
        path.append(formulas.stepped(path[-1], x, y, asked.rate))
    losses = np.array([formulas.loss(now, x, y) for now in path])
    sent = student.send({name: value.copy() for name, value in params.items()}, "params")
    history = student.descent.train(
        sent, x, y, network.predict, network.features, learning_rate=asked.rate,
        steps=asked.steps, every=asked.every,
    )  # fmt: skip
    expect_close("history['losses']", history["losses"], losses[:-1], hints=_loss_hints(losses))
    _expect_snapshots(history, path, asked)
    for name, value in params.items():
        expect_unchanged(f"params['{name}']", sent[name], value)


@check("elbow_path", points=1, needs="elbows")
def elbow_path(student: Student, rng: Generator) -> None:
    """elbow_path has a row of elbows for every snapshot."""
    for count, hidden in ((4, 3), (1, 5), (3, 1)):
        snapshots = [formulas.random_shallow(rng, hidden) for _ in range(count)]
        right = np.array([-one["b1"] / one["W1"][0] for one in snapshots])
        hints = Hints(help="One row for each snapshot, one column for each unit.")
        expect_close("path", student.descent.elbow_path(snapshots), right, hints=hints)


def _expect_movement(name: str, moved: Remote, before: Array, right: Array) -> None:
    after = as_array(f"params['{name}']", moved[name])
    if after.shape != before.shape:
        raise Finding(
            f"After `gradient_step`, `params['{name}']` has shape {after.shape}, expected "
            f"{before.shape}.",
            "`unpack` gives the parts of a vector their shapes back.",
        )
    hints = Hints(
        mistakes=[
            Mistake(value=right / 0.3, rationale="the learning rate is not used."),
            Mistake(value=0.0, rationale="nothing is moved."),
        ],
        factors={7.0: "the number of examples", 2.0: "what the 1/2 in the loss removes"},
        help="The change is -learning_rate times matrix.T @ residual / N.",
    )
    expect_close(f"the change of {name}", after - before, right, hints=hints)


def _loss_hints(losses: Array) -> Hints:
    return Hints(
        mistakes=[
            Mistake(value=losses[1:], rationale="it holds the loss after each step, not before.")
        ],
        factors={15.0: "the number of examples", 2.0: "what the 1/2 in the loss removes"},
        help="L = 1/(2N) times the sum of the squared residuals, once before every step.",
    )


def _expect_snapshots(history: Remote, path: list[dict[str, Array]], asked: Schedule) -> None:
    snapshots = list(history["snapshots"])
    if len(snapshots) != len(asked.kept):
        after = ", ".join(f"one after step {step}" for step in asked.kept[1:])
        raise Finding(
            f"After {asked.steps} steps with every={asked.every} there are {len(snapshots)} "
            f"snapshots, expected {len(asked.kept)}.",
            f"One before the first step, {after}.",
        )
    steps = ", ".join(map(str, asked.kept))
    for number, (step, snapshot) in enumerate(zip(asked.kept, snapshots, strict=True)):
        for name, value in path[step].items():
            alike = Mistake(
                value=path[-1][name],
                rationale="it has the parameters of the end: later steps change the snapshot too.",
                help="Keep new arrays, or copies, in every snapshot.",
            )
            hints = Hints(
                mistakes=[alike], help=f"A snapshot has the parameters after {steps} steps."
            )
            label = f"snapshots[{number}]['{name}']"
            expect_close(label, snapshot[name], value, hints=hints)
