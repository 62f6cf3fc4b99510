"""A wrong array is told by its relation to the right one, where that has a name."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judging.relations import named_relation

RIGHT = np.array([[0.5, -1.25, 2.0], [3.5, 0.25, -0.75], [1.5, -2.5, 4.0]])
POSITIVE = np.abs(RIGHT) + 0.5


def scaled_rows() -> np.ndarray:
    return RIGHT * np.array([[2.0], [3.0], [5.0]])


@pytest.mark.parametrize(
    ("array", "right", "told"),
    [
        (0 * RIGHT, RIGHT, "that is zero everywhere, where the right value is not"),
        (-RIGHT, RIGHT, "with the wrong sign"),
        (RIGHT / 3, RIGHT, "that is 1/3 of the right value, and 3 is the number of rows"),
        (RIGHT.T, RIGHT, "that is the transpose of the right value"),
        (RIGHT**2, RIGHT, "that is the square of the right value"),
        (np.sqrt(POSITIVE), POSITIVE, "that is the square root of the right value"),
        (np.sqrt(2 * POSITIVE), POSITIVE, "that is sqrt(2 v), where v is the right value"),
        (1 / POSITIVE, POSITIVE, "that is 1 divided by the right value"),
        (np.exp(-RIGHT), RIGHT, "that is exp(-v), where v is the right value"),
        (-np.log(POSITIVE), POSITIVE, "that is -ln(v), where v is the right value"),
        (RIGHT[::-1], RIGHT, "that has the right rows in reverse order"),
        (RIGHT[:, ::-1], RIGHT, "that has the right columns in reverse order"),
        (np.abs(RIGHT), RIGHT, "that is the absolute value of the right one"),
        (np.maximum(RIGHT, 0), RIGHT,
         "that is right where it is positive, and 0 where it should be negative"),
        (np.trunc(RIGHT), RIGHT, "that is cut to whole numbers"),
        (RIGHT + 0.7, RIGHT, "that is 0.7 too large everywhere"),
        (RIGHT[[1, 2, 0]], RIGHT, "that has the right numbers in other places"),
        (scaled_rows(), RIGHT, "in which each row is a multiple of the right one"),
        (RIGHT + np.arange(3)[:, None], RIGHT, "in which only the first row is right"),
        (RIGHT + np.eye(3)[:, [1]], RIGHT, "in which only row 1 is wrong"),
        (RIGHT + np.eye(3) * 4e12, RIGHT,
         "whose largest value is 1e+12 times that of the right one"),
        (RIGHT + np.eye(3) * 7, RIGHT, ""),
    ],
)  # fmt: skip
def test_the_relation_is_named(array: np.ndarray, right: np.ndarray, told: str) -> None:
    assert named_relation(array, right, {3.0: "the number of rows"}) == told


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (2.25, "that is the square of the right value"),
        (np.exp(-1.5), "that is exp(-v), where v is the right value"),
        (3.0, "that is 2 times the right value everywhere"),
    ],
)
def test_of_one_number_only_what_is_exact_is_named(number: float, told: str) -> None:
    assert named_relation(np.array(number), np.array(1.5), {}) == told


def test_few_numbers_are_related_by_chance() -> None:
    assert named_relation(np.array([2.0, 1.0]), np.array([1.0, 2.0]), {}) == ""
