"""Question 3 on paper: why k-means works, stops, and separates clusters; and outliers."""

from __future__ import annotations

import numpy as np

from autograder.judging.answers import expect_choice
from autograder.judging.check import check
from autograder.judging.written import derivation_check, expect_derivation, written_check
from autograder.sandbox.remote import Student

from .questions import FOLDER, expect_written_either

Generator = np.random.Generator

assign_order = written_check("assign_order", points=2, folder=FOLDER)
spread_identity = written_check("spread_identity", points=1, folder=FOLDER)


@check("spread_identity_steps", points=2)
def spread_identity_steps(student: Student, rng: Generator) -> None:
    """How much larger the sum of squared distances is to a: the steps that lead there."""
    answer = student.notebook().spread_identity
    expect_derivation("spread_identity", answer, FOLDER / "spread_identity.toml")


update_order = written_check("update_order", points=2, folder=FOLDER)


@check("partitions", points=1)
def partitions(student: Student, rng: Generator) -> None:
    """An upper bound for the number of assignments of n samples to k clusters."""
    expect_written_either("partitions", student.notebook().partitions)


finite_order = written_check("finite_order", points=2, folder=FOLDER)
monotone_order = written_check("monotone_order", points=2, folder=FOLDER)
decomposition = written_check("decomposition", points=1, folder=FOLDER)
decomposition_order = written_check("decomposition_order", points=2, folder=FOLDER)
decomposition_chain = derivation_check(
    "decomposition_chain", points=2, of="decomposition_chain", folder=FOLDER
)


@check("between_clusters", points=1)
def between_clusters(student: Student, rng: Generator) -> None:
    """between_clusters says what lowering J does to the deviation between the clusters."""
    options = {
        "a": "Which centres and labels stand in the formula of T?",
        "b": "Write J as a sum over the clusters, and look for nⱼWⱼ.",
        "c": "At the end of a round, T = J/n + B, and T does not change.",
        "d": "Does k-means always end at the least J of all?",
        "e": "With one cluster, where is its mean, and what is B?",
    }
    answer = student.notebook().between_clusters
    expect_choice("between_clusters", answer, {"a", "b", "c"}, options=options)


outlier_mean = written_check("outlier_mean", points=1, folder=FOLDER)


@check("robust_choice", points=1)
def robust_choice(student: Student, rng: Generator) -> None:
    """robust_choice says how outliers act on the centres of the two algorithms."""
    options = {
        "a": "Let r grow in the answer to the question before.",
        "b": "Sort the five numbers: which is in the middle, however large the largest one is?",
        "c": "Compare how far a sample at distance r from its centre counts in J and in J'.",
        "d": "If one sample is far enough away, what does J' become when it has its own centre?",
        "e": "Is a median in each coordinate in general where the mean is?",
    }
    answer = student.notebook().robust_choice
    expect_choice("robust_choice", answer, {"a", "b", "c"}, options=options)
