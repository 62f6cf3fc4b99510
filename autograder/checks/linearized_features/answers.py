"""Hidden tests of the short answers in the notebook."""

from __future__ import annotations

import numpy as np

from autograder.judging.answers import expect_choice
from autograder.judging.check import check
from autograder.sandbox.remote import Student

Generator = np.random.Generator


@check("jumping_features", points=1)
def jumping_features(student: Student, rng: Generator) -> None:
    """jumping_features names the parameters whose features jump at an elbow."""
    options = {
        "a": "The derivative by W1_j is x W2_j where the unit is on: how does it begin?",
        "b": "The derivative by b1_j is W2_j where the unit is on: how does it begin?",
        "c": "The derivative by W2_j is the unit's output: which value has it at the elbow?",
        "d": "By b2 every value changes alike, whatever x is.",
    }
    answer = student.notebook().jumping_features
    expect_choice("jumping_features", answer, {"a", "b"}, options=options)


@check("rank_bound", points=2)
def rank_bound(student: Student, rng: Generator) -> None:
    """rank_bound says how many features of a shallow network can be independent."""
    redundant = "Make unit j twice as steep and W2_j half as large: do the values change?"
    answer = student.notebook().rank_bound
    expect_choice(
        "rank_bound",
        answer,
        {"b"},
        options={"a": redundant, "b": redundant, "c": redundant, "d": redundant},
    )


@check("first_learned", points=1)
def first_learned(student: Student, rng: Generator) -> None:
    """first_learned says which part of the residual gradient descent removes first."""
    step = "One step turns the residual r into r - rate/N J J^T r; take r = u_i."
    answer = student.notebook().first_learned
    expect_choice("first_learned", answer, {"c"}, options=dict.fromkeys(("a", "b", "c", "d"), step))
