"""Hidden tests of `modular_nets`, in the order in which they run."""

from . import (
    batch_norm,
    convnets,
    convolution,
    dropout,
    extras,
    layers,
    losses,
    maths,
    models,
    noisy_labels,
    optimisers,
    pooling,
    regularisers,
    sequences,
    training,
)
from .groups import GROUPS

__all__ = ["GROUPS", "PARTS"]

PARTS = (
    layers,
    dropout,
    sequences,
    losses,
    models,
    regularisers,
    optimisers,
    training,
    convolution,
    pooling,
    convnets,
    extras,
    batch_norm,
    noisy_labels,
    maths,
)
