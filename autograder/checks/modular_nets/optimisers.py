"""Hidden tests of the optimisers, against steps that the judge takes itself."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.judging.answers import expect_choice
from autograder.judging.arrays import Hints, Mistake, expect_close
from autograder.judging.check import check
from autograder.sandbox.remote import Student

from .formulas import adam as adam_history
from .networks import SHAPES, build_net, random_parameters, set_gradients

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator
STEPS = 4
NEVER = float("inf")


@check("sgd", points=2)
def sgd(student: Student, rng: Generator) -> None:
    """SGD.step moves every parameter by lr against its gradient."""
    for rate in (0.2, 3.0):
        net, values, gradients = build_net(student, rng)
        student.optim.SGD(net, rate).step()
        for name, value in values.items():
            gradient = gradients[name]
            hints = Hints(
                mistakes=[
                    Mistake(value=value, rationale="it has not changed."),
                    Mistake(value=value + rate * gradient, rationale="the step goes uphill."),
                    Mistake(value=value - gradient, rationale="the learning rate is not used."),
                ],
                help="theta - lr * g, for every name in the params of every layer.",
            )
            expect_close(name, net.get_params(name), value - rate * gradient, hints=hints)


@check("weight_decay", points=1, needs="sgd")
def weight_decay(student: Student, rng: Generator) -> None:
    """SGD takes its share weight_decay off every parameter, whatever the learning rate is."""
    net, values, gradients = build_net(student, rng)
    rate, decay = 0.2, 0.1
    student.optim.SGD(net, rate, weight_decay=decay).step()
    for name, value in values.items():
        step = rate * gradients[name]
        hints = Hints(
            mistakes=[
                Mistake(value=value - step, rationale="the weight decay is missing."),
                Mistake(
                    value=value - step - rate * decay * value,
                    rationale="the weight decay is multiplied by the learning rate.",
                ),
                Mistake(
                    value=(value - step) * (1 - decay),
                    rationale="the decay is taken of the parameter after the step.",
                ),
                Mistake(
                    value=value - step + decay * value, rationale="the decay has a wrong sign."
                ),
            ],
            help="theta - lr * g - weight_decay * theta, for weights and biases.",
        )
        right = value - step - decay * value
        expect_close(name, net.get_params(name), right, hints=hints)


@check("adam", points=3)
def adam(student: Student, rng: Generator) -> None:
    """Adam.step follows the update rule, step after step, with one count for all parameters."""
    for rate, betas in ((0.05, (0.9, 0.999)), (0.5, (0.7, 0.9))):
        net, values, _ = build_net(student, rng)
        optimiser = student.optim.Adam(net, rate, betas[0], betas[1])
        gradients = [random_parameters(rng) for _ in range(STEPS)]
        for step in range(STEPS):
            set_gradients(net, gradients[step])
            optimiser.step()
            for number, (name, value) in enumerate(values.items()):
                past = [g[name] for g in gradients[: step + 1]]
                right = adam_history(value, past, lr=rate, betas=betas)[-1]
                hints = _adam_hints(value, past, number, rate, betas)
                expect_close(
                    f"{name} after step {step + 1}", net.get_params(name), right, hints=hints
                )
    _expect_adam_continues(student, rng)


@check("adam_weight_decay", points=1, needs="adam")
def adam_weight_decay(student: Student, rng: Generator) -> None:
    """Adam takes its share weight_decay off every parameter, apart from m and v."""
    net, values, _ = build_net(student, rng)
    rate, decay, betas = 0.3, 0.1, (0.9, 0.999)
    optimiser = student.optim.Adam(net, rate, weight_decay=decay)
    gradients = [random_parameters(rng) for _ in range(3)]
    for step in gradients:  # after one step alone, a decay put into the gradient does not show
        set_gradients(net, step)
        optimiser.step()
    for name, value in values.items():
        past = [step[name] for step in gradients]
        right = adam_history(value, past, lr=rate, betas=betas, weight_decay=decay)[-1]
        wrong = {
            "the weight decay is missing.": adam_history(value, past, lr=rate, betas=betas),
            "the weight decay is multiplied by the learning rate.": adam_history(
                value, past, lr=rate, betas=betas, weight_decay=rate * decay
            ),
            "the decay is put into the gradient, so that m and v rescale it.": _coupled(
                value, past, rate, decay, betas
            ),
        }
        hints = Hints(
            mistakes=[Mistake(value=v[-1], rationale=text) for text, v in wrong.items()],
            help="weight_decay * theta is subtracted from theta, beside Adam's own term.",
        )
        expect_close(f"{name} after 3 steps", net.get_params(name), right, hints=hints)


@check("adam_l2_reason", points=2)
def adam_l2_reason(student: Student, rng: Generator) -> None:
    """adam_l2_reason says why an L2 penalty and weight decay differ under Adam."""
    options = {
        "a": "Follow the penalty's gradient through m and v: what is it divided by in the end?",
        "b": "Is there anything random in either of the two?",
        "c": "Compare two parameters of equal size, one with large gradients and one with small.",
        "d": "Would one number do for two parameters with different v?",
        "e": "What did you find for SGD, whose learning rate is constant just as well?",
    }
    answer = student.notebook("mlp").adam_l2_reason
    expect_choice("adam_l2_reason", answer, {"a", "c"}, options=options)


def _adam_hints(
    value: Array, past: list[Array], number: int, rate: float, betas: tuple[float, float]
) -> Hints:
    steps = range(len(past))
    counts = {
        "there is no bias correction: m and v are not divided by 1 - beta^t.": [
            NEVER for _ in steps
        ],
        "t is advanced once for each layer, also for those without parameters; it counts steps.": [
            float(3 * step + 2 * (number // 2) + 1) for step in steps
        ],
        "t is advanced once for each parameter; it counts steps.": [
            float(len(SHAPES) * step + number + 1) for step in steps
        ],
        "t is advanced once for each layer; it counts steps.": [
            float(2 * step + number // 2 + 1) for step in steps
        ],
        "the bias corrections are 1 - beta in every step: their power t is missing, or stays 1.": [
            1.0 for _ in steps
        ],
    }
    wrong = {
        text: adam_history(value, past, lr=rate, betas=betas, counts=list(of))[-1]
        for text, of in counts.items()
    }
    wrong["it has hardly changed, if at all."] = value
    wrong["the learning rate is not used."] = adam_history(value, past, lr=1.0, betas=betas)[-1]
    wrong["beta1 and beta2 are exchanged in the running means."] = _exchanged(
        value, past, rate, betas
    )
    wrong["beta1 and beta2 are fixed numbers, not those of the constructor."] = adam_history(
        value, past, lr=rate, betas=(0.9, 0.999)
    )[-1]
    return Hints(
        mistakes=[Mistake(value=v, rationale=text) for text, v in wrong.items()],
        help="Compare t, m, v, the bias corrections 1 - beta^t and the step with the update rule.",
        not_finite="Is t still 0 in the first step? Then 1 - beta^t is 0, and m and v are divided "
        "by it.",
    )


def _exchanged(value: Array, past: list[Array], rate: float, betas: tuple[float, float]) -> Array:
    """Adam whose means have each other's beta, and whose bias corrections have their own."""
    mean, square, now = np.zeros_like(value), np.zeros_like(value), value
    for t, gradient in enumerate(past, start=1):
        mean = betas[1] * mean + (1 - betas[1]) * gradient
        square = betas[0] * square + (1 - betas[0]) * gradient**2
        right_mean, right_square = mean / (1 - betas[0] ** t), square / (1 - betas[1] ** t)
        now = now - rate * right_mean / (np.sqrt(right_square) + 1e-8)
    return now


