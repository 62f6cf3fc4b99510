"""A transport that notes what a check is answered, so that it can be held against other answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from .messages import Fetched, GetNotebook, Raised, Request
from .plain import Value
from .transports import Transport
from .values import Packer, WireError, unpack

MAX_BYTES = 4 << 20  # of the arrays that one check fetches; more is no longer cheap to compare


@dataclass(frozen=True)
class RaisedAnswer:
    """An exception that came instead of a value: its type and its message."""

    name: str
    message: str


class Recorder:
    """Passes everything on, and keeps the values and exceptions that come back.

    Parameters
    ----------
    transport : what it passes everything on to.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._answers: list[tuple[Any, bytes]] = []
        self._room = MAX_BYTES
        self.notebooks = False

    @property
    def behind(self) -> Transport:
        """See `Listening`."""
        return self._transport

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        """See `Transport.send`."""
        self.notebooks = self.notebooks or isinstance(message, GetNotebook)
        self._transport.send(message, packer, deadline)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        """See `Transport.receive`."""
        reply, block = self._transport.receive(deadline)
        if isinstance(reply, Fetched | Raised) and self._room >= 0:
            self._room -= len(block)
            if self._room >= 0:
                answer = reply.value if isinstance(reply, Fetched) else reply
                self._answers.append((answer, bytes(block)))
        return reply, block

    @property
    def count(self) -> int:
        """How many answers have come."""
        return len(self._answers)

    def latest(self) -> object:
        """The answer that came last."""
        return _answer(*self._answers[-1])

    def packed(self) -> bytes:
        """The answers in the order in which they came, for `unpacked`; none if too many."""
        return msgspec.msgpack.encode(self._answers if self._room >= 0 else [])


def unpacked(packed: bytes) -> tuple[object, ...]:
    """The answers that a recorder has packed; none where one makes no sense."""
    answers = msgspec.msgpack.decode(packed, type=list[tuple[Value | Raised, bytes]])
    try:
        return tuple(_answer(*one) for one in answers)
    except WireError:  # the check has found it as well
        return ()


def _answer(answer: Value | Raised, block: bytes) -> object:
    if isinstance(answer, Raised):
        return RaisedAnswer(answer.name, answer.message)
    return unpack(answer, memoryview(block))
