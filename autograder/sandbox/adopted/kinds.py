"""The classes that may be named on the wire: fixed lists, so that a name imports nothing."""

from __future__ import annotations

import builtins
import collections
import datetime
import decimal
import fractions
import pathlib
import sys
import types
from typing import Any

import numpy as np

_NUMPY = (
    "ndarray", "generic", "number", "integer", "signedinteger", "unsignedinteger", "inexact",
    "floating", "complexfloating", "bool", "int8", "int16", "int32", "int64", "uint8", "uint16",
    "uint32", "uint64", "float16", "float32", "float64", "complex64", "complex128", "str_",
    "bytes_", "object_", "datetime64", "timedelta64", "matrix", "ufunc",
)  # fmt: skip
_PANDAS = ("DataFrame", "Series", "Index", "Timestamp")
_OTHERS: tuple[type, ...] = (
    collections.OrderedDict, collections.Counter, collections.defaultdict, collections.deque,
    datetime.date, datetime.datetime, datetime.timedelta, decimal.Decimal, fractions.Fraction,
    pathlib.Path, pathlib.PosixPath,
)  # fmt: skip
_NO_LIBRARIES = ("__main__", "autograder", "builtins", "student")
_MAX_PARTS = 12


def name_of(kind: type) -> str:
    """The name that a class has on the wire."""
    return f"{type.__getattribute__(kind, '__module__')}.{kind.__qualname__}"


def _known() -> dict[str, type]:
    found = [value for value in vars(builtins).values() if isinstance(value, type)]
    found += [getattr(np, name) for name in _NUMPY]
    known = {name_of(kind): kind for kind in (*found, *_OTHERS)}
    known["builtins.NoneType"] = type(None)
    known["builtins.function"] = types.FunctionType
    known["builtins.builtin_function_or_method"] = types.FunctionType
    known["builtins.method"] = types.MethodType
    known["builtins.generator"] = types.GeneratorType
    known["builtins.module"] = types.ModuleType
    known["numpy.linalg.LinAlgError"] = np.linalg.LinAlgError
    return known


KNOWN = _known()


def class_named(name: str) -> type | None:
    """The class of that name, if it is one of those that may be named."""
    module, _, short = name.rpartition(".")
    if module.split(".")[0] == "pandas" and short in _PANDAS and "pandas" in sys.modules:
        kind = getattr(sys.modules["pandas"], short)
        return kind if isinstance(kind, type) else None
    return KNOWN.get(name)


def reached(module: str, path: str) -> Any:
    """What is found under a name in a module that is loaded here, if anything is."""
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found


def library_class(name: str) -> type | None:
    """The class of that full name, if it is one of a library that is loaded here."""
    parts = name.split(".")
    if parts[0] in _NO_LIBRARIES or len(parts) > _MAX_PARTS:
        return None
    for place in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:place])
        if module in sys.modules:
            found = reached(module, ".".join(parts[place:]))
            is_it = isinstance(found, type) and name_of(found) == name
            return found if is_it else None
    return None


def exception_named(names: list[str]) -> tuple[type[Exception], bool]:
    """The nearest ordinary exception among the names, and whether it is the first of them."""
    for place, name in enumerate(names):
        kind = KNOWN.get(name)
        if kind is not None and issubclass(kind, Exception):
            return kind, place == 0
    return RuntimeError, False
