"""Where requests go and replies come from, and who listens on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from .messages import Callback, CallbackAnswer, Reply, Request
from .values import Packer

Exchange = Callable[[Request, Packer | None], tuple[Reply, memoryview]]


class Transport(Protocol):
    """What carries messages, as a `Channel` does it."""

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        """See `Channel.send`."""

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        """See `Channel.receive`."""


class Answers(Protocol):
    """What the student's code may call back for; nothing by default."""

    def answer(
        self, callback: Callback, block: memoryview, ask: Exchange
    ) -> tuple[CallbackAnswer, Packer]:
        """The answer and its arrays; `ask` asks the student's side. Raises a `Fault`."""


@runtime_checkable
class Listening(Protocol):
    """A transport that notes what passes on its way to another one."""

    @property
    def behind(self) -> Transport:
        """The one that it passes everything on to."""


def unheard(transport: Transport) -> Transport:
    """The transport behind all that listen."""
    while isinstance(transport, Listening):
        transport = transport.behind
    return transport
