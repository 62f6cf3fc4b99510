"""Hidden tests of `fully_connected_nets`, in the order in which they run."""

from . import (
    answers,
    deep,
    depth,
    dropping,
    layers,
    networks,
    normalisation,
    predictions,
    rules,
    training,
)
from .groups import GROUPS

__all__ = ["GROUPS", "PARTS"]

PARTS = (
    layers,
    networks,
    training,
    predictions,
    answers,
    rules,
    normalisation,
    dropping,
    deep,
    depth,
)
