"""Question 3: Tikhonov regularisation in three ways, written."""

from __future__ import annotations

from autograder.judging.written import derivation_check, written_check

from .questions import FOLDER

tikhonov_gradient = written_check("tikhonov_gradient", points=1, folder=FOLDER)
tikhonov_formula = written_check("tikhonov_formula", points=2, folder=FOLDER)
tikhonov_formula_steps = derivation_check(
    "tikhonov_formula_steps", points=3, of="tikhonov_formula", folder=FOLDER
)
tikhonov_stack = written_check("tikhonov_stack", points=2, folder=FOLDER)
tikhonov_from_stack = written_check("tikhonov_from_stack", points=1, folder=FOLDER)
ridge_as_tikhonov = written_check("ridge_as_tikhonov", points=2, folder=FOLDER)
