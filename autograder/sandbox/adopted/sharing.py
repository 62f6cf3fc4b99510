"""Lists, arrays and other objects that can change and that both sides hold, by number, in one cell.

Each side has its copy. Where one travels again, its number does, so that it is one object over
there as well; what has changed in the meantime goes with the next message. The judge's numbers are
negative. A number is a claim: it means an object that was handed over in this cell, or nothing.
"""

from __future__ import annotations

import collections
import copy
import hashlib
import operator
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..values import WireError

MAX_SHARED = 2000  # objects of one cell; later ones travel as copies
MAX_HELD = 1 << 26  # bytes of arrays; when there are more, all are forgotten
MAX_LOOKED_AT = 1 << 14  # elements or bytes; larger ones are looked at only where they are named
KINDS = frozenset({
    list, dict, set, bytearray, np.ndarray, collections.OrderedDict, collections.Counter,
    collections.defaultdict,
})  # fmt: skip
_TABLES = ("DataFrame", "Series")
_PLAIN = (str, int, float, bool, bytes)
_TIMES = ("pandas", "datetime")  # a table gives new ones each time


def is_shared(kind: type) -> bool:
    """Whether objects of that class have an identity on the wire."""
    return kind in KINDS or _is_table(kind)


class Sharing:
    """The objects of one side that the other side has, too.

    Parameters
    ----------
    sign : of the numbers that this side gives: 1 or -1.
    """

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self.forget()

    def forget(self) -> None:
        """Begin anew; the other side has to, too."""
        self._given = self._held = 0
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._states: dict[int, list[Any]] = {}
        self.scattered: set[int] = set()  # arrays whose parts lie elsewhere over there
        self._named: set[int] = set()
        self._unsent: dict[int, list[Any] | None] = {}

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self._objects) > MAX_SHARED // 2 or self._held > MAX_HELD

    @property
    def is_judges(self) -> bool:
        """Whether this side is the judge's."""
        return self._sign < 0

    # --- what is sent

    def number_of(self, value: object) -> int | None:
        """The number of an object that the other side has."""
        number = self._numbers.get(id(value))
        if number is not None:
            self._named.add(number)
        return number

    def enter(self, value: object) -> int | None:
        """A new number for an object that is sent now; None where there are too many."""
        if len(self._objects) >= MAX_SHARED:
            return None
        self._given += 1
        number = self._given - 1 if self._sign > 0 else -self._given
        self._unsent[number] = None
        self._keep(number, value)
        return number

    def note(self, number: int) -> None:
        """Remember how an object is now: so the other side has it."""
        if number not in self._unsent:
            self._unsent[number] = self._states.get(number)
        self._states[number] = _state(self._objects[number])

    def changed(self) -> Iterator[tuple[int, Any]]:
        """The objects that are not as the other side has them, each with its number.

        The other side's own are those that this side has changed. Of the judge's, only those are
        sent that are named in the message: what a test does with its data is its own affair.
        """
        for number, value in list(self._objects.items()):
            is_small = _weight(value) <= MAX_LOOKED_AT
            mine_alone = self.is_judges and self._is_own(number, value)
            if number not in self._named and (mine_alone or not is_small):
                continue
            if number not in self._unsent and not _same(self._states[number], _state(value)):
                yield number, value

    def sent(self) -> None:
        """The message has been sent."""
        self._unsent.clear()
        self._named.clear()

    def undo(self) -> None:
        """What was encoded last has not been sent."""
        for number, state in self._unsent.items():
            if state is None:
                self._numbers.pop(id(self._objects.pop(number)), None)
                self._states.pop(number, None)
            else:
                self._states[number] = state
        self._unsent.clear()

    # --- what arrives

    def accept(self, number: int, value: object) -> None:
        """Take an object of the other side's. Raises `WireError` where it cannot be one."""
        is_theirs = (number < 0) != self.is_judges
        if not is_theirs or number in self._objects or not is_shared(type(value)):
            raise WireError(f"an object that cannot have the number {number}")
        if len(self._objects) >= 2 * MAX_SHARED:
            raise WireError("too many objects in one cell")
        self._keep(number, value)

    def get(self, number: int) -> Any:
        """The object with a number. Raises `WireError`."""
        if number not in self._objects:
            raise WireError(f"an object {number} that was not handed over in this cell")
        self._named.add(number)
        return self._objects[number]

    def note_arrived(self, number: int) -> None:
        """Remember how an object of the other side's is, now that it is whole."""
        self._states[number] = _state(self._objects[number])

    def change(self, number: int, new: Any) -> None:
        """Change an object as the other side has changed it. Raises `WireError`."""
        copy_back(self.get(number), new)
        self.note_arrived(number)

    def part_with(self, number: int) -> None:
        """Leave an object to its side as it is: from now on the number means a copy."""
        value = self.get(number)
        self._numbers.pop(id(value), None)
        self._objects[number] = copied = copy.copy(value)
        self._numbers[id(copied)] = number

    def _is_own(self, number: int, value: Any) -> bool:
        """Whether an object, or the array that it is a part of, is this side's."""
        if type(value) is np.ndarray and value.base is not None:
            number = self._numbers.get(id(value.base), number)
        return (number < 0) == self.is_judges

    def _keep(self, number: int, value: object) -> None:
        self._objects[number] = value
        self._numbers[id(value)] = number
        self._held += _weight(value)
        self._named.add(number)


def copy_back(old: Any, new: Any) -> None:
    """Change an object in place, so that it is as the copy on the other side."""
    if type(old) is type(new) and isinstance(old, list | bytearray):
        old[:] = new
    elif (isinstance(old, dict) and isinstance(new, dict)) or type(old) is type(new) is set:
        old.clear()
        old.update(new)
    elif type(old) is np.ndarray and type(new) is np.ndarray:
        if old.shape == new.shape:
            old[...] = new
    elif hasattr(old, "_update_inplace") and type(old) is type(new):
        old._update_inplace(new)


def _is_table(kind: type) -> bool:
    return (
        kind.__name__ in _TABLES
        and "pandas" in sys.modules
        and kind is getattr(sys.modules["pandas"], kind.__name__, None)
    )


def _weight(value: Any) -> int:
    if type(value) is np.ndarray:
        return int(value.nbytes)
    return MAX_LOOKED_AT + 1 if _is_table(type(value)) else len(value)


def _state(value: Any) -> list[Any]:
    """What an object holds now, without a look into what it holds."""
    kind = type(value)
    if kind is np.ndarray:
        if value.dtype.hasobject:
            return list(value.flat)
        return [hashlib.blake2b(value.tobytes()).digest()]
    if kind is bytearray:
        return [bytes(value)]
    if kind is list:
        return list(value)
    if kind is set:
        return sorted(value, key=id)
    if isinstance(value, dict):
        return [*dict.keys(value), *dict.values(value)]
    return _state_of_table(value)


def _state_of_table(value: Any) -> list[Any]:
    columns = [value] if value.ndim == 1 else [value.iloc[:, n] for n in range(value.shape[1])]
    parts = [*columns, *value.axes]
    return [str(getattr(value, "name", "")), *(item for one in parts for item in one.tolist())]


def _same(one: list[Any], other: list[Any]) -> bool:
    """Whether two states hold the same objects; of plain ones, whether they are equal."""
    if len(one) != len(other):
        return False
    if all(map(operator.is_, one, other)):
        return True
    return all(map(_same_item, one, other))


def _same_item(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) in _PLAIN or type(one).__module__.split(".")[0] in _TIMES:
        return bool(one == other) or bool(one != one and other != other)
    return False
