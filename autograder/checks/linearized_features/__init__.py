"""Hidden tests of `linearized_features`, in the order in which they run."""

from . import answers, descent, networks, spectrum
from .groups import GROUPS

__all__ = ["GROUPS", "PARTS"]

PARTS = (networks, descent, spectrum, answers)
