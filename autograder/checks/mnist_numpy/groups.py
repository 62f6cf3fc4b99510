"""What belongs together in `mnist_numpy`, where the course can replace a failed part."""

from __future__ import annotations

from autograder.judging.groups import Group, function, glue, method

NETWORK, TRAINING = "mnist_net.network", "mnist_net.training"

GROUPS = (
    Group(
        name="network_init",
        checks=("network_init", "initial_spread"),
        parts=(method(NETWORK, "Network.__init__"),),
    ),
    Group(
        # `backward` may use whatever `forward` has left in the network.
        name="network",
        checks=("forward", "backward"),
        parts=(
            method(NETWORK, "Network.forward", keeps=("_values",)),
            method(NETWORK, "Network.backward", keeps=("_values",)),
        ),
        soft=("backward",),
    ),
    Group(
        name="cross_entropy",
        checks=("cross_entropy", "large_scores"),
        parts=(function(NETWORK, "cross_entropy"),),
    ),
    Group(
        name="accuracy",
        checks=("running_accuracy",),
        parts=(glue(TRAINING, "accuracy"),),
        uses=("network",),
    ),
    Group(
        name="train",
        checks=(
            "training_runs",
            "shuffled_batches",
            "last_batch",
            "running_loss",
            "twenty_epochs",
            "held_back_accuracy",
            "hyper_parameters",
            "accuracy_history",
        ),
        parts=(glue(TRAINING, "train", theirs=("accuracy",)),),
        uses=("network_init", "network", "cross_entropy", "accuracy"),
    ),
)
