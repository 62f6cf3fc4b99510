"""What the student's code holds of functions and objects of the test: every use is a call back.

`used_object` is the answer of the test's side.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .operators import OPERATORS


class BackFunction:
    """A function of the test's, which is called over there. It has no other attribute."""

    __slots__ = ("__name__", "__weakref__", "_call", "_number")

    def __init__(self, call: Callable[..., Any], number: int, name: str) -> None:
        self._call = call
        self._number = number
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(self._number, args, kwargs)


class BackObject:
    """An object of a class of the test's own: its attributes and methods are asked for there."""

    __slots__ = ("_call", "_number")

    def __init__(self, call: Callable[..., Any], number: int) -> None:
        object.__setattr__(self, "_call", call)
        object.__setattr__(self, "_number", number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._call(self._number, ("attribute", name), {})

    def __setattr__(self, name: str, value: object) -> None:
        self._call(self._number, ("set", name, value), {})


def _dunder(name: str) -> Callable[..., Any]:
    def ask(self: BackObject, *args: Any) -> Any:
        return self._call(self._number, ("operator", name, *args), {})

    return ask


for _name in ("eq", "lt", "le", "gt", "ge", "len", "getitem", "contains", "str", "repr", "add"):
    setattr(BackObject, f"__{_name}__", _dunder(_name))
BackObject.__hash__ = object.__hash__  # type: ignore[method-assign]


def used_object(target: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A use of an object of the test's own class: a public attribute, an operator or a call."""
    match args:
        case ["attribute", str(name)] if not name.startswith("_"):
            value = getattr(target, name)
            if inspect.ismodule(value) or inspect.isframe(value) or inspect.iscode(value):
                raise AttributeError(name)
            return value
        case ["set", str(name), value] if not name.startswith("_"):
            return setattr(target, name, value)
        case ["operator", str(name), *rest] if name in (*OPERATORS, "getitem"):
            return getattr(target, f"__{name}__")(*rest)
    if callable(target):
        return target(*args, **kwargs)
    raise AttributeError("no such use")
