"""Hidden tests of `mnist_numpy`, in the order in which they run."""

from . import batches, network, training
from .groups import GROUPS

__all__ = ["GROUPS", "PARTS", "RUBRIC"]

PARTS = (network, batches, training)

# The rubric: the points of each of its five steps, and the checks that decide it.
RUBRIC = {
    "it runs": (5, ("training_runs",)),
    "the same network, loss and settings": (
        5,
        (
            "network_init",
            "initial_spread",
            "forward",
            "cross_entropy",
            "large_scores",
            "backward",
            "hyper_parameters",
            "shuffled_batches",
            "last_batch",
        ),
    ),
    "twenty epochs in time": (5, ("twenty_epochs",)),
    "the running loss falls": (10, ("running_loss",)),
    "the accuracy": (10, ("running_accuracy", "accuracy_history", "held_back_accuracy")),
}