def _coupled(
    value: Array, past: list[Array], rate: float, decay: float, betas: tuple[float, float]
) -> list[Array]:
    """Adam whose gradient contains the decay: what an L2 penalty does."""
    history: list[Array] = []
    gradients: list[Array] = []
    for gradient in past:
        gradients.append(gradient + decay * (history[-1] if history else value))
        history = adam_history(value, gradients, lr=rate, betas=betas)
    return history


def _expect_adam_continues(student: Student, rng: Generator) -> None:
    """m, v and t may be given, and Adam goes on from them."""
    net, values, gradients = build_net(student, rng)
    optimiser = student.optim.Adam(net, 0.5, 0.9, 0.6, t=5, eps=0.5)
    means, squares = (
        random_parameters(rng),
        {name: np.abs(v) for name, v in random_parameters(rng).items()},
    )
    optimiser.mt, optimiser.vt = dict(means), dict(squares)
    optimiser.step()
    for name, value in values.items():
        stepped = partial(
            adam_history,
            value,
            [gradients[name]],
            lr=0.5,
            betas=(0.9, 0.6),
            counts=[6.0],
            start={"m": means[name], "v": squares[name]},
        )
        fixed = Mistake(
            value=stepped()[-1], rationale="`eps` is a fixed number, not that of the constructor."
        )
        hints = Hints(
            mistakes=[fixed],
            help="With t=5, mt and vt given, the next step has t = 6 and goes on from them.",
        )
        right = stepped(eps=0.5)[-1]
        expect_close(f"{name} of a continued Adam", net.get_params(name), right, hints=hints)
