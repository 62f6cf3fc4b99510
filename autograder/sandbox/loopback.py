"""The worker's half of a conversation, in this process; for no code of a student's.

Messages and values are those of the wire, so that a check cannot tell the two apart.
"""

from __future__ import annotations

import time
from typing import Any

from .messages import Fetched, Reply, Request
from .objects import Objects, guarded
from .parts import NotebookNames
from .values import Packer


class Loopback:
    """A `Transport` that answers at once, from objects of this process.

    Parameters
    ----------
    notebooks : the names of the notebooks.
    folder : where files are read that the code has written.
    """

    def __init__(self, notebooks: NotebookNames, folder: str) -> None:
        self._objects = Objects(notebooks, folder)
        self._answer: tuple[Reply, memoryview] | None = None

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        """Do what is asked. Raises `TimeoutError` after the deadline, a time of `monotonic`."""
        if time.monotonic() > deadline:
            raise TimeoutError
        answered = Packer()
        reply = guarded(self._objects, message, _block(packer), answered)
        self._answer = reply, _block(answered if isinstance(reply, Fetched) else None)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        """The answer to what was sent last. Raises `TimeoutError` after the deadline."""
        assert self._answer is not None
        if time.monotonic() > deadline:
            raise TimeoutError
        return self._answer


def _block(packer: Packer | None) -> memoryview:
    """The arrays of a message, as they arrive: one block that may be written to."""
    return memoryview(bytearray().join(packer.blocks if packer else []))
