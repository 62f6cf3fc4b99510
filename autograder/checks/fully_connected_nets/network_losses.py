"""What the loss and the gradients of a network have to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    as_array,
    as_number,
    expect_close,
    expect_number,
)
from autograder.judging.own_forward import BothWays, Inputs, WayBack, or_of_own_forward
from autograder.sandbox.remote import Remote, Student

from .formulas import loss_and_gradients, scores, softmax
from .network_hints import gradient_hints, loss_hints

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


def set_parameters(model: Remote, params: Mapping[str, Array]) -> None:
    """Give a student's network these parameters."""
    for name, value in params.items():
        model.params[name] = value


def expect_loss(
    student: Student,
    made: Callable[[], Remote],
    params: dict[str, Array],
    reg: float,
    rng: Generator,
) -> None:
    """Require loss and gradients against independent formulas, before parameters change and after.

    Parameters
    ----------
    made : makes the student's network.
    """
    model, inputs, classes = made(), len(params["W1"]), len(params[f"b{len(params) // 2}"])
    X, y = rng.standard_normal((5, inputs)), rng.integers(classes, size=5)
    set_parameters(model, params)
    model.loss(rng.standard_normal((3, inputs)), rng.integers(classes, size=3))  # leaves no trace
    loss, grads = model.loss(X, y)
    with or_of_own_forward(student, _ways(made, params, X, y, reg), rng):
        _expect_values(loss, grads, params, (X, y), reg)
        _expect_own_loss(model, params, X, y, reg, rng)


def _expect_values(
    loss: Remote, grads: Remote, params: dict[str, Array], batch: tuple[Array, Array], reg: float
) -> None:
    X, y = batch
    right_loss, right = loss_and_gradients(params, X, y, reg)
    expect_number("loss", loss, right_loss, hints=loss_hints(params, right_loss, reg, len(X)))
    for name, value in params.items():
        expect_close(
            f"grads['{name}']",
            grads[name],
            right[name],
            like=name,
            also_shapes=[(1, *value.shape)] if value.ndim == 1 else (),
            hints=gradient_hints(name, value, right[name], reg, len(X)),
        )


def _ways(
    made: Callable[[], Remote], params: dict[str, Array], X: Array, y: Array, reg: float
) -> WayBack:
    """The student's network and the right one; the loss is made of the scores."""

    def of(at: Inputs) -> dict[str, Array]:
        return {name: at[name] for name in params}

    def asked(at: Inputs) -> tuple[Remote, ...]:
        model = made()
        set_parameters(model, of(at))
        return tuple(model.loss(at["X"], at["y"]))

    def own_scores(at: Inputs) -> Array:
        model = made()
        set_parameters(model, of(at))
        return as_array("scores", model.loss(at["X"]))

    def own_gradients(at: Inputs) -> dict[str, Array]:
        grads = asked(at)[1]
        return {name: as_array(f"grads['{name}']", grads[name]) for name in params}

    def scalar(at: Inputs, out: Array) -> float:
        penalty = sum(float((at[name] ** 2).sum()) for name in params if name.startswith("W"))
        return softmax(out, at["y"])[0] + 0.5 * reg * penalty

    return WayBack(
        own=BothWays(
            forward=own_scores,
            gradients=own_gradients,
            scalar=lambda at: as_number("loss", asked(at)[0]),
        ),
        right=BothWays(
            forward=lambda at: scores(of(at), at["X"]),
            gradients=lambda at: loss_and_gradients(of(at), at["X"], at["y"], reg)[1],
        ),
        at={**params, "X": X, "y": y},
        scalar=scalar,
    )


def _expect_own_loss(
    model: Remote, params: dict[str, Array], X: Array, y: Array, reg: float, rng: Generator
) -> None:
    """The loss follows the parameters, in whatever direction they move."""
    moved = {name: value + 0.3 * rng.standard_normal(value.shape) for name, value in params.items()}
    set_parameters(model, moved)
    right, _ = loss_and_gradients(moved, X, y, reg)
    expect_number(
        "loss",
        model.loss(X, y)[0],
        right,
        hints=Hints(help="The parameters have changed since the last call: is an old value kept?"),
    )
