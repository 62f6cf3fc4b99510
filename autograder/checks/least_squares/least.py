"""Question 1: least squares and the solution of least norm, written."""

from __future__ import annotations

import numpy as np

from autograder.judging.answers import expect_choice
from autograder.judging.check import check
from autograder.judging.written import derivation_check, written_check
from autograder.sandbox.remote import Student

from .questions import FOLDER

Generator = np.random.Generator

ols_formula = written_check("ols_formula", points=1, folder=FOLDER)
ols_by_svd = written_check("ols_by_svd", points=2, folder=FOLDER)
ols_by_svd_steps = derivation_check("ols_by_svd_steps", points=2, of="ols_by_svd", folder=FOLDER)
left_product = written_check("left_product", points=1, folder=FOLDER)


@check("left_inverse", points=1)
def left_inverse(student: Student, rng: Generator) -> None:
    """left_inverse says what A is for a tall X of full rank, and what it is not."""
    options = {
        "a": "A left inverse gives I when it stands on the left.",
        "b": "XA is n×n and has rank d < n at most. Can it be the identity?",
        "c": "What do XAX and AXA come to, once AX is known?",
        "d": "Project twice: is XAXA equal to XA? Is XA symmetric?",
    }
    expect_choice("left_inverse", student.notebook().left_inverse, {"a", "c", "d"}, options=options)


min_norm_formula = written_check("min_norm_formula", points=2, folder=FOLDER)
min_norm_conditions = written_check("min_norm_conditions", points=2, folder=FOLDER)
min_norm_by_svd = written_check("min_norm_by_svd", points=2, folder=FOLDER)
right_product = written_check("right_product", points=1, folder=FOLDER)


@check("right_inverse", points=1)
def right_inverse(student: Student, rng: Generator) -> None:
    """right_inverse says what B is for a wide X of full rank, and what it is not."""
    options = {
        "a": "BX is d×d and has rank n < d at most. Can it be the identity?",
        "b": "A right inverse gives I when it stands on the right.",
        "c": "If w solves the system and Xv = 0, what does w + v solve?",
        "d": "Where X has a null space, can By tell w from w + v with Xv = 0?",
    }
    expect_choice("right_inverse", student.notebook().right_inverse, {"b", "c"}, options=options)
