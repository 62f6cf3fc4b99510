"""Hidden tests of `fully_connected_nets`, in the order in which they run."""

from . import answers, layers, networks, training
from .groups import GROUPS

__all__ = ["GROUPS", "PARTS"]

PARTS = (layers, networks, training, answers)
