"""The state of both random generators as plain data, for the student's side to draw from."""

from __future__ import annotations

import random
from typing import Any

import numpy as np


def draws_of() -> list[Any]:
    """The state of `random` and of `numpy.random`, as it is now."""
    version, words, gauss = random.getstate()
    name, keys, place, has, cached = np.random.get_state()
    return [version, np.array(words, dtype="u4"), gauss, name, keys, int(place), int(has), cached]


def same_draws(one: list[Any] | None, other: list[Any]) -> bool:
    """Whether two states are equal."""
    return one is not None and all(
        bool(np.array_equal(a, b)) if isinstance(a, np.ndarray) else a == b
        for a, b in zip(one, other, strict=True)
    )


def set_draws(state: list[Any]) -> None:
    """Draw from that state on. Raises `ValueError`, `TypeError` where it is none."""
    version, words, gauss, name, keys, place, has, cached = state
    random.setstate((version, tuple(int(word) for word in words), gauss))
    np.random.set_state((name, keys, place, has, cached))
