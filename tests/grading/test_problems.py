"""Which problem of loading explains that a name is missing."""

from __future__ import annotations

import pytest

from autograder.grading.outcomes import outcome_of
from autograder.grading.problems import Problem, about
from autograder.sandbox.faults import CodeRaised, NotDefined
from autograder.sandbox.messages import Raised

CELL = """
%matplotlib inline
import numpy as np, nn.layers
from nn.layers import svm_loss
from nn.solver import Solver as Trainer
first, (second, *others) = 1, (2, 3)
def helper(): inner = 1
class Net: weight = 0
"""
FAILED = "Code cell 2 of lesson.ipynb raised ImportError: cannot import name 'svm_loss'"
PROBLEMS = ("nn/big.npz could not be written.", Problem(FAILED, source=CELL))


def raised(name: str, message: str) -> CodeRaised:
    error = Raised(name=name, message=message, file="a notebook cell", line=3, text="Trainer()")
    return CodeRaised("lesson.train(3)", error)


@pytest.mark.parametrize("name", ["Trainer", "svm_loss"])
def test_every_check_that_suffers_names_the_cell(name: str) -> None:
    outcome = outcome_of(raised("NameError", f"name '{name}' is not defined"), PROBLEMS)
    assert outcome.rationale.startswith(f"`train(3)` raised NameError: name '{name}' is not")
    assert outcome.help == FAILED
    assert outcome_of(NotDefined(name, "nn.layers"), PROBLEMS).help == FAILED


def test_a_name_of_the_students_own_is_not_put_down_to_a_cell() -> None:
    outcome = outcome_of(raised("NameError", "name 'Trainr' is not defined"), PROBLEMS)
    assert outcome.help == ""
    outcome = outcome_of(raised("KeyError", "name 'Trainer' is not defined"), PROBLEMS)
    assert outcome.help == ""
    assert about("inner", PROBLEMS) == about("Solver", PROBLEMS) == ""
