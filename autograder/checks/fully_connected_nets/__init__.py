"""Hidden tests of `fully_connected_nets`, in the order in which they run."""

from . import answers, layers, networks, predictions, training
from .groups import GROUPS

__all__ = ["GROUPS", "PARTS"]

PARTS = (layers, networks, training, predictions, answers)
