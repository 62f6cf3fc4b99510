"""Lists, arrays and other objects that can change and that both sides hold, by number, in one cell.

Each side has its copy. Where one travels again, its number does, so that it is one object over
there as well; what has changed in the meantime goes with the next message. The judge's numbers are
negative. A number is a claim: it means an object that was handed over in this cell, or nothing.

A message costs what it carries, and a look at what this side's code still holds. An object that it
holds no more cannot be changed here; where it came from the other side, its number is given back.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..values import WireError
from .alone import others
from .contents import copy_back, cost, is_shared, parts, reached, same, state_of, weight

MAX_SHARED = 2000  # objects of one cell; later ones travel as copies
MAX_HELD = 1 << 26  # bytes of arrays; when there are more, all are forgotten
MAX_LOOKED_AT = 1 << 15  # elements in one message, besides the objects that it names
YOUNG = 3  # messages in which an object is usually given up
ALL = 32  # messages after which the older ones are looked through, too


class Sharing:
    """The objects of one side that the other side has, too.

    Parameters
    ----------
    sign : of the numbers that this side gives: 1 or -1.
    """

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._given = 0
        self.forget()

    def forget(self) -> None:
        """Begin anew; the other side has to, too."""
        self._given = self._size = self._sweeps = 0
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._states: dict[int, list[Any]] = {}
        self._sizes: dict[int, int] = {}
        self._awake: dict[int, None] = {}  # what this side's code may change, the latest last
        self._young: dict[int, int] = {}  # of these, by how often they have been looked through
        self._asleep: dict[int, list[int]] = {}  # what it cannot, with the ids that each holds
        self._inner: dict[int, int] = {}  # by id, how often those that sleep hold an object
        self._named: set[int] = set()
        self._unsent: dict[int, list[Any] | None] = {}
        self._arrived: list[int] = []  # with the message that is answered next
        self._idle: list[int] = []  # the other side's that fell asleep
        self.scattered: set[int] = set()  # arrays whose parts lie elsewhere over there
        self.given_back: list[int] = []  # what the other side is to be told

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self._objects) > MAX_SHARED // 2 or self._size > MAX_HELD

    @property
    def is_judges(self) -> bool:
        """Whether this side is the judge's."""
        return self._sign < 0

    # --- what is sent

    def number_of(self, value: object) -> int | None:
        """The number of an object that the other side has."""
        number = self._numbers.get(id(value))
        if number is not None:
            self._touch(number)
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
        self._states[number] = state_of(self._objects[number])

    def changed(self) -> Iterator[tuple[int, Any]]:
        """The objects that are not as the other side has them, each with its number.

        The other side's own are those that this side has changed. Of the judge's, only those are
        sent that the message hands over: what a test does with its data is its own affair.
        """
        for number in self._looked_at():
            if number not in self._unsent:
                value = self._objects[number]
                if not same(self._states[number], state_of(value)):
                    yield number, value

    def sent(self) -> None:
        """The message has been sent."""
        self._unsent.clear()
        self._named.clear()
        self.given_back = []

    def undo(self) -> None:
        """What was encoded last has not been sent."""
        for number, state in self._unsent.items():
            if state is None:
                self._drop(number)
            else:
                self._states[number] = state
        self._unsent.clear()

    # --- what arrives

    def accept(self, number: int, value: object) -> None:
        """Take an object of the other side's. Raises `WireError` where it cannot be one."""
        if self._is_mine(number) or number in self._objects or not is_shared(type(value)):
            raise WireError(f"an object that cannot have the number {number}")
        if len(self._objects) >= 2 * MAX_SHARED:
            raise WireError("too many objects in one cell")
        self._keep(number, value)
        self._arrived.append(number)

    def get(self, number: int) -> Any:
        """The object with a number. Raises `WireError`."""
        if number not in self._objects:
            raise WireError(f"an object {number} that was not handed over in this cell")
        if not self._stays(number):
            self._touch(number)
        return self._objects[number]

    def note_arrived(self, number: int) -> None:
        """Remember how an object of the other side's is, now that it is whole."""
        self._states[number] = state_of(self._objects[number])

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

    def take_back(self, numbers: list[int]) -> None:
        """Forget those of this side's own that the other side holds no more."""
        for number in numbers:
            if self._is_mine(number) and number in self._objects:
                self._drop(number)

    # --- what is still held

    def handed(self) -> frozenset[int]:
        """The numbers that the message has named which is being answered."""
        return frozenset(self._named)

    def name(self, numbers: frozenset[int]) -> None:
        """Look at those again: a call back in between has sent what had changed until then."""
        self._named |= numbers & self._objects.keys()

    def sweep(self) -> None:
        """Let sleep what this side's code holds no more; none of it runs now."""
        self._sweeps += 1
        looked_through = self._awake if self._sweeps % ALL == 0 else self._young
        for number in list(looked_through):
            inside = self._inner.get(id(self._objects[number]), 0)
            if others(self._objects, number) > inside:
                self._grow(number)
            elif not (self.is_judges and self._is_mine(number)):
                self._sleep(number)

    def give_back(self) -> list[int]:
        """Forget those of the other side's that sleep; the next message has to say so.

        Not while one of its messages is to be read: that may name them.
        """
        for number in self._idle:
            value = self._objects.get(number)
            if number in self._asleep and id(value) not in self._inner:
                self._drop(number)
                self.given_back.append(number)
        self._idle = []
        return self.given_back

    def release(self) -> list[int]:
        """Give back at once what has come with the last message, is as it was and held no more.

        The outer ones come first, so what only they hold goes with them.
        """
        for number in self._arrived:
            is_as_it_was = number in self._named and number not in self._unsent
            if is_as_it_was and others(self._objects, number) == 0:
                self._drop(number)
                self.given_back.append(number)
        self._arrived = []
        return self.given_back

    def _grow(self, number: int) -> None:
        age = self._young.pop(number, YOUNG) + 1
        if age < YOUNG:
            self._young[number] = age

    def _sleep(self, number: int) -> None:
        """What is asleep keeps nothing awake that it holds, itself or by its state."""
        del self._awake[number]
        self._young.pop(number, None)
        if not self._is_mine(number):
            self._idle.append(number)
        states = (one for one in self._states[number] if is_shared(type(one)))
        held = self._asleep[number] = [id(one) for one in (*parts(self._objects[number]), *states)]
        for one in held:
            self._inner[one] = self._inner.get(one, 0) + 1

    def _wake(self, number: int) -> None:
        """This side's code can reach an object again, and what it holds."""
        self._awake.pop(number, None)
        self._awake[number] = None
        self._young[number] = 0
        for one in self._asleep.pop(number, ()):
            self._inner[one] -= 1
            if not self._inner[one]:
                del self._inner[one]
            inner = self._numbers.get(one)
            if inner is not None and inner in self._asleep:
                self._wake(inner)

    def _touch(self, number: int) -> None:
        self._named.add(number)
        if not self._stays(number):
            self._wake(number)

    def _looked_at(self) -> list[int]:
        """The objects that this side may have changed, as far as there is time to look at them."""
        found = set(self._named)
        if len(found) == len(self._objects):
            return sorted(found)
        left, has_room = MAX_LOOKED_AT, True
        for number in reversed(self._awake):
            if number not in found:
                left -= cost(self._objects[number])
                if left < 0:
                    has_room = False
                    break
                found.add(number)
        if self.is_judges or not has_room:
            found |= reached(self._named, self._objects, self._numbers)
        return sorted(found)

    def _stays(self, number: int) -> bool:
        """Whether an object is the judge's own, which is looked at only where it is handed over.

        A part of an array of the student's is not.
        """
        if not self.is_judges or number >= 0:
            return False
        value = self._objects[number]
        if type(value) is np.ndarray and value.base is not None:
            return self._numbers.get(id(value.base), number) < 0
        return True

    def _is_mine(self, number: int) -> bool:
        return (number < 0) == self.is_judges

    def _keep(self, number: int, value: object) -> None:
        self._objects[number] = value
        self._numbers[id(value)] = number
        self._sizes[number] = weight(value)
        self._size += self._sizes[number]
        self._touch(number)

    def _drop(self, number: int) -> None:
        self._wake(number)
        value = self._objects.pop(number)
        self._numbers.pop(id(value), None)
        self._size -= self._sizes.pop(number)
        for one in (self._states, self._awake, self._young):
            one.pop(number, None)
        self._named.discard(number)
        self.scattered.discard(number)
