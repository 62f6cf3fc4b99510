"""Makes the random draws of a process repeatable."""

from __future__ import annotations

import random
import sys


def seed_draws(seed: int) -> None:
    """Make the student's own random draws repeatable."""
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % (1 << 32))
