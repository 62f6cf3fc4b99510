"""Objects of the student's, as the course's glue holds them: every use is a message.

Numbers, texts and arrays come over as values; containers and everything else stay where they are.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, Protocol

import numpy as np

from .messages import (
    Call,
    Fetch,
    Fetched,
    GetAttribute,
    GetItem,
    GetModule,
    Kept,
    KeptMany,
    Raised,
    Reply,
    SetAttribute,
    SetItem,
    Unpack,
    Use,
)
from .plain import Reference, Value
from .values import Packer, unpack

FIRST = -10  # the reference of their object 0; that of the next one is one less
_SCALARS = frozenset(np.dtype(code).type.__name__ for code in np.typecodes["All"])
_VALUES = _SCALARS | {"None", "bool", "int", "float", "str", "bytes"}


class TheirError(Exception):
    """The student's code raised while the course's glue used it."""


class AsksThem(Protocol):
    """Asks the student's worker and returns what it replies."""

    def __call__(self, request: Use, packer: Packer) -> tuple[Reply, memoryview]:
        """See above."""


class Theirs:
    """One object of the student's."""

    __slots__ = ("_handle", "_kind", "_relay")
    _relay: AsksThem
    _handle: int
    _kind: str

    def __init__(self, relay: AsksThem, handle: int, kind: str) -> None:
        object.__setattr__(self, "_relay", relay)
        object.__setattr__(self, "_handle", handle)
        object.__setattr__(self, "_kind", kind)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _ask(self._relay, GetAttribute(self._handle, name))

    def __setattr__(self, name: str, value: object) -> None:
        packer = TheirArguments()
        _ask(self._relay, SetAttribute(self._handle, name, packer.value(value)), packer)

    def __getitem__(self, key: object) -> Any:
        packer = TheirArguments()
        return _ask(self._relay, GetItem(self._handle, packer.value(key)), packer)

    def __setitem__(self, key: object, value: object) -> None:
        packer = TheirArguments()
        request = SetItem(self._handle, packer.value(key), packer.value(value))
        _ask(self._relay, request, packer)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        packer = TheirArguments()
        request = Call(
            self._handle,
            [packer.value(value) for value in args],
            {name: packer.value(value) for name, value in kwargs.items()},
        )
        return _ask(self._relay, request, packer)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items())

    def __reversed__(self) -> Iterator[Any]:
        return iter(self._items()[::-1])

    def __len__(self) -> int:
        return len(self._items())

    def __contains__(self, item: object) -> bool:
        return item in self._items()

    def __bool__(self) -> bool:
        return self._kind not in ("dict", "list of 0", "tuple of 0") or len(self) > 0

    def keys(self) -> KeysView[Any]:
        """Those of a dictionary, now."""
        return self._fetched().keys()

    def values(self) -> ValuesView[Any]:
        """Those of a dictionary, now."""
        return self._fetched().values()

    def items(self) -> ItemsView[Any, Any]:
        """Those of a dictionary, now."""
        return self._fetched().items()

    def get(self, key: object, default: object = None) -> Any:
        """The entry of a dictionary, or the default."""
        return self[key] if key in self.keys() else default

    def _items(self) -> list[Any]:
        if self._kind == "dict":
            return list(self._fetched())
        items: list[Any] = _ask(self._relay, Unpack(self._handle))
        return items

    def _fetched(self) -> dict[Any, Any]:
        found = _ask(self._relay, Fetch(self._handle))
        if not isinstance(found, dict):
            raise TheirError(f"a {self._kind} where a dictionary is expected")
        return found


class TheirArguments(Packer):
    """Values for the student's worker, in which its own objects travel as their numbers."""

    def value(self, value: object, depth: int = 0) -> Value:
        if isinstance(value, Theirs):
            return Reference(value._handle)
        return super().value(value, depth)


class TheirObjects(Mapping[int, Any]):
    """What references mean in a glue's arguments: their objects beside what the course keeps."""

    def __init__(self, kept: Mapping[int, Any], relay: AsksThem) -> None:
        self._kept = kept
        self._relay = relay

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and (number <= FIRST or number in self._kept)

    def __getitem__(self, number: int) -> Any:
        if number <= FIRST:
            return Theirs(self._relay, FIRST - number, "object")
        return self._kept[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def their_module(relay: AsksThem, name: str) -> Theirs:
    """A module of the student's."""
    found: Theirs = _ask(relay, GetModule(name))
    return found


def _ask(relay: AsksThem, request: Use, packer: Packer | None = None) -> Any:
    """What the student's worker replies, as a value or as another object of theirs."""
    reply, block = relay(request, packer or Packer())
    match reply:
        case Kept():
            return _value(relay, reply)
        case KeptMany(items):
            return [_value(relay, kept) for kept in items]
        case Fetched(value):
            return unpack(value, block)
        case Raised(name, message):
            raise TheirError(f"{name}: {message}")
    raise TheirError("what it should give is not there, or not plain")


def _value(relay: AsksThem, kept: Kept) -> Any:
    plain = kept.kind in _VALUES or kept.kind.startswith("array of shape")
    if kept.kind == "None":
        return None
    theirs = Theirs(relay, kept.handle, kept.kind)
    return _ask(relay, Fetch(kept.handle)) if plain else theirs
