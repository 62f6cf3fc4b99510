"""Hidden tests of a made-up assignment whose parts build on one another; copied for every test."""

from . import parts
from .groups import GROUPS

__all__ = ["GROUPS", "PARTS"]

PARTS = (parts,)
