"""The state of both random generators as plain data, for the student's side to draw from."""

from __future__ import annotations

import random
from typing import Any

import numpy as np


class MovedDraws:
    """Notices whether the random generators of this side have moved."""

    def __init__(self) -> None:
        self._last: tuple[Any, ...] = ()

    def moved(self) -> list[Any] | None:
        """The state of `random` and of `numpy.random` as it is now; None where it was last so."""
        words = random.getstate()
        name, keys, *rest = np.random.get_state()
        now = (words, name, keys.tobytes(), *rest)  # type: ignore[attr-defined]
        if now == self._last:
            return None
        self._last = now
        version, numbers, gauss = words
        return [version, np.array(numbers, dtype="u4"), gauss, name, keys, *rest]


def set_draws(state: list[Any]) -> None:
    """Draw from that state on. Raises `ValueError`, `TypeError` where it is none."""
    version, words, gauss, name, keys, place, has, cached = state
    random.setstate((version, tuple(int(word) for word in words), gauss))
    np.random.set_state((name, keys, place, has, cached))
