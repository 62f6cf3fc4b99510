"""A wrong array is told by the inputs that it differs by, and never where that is not so."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judging.inputs import numbers_of, relation_to_inputs

RNG = np.random.default_rng(3)
RIGHT = RNG.standard_normal((5, 4))
BIAS = RNG.standard_normal(4)
MATRIX = RNG.standard_normal((7, 13))
CASES = [
    (RIGHT - BIAS, {"c": BIAS}, "that is the right value minus `c`"),
    (RIGHT + 2 * BIAS, {"c": BIAS}, "that is the right value plus 2 times `c`"),
    (RIGHT + 0.35 * BIAS, {"c": BIAS}, "that is the right value plus 0.35 times `c`"),
    (RIGHT + 11 * 0.3, {"b2": np.array([0.3])}, "that is the right value plus 11 times `b2`"),
    (BIAS * np.ones((5, 1)), {"x": BIAS * np.ones((5, 1))}, "that is `x` as it was given"),
    (RIGHT * 7 / 13, {"argument 2": MATRIX},
     "that is 7/13 of the right value, where its argument 2 has 7 rows and 13 columns"),
    (RIGHT * BIAS, {"w": BIAS}, "that is the right value times `w`"),
    (RIGHT / BIAS, {"w": BIAS}, "that is the right value divided by `w`"),
]  # fmt: skip


@pytest.mark.parametrize(("array", "inputs", "told"), CASES)
def test_the_input_is_named(array: np.ndarray, inputs: dict[str, np.ndarray], told: str) -> None:
    assert relation_to_inputs(array, RIGHT, inputs) == told


@pytest.mark.parametrize(("array", "inputs", "told"), CASES)
def test_a_right_answer_is_told_nothing(
    array: np.ndarray, inputs: dict[str, np.ndarray], told: str
) -> None:
    assert relation_to_inputs(RIGHT, RIGHT, inputs) == ""
    assert relation_to_inputs(RIGHT * (1 + 1e-7), RIGHT, inputs) == ""


@pytest.mark.parametrize(("array", "inputs", "told"), CASES)
def test_what_is_a_little_off_is_told_nothing(
    array: np.ndarray, inputs: dict[str, np.ndarray], told: str
) -> None:
    other = array + 0.01 * np.random.default_rng(5).standard_normal(array.shape)
    assert relation_to_inputs(other, RIGHT, inputs) == ""


@pytest.mark.parametrize(
    "given", [np.zeros(4), np.ones(4), np.full((5, 4), 0.5), np.array([2.0]), np.ones((1, 2))]
)
def test_zeros_and_equal_numbers_explain_nothing(given: np.ndarray) -> None:
    wrong = RIGHT + np.random.default_rng(6).standard_normal(RIGHT.shape)
    assert relation_to_inputs(wrong, RIGHT, {"x": given}) == ""


def test_of_two_numbers_nothing_is_told() -> None:
    right, given = np.array([1.0, 2.0]), np.array([0.5, 0.25])
    assert relation_to_inputs(right + given, right, {"x": given}) == ""


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_numbers_that_overflow_are_not_compared(scale: float) -> None:
    assert relation_to_inputs(2 * scale * RIGHT, scale * RIGHT, {"x": RIGHT}) == ""


def test_only_finite_numbers_are_inputs() -> None:
    values = (("x", np.array([1.0, np.nan])), ("y", np.arange(3)), ("s", "l2"), ("lam", 0.5),
              ("far", np.array([1e200])), ("params", {"W1": RIGHT}))  # fmt: skip
    assert sorted(numbers_of(values)) == ["W1", "lam"]


def test_by_chance_nothing_is_told() -> None:
    """Of 2,000 unrelated answers of 3 to 8 numbers, none is explained by 6 unrelated inputs."""
    rng = np.random.default_rng(7)
    for _ in range(2000):
        size = int(rng.integers(3, 9))
        array, right, *inputs = rng.standard_normal((8, size))
        named = {str(number): value for number, value in enumerate(inputs)}
        assert relation_to_inputs(array, right, {**named, "b": rng.standard_normal(1)}) == ""
