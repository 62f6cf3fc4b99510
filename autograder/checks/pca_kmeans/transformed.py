"""Question 2, second part: what shifting, scaling and rotating do to PCA; written."""

from __future__ import annotations

import numpy as np

from autograder.judging.check import check
from autograder.judging.written import written_check
from autograder.sandbox.remote import Student

from .questions import FOLDER, expect_steps_either

Generator = np.random.Generator

shift_mean = written_check("shift_mean", points=1, folder=FOLDER)
shift_scatter = written_check("shift_scatter", points=1, folder=FOLDER)
shift_components = written_check("shift_components", points=1, folder=FOLDER)
scale_scatter = written_check("scale_scatter", points=1, folder=FOLDER)
scale_components = written_check("scale_components", points=1, folder=FOLDER)
rotate_mean = written_check("rotate_mean", points=1, folder=FOLDER)
rotate_scatter = written_check("rotate_scatter", points=1, folder=FOLDER)


@check("rotate_scatter_steps", points=2)
def rotate_scatter_steps(student: Student, rng: Generator) -> None:
    """The scatter matrix after a rotation: the steps that lead there."""
    expect_steps_either("rotate_scatter", student.notebook().rotate_scatter)


rotate_components = written_check("rotate_components", points=1, folder=FOLDER)
