"""Hidden tests of `modular_nets`, in the order in which they run."""

from . import (
    convnets,
    convolution,
    extras,
    layers,
    losses,
    maths,
    models,
    optimisers,
    pooling,
    regularisers,
    training,
)

PARTS = (
    layers,
    losses,
    models,
    regularisers,
    optimisers,
    training,
    convolution,
    pooling,
    convnets,
    extras,
    maths,
)
