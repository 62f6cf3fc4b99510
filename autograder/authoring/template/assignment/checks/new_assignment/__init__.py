"""Hidden tests of `new_assignment`, in the order in which they run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograder.judging.arrays import Hints, Mistake, expect_close
from autograder.judging.check import check, on
from autograder.judging.written import written_check
from autograder.sandbox.remote import Student


@check("standardise", points=3)
def standardise(student: Student, rng: np.random.Generator) -> None:
    """standardise gives every column mean 0 and standard deviation 1."""
    for kind, (n, d) in {"a tall X": (9, 4), "a wide X": (3, 7)}.items():
        X = rng.normal(loc=5, scale=rng.uniform(1, 20, size=d), size=(n, d))
        with on(kind):
            _expect_standardised(student, X)
    X = rng.standard_normal((6, 3))
    X[:, 1] = 2.0
    with on("an X with a column of equal entries"):
        _expect_standardised(student, X)


loss_gradient = written_check("loss_gradient", points=2, folder=Path(__file__).parent / "written")


def _expect_standardised(student: Student, X: np.ndarray) -> None:
    by_rows = Mistake(value=_standardised(X.T).T, rationale="the rows are standardised.")
    hints = Hints(mistakes=[by_rows], help="Means and deviations are those of the columns, axis 0.")
    expect_close("out", student.scaling.standardise(X), _standardised(X), like="X", hints=hints)


def _standardised(X: np.ndarray) -> np.ndarray:
    spread = X.std(axis=0)
    scaled: np.ndarray = (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return scaled
