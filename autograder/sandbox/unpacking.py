"""Tells a student's tuple of another length from a mistake in a check. Knows frames, no messages.

Where a check writes `loss, dx = student.layers.f(x)` and gets three items, Python itself raises a
`ValueError` in the check's frame. The same words come of a check that unpacks a tuple of its own
wrongly, which is no fault of the student's. Both are told apart by the very instruction.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Generic, TypeVar

T = TypeVar("T")

_SAID = re.compile(
    r"(too many|not enough) values to unpack \(expected (at least )?(\d+)(, got .*)?\)"
)


class Unpacked(Generic[T]):
    """The items of one answer, which remembers the instruction that takes them."""

    def __init__(self, label: str, items: Sequence[T]) -> None:
        self.label = label
        self.count = len(items)
        self._items = iter(items)
        self._place: tuple[FrameType, int] | None = None

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        frame = sys._getframe(1)
        self._place = frame, frame.f_lasti
        return next(self._items)

    def expected(self, error: ValueError) -> int | None:
        """How many items the check unpacks, where it is this answer that it failed to unpack."""
        said = _SAID.fullmatch(str(error))
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if said is None or trace is None or self._place != (trace.tb_frame, trace.tb_lasti):
            return None
        expected = int(said[3])
        # A later tuple may have been unpacked at the same place; this answer was not at fault then.
        return expected if (self.count > expected) == (said[1] == "too many") else None
