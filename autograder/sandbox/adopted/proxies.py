"""What a test holds of an object that stays with the student's code: every use is a question.

What gives data is always allowed, for data is compared here. What would let the object say that it
is right (`==`, `bool`, its methods) is allowed where the reference solution needs it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np

from .kinds import class_named
from .operators import BINARY, COMPARING, UNARY

TEST, LOCKED = "<test cell>", "<locked cell>"
COURSE_CODE = (TEST, LOCKED)
_NOT_THERE = (
    "__array_interface__", "__array_struct__", "__array_ufunc__", "__array_function__",
    "__array_priority__", "__array_wrap__", "__length_hint__", "__await__", "__isabstractmethod__",
    "__wrapped__",
)  # fmt: skip
_KINDS = (
    inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD,
)  # fmt: skip


class Asked(Protocol):
    """What a proxy asks; see `line.StudentLine`."""

    def ask(self, op: str, *args: object) -> Any:
        """See there."""

    def call(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See there."""

    def allow(self, use: str, kind: str) -> None:
        """See there."""

    def claims(self, names: tuple[str, ...]) -> type | None:
        """See there."""


class Facts(NamedTuple):
    """What is known of an object without asking. The names are what the student's side says."""

    line: Asked
    number: int
    what: str  # object, function, class or module
    names: tuple[str, ...]
    name: str

    @property
    def kind(self) -> str:
        """The name of its class, for people."""
        return self.names[0].removeprefix("__main__.") if self.names else "object"


def facts_of(proxy: Any) -> Facts:
    """The facts of a proxy."""
    facts: Facts = object.__getattribute__(proxy, "_facts")
    return facts


def new_proxy(facts: Facts) -> Proxy:
    """A proxy of the object with these facts."""
    proxy = object.__new__(Proxy)
    object.__setattr__(proxy, "_facts", facts)
    return proxy


def class_of(proxy: Any) -> type:
    """The class that a proxy's object has: the first known one of those that are named."""
    facts = facts_of(proxy)
    if facts.what == "class":
        return type
    for name in facts.names:
        kind = class_named(name)
        if kind is not None and kind is not object:
            return kind
    return facts.line.claims(facts.names) or Proxy


def exact_class_of(proxy: Any) -> type | None:
    """The class that a proxy's object has itself, where it is a known one."""
    facts = facts_of(proxy)
    if facts.what == "class":
        return type
    first = facts.names[:1]
    return class_named(first[0]) or facts.line.claims(first) if first else None


def _used(proxy: Any, use: str) -> Facts:
    facts = facts_of(proxy)
    facts.line.allow(f"{use} {facts.what}", facts.kind)
    return facts


def _fetched(proxy: Any, name: str, *args: object) -> Any:
    return facts_of(proxy).line.ask("operator", name, (proxy, *args))


def _judged(proxy: Any, name: str, args: list[object]) -> Any:
    """An operator by which the object itself would say what holds: allowed line by line."""
    return _used(proxy, name + place_of_test()).line.ask("operator", name, tuple(args))


