"""What a check holds of a student's work: proxies whose every use is a message to the worker.

A `Remote` stands for an object that stays in the worker. Calls and attribute reads on it give
other `Remote`s; `fetch` brings plain values over. What the student's side cannot do is a `Fault`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from .faults import CodeRaised, Ended, NotDefined, NotPlain, OtherCount, OutOfTime
from .messages import (
    Call,
    Callback,
    Fetch,
    Fetched,
    GetAttribute,
    GetItem,
    GetModule,
    GetNotebook,
    Keep,
    Kept,
    KeptMany,
    Raised,
    ReadFile,
    Refused,
    Reply,
    Request,
    SetAttribute,
    SetItem,
    Unpack,
)
from .plain import Reference, Value
from .transports import Answers, Transport, unheard
from .unpacking import Unpacked
from .values import NotPlainError, Packer, WireError, unpack
from .wire import ClosedError

UNASKED = "a call back that nobody asked for"


Inputs = tuple[tuple[str, object], ...]  # what a call was given, with the names of the judge


class Conversation:
    """Asks the worker's child, until `deadline`, and turns its failures into faults."""

    def __init__(self, channel: Transport, deadline: float, answers: Answers | None = None) -> None:
        self._channel = channel
        self._deadline = deadline
        self._answers = answers
        self._unpacked: Unpacked[Remote] | None = None
        self.latest = ""  # what was asked last

    def ask(self, request: Request, action: str, packer: Packer | None = None) -> tuple[Reply, Any]:
        """Send one request and return reply and block. Raises a `Fault`."""
        self.latest = action
        try:
            reply, block = self._exchange(request, packer)
        except TimeoutError as error:
            raise OutOfTime(action) from error
        except ClosedError as error:
            raise Ended(action, "the process ended") from error
        except NotPlainError:
            raise
        except WireError as error:
            raise Ended(action, f"the process sent nonsense ({error})") from error
        match reply:
            case Raised():
                raise CodeRaised(action, reply)
            case Refused("missing", name):
                raise NotDefined(name, action.removesuffix(f".{name}"))
            case Refused(_, reason):
                raise NotPlain(action, reason)
        return reply, block

    def _exchange(self, request: Request, packer: Packer | None) -> tuple[Reply, memoryview]:
        """Ask, answer what is called back for meanwhile, and return the reply."""
        self._channel.send(request, packer, self._deadline)
        reply, block = self._channel.receive(self._deadline)
        while isinstance(reply, Callback):
            if self._answers is None:
                raise WireError(UNASKED)
            answer, arrays = self._answers.answer(reply, block, self._exchange)
            self._channel.send(answer, arrays, self._deadline)
            reply, block = self._channel.receive(self._deadline)
        return reply, block

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Until the end of the block nobody notes what is asked, and what is answered."""
        heard, self._channel = self._channel, unheard(self._channel)
        try:
            yield
        finally:
            self._channel = heard

    def keep(
        self, request: Request, label: str, packer: Packer | None = None, inputs: Inputs = ()
    ) -> Remote:
        """Send one request whose result stays in the worker."""
        reply, _ = self.ask(request, label, packer)
        if not isinstance(reply, Kept):
            raise Ended(label, "the process sent the wrong kind of answer")
        return Remote(self, reply, label, inputs)

    def unpack(self, handle: int, label: str, inputs: Inputs = ()) -> Iterator[Remote]:
        """The elements of a tuple or list."""
        reply, _ = self.ask(Unpack(handle), label)
        if not isinstance(reply, KeptMany):
            raise Ended(label, "the process sent the wrong kind of answer")
        items = [Remote(self, kept, f"{label}[{n}]", inputs) for n, kept in enumerate(reply.items)]
        self._unpacked = Unpacked(label, items)
        return self._unpacked

    def blame(self, error: Exception) -> Exception:
        """What a check has raised: `OtherCount` where unpacking an answer was what failed."""
        if not isinstance(error, ValueError) or self._unpacked is None:
            return error
        expected = self._unpacked.expected(error)
        if expected is None:
            return error
        return OtherCount(self._unpacked.label, self._unpacked.count, expected)


class Remote:
    """An object of the student's. `fetch`, `describe` and `label` below look at it from outside."""

    __slots__ = ("_conversation", "_handle", "_inputs", "_kind", "_label")
    _conversation: Conversation
    _handle: int
    _kind: str
    _label: str
    _inputs: Inputs

    def __init__(self, conversation: Conversation, kept: Kept, label: str, inputs: Inputs) -> None:
        values = (conversation, kept.handle, inputs, kept.kind, label)
        for name, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<{self._label}: {self._kind}>"

    def __getattr__(self, name: str) -> Remote:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._conversation.keep(GetAttribute(self._handle, name), f"{self._label}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        packer = _Arguments()
        request = SetAttribute(self._handle, name, packer.value(value))
        self._conversation.keep(request, f"setting {self._label}.{name}", packer)

    def __getitem__(self, key: object) -> Remote:
        packer = _Arguments()
        request = GetItem(self._handle, packer.value(key))
        return self._conversation.keep(request, f"{self._label}[{key!r}]", packer)

    def __setitem__(self, key: object, value: object) -> None:
        packer = _Arguments()
        request = SetItem(self._handle, packer.value(key), packer.value(value))
        self._conversation.keep(request, f"setting {self._label}[{key!r}]", packer)

    def __call__(self, *args: object, **kwargs: object) -> Remote:
        packer = _Arguments()
        request = Call(
            self._handle,
            [packer.value(value) for value in args],
            {name: packer.value(value) for name, value in kwargs.items()},
        )
        label = _call_label(self._label, args, kwargs)
        return self._conversation.keep(request, label, packer, _inputs(args, kwargs))

    def __iter__(self) -> Iterator[Remote]:
        return self._conversation.unpack(self._handle, self._label, self._inputs)


class Student:
    """One submission, as a check sees it: `student.layers` is the module ``<package>.layers``."""

    def __init__(
        self, conversation: Conversation, package: str, notebooks: tuple[str, ...]
    ) -> None:
        self._conversation = conversation
        self._package = package
        self._notebooks = notebooks
        self._opened: dict[str, Remote] = {}

    def __getattr__(self, name: str) -> Remote:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.module(f"{self._package}.{name}")

    def module(self, name: str) -> Remote:
        """A module by its full name."""
        return self._conversation.keep(GetModule(name), name)

    def notebook(self, name: str | None = None) -> Remote:
        """The namespace of a notebook; the assignment's first one by default."""
        chosen = name or self._notebooks[0]
        if chosen not in self._opened:
            self._opened[chosen] = self._conversation.keep(GetNotebook(chosen), chosen)
        return self._opened[chosen]

    def send(self, value: object, label: str = "value") -> Remote:
        """Put a value into the worker, so that several calls share one object."""
        packer = _Arguments()
        return self._conversation.keep(Keep(packer.value(value)), label, packer, ((label, value),))

    def aside(self) -> AbstractContextManager[None]:
        """Ask, until the end of the block, what belongs to no answer that a student reads of."""
        return self._conversation.aside()

    def read_file(self, path: str) -> bytes:
        """A file that the student's code has written in its working folder."""
        reply, block = self._conversation.ask(ReadFile(path), f"the file {path}")
        content = _plain(reply, block, path)
        if not isinstance(content, bytes):
            raise Ended(path, "the process sent the wrong kind of answer")
        return content


def fetch(value: object) -> Any:
    """The plain value behind a `Remote`; any other value as it is. Raises a `Fault`."""
    if not isinstance(value, Remote):
        return value
    reply, block = value._conversation.ask(Fetch(value._handle), value._label)
    return _plain(reply, block, value._label)


def describe(value: object) -> str:
    """What kind of thing it is: ``array of shape (4, 3)``, ``tuple of 2``, ``None``."""
    return value._kind if isinstance(value, Remote) else type(value).__name__


def label(value: object) -> str:
    """How the judge came by it: ``nn.layers.relu_forward(array (2, 3))[0]``."""
    return value._label if isinstance(value, Remote) else "value"


def inputs(value: object) -> Inputs:
    """What the call was given that an answer came from, by name: values of the judge's own."""
    return value._inputs if isinstance(value, Remote) else ()


def _plain(reply: Reply, block: memoryview, action: str) -> Any:
    if not isinstance(reply, Fetched):
        raise Ended(action, "the process sent the wrong kind of answer")
    try:
        return unpack(reply.value, block)
    except WireError as error:
        raise Ended(action, f"the process sent nonsense ({error})") from error


class _Arguments(Packer):
    """Values for the worker, in which a `Remote` travels as its number."""

    def value(self, value: object, depth: int = 0) -> Value:
        if isinstance(value, Remote):
            return Reference(value._handle)
        return super().value(value, depth)


def _inputs(args: tuple[object, ...], kwargs: dict[str, object]) -> Inputs:
    """The values of a call that the judge has sent; names as students know them, or numbers."""
    named = [(f"argument {number}", value) for number, value in enumerate(args, start=1)]
    return tuple(_sent(name, value) for name, value in (*named, *kwargs.items()))


def _sent(name: str, value: object) -> tuple[str, object]:
    if not isinstance(value, Remote) or "(" in value._label or not value._inputs:
        return name, None if isinstance(value, Remote) else value
    label, sent = value._inputs[0]
    return label if label != "value" else name, sent


def _call_label(function: str, args: tuple[object, ...], kwargs: dict[str, object]) -> str:
    shown = [_argument(value) for value in args]
    shown += [f"{name}={_argument(value)}" for name, value in kwargs.items()]
    return f"{function}({', '.join(shown)})"


def _argument(value: object) -> str:
    if isinstance(value, Remote):
        return value._label.rsplit(".", 1)[-1] if "(" not in value._label else "..."
    if isinstance(value, np.ndarray):
        return f"array {value.shape}" if value.ndim else repr(value.item())
    if isinstance(value, dict):
        return "{...}" if len(value) > 2 else repr(value)
    return value.__name__ if isinstance(value, type) else repr(value)
