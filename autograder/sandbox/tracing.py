"""A transport that notes what a check asks for, so that the same calls can be made again.

Knows requests and values, not what a check is. Of an array that is too large to be kept, shape and
bounds are kept. Where there are many of them, the trace is given up, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .messages import (
    Call,
    Callback,
    CallbackAnswer,
    Fetch,
    GetAttribute,
    GetItem,
    GetModule,
    GetNotebook,
    Keep,
    Kept,
    KeptMany,
    Request,
    SetAttribute,
    SetItem,
    Unpack,
)
from .plain import Array, Value
from .transports import Transport
from .values import Packer, Unjoined, WireError, unpack, unpack_array

MAX_BYTES = 1 << 18  # of the arrays in all requests of a check
MAX_REQUESTS = 5_000
LARGE, MAX_LARGE = 1 << 12, 12  # bytes of an array; requests of which such arrays are left out


@dataclass(frozen=True)
class Held:
    """An object that stays in the worker, by its number."""

    handle: int


@dataclass(frozen=True, kw_only=True)
class LargeArray:
    """What is kept of an array that is too large: its shape, its type and its finite bounds."""

    shape: tuple[int, ...]
    dtype: str
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class TracedRequest:
    """A request, the objects that came back, and its values; `target` is what it was asked of.

    Attributes
    ----------
    what : the request itself, whose array bytes are gone.
    args, kwargs : of a call; of others `args` has the key or the value, or both.
    results : the handles of what came back.
    """

    what: Request
    target: int | None = None
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    results: tuple[int, ...] = ()

    def used(self) -> frozenset[int]:
        """The objects that it uses."""
        own = set() if self.target is None else {self.target}
        return frozenset(own | set(_held([*self.args, *self.kwargs.values()])))


class Tracer:
    """Passes everything on, and keeps the requests of one check in order.

    Parameters
    ----------
    transport : what it passes everything on to.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._room = MAX_BYTES
        self._large = 0
        self._asked: TracedRequest | None = None
        self._interrupted: list[TracedRequest | None] = []  # by calls of the course's parts
        self._handles: dict[int, Held] = {}
        self.whole = True
        self.requests: list[TracedRequest] = []

    @property
    def behind(self) -> Transport:
        """See `Listening`."""
        return self._transport

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        """See `Transport.send`."""
        if isinstance(message, CallbackAnswer):
            self._asked = self._interrupted.pop() if self._interrupted else None
        elif self.whole and not self._interrupted:
            self._asked = self._traced(message, packer)
        self._transport.send(message, packer, deadline)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        """See `Transport.receive`."""
        received = self._transport.receive(deadline)
        if isinstance(received[0], Callback):  # what the course's part then asks is not the check's
            self._interrupted.append(self._asked)
            self._asked = None
        elif self._asked is not None:
            self._note(self._asked, received[0])
            self._asked = None
        return received

    @property
    def unanswered(self) -> list[TracedRequest]:
        """The request that was not answered: in time, or at all."""
        return [] if self._asked is None else [self._asked]

    @property
    def calls(self) -> list[TracedRequest]:
        """The calls of the student's functions."""
        return [one for one in self.requests if isinstance(one.what, Call)]

    def _note(self, asked: TracedRequest, reply: object) -> None:
        results: tuple[int, ...] = ()
        if isinstance(reply, Kept):
            results = (reply.handle,)
        elif isinstance(reply, KeptMany):
            results = tuple(item.handle for item in reply.items)
        self._handles |= {handle: Held(handle) for handle in results}
        self.requests.append(
            TracedRequest(what=asked.what, target=asked.target, args=asked.args,
                          kwargs=asked.kwargs, results=results)
        )  # fmt: skip

    def _traced(self, message: Request, packer: Packer | None) -> TracedRequest | None:
        """The request with its values; None where it is one that cannot be made again."""
        size = packer.size if packer else 0
        large = size > self._room
        self._large += large
        self._room -= 0 if large else size
        if self._large > MAX_LARGE or len(self.requests) >= MAX_REQUESTS:
            self.whole, self.requests = False, []
            return None

        def plain(value: Value) -> Any:
            if packer is None:
                return unpack(value, memoryview(b""), self._handles)
            if large:  # it may be the images of a data set, so nothing is copied
                return unpack(value, packer.unjoined, self._handles, arrays=bounded_array)
            return unpack(value, memoryview(b"".join(packer.blocks)), self._handles)

        try:
            return _request(message, plain)
        except WireError:
            self.whole, self.requests = False, []
            return None


def _request(message: Request, plain: Any) -> TracedRequest | None:
    match message:
        case GetModule() | GetNotebook():
            return TracedRequest(what=message)
        case GetAttribute(target) | Unpack(target) | Fetch(target):
            return TracedRequest(what=message, target=target)
        case SetAttribute(target, _, value) | GetItem(target, value):
            return TracedRequest(what=message, target=target, args=(plain(value),))
        case SetItem(target, key, value):
            return TracedRequest(what=message, target=target, args=(plain(key), plain(value)))
        case Keep(value):
            return TracedRequest(what=message, args=(plain(value),))
        case Call(target, args, kwargs):
            named = {name: plain(value) for name, value in kwargs.items()}
            return TracedRequest(
                what=message, target=target, args=tuple(map(plain, args)), kwargs=named
            )
    return None


def bounded_array(array: Array, block: memoryview | Unjoined) -> Any:
    """A small array, or shape and bounds of a large one, of which no copy is made."""
    if array.size <= LARGE:
        return unpack_array(array, block)
    data = np.frombuffer(block[array.offset : array.offset + array.size], dtype=array.dtype)
    low, high = _finite_bounds(data)
    return LargeArray(shape=array.shape, dtype=str(data.dtype), low=low, high=high)


def _finite_bounds(array: np.ndarray[Any, Any]) -> tuple[float, float]:
    if array.dtype.kind not in "fiu":
        return 0.0, 1.0
    low, high = float(array.min()), float(array.max())
    if np.isfinite([low, high]).all():
        return low, high
    finite = array[np.isfinite(array)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def large_in(values: Any) -> bool:
    """Whether an array was left out somewhere in these values."""
    if isinstance(values, dict):
        return any(map(large_in, values.values()))
    if isinstance(values, list | tuple):
        return any(map(large_in, values))
    return isinstance(values, LargeArray)


def _held(values: Any) -> Iterator[int]:
    for value in values:
        if isinstance(value, Held):
            yield value.handle
        elif isinstance(value, dict):
            yield from _held(value.keys())
            yield from _held(value.values())
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _held(value)
