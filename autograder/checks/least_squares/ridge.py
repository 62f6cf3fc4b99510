"""Question 2: five views of ridge regression and its limits, written."""

from __future__ import annotations

import numpy as np

from autograder.judging.answers import expect_choice
from autograder.judging.check import check
from autograder.judging.written import derivation_check, written_check
from autograder.sandbox.remote import Student

from .questions import FOLDER

Generator = np.random.Generator

ridge_gradient = written_check("ridge_gradient", points=1, folder=FOLDER)
ridge_formula = written_check("ridge_formula", points=2, folder=FOLDER)
ridge_formula_steps = derivation_check(
    "ridge_formula_steps", points=3, of="ridge_formula", folder=FOLDER
)
ridge_by_svd = written_check("ridge_by_svd", points=2, folder=FOLDER)
ridge_by_svd_steps = derivation_check(
    "ridge_by_svd_steps", points=3, of="ridge_by_svd", folder=FOLDER
)
ridge_singular_value = written_check("ridge_singular_value", points=1, folder=FOLDER)
ridge_value_small = written_check("ridge_value_small", points=1, folder=FOLDER)
ridge_value_large = written_check("ridge_value_large", points=1, folder=FOLDER)


@check("filter_meaning", points=1)
def filter_meaning(student: Student, rng: Generator) -> None:
    """filter_meaning says what ridge does along the singular directions."""
    options = {
        "a": "What is the ridge matrix's singular value close to where σ² is much larger than λ?",
        "b": "Compare the ridge matrix's singular value with 1/σ where σ² is much smaller than λ.",
        "c": "Does the share that is left of the least-squares solution depend on the direction?",
        "d": "Can the ridge matrix's singular value be zero for some σ > 0?",
        "e": "For which σ is the ridge matrix's singular value largest, and how large is it there?",
    }
    answer = student.notebook().filter_meaning
    expect_choice("filter_meaning", answer, {"a", "b", "e"}, options=options)


map_order = written_check("map_order", points=3, folder=FOLDER)
map_objective = written_check("map_objective", points=2, folder=FOLDER)
fake_data_products = written_check("fake_data_products", points=2, folder=FOLDER)
fake_data_solution = written_check("fake_data_solution", points=1, folder=FOLDER)
fake_data_solution_steps = derivation_check(
    "fake_data_solution_steps", points=1, of="fake_data_solution", folder=FOLDER
)
fake_features_solution = written_check("fake_features_solution", points=2, folder=FOLDER)
fake_features_stack = written_check("fake_features_stack", points=1, folder=FOLDER)
push_through_factor = written_check("push_through_factor", points=1, folder=FOLDER)
push_through_order = written_check("push_through_order", points=3, folder=FOLDER)
limit_large = written_check("limit_large", points=1, folder=FOLDER)
limit_large_leading = written_check("limit_large_leading", points=1, folder=FOLDER)
limit_small = written_check("limit_small", points=2, folder=FOLDER)
