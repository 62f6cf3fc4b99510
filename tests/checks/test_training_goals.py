"""Is the accuracy that a hidden test asks for below that of the notebook, by as much as luck is?"""

from __future__ import annotations

import pytest

from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.judging.training import graded_goal

# Standard deviations over trainings of one and the same code and settings, apart from that of the
# images; see docs/measurements.md.
SPREAD = {
    ("fully_connected_nets", "mnist8k", "tuned"): 0.003,
    ("fully_connected_nets", "digits", "tuned"): 0.005,
    ("fully_connected_nets", "shapes", "tuned"): 0.01,
    ("fully_connected_nets", "mnist", "tuned"): 0.001,
    ("fully_connected_nets", "cifar10", "tuned"): 0.004,
    ("mnist_numpy", "mnist8k", "held_back"): 0.003,
    ("mnist_numpy", "digits", "held_back"): 0.005,
    ("mnist_numpy", "mnist", "held_back"): 0.001,
    ("modular_nets", "shapes", "mlp"): 0.011,
    ("modular_nets", "shapes", "cnn"): 0.0175,
    ("modular_nets", "cifar100", "mlp"): 0.005,
    ("modular_nets", "cifar100", "cnn"): 0.005,
}
# On which of the images the notebook's own check measures.
SEEN = {"tuned": ("num_val",), "held_back": ("num_test",), "mlp": ("num_val", "num_test")}
SEEN["cnn"] = SEEN["mlp"]


@pytest.mark.parametrize(("slug", "data", "part"), SPREAD)
def test_whoever_reaches_the_notebooks_goal_reaches_the_graded_one(
    slug: str, data: str, part: str
) -> None:
    assignment = load_assignment(slug, shipped_course())
    images = assignment.training[data]
    counts = images[part]["images"] if part in images else images["images"]
    goals = assignment.thresholds[data]
    highest = graded_goal(
        goals[part],
        seen=sum(counts[name] for name in SEEN[part]),
        unseen=counts["num_test"],
        spread=SPREAD[slug, data, part],
    )
    assert highest - 0.02 < goals[f"{part}_graded"] <= highest


def test_more_images_bring_the_two_goals_together() -> None:
    few = graded_goal(0.9, seen=300, unseen=300, spread=0.0)
    many = graded_goal(0.9, seen=30_000, unseen=30_000, spread=0.0)
    assert few < 0.85 < many < 0.9
    assert graded_goal(0.9, seen=30_000, unseen=30_000, spread=0.02) < many
