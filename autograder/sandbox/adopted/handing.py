"""What a test hands to the student's code: a library's name, or a number by which to call back."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from ..plain import Value
from ..values import WireError
from .backs import used_object
from .encoding import Encoder
from .kinds import library_class, name_of, reached
from .proxies import Proxy, facts_of

INPUT = -1
LIBRARIES = (
    "builtins", "math", "cmath", "operator", "random", "statistics", "numpy", "scipy", "pandas",
    "matplotlib", "itertools", "functools", "string", "re", "json", "fractions", "decimal",
)  # fmt: skip
CANNOT_SEND = "a {kind} of the test's own cannot be handed to the student's code"

_READ_INPUT = builtins.input


class HandedOver:
    """The functions and objects of the test that the student's code may call, by number.

    Parameters
    ----------
    shared : the names of functions that both sides have, with this side's.
    number_of : the student's number of a class that stands here for one of theirs.
    """

    def __init__(
        self, shared: Callable[[str], object], number_of: Callable[[type], int | None]
    ) -> None:
        self._shared = shared
        self._number_of = number_of
        self._functions: list[Any] = []
        self._numbers: dict[int, int] = {}

    def leaf(self, value: Any, encoder: Encoder) -> Value:
        """What is no plain data. Raises `TypeError` where it cannot be handed out."""
        if type(value) is Proxy:
            return encoder.special("thing", facts_of(value).number)
        if isinstance(value, type):
            return self._class(value, encoder)
        if isinstance(value, types.ModuleType) and value.__name__.split(".")[0] in LIBRARIES:
            return encoder.special("library", value.__name__, "")
        if callable(value):
            return self._function(value, encoder)
        if type(value).__module__ == "__main__":
            return encoder.special("object", self._hand_out(value))
        raise TypeError(CANNOT_SEND.format(kind=name_of(type(value))))

    def _class(self, value: type, encoder: Encoder) -> Value:
        number = self._number_of(value)
        if number is not None:
            return encoder.special("thing", number)
        known = value.__module__.split(".")[0] in LIBRARIES
        if known or library_class(name_of(value)) is value:
            return encoder.special("library", value.__module__, value.__qualname__)
        if self._shared(value.__name__) is value:
            return encoder.special("name", value.__name__)
        raise TypeError(CANNOT_SEND.format(kind="class"))

    def _function(self, value: Any, encoder: Encoder) -> Value:
        name = str(getattr(value, "__name__", "function"))
        module = getattr(value, "__module__", None) or ""
        if isinstance(value, np.ufunc):
            module = "numpy"
        if self._shared(name) is value:
            return encoder.special("name", name)
        path = str(getattr(value, "__qualname__", name))
        if module.split(".")[0] in LIBRARIES and reached(module, path) is value:
            return encoder.special("library", module, path)
        return encoder.special("function", self._hand_out(value), name)

    def _hand_out(self, value: Any) -> int:
        """The number by which the student's code may call a function of this side."""
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._functions)
            self._functions.append(value)
        return number

    def get(self, number: int) -> Any:
        """What was handed out. Raises `WireError`."""
        if not 0 <= number < len(self._functions):
            raise WireError("a call of nothing")
        return self._functions[number]

    def called_back(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Call what was handed out. Raises `WireError`, and whatever it raises."""
        if number == INPUT:
            if builtins.input is _READ_INPUT:
                raise LookupError("input")
            return builtins.input(*args)
        target = self.get(number)
        if callable(target) and type(target).__module__ != "__main__":
            return target(*args, **kwargs)
        return used_object(target, args, kwargs)
