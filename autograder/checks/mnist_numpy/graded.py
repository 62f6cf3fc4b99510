"""The images that the checks train on: of the data set that `assignment.toml` names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.assignment import load_assignment
from autograder.judging.images import draw_images, held_back_images
from autograder.judging.training import Goal, share_right
from autograder.judging.weights import network_parameters
from datasets import DATASETS

from . import formulas

Array = np.ndarray[Any, np.dtype[Any]]

_ASSIGNMENT = load_assignment("mnist_numpy")
_SETTINGS = _ASSIGNMENT.training[_ASSIGNMENT.dataset]

_DATASET = DATASETS[_ASSIGNMENT.dataset]

SECONDS = float(_SETTINGS["seconds"])
HIDDEN = (256, 256)
GRADED_SIZES = (math.prod(_DATASET.shape), *HIDDEN, _DATASET.classes)
GOAL = Goal(
    part="held_back_accuracy",
    needed=_ASSIGNMENT.threshold("held_back"),
    classes=_DATASET.classes,
    rows=_SETTINGS["images"]["num_test"],
    help="Are the gradients right, and the batch size, the rate and the epochs as given?",
)


@dataclass(frozen=True, kw_only=True)
class Images:
    """Images of shape (N, channels, height, width) and labels of shape (N,).

    `X_test` and `y_test` are for the judge alone.
    """

    X_train: Array
    y_train: Array
    X_val: Array
    y_val: Array
    X_test: Array
    y_test: Array

    def for_student(self, rows: int | None = None) -> tuple[Array, Array, Array, Array]:
        """What `train` is called with; `rows` limits the training images."""
        return self.X_train[:rows], self.y_train[:rows], self.X_val, self.y_val


def draw(rng: np.random.Generator) -> Images:
    """The images, divided anew."""
    drawn = draw_images(_ASSIGNMENT.dataset, _SETTINGS["images"], rng)
    return Images(**drawn)


def saved(arrays: Mapping[str, Array], rng: np.random.Generator) -> float:
    """The accuracy of parameters that a student saved. Raises `Unusable`."""
    ends = GRADED_SIZES[0], GRADED_SIZES[-1]
    params = network_parameters(arrays, ends=ends, sizes=GRADED_SIZES)
    images = held_back_images(_ASSIGNMENT, _SETTINGS["images"], rng)
    return share_right(partial(formulas.scores, params), *images)
