"""Hidden tests of the short answers in the notebook."""

from __future__ import annotations

import math

import numpy as np

from autograder.judging.answers import expect_choice, expect_interval
from autograder.judging.check import Finding, NotAttempted, check
from autograder.sandbox.remote import Student, fetch

Generator = np.random.Generator

VANISHED = 0.01  # the statement's bound on the derivative


@check("vanishing_activations", points=1)
def vanishing_activations(student: Student, rng: Generator) -> None:
    """vanishing_activations names the functions whose gradient can vanish."""
    options = {
        "a": "Look at the sigmoid's derivative where |x| is large.",
        "b": "Look at ReLU's derivative where x is negative.",
        "c": "Look at leaky ReLU's derivative where x is negative: how small can it be?",
    }
    answer = student.notebook().vanishing_activations
    expect_choice("vanishing_activations", answer, {"a", "b"}, options=options)


@check("vanishing_inputs", points=2)
def vanishing_inputs(student: Student, rng: Generator) -> None:
    """vanishing_inputs gives the inputs at which each gradient has vanished."""
    answer = fetch(student.notebook().vanishing_inputs)
    if answer is ... or answer is None:
        raise NotAttempted
    if not isinstance(answer, dict):
        raise Finding("`vanishing_inputs` should be a dictionary of (low, high).")
    named = {str(key).strip().lower(): value for key, value in answer.items()}
    # sigmoid' = 1 / (2 cosh(x/2))^2 and tanh' = 1 / cosh(x)^2 fall as x grows.
    right = {
        "sigmoid": (2 * math.acosh(0.5 / math.sqrt(VANISHED)), math.inf),
        "tanh": (math.acosh(1 / math.sqrt(VANISHED)), math.inf),
        "relu": (-math.inf, 0.0),
    }
    for name, (low, high) in right.items():
        if name not in named:
            raise Finding(f"`vanishing_inputs` has no entry for {name!r}.")
        expect_interval(
            f"vanishing_inputs[{name!r}]",
            named[name],
            low,
            high,
            help=f"Solve: derivative of {name} = {VANISHED:g}. Which side of it is asked for?",
        )


@check("train_test_gap", points=1)
def train_test_gap(student: Student, rng: Generator) -> None:
    """train_test_gap names what makes the gap smaller."""
    options = {
        "1": "Is it easier or harder to overfit many training images than few?",
        "2": "Does a larger network overfit more or less?",
        "3": "What does a penalty on large weights do to the fit of the training images?",
        "4": "It excludes all the others.",
    }
    expect_choice("train_test_gap", student.notebook().train_test_gap, {"1", "3"}, options=options)
