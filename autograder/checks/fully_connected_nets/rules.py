"""Hidden tests of the update rules with a memory, by the steps that they take one after another.

What a rule keeps in its `config`, and with which sign, is the student's own: only steps are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from autograder.judging.arrays import Hints, Mistake, expect_close, expect_unchanged
from autograder.judging.check import check, on
from autograder.sandbox.remote import Student

from .rule_formulas import Array, adam_step, decayed, momentum_step, rmsprop_step

Generator = np.random.Generator
Past = Sequence[Array]
Rates = Sequence[float]
Wrong = Mapping[str, Array]  # what is wrong -> the step that comes out

STEPS = 4
RATE, LOWERED = 0.2, 0.8  # the first learning rate, and what it is multiplied by after each step
NEVER = float("inf")
LOST = "nothing is kept from one step to the next: is it stored in `config`, and is that returned?"
UPHILL = "the step goes uphill."


@check("sgd_momentum", points=2, bonus=True)
def sgd_momentum(student: Student, rng: Generator) -> None:
    """sgd_momentum remembers its velocity from step to step."""
    help = "v <- momentum * v - learning_rate * dw, then w <- w + v; `config` keeps v."
    for momentum in (0.7, 0.95):
        _expect_steps(
            student,
            "sgd_momentum",
            {"momentum": momentum},
            rng,
            step=partial(momentum_step, momentum=momentum),
            wrong=partial(_wrong_momentum, momentum=momentum),
            hints=Hints(help=help),
        )


@check("rmsprop", points=2, bonus=True)
def rmsprop(student: Student, rng: Generator) -> None:
    """rmsprop divides the gradient by the root of the running mean of its square."""
    help = "First the new c, then w <- w - learning_rate * dw / (sqrt(c) + epsilon)."
    for decay, epsilon in ((0.8, 0.3), (0.97, 1e-8)):
        _expect_steps(
            student,
            "rmsprop",
            {"decay_rate": decay, "epsilon": epsilon},
            rng,
            step=partial(rmsprop_step, decay_rate=decay, epsilon=epsilon),
            wrong=partial(_wrong_rmsprop, decay=decay, epsilon=epsilon),
            hints=Hints(
                help=help, not_finite="Is c a mean of squares, and is the new c used, not the old?"
            ),
        )


@check("adam", points=3, bonus=True)
def adam(student: Student, rng: Generator) -> None:
    """adam corrects the bias of both running means, and counts every step once."""
    not_finite = "Is t still 0 in the first step? Then 1 - beta^t is 0, and m is divided by it."
    for beta1, beta2, epsilon in ((0.8, 0.95, 0.3), (0.6, 0.99, 1e-8)):
        options = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        _expect_steps(
            student,
            "adam",
            options,
            rng,
            step=partial(adam_step, beta1=beta1, beta2=beta2, epsilon=epsilon),
            wrong=partial(_wrong_adam, beta1=beta1, beta2=beta2, epsilon=epsilon),
            hints=Hints(
                help="Compare t, m, v, both corrections and the step with the docstring.",
                not_finite=not_finite,
            ),
        )


def _expect_steps(
    student: Student,
    name: str,
    options: Mapping[str, float],
    rng: Generator,
    *,
    step: Callable[[Past, Rates], Array],
    wrong: Callable[[Past, Rates], Wrong],
    hints: Hints,
) -> None:
    """Steps with new gradients, each with the config that the one before returned.

    The learning rate falls, as in training. Every step starts at the judge's own parameter, so that
    one wrong step does not make the next one wrong.
    """
    rule = getattr(student.optim, name)
    w = rng.standard_normal((4, 3))
    config = student.send({"learning_rate": RATE, **options}, "config")
    gradients: list[Array] = []
    rates: list[float] = []
    for number in range(STEPS):
        rates.append(RATE * LOWERED**number)
        config["learning_rate"] = rates[-1]
        gradients.append(rng.standard_normal((4, 3)) + 0.5)
        dw = student.send(gradients[-1], "dw")
        stepped, config = rule(w.copy(), dw, config)
        known = {"it has not changed.": np.zeros_like(w), **wrong(gradients, rates)}
        mistakes = [Mistake(value=w + change, rationale=text) for text, change in known.items()]
        said = Hints(mistakes=mistakes, help=hints.help, not_finite=hints.not_finite)
        w = w + step(gradients, rates)
        with on(f"step {number + 1}"):
            expect_close("w", stepped, w, like="w", hints=said)
            expect_unchanged("dw", dw, gradients[-1])


def _wrong_momentum(past: Past, rates: Rates, *, momentum: float) -> Wrong:
    right = momentum_step(past, rates, momentum=momentum)
    latest = -rates[-1] * past[-1]
    before = right - latest  # momentum times the velocity of the step before
    wrong = {
        UPHILL: -right,
        "the velocity is scaled by 1 - momentum; the docstring's is not.": (1 - momentum) * right,
        "the gradient's own step is in it twice: in v, and once more beside it.": right + latest,
        "it is Nesterov's step, which looks ahead by momentum * v.": latest + momentum * right,
        "`momentum` is a fixed number, not that of `config`.": momentum_step(past, rates),
        "the learning rate is not used.": -decayed(past, momentum),
        "the learning rate multiplies the sum of all gradients; each gradient enters v with the "
        "rate of its own step.": -rates[-1] * decayed(past, momentum),
    }
    if len(past) > 1:
        wrong |= {
            LOST: latest,
            "the step is the old velocity; the new one is needed.": before / momentum,
            "the old velocity is not multiplied by `momentum`.": -decayed(
                [r * g for r, g in zip(rates, past, strict=True)], 1.0
            ),
        }
    return wrong


def _wrong_rmsprop(past: Past, rates: Rates, *, decay: float, epsilon: float) -> Wrong:
    right = rmsprop_step(past, rates, decay_rate=decay, epsilon=epsilon)
    latest, squares = -rates[-1] * past[-1], [g**2 for g in past]
    mean = (1 - decay) * decayed(squares, decay)
    swapped = decay * decayed(squares, 1 - decay)
    wrong = {
        UPHILL: -right,
        "it is divided by the mean of the squares, not by its root.": latest / (mean + epsilon),
        "`epsilon` is under the root; it is added to the root.": latest / np.sqrt(mean + epsilon),
        "`epsilon` is a fixed number, not that of `config`.": latest / (np.sqrt(mean) + 1e-8),
        "`decay_rate` is a fixed number, not that of `config`.": rmsprop_step(
            past, rates, epsilon=epsilon
        ),
        "`decay_rate` and 1 - decay_rate are exchanged.": latest / (np.sqrt(swapped) + epsilon),
        "the square enters c without its factor 1 - decay_rate.": latest
        / (np.sqrt(decayed(squares, decay)) + epsilon),
        "the learning rate is not used.": right / rates[-1],
        "the gradient itself is not in the step.": right / past[-1],
        "c is the sum of all squares (AdaGrad); it is a running mean.": latest
        / (np.sqrt(decayed(squares, 1.0)) + epsilon),
    }
    if len(past) > 1:
        alone = (1 - decay) * squares[-1]
        old = (1 - decay) * decayed(squares[:-1], decay)
        wrong |= {
            LOST: latest / (np.sqrt(alone) + epsilon),
            "the step uses the old c; the new one is needed.": latest / (np.sqrt(old) + epsilon),
        }
    return wrong


def _wrong_adam(past: Past, rates: Rates, *, beta1: float, beta2: float, epsilon: float) -> Wrong:
    step = partial(adam_step, past, rates, beta1=beta1, beta2=beta2, epsilon=epsilon)
    t = len(past)
    wrong = {
        UPHILL: -step(),
        "there is no bias correction: m and v are not divided by 1 - beta^t.": step(
            counts=(NEVER, NEVER)
        ),
        "v is not divided by 1 - beta2^t.": step(counts=(t, NEVER)),
        "m is not divided by 1 - beta1^t.": step(counts=(NEVER, t)),
        "t is advanced between m and v; both have the t of this step.": step(counts=(t, t + 1)),
        "beta1 and beta2 are exchanged.": adam_step(
            past, rates, beta1=beta2, beta2=beta1, epsilon=epsilon
        ),
        "beta1 and beta2 are fixed numbers, not those of `config`.": adam_step(
            past, rates, epsilon=epsilon
        ),
        "`epsilon` is a fixed number, not that of `config`.": adam_step(
            past, rates, beta1=beta1, beta2=beta2
        ),
        "the learning rate is not used.": step() / rates[-1],
        **_wrong_parts_of_adam(past, rates, beta1=beta1, beta2=beta2, epsilon=epsilon),
    }
    if t == 1:
        wrong["t is 2 in the first step: is it advanced twice, or was it not 0 before?"] = step(
            counts=(2, 2)
        )
    if t > 1:
        wrong |= {
            LOST: adam_step(past[-1:], rates[-1:], beta1=beta1, beta2=beta2, epsilon=epsilon),
            "the corrections are those of t = 1 again: is t stored in `config`, and is it the "
            "power of beta1 and beta2?": step(counts=(1, 1)),
            "t is 1 too small: it is advanced before the step, not after.": step(
                counts=(t - 1, t - 1)
            ),
        }
    return wrong


def _wrong_parts_of_adam(
    past: Past, rates: Rates, *, beta1: float, beta2: float, epsilon: float
) -> Wrong:
    t = len(past)
    mean = (1 - beta1) * decayed(past, beta1)
    square = (1 - beta2) * decayed([g**2 for g in past], beta2)
    m_hat, v_hat = mean / (1 - beta1**t), square / (1 - beta2**t)
    kept_m, kept_v = np.zeros_like(mean), np.zeros_like(mean)
    for number, g in enumerate(past, start=1):
        kept_m = (beta1 * kept_m + (1 - beta1) * g) / (1 - beta1**number)
        kept_v = (beta2 * kept_v + (1 - beta2) * g**2) / (1 - beta2**number)
    rate = rates[-1]
    return {
        "`epsilon` is under the root; it is added to the root.": -rate
        * m_hat
        / np.sqrt(v_hat + epsilon),
        "`epsilon` is added before v is corrected.": -rate
        * m_hat
        / (np.sqrt(square) + epsilon)
        * np.sqrt(1 - beta2**t),
        "it is divided by v, not by its root.": -rate * m_hat / (v_hat + epsilon),
        "the corrected m_hat and v_hat are kept for the next step; m and v are.": -rate
        * kept_m
        / (np.sqrt(kept_v) + epsilon),
        "the gradient stands in place of m.": -rate * past[-1] / (np.sqrt(v_hat) + epsilon),
    }
