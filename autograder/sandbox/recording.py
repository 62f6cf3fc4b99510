"""A transport that notes what a check fetches, so that it can be held against other answers."""

from __future__ import annotations

from typing import Any

import msgspec

from .messages import Fetched, GetNotebook, Request, Value
from .remote import Transport
from .values import Packer, WireError, unpack

MAX_BYTES = 4 << 20  # of the arrays that one check fetches; more is no longer cheap to compare


class Recorder:
    """Passes everything on, and keeps the values that come back.

    Parameters
    ----------
    transport : what it passes everything on to.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._fetched: list[tuple[Any, bytes]] = []
        self._room = MAX_BYTES
        self.notebooks = False

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        """See `Transport.send`."""
        self.notebooks = self.notebooks or isinstance(message, GetNotebook)
        self._transport.send(message, packer, deadline)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        """See `Transport.receive`."""
        reply, block = self._transport.receive(deadline)
        if isinstance(reply, Fetched) and self._room >= 0:
            self._room -= len(block)
            if self._room >= 0:
                self._fetched.append((reply.value, bytes(block)))
        return reply, block

    @property
    def count(self) -> int:
        """How many values have been fetched."""
        return len(self._fetched)

    def latest(self) -> object:
        """The value that was fetched last."""
        value, block = self._fetched[-1]
        return unpack(value, memoryview(block))

    def packed(self) -> bytes:
        """The values in the order in which they were fetched, for `unpacked`; none if too many."""
        return msgspec.msgpack.encode(self._fetched if self._room >= 0 else [])


def unpacked(packed: bytes) -> tuple[object, ...]:
    """The values that a recorder has packed; none where one makes no sense."""
    fetched = msgspec.msgpack.decode(packed, type=list[tuple[Value, bytes]])
    try:
        return tuple(unpack(value, memoryview(block)) for value, block in fetched)
    except WireError:  # the check has found it as well
        return ()
