"""What the loss and gradients of a network have to be, and where wrong ones come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    as_number,
    expect_close,
    expect_number,
)
from autograder.judging.own_forward import BothWays, Inputs, WayBack, or_of_own_forward
from autograder.sandbox.remote import Remote, Student

from .formulas import loss_and_gradients, scores, softmax

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

LOSS_RULE = "The loss is the softmax loss plus reg/2 times the sum of all squared weights."
BACKWARD = (
    "Look at each layer in turn, from the loss back to the first, and then at the regulariser."
)


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
    expect_number("loss", loss, right_loss, hints=_loss_hints(params, right_loss, reg, len(X)))
    for name, value in params.items():
        expect_close(
            f"grads['{name}']",
            grads[name],
            right[name],
            like=name,
            also_shapes=[(1, *value.shape)] if value.ndim == 1 else (),
            hints=_gradient_hints(name, value, right[name], reg, len(X)),
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


def _loss_hints(params: dict[str, Array], right: float, reg: float, rows: int) -> Hints:
    weights = sum(float((v**2).sum()) for name, v in params.items() if name.startswith("W"))
    biases = sum(float((v**2).sum()) for name, v in params.items() if name.startswith("b"))
    if reg == 0:
        penalty = Mistake(
            value=right + 0.5 * weights, rationale="the weights are penalised although reg is 0."
        )
        return Hints(
            mistakes=[penalty], factors={float(rows): "the number of rows"}, help=LOSS_RULE
        )
    half = 0.5 * reg * weights
    return Hints(
        mistakes=[
            Mistake(value=right - half, rationale="the regulariser is missing."),
            Mistake(value=right + half, rationale="the regulariser lacks its factor 1/2."),
            Mistake(
                value=right + 0.5 * reg * biases, rationale="the biases are regularised as well."
            ),
            Mistake(
                value=rows * (right - half) + half,
                rationale="the softmax loss is the sum over the rows, not their mean.",
            ),
        ],
        help=LOSS_RULE,
    )


def _gradient_hints(name: str, value: Array, right: Array, reg: float, rows: int) -> Hints:
    factors = {float(rows): "the number of rows"}
    if name.startswith("b"):
        own = [Mistake(value=right + reg * value, rationale="the biases are regularised.")]
        return Hints(mistakes=own if reg else (), factors=factors, help=BACKWARD)
    if reg == 0:
        own = [
            Mistake(
                value=right + value,
                rationale="it contains W itself, although reg is 0.",
                help="The regulariser's gradient is reg * W.",
            )
        ]
        return Hints(mistakes=own, factors=factors, help=BACKWARD)
    return Hints(
        mistakes=[
            Mistake(value=right - reg * value, rationale="the regulariser's gradient is missing."),
            Mistake(
                value=right + reg * value, rationale="the regulariser's gradient counts twice."
            ),
            Mistake(
                value=right - 0.5 * reg * value,
                rationale="the regulariser's gradient is half of what it should be.",
            ),
            Mistake(
                value=right + (1 - reg) * value, rationale="the regulariser's gradient ignores reg."
            ),
        ],
        help=BACKWARD,
    )
