"""Messages back to values. Builds data and nothing else: no import, no call of what is named."""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import pathlib
import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..plain import Array, EllipsisValue, Items, Pairs, Raw, Scalar, Tagged, Value
from ..values import WireError, unpack_array
from .encoding import MAX_DEPTH
from .kinds import KNOWN
from .sharing import Sharing
from .special_arrays import IMAGE, image
from .views import decoded_view

MAX_LARGE_KEYS = 1000
MAX_TEXT = 1 << 16  # of a number that is written in digits
_DTYPE = re.compile(
    r"[<>|=]?(?:[biufc][0-9]{1,2}|[US][0-9]{1,6}|O|[mM]8(?:\[[a-zA-Zμ0-9]{1,8}\])?)"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_CONTAINERS: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}

_NONSENSE = (
    TypeError, ValueError, ArithmeticError, LookupError, AttributeError, MemoryError,
    RecursionError,
)  # fmt: skip

Named = Callable[[str, list[Any]], Any]


class Decoder:
    """Decodes the values of one message.

    Parameters
    ----------
    block : the array bytes of its frame.
    named : what stands for something of the other side, by its kind and facts.
    sharing : the objects that both sides have.
    """

    def __init__(self, block: memoryview, named: Named, sharing: Sharing) -> None:
        self._block = block
        self._named = named
        self._sharing = sharing
        self._claimed = 0

    def value(self, value: Value, depth: int = 0) -> Any:
        """The value of a message. Raises `WireError` where it makes no sense."""
        if depth > 2 * MAX_DEPTH:
            raise WireError("a value nested too deeply")
        try:
            return self._value(value, depth)
        except WireError:
            raise
        except _NONSENSE as error:
            raise WireError(f"a value that means nothing: {error}") from error

    def change(self, changed: Iterable[tuple[int, Value]]) -> None:
        """Change objects as the other side has. Raises `WireError`."""
        for number, content in changed:
            self._sharing.change(number, self.value(content))

    def _value(self, value: Value, depth: int) -> Any:
        match value:
            case Tagged("shared", [Scalar(int(number)), content]):
                return self._new(number, content, depth)
            case Tagged("again", [Scalar(int(number))]):
                return self._sharing.get(number)
            case Scalar(plain) | Raw(plain):
                return plain
            case Array():
                return self._array(value)
            case EllipsisValue():
                return ...
            case Items(kind, items) if kind in _CONTAINERS:
                found = [self.value(item, depth + 1) for item in items]
                return _CONTAINERS[kind](_hashed(found) if "set" in kind else found)
            case Pairs(pairs):
                keys = _hashed([self.value(key, depth + 1) for key, _ in pairs])
                return dict(
                    zip(keys, [self.value(one, depth + 1) for _, one in pairs], strict=True)
                )
            case Tagged(kind, parts):
                return self._special(kind, [self.value(part, depth + 1) for part in parts])
        raise WireError(f"a {type(value).__name__} that means nothing here")

    def _new(self, number: int, content: Value, depth: int) -> Any:
        """An object that arrives for the first time; a list or dictionary may hold itself."""
        match content:
            case Items("list", items):
                made: Any = []
                self._sharing.accept(number, made)
                made.extend(self.value(item, depth + 1) for item in items)
            case Pairs():
                made = {}
                self._sharing.accept(number, made)
                made.update(self.value(content, depth))
            case _:
                made = self.value(content, depth)
                self._sharing.accept(number, made)
                if isinstance(content, Tagged) and content.kind == "scattered":
                    self._sharing.scattered.add(number)
        self._sharing.note_arrived(number)
        return made

    def _array(self, array: Array) -> Any:
        self._claimed += max(array.size, 0)  # no byte may be claimed twice, for each gets a copy
        if self._claimed > len(self._block):
            raise WireError("arrays that share the bytes of their frame")
        return unpack_array(array, self._block)

    def _special(self, kind: str, parts: list[Any]) -> Any:
        made = _MADE.get(kind)
        if made is not None:
            return made(*parts)
        if kind.startswith("table "):
            from .tables import decoded_table

            return decoded_table(kind, parts)
        return self._named(kind, parts)


def dtype_named(text: Any) -> np.dtype[Any]:
    """A dtype by its name, of numbers, texts, times or objects. Raises `WireError`."""
    if not isinstance(text, str) or not _DTYPE.fullmatch(text):
        raise WireError(f"a dtype {text!r}")
    return np.dtype(text)


def _hashed(keys: list[Any]) -> list[Any]:
    """Keys that may be looked up: large integers can be chosen so that all have one hash."""
    large = sum(type(key) is int and abs(key) >= 1 << 60 for key in keys)
    if large > MAX_LARGE_KEYS:
        raise WireError(f"more than {MAX_LARGE_KEYS} large integers as keys")
    return keys


def _class(name: str) -> type:
    if name not in KNOWN:
        raise WireError(f"a class {name!r}")
    return KNOWN[name]


def _objects(dtype: str, shape: list[int], items: list[Any]) -> Any:
    array = np.empty(len(items), dtype=dtype_named(dtype))
    for place, item in enumerate(items):
        array[place] = item
    return array.reshape(shape)


def _times(dtype: str, array: Any) -> Any:
    kind = dtype_named(dtype)
    if kind.kind not in "mM":
        raise WireError(f"times of dtype {dtype!r}")
    return np.asarray(array).astype("i8").view(kind)


def _texts(data: Any, lengths: Any) -> list[str]:
    ends = np.cumsum(lengths).tolist()
    whole = data.tobytes()
    starts = [0, *ends[:-1]]
    return [whole[a:b].decode("utf-8", "surrogatepass") for a, b in zip(starts, ends, strict=True)]


def _named_tuple(name: str, fields: list[str], items: list[Any]) -> Any:
    if len(fields) > 100 or not all(_NAME.fullmatch(one) for one in (name, *fields)):
        raise WireError("a named tuple with odd names")
    kind: Any = collections.namedtuple(name, fields, rename=True)  # type: ignore[misc]
    return kind(*items)


def _decimal(text: str) -> decimal.Decimal:
    if len(text) > MAX_TEXT:
        raise WireError("a number that is too long")
    return decimal.Decimal(text)


def _counted(pairs: dict[Any, Any]) -> Any:
    found: Any = collections.Counter()
    dict.update(found, pairs)
    return found


_MADE: dict[str, Callable[..., Any]] = {
    "int": lambda data: int.from_bytes(data, "big", signed=True),
    "text": lambda data: data.decode("utf-8", "surrogatepass"),
    "bytearray": bytearray,
    "complex": complex,
    "not implemented": lambda: NotImplemented,
    "scalar": lambda array: array.reshape(())[()],
    "numpy text": np.str_,
    "time": lambda dtype, number: _times(dtype, np.asarray(number, dtype="i8"))[()],
    "times": _times,
    "objects": _objects,
    "fortran": lambda array: array.T,
    "scattered": lambda array: array,
    "matrix": np.matrix,
    "floats": lambda array: array.tolist(),
    "ints": lambda array: array.tolist(),
    "texts": _texts,
    "OrderedDict": collections.OrderedDict,
    "Counter": _counted,
    "named": _named_tuple,
    "range": range,
    "slice": slice,
    "fraction": fractions.Fraction,
    "decimal": _decimal,
    "date": datetime.date,
    "datetime": datetime.datetime,
    "timedelta": datetime.timedelta,
    "path": pathlib.Path,
    "dtype": dtype_named,
    IMAGE: image,
    "view": decoded_view,
    "class": _class,
}
