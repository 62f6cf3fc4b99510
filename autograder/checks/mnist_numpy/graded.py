"""The images that the checks train on: of the data set that `assignment.toml` names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.data import DATASETS
from autograder.judging.images import draw_images, held_back_images
from autograder.judging.training import Goal, share_right
from autograder.judging.weights import network_parameters

from . import formulas

Array = np.ndarray[Any, np.dtype[Any]]

HIDDEN = (256, 256)


def seconds(assignment: Assignment) -> float:
    """How long one training of 20 epochs may take."""
    return float(assignment.settings["seconds"])


def goal(assignment: Assignment) -> Goal:
    """The accuracy on images held back."""
    return Goal(
        part="held_back_accuracy",
        needed=assignment.threshold("held_back_graded"),
        classes=DATASETS[assignment.dataset].classes,
        rows=assignment.settings["images"]["num_test"],
        help="Are the gradients right, and the batch size, the rate and the epochs as given?",
    )


def sizes(assignment: Assignment) -> tuple[int, ...]:
    """Those of the network that is graded, which follow the data: 784-256-256-10 for MNIST."""
    dataset = DATASETS[assignment.dataset]
    return math.prod(dataset.shape), *HIDDEN, dataset.classes


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


def draw(assignment: Assignment, rng: np.random.Generator) -> Images:
    """The images, divided anew."""
    drawn = draw_images(assignment.dataset, assignment.settings["images"], rng)
    return Images(**drawn)


def saved(assignment: Assignment, arrays: Mapping[str, Array], rng: np.random.Generator) -> float:
    """The accuracy of parameters that a student saved. Raises `Unusable`."""
    wanted = sizes(assignment)
    params = network_parameters(arrays, ends=(wanted[0], wanted[-1]), sizes=wanted)
    images = held_back_images(assignment, assignment.settings["images"], rng)
    return share_right(partial(formulas.scores, params), *images)
