"""Where a wrong array is right is told, where that has a name, and never where it is not so."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judging.places import right_in_places

RNG = np.random.default_rng(2)
RIGHT = RNG.standard_normal((5, 4))
IMAGES = RNG.standard_normal((2, 5, 6, 3))
LABELS = np.array([0, 3, 1, 2, 2])
ONE_HOT = np.eye(4)[LABELS]
BORDER = np.ones((5, 6, 1))
BORDER[1:-1, 1:-1] = 0


def last_column_wrong() -> np.ndarray:
    array = IMAGES.copy()
    array[:, :, -1] += 1
    return array


CASES = [
    (RIGHT * ONE_HOT, RIGHT,
     "in which each row has one right value, and 0 where the others should be"),
    (RIGHT * (RIGHT > 0.2), RIGHT,
     f"that is 0 in {int((RIGHT <= 0.2).sum())} of 20 places, and right in all others"),
    (RIGHT * (1 - 2 * ONE_HOT), RIGHT,
     "in which one value of each row has the wrong sign, and all others are right"),
    (RIGHT * np.where(np.arange(20).reshape(5, 4) % 7, 1, -1), RIGHT,
     "that is right but for its sign, which is wrong in 3 of 20 places"),
    (np.vstack([np.ones(4), RIGHT[:-1]]), RIGHT, "that has the right rows one place too late"),
    (np.vstack([RIGHT[1:], np.ones(4)]), RIGHT, "that has the right rows one place too early"),
    (np.cumsum(RIGHT, axis=0), RIGHT,
     "in which the right rows are added up: each has those before in it"),
    (np.minimum(RIGHT, 0.25), RIGHT,
     "that is 0.25 wherever it should be larger, and right in all other places"),
    (RIGHT + np.array([0, 0, 1, 0]), RIGHT, "in which only column 2 is wrong"),
    (RIGHT + np.array([1, 0, 2, 3]), RIGHT, "in which only column 1 is right"),
    (IMAGES + np.array([0, 1, 0]), IMAGES, "in which only channel 1 is wrong"),
    (IMAGES + BORDER, IMAGES,
     "that is right in the inside of the images, and wrong on their border"),
    (last_column_wrong(), IMAGES,
     "that is wrong in the last column of the images, and right elsewhere"),
]  # fmt: skip


@pytest.mark.parametrize(("array", "right", "told"), CASES)
def test_the_places_are_named(array: np.ndarray, right: np.ndarray, told: str) -> None:
    assert right_in_places(array, right) == told


@pytest.mark.parametrize(("array", "right", "told"), CASES)
def test_what_is_a_little_off_everywhere_is_told_nothing(
    array: np.ndarray, right: np.ndarray, told: str
) -> None:
    other = array + 0.05 * (1 + np.random.default_rng(5).random(array.shape))
    assert right_in_places(other, right) == ""


def test_two_or_three_wrong_numbers_are_shown_and_no_column() -> None:
    wrong = RIGHT + np.array([[0, 0, 1, 0]]) * np.array([[1], [1], [1], [0], [0]])
    assert right_in_places(wrong, RIGHT) == ""


@pytest.mark.parametrize("right", [np.zeros((5, 4)), np.ones((5, 4)), np.zeros(3), np.ones((1, 1))])
def test_zeros_and_ones_and_few_numbers_are_told_nothing(right: np.ndarray) -> None:
    wrong = right + np.random.default_rng(4).standard_normal(right.shape)
    assert right_in_places(wrong, right) == ""


def test_by_chance_nothing_is_told() -> None:
    rng = np.random.default_rng(8)
    for _ in range(1000):
        shape = tuple(rng.integers(2, 6, size=int(rng.integers(1, 5))))
        array, right = rng.standard_normal((2, *shape))
        assert right_in_places(array, right) == ""
