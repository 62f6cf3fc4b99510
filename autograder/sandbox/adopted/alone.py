"""Whether anything but this package's own records holds an object."""

from __future__ import annotations

import sys
import weakref
from typing import Any

import numpy as np

_HOLDER = {0: object()}
_ALONE = sys.getrefcount(_HOLDER[0])  # of an object that only a dictionary holds
_GIVEN_AWAY = frozenset({list, dict, tuple, set, bytearray, np.ndarray})


def others(holder: Any, key: int) -> int:
    """How many hold an object besides the list or dictionary that it is read from."""
    return sys.getrefcount(holder[key]) - _ALONE


def is_given_away(items: list[Any], place: int, held: int) -> bool:
    """Whether nobody can reach an object of this side any more, once its message is sent.

    Parameters
    ----------
    items : a list that only the message has.
    place : of the object.
    held : how many others hold it that cannot be reached either.
    """
    kind = type(items[place])
    return (
        kind in _GIVEN_AWAY
        and sys.getrefcount(items[place]) - _ALONE == held
        and not weakref.getweakrefcount(items[place])
        and (kind is not np.ndarray or items[place].base is None)
    )
