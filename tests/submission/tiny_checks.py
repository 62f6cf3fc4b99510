"""The hidden checks of the made-up assignment `tiny`; a file of the course that tests write."""

from __future__ import annotations

import numpy as np

from autograder.judging.arrays import expect_number
from autograder.judging.check import check
from autograder.sandbox.remote import Student


@check("double", points=2, seconds=5)
def double(student: Student, rng: np.random.Generator) -> None:
    """double doubles."""
    expect_number("out", student.layers.double(3.0), 6.0)


@check("negate", points=3, seconds=5)
def negate(student: Student, rng: np.random.Generator) -> None:
    """negate negates."""
    expect_number("out", student.layers.negate(3.0), -3.0)


@check("square", points=2, seconds=5)
def square(student: Student, rng: np.random.Generator) -> None:
    """square squares."""
    expect_number("out", student.loss.square(3.0), 9.0)


@check("answer", points=1, seconds=5)
def answer(student: Student, rng: np.random.Generator) -> None:
    """The answer is known."""
    expect_number("answer", student.notebook().answer, 42.0)


@check("triple", points=2, seconds=5)
def triple(student: Student, rng: np.random.Generator) -> None:
    """triple triples."""
    expect_number("out", student.notebook().triple(3.0), 9.0)
