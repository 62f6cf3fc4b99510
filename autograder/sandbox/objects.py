"""Serves checks inside a forked child: the judge's calls and attribute reads on references."""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
import types
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .draws import seed_draws
from .excerpt import raised
from .messages import (
    Anew,
    Call,
    Callback,
    CallbackAnswer,
    Done,
    Fetch,
    Fetched,
    GetAttribute,
    GetItem,
    GetModule,
    GetNotebook,
    Keep,
    Kept,
    KeptMany,
    Perform,
    ReadFile,
    Refused,
    Relay,
    Relayed,
    Reply,
    Request,
    SetAttribute,
    SetItem,
    StandIn,
    Unpack,
    Use,
)
from .notebook import Notebooks
from .parts import NotebookNames, Parts
from .stand_ins import StandIns
from .theirs import AsksThem
from .values import NotPlainError, Packer, unpack
from .wire import Channel, ClosedError

MAX_ITEMS = 10_000
MAX_FILE = 16 << 20


class Missing(Exception):  # noqa: N818 - becomes a reply, never a failure of ours
    """There is no such attribute, module or file."""


def serve(stream: socket.socket, notebooks: Notebooks, folder: str) -> None:
    """Answer requests until the judge closes the socket or the student's code ends the process."""
    line = _Line(Channel(stream, Request), notebooks, folder)
    with contextlib.suppress(ClosedError):
        while True:
            line.serve(*line.channel.receive())


class _Line:
    """A conversation with the judge, who may be called back before an answer is given."""

    def __init__(self, channel: Channel, notebooks: Notebooks, folder: str) -> None:
        self.channel = channel
        self._objects = Objects(notebooks, folder, relay=self._relay)
        self._objects.stand_ins = StandIns(self._ask, notebooks.spaces, self._objects.table)

    def serve(self, request: Request, block: memoryview) -> None:
        packer = Packer()
        reply = guarded(self._objects, request, block, packer)
        self.channel.send(reply, packer if isinstance(reply, Fetched | CallbackAnswer) else None)

    def _ask(self, callback: Callback, packer: Packer) -> tuple[CallbackAnswer, memoryview]:
        answer, block = self._awaited(callback, packer, CallbackAnswer)
        assert isinstance(answer, CallbackAnswer)
        return answer, block

    def _relay(self, request: Use, packer: Packer) -> tuple[Reply, memoryview]:
        relayed, block = self._awaited(Relay(request), packer, Relayed)
        assert isinstance(relayed, Relayed)
        return relayed.reply, block

    def _awaited(
        self, message: Callback | Relay, packer: Packer, kind: type[CallbackAnswer | Relayed]
    ) -> tuple[CallbackAnswer | Relayed, memoryview]:
        """What comes for a message; whatever is asked for meanwhile is answered first."""
        self.channel.send(message, packer)
        while True:
            request, block = self.channel.receive()
            if isinstance(request, kind):
                return request, block
            self.serve(request, block)


def guarded(objects: Objects, request: Request, block: memoryview, packer: Packer) -> Reply:
    """The answer to a request, or what came of it; never raises."""
    try:
        return objects.answer(request, block, packer)
    except Missing as missing:
        return Refused("missing", str(missing))
    except NotPlainError as error:
        return Refused("not plain", str(error))
    except BaseException as error:  # the student's code may raise anything, SystemExit included
        return raised(error, objects.folder)


class Objects:
    """The references of one check: number -> object."""

    def __init__(
        self, notebooks: NotebookNames, folder: str, relay: AsksThem | None = None
    ) -> None:
        self.folder = folder
        self.table: dict[int, Any] = {}
        self.stand_ins: StandIns | None = None
        self._notebooks = notebooks
        self._relay = relay

    def answer(self, request: Request, block: memoryview, packer: Packer) -> Reply:
        """Do what is asked. Raises whatever the student's code raises."""
        match request:
            case GetModule(name):
                return self._keep(_module(name))
            case GetNotebook(name):
                return self._keep(self._notebooks.names(name))
            case GetAttribute(target, name):
                return self._keep(_attribute(self.table[target], name))
            case SetAttribute(target, name, value):
                setattr(self.table[target], name, self._plain(value, block))
                return self._keep(None)
            case GetItem(target, key):
                return self._keep(self.table[target][self._plain(key, block)])
            case SetItem(target, key, value):
                self.table[target][self._plain(key, block)] = self._plain(value, block)
                return self._keep(None)
            case Call(target, args, kwargs):
                return self._keep(self._call(self.table[target], args, kwargs, block))
            case Keep(value):
                return self._keep(self._plain(value, block))
            case Unpack(target):
                return self._unpack(self.table[target])
            case Fetch(target):
                return Fetched(packer.value(self.table[target]))
            case ReadFile(path):
                return Fetched(packer.value(_read(Path(self.folder, path))))
            case StandIn(parts) if self.stand_ins is not None:
                self.stand_ins.install(parts)
                return Done()
            case Anew(seed):
                self.table.clear()
                seed_draws(seed)
                return Done()
            case Perform():
                return self._parts.perform(request, block, packer)
        return Refused("unknown", "not a request for a check")

    @cached_property
    def _parts(self) -> Parts:
        """Only the course's worker is asked for these; a student's has no generator of theirs."""
        return Parts(self._notebooks, self._relay)

    def _plain(self, value: Any, block: memoryview) -> Any:
        return unpack(value, block, self.table)

    def _call(
        self, function: Any, args: list[Any], kwargs: dict[str, Any], block: memoryview
    ) -> Any:
        positional = [self._plain(value, block) for value in args]
        named = {name: self._plain(value, block) for name, value in kwargs.items()}
        return function(*positional, **named)

    def _keep(self, value: object) -> Kept:
        handle = len(self.table)
        self.table[handle] = value
        return Kept(handle, _kind(value))

    def _unpack(self, value: Any) -> Reply:
        if not isinstance(value, list | tuple | np.ndarray) or len(value) > MAX_ITEMS:
            return Refused("not a sequence", _kind(value))
        return KeptMany([self._keep(item) for item in value])


def _kind(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"array of shape {value.shape}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__} of {len(value)}"
    return "None" if value is None else type(value).__name__


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            raise Missing(name) from error
        raise


def _attribute(value: Any, name: str) -> Any:
    """`value.name`, importing a submodule where `value` is a package."""
    try:
        return getattr(value, name)
    except AttributeError:
        if isinstance(value, types.ModuleType) and hasattr(value, "__path__"):
            return _module(f"{value.__name__}.{name}")
        raise Missing(name) from None


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise Missing(path.name)
    if os.path.getsize(path) > MAX_FILE:
        raise NotPlainError(f"a file of more than {MAX_FILE >> 20} MiB")
    return path.read_bytes()
