"""Question 1: how gradients vanish behind sigmoids, and what helps; written and chosen."""

from __future__ import annotations

import numpy as np

from autograder.judging.answers import expect_choice
from autograder.judging.check import check
from autograder.judging.written import written_check
from autograder.sandbox.remote import Student

from .questions import FOLDER

Generator = np.random.Generator

sigmoid_slope = written_check("sigmoid_slope", points=1, folder=FOLDER)
sigmoid_range = written_check("sigmoid_range", points=1, folder=FOLDER)
depth_bound = written_check("depth_bound", points=1, folder=FOLDER)
depth_number = written_check("depth_number", points=1, folder=FOLDER)


@check("relu_effects", points=2)
def relu_effects(student: Student, rng: Generator) -> None:
    """relu_effects says what ReLU does to gradients, for better and for worse."""
    options = {
        "a": "What is ReLU's slope at a positive input, and what are twenty such factors?",
        "b": "What is ReLU's slope at a negative input?",
        "c": "If the input is negative for every sample, what gradient do the weights get?",
        "d": "What does ReLU give for a very large input?",
        "e": "Which values can max(0, z) not have? What does that say about its mean?",
    }
    answer = student.notebook().relu_effects
    expect_choice("relu_effects", answer, {"a", "c", "e"}, options=options)


@check("remedies", points=2)
def remedies(student: Student, rng: Generator) -> None:
    """remedies names three measures against vanishing gradients."""
    options = {
        "a": "With x + f(x), what is the derivative if that of f is nearly 0?",
        "b": "Each further layer multiplies by one more slope.",
        "c": "Where do the inputs of a sigmoid lie after normalisation, and how steep is it there?",
        "d": "A smaller rate makes steps smaller; it does nothing to the gradient itself.",
        "e": "If activations and gradients keep their size from layer to layer, what vanishes?",
        "f": "Going back, the gradient is multiplied by the weights as well.",
    }
    expect_choice("remedies", student.notebook().remedies, {"a", "c", "e"}, options=options)
