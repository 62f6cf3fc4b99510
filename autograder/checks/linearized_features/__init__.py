"""Hidden tests of `linearized_features`, in the order in which they run."""

from . import answers, descent, networks, spectrum

PARTS = (networks, descent, spectrum, answers)
