"""Hidden tests of the L1 and L2 regularisers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, Mistake, as_array, expect_close, expect_number
from autograder.judging.check import check
from autograder.sandbox.remote import Student

from .networks import build_net

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("l1_regularization", points=2, needs="sequential")
def l1_regularization(student: Student, rng: Generator) -> None:
    """apply_l1_regularization adds lam sign(theta) to the gradient of every parameter."""

    def mistakes(value: Array, gradient: Array, lam: float) -> dict[str, Array]:
        return {
            "the regulariser replaces the gradient; it is added to it.": lam * np.sign(value),
            "|theta| is added, the penalty itself; its derivative is the sign.": gradient
            + lam * np.abs(value),
            "`lam` is not used.": gradient + np.sign(value),
        }

    _expect_regularised(student, rng, "apply_l1_regularization", np.sign, mistakes)


@check("l2_regularization", points=2, needs="sequential")
def l2_regularization(student: Student, rng: Generator) -> None:
    """apply_l2_regularization adds 2 lam theta to the gradient of every parameter."""

    def mistakes(value: Array, gradient: Array, lam: float) -> dict[str, Array]:
        return {
            "the regulariser replaces the gradient; it is added to it.": 2 * lam * value,
            "the factor 2 of the derivative of theta^2 is missing.": gradient + lam * value,
            "theta^2 is added, the penalty itself.": gradient + lam * value**2,
            "`lam` is not used.": gradient + 2 * value,
        }

    _expect_regularised(student, rng, "apply_l2_regularization", lambda v: 2 * v, mistakes)


@check("l2_equals_decay", points=2)
def l2_equals_decay(student: Student, rng: Generator) -> None:
    """equivalent_l2_lambda gives the L2 penalty that is the same as weight decay under SGD."""
    for _ in range(2):
        decay, rate = float(rng.uniform(1e-4, 1e-2)), float(rng.uniform(1e-2, 0.5))
        hints = Hints(
            mistakes=[
                Mistake(
                    value=decay / rate,
                    rationale="the derivative of lam theta^2 has a factor 2.",
                ),
                Mistake(value=decay / 2, rationale="the learning rate is not in it."),
                Mistake(value=decay, rationale="it is the weight decay itself."),
                Mistake(
                    value=rate * decay / 2, rationale="the learning rate is on the wrong side."
                ),
            ],
            help="Write down both updates of theta and compare what multiplies theta.",
        )
        got = student.notebook("mlp").equivalent_l2_lambda(decay, rate)
        expect_number("lambda", got, decay / (2 * rate), hints=hints)


def _expect_regularised(
    student: Student,
    rng: Generator,
    method: str,
    slope: Callable[[Array], Array],
    mistakes: Callable[[Array, Array, float], dict[str, Array]],
) -> None:
    lam = 0.3
    net, values, gradients = build_net(student, rng)
    for name, value in values.items():
        value.flat[0] = 0.0  # as biases are at first
        net.assign(name, value)
    getattr(net, method)(lam)
    for name, value in values.items():
        wrong = {"the regulariser is missing.": gradients[name]}
        wrong |= mistakes(value, gradients[name], lam)
        hints = Hints(
            mistakes=[Mistake(value=v, rationale=text) for text, v in wrong.items()],
            help="The penalty's derivative is added to the gradient of every weight and bias.",
        )
        right = gradients[name] + lam * slope(value)
        got = net.get_grads(name)
        if method == "apply_l1_regularization":
            right = _at_corners(as_array(name, got), right, value, lam)
        expect_close(f"the gradient of {name}", got, right, hints=hints)


def _at_corners(got: Array, right: Array, value: Array, lam: float) -> Array:
    """The right gradient, with the answer's own where |theta| has a corner and it is right."""
    if got.shape != right.shape:
        return right
    fits = np.abs(got - right) <= lam * (1 + 1e-4)
    return np.where((value == 0) & fits, got, right)