def place_of_test() -> str:
    """The line of the course's code that runs, if any does."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename not in COURSE_CODE:
        frame = frame.f_back
    return "" if frame is None else f"@{frame.f_lineno}"


class Proxy:
    """An object of the student's."""

    __slots__ = ("__weakref__", "_facts")
    __class__ = property(class_of)

    def __getattribute__(self, name: str) -> Any:
        facts = facts_of(self)
        if name == "__class__":
            return class_of(self)
        if name in _NOT_THERE:
            raise AttributeError(name)
        if name == "__signature__" and facts.what in ("function", "class"):
            return _signature(facts)
        if name == "__array__":
            return lambda dtype=None, copy=None: np.asarray(_fetched(self, "array"), dtype=dtype)
        return _used(self, f"attribute:{name}").line.ask("attribute", facts.number, name)

    def __setattr__(self, name: str, value: object) -> None:
        facts = _used(self, f"set attribute:{name}")
        facts.line.ask("set_attribute", facts.number, name, value)

    def __delattr__(self, name: str) -> None:
        facts = _used(self, f"delete attribute:{name}")
        facts.line.ask("delete_attribute", facts.number, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        facts = facts_of(self)
        return facts.line.call(facts.number, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        return _fetched(self, "item", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        facts = _used(self, "set item")
        facts.line.ask("set_item", facts.number, key, value)

    def __delitem__(self, key: Any) -> None:
        facts = _used(self, "delete item")
        facts.line.ask("delete_item", facts.number, key)

    def __iter__(self) -> Iterator[Any]:
        iterator = _fetched(self, "iter")
        if type(iterator) is not Proxy:
            yield from iterator
            return
        while True:
            try:
                item = _fetched(iterator, "next")
            except StopIteration:
                return
            yield item

    def __next__(self) -> Any:
        return _fetched(self, "next")

    def __len__(self) -> int:
        return int(_fetched(self, "len"))

    def __bool__(self) -> bool:
        return bool(_judged(self, "bool", [self]))

    def __hash__(self) -> int:
        return (
            id(facts_of(self)) if facts_of(self).what != "object" else int(_fetched(self, "hash"))
        )

    def __str__(self) -> str:
        return str(_fetched(self, "str"))

    def __repr__(self) -> str:
        return str(_fetched(self, "repr"))

    def __format__(self, form: str) -> str:
        return str(_fetched(self, "format", form))

    def __contains__(self, item: Any) -> bool:
        return bool(_judged(self, "contains", [self, item]))

    def __instancecheck__(self, value: Any) -> bool:
        if type(value) is not Proxy:
            return False
        return bool(_judged(self, "isinstance", [value, self]))

    def __subclasscheck__(self, value: Any) -> bool:
        return bool(_judged(self, "issubclass", [value, self]))

    def __int__(self) -> int:
        return int(_fetched(self, "int"))

    def __float__(self) -> float:
        return float(_fetched(self, "float"))

    def __complex__(self) -> complex:
        return complex(_fetched(self, "complex"))

    def __index__(self) -> int:
        return int(_fetched(self, "index"))

    def __round__(self, *digits: Any) -> Any:
        return _fetched(self, "round", *digits)

    def __reversed__(self) -> Any:
        return _fetched(self, "reversed")

    def __dir__(self) -> list[str]:
        return list(_fetched(self, "dir"))

    def __enter__(self) -> Any:
        return _judged(self, "enter", [self])

    def __exit__(self, *_: object) -> None:
        _judged(self, "exit", [self])

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(_fetched(self, "array"), dtype=dtype)

    def __eq__(self, other: object) -> Any:
        return True if other is self else _judged(self, "eq", [self, other])

    def __ne__(self, other: object) -> Any:
        return False if other is self else _judged(self, "ne", [self, other])


def _signature(facts: Facts) -> inspect.Signature:
    found = facts.line.ask("signature", facts.number)
    return inspect.Signature(
        [
            inspect.Parameter(
                str(name), _KINDS[kind], default=default if given else inspect.Parameter.empty
            )
            for name, kind, given, default in found
        ]
    )


def _binary(name: str, *, turned: bool) -> Callable[[Any, Any], Any]:
    if turned:
        return lambda self, other: _judged(self, name, [other, self])
    return lambda self, other: _judged(self, name, [self, other])


def _unary(name: str) -> Callable[[Any], Any]:
    return lambda self: _judged(self, name, [self])


for _name in BINARY:
    setattr(Proxy, f"__{_name.strip('_')}__", _binary(_name, turned=False))
    setattr(Proxy, f"__r{_name.strip('_')}__", _binary(_name, turned=True))
for _name in COMPARING[2:]:
    setattr(Proxy, f"__{_name}__", _binary(_name, turned=False))
for _name in UNARY:
    setattr(Proxy, f"__{_name}__", _unary(_name))
