"""Checks of functions in a module."""

from autograder.judging.arrays import expect_close, expect_number
from autograder.judging.check import check

from .formulas import doubled

ONE = 1.0


@check("double", points=2, seconds=1)
def double(student, rng):
    """double doubles."""
    x = rng.standard_normal(3)
    expect_close("out", student.layers.double(x), doubled(x))


@check("double_again", points=1, needs="double")
def double_again(student, rng):
    """double doubles negative numbers."""
    expect_number("out", student.layers.double(-1.0), -2.0)


@check("negate", points=3, needs="double")
def negate(student, rng):
    """negate negates."""
    expect_number("out", student.layers.negate(ONE), -1.0)
