"""Values of any usual kind to messages. What is left over is somebody else's to name (`Leaf`)."""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import pathlib
import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..plain import EllipsisValue, Items, Pairs, Raw, Scalar, Tagged, Value
from ..values import DTYPES, NotPlainError, Packer
from .alone import is_given_away
from .contents import ATOMS, is_shared
from .kinds import KNOWN, name_of
from .sharing import Sharing
from .special_arrays import encoded_special
from .views import encoded_view

MAX_DEPTH = 40
MAX_VALUES = 60_000
MAX_INTEGER = 1 << 14  # bytes
MAX_OBJECTS = 20_000  # elements of an array that is not of numbers
LONG = 64  # from here on a list of numbers or texts travels as one block

Leaf = Callable[[object, "Encoder"], Value]


class Encoder(Packer):
    """Collects the values of one message.

    Parameters
    ----------
    leaf : names what is not plain. Raises `NotPlainError`.
    coerce : whether an instance of a subclass of plain data travels as plain data.
    sharing : the objects that travel as one and the same each time; None for copies.
    """

    def __init__(self, leaf: Leaf, *, coerce: bool, sharing: Sharing | None = None) -> None:
        super().__init__()
        self._leaf = leaf
        self._coerce = coerce
        self._sharing = sharing
        self._is_given_away = False
        if sharing is not None:
            sharing.undo()
        self._count = 0

    def value(self, value: Any, depth: int = 0) -> Value:
        """Encode one value. Raises `NotPlainError` where it is too large."""
        self._count += 1
        if self._count > MAX_VALUES or depth > MAX_DEPTH:
            raise NotPlainError("a value that is too large to be sent")
        kind = type(value)
        if self._sharing is None or self._is_given_away or kind in ATOMS or not is_shared(kind):
            return self._content(value, depth)
        return self._shared(value, self._sharing, depth)

    def result(self, holder: list[Any]) -> Value:
        """Encode what a call has given, the only item of a list.

        What nothing else holds is the other side's from now on, and needs no number.
        """
        self._is_given_away = True
        (value,) = self._parts(holder, -1, 0)
        self._is_given_away = False
        return value

    def message(self, *parts: object) -> Items:
        """The parts of a message: lists and dictionaries that are made for it are nobody's."""
        return Items("list", [self.value(part) for part in parts])

    def copied(self, *parts: object) -> Items:
        """The parts of a message of which nothing is an object of either side."""
        return Items("list", self.copies(parts))

    def changes(self) -> list[tuple[int, Value]]:
        """What has changed since the other side has had it; last of all in a message."""
        if self._sharing is None:
            return []
        found = []
        for number, value in self._sharing.changed():
            found.append((number, self._content(value, 0)))
            self._sharing.note(number)
        return found

    def _shared(self, value: Any, sharing: Sharing, depth: int) -> Value:
        """An object that can change: its number, and what it holds where it is new."""
        number = sharing.number_of(value)
        if number is not None:
            return Tagged("again", [Scalar(number)])
        number = sharing.enter(value)
        if number is None:
            return self._content(value, depth)
        view = encoded_view(value, self, sharing, depth) if type(value) is np.ndarray else None
        content = self._content(value, depth) if view is None else view
        sharing.note(number)
        return Tagged("shared", [Scalar(number), content])

    def _content(self, value: Any, depth: int) -> Value:
        """A value as it is now."""
        kind = type(value)
        found = _SIMPLE.get(kind)
        if found is not None:
            return found(self, value, depth)
        if kind is np.ndarray:
            return self._array(value, depth)
        if issubclass(kind, np.generic) and kind.__module__ == "numpy":
            return self._numpy_scalar(value)
        return self._other(value, kind, depth)

    def special(self, kind: str, *parts: object) -> Tagged:
        """A special value of plain parts."""
        return Tagged(kind, self.copies(parts))

    def copies(self, parts: Iterable[object], depth: int = 0) -> list[Value]:
        """Parts that only describe a value, and so are no objects of either side."""
        sharing, self._sharing = self._sharing, None
        try:
            return [self.value(part, depth + 1) for part in parts]
        finally:
            self._sharing = sharing

    def _other(self, value: Any, kind: type[Any], depth: int) -> Value:
        if issubclass(kind, np.dtype):
            return self.special("dtype", value.str)
        name = name_of(value) if issubclass(kind, type) else ""
        if name and KNOWN.get(name) is value:
            return self.special("class", name)
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            parts = [kind.__name__, tuple(kind._fields), tuple(value)]
            return Tagged("named", [self.value(part, depth + 1) for part in parts])
        if kind is np.matrix:
            return Tagged("matrix", [self._array(value.view(np.ndarray), depth)])
        if kind.__module__.split(".")[0] == "pandas" and "pandas" in sys.modules:
            from .tables import encoded_table

            table = encoded_table(value, self, depth)
            if table is not None:
                return table
        special = encoded_special(value, self, depth)
        if special is not None:
            return special
        if self._coerce:
            plain = _as_base(value)
            if plain is not None:
                return self._content(plain, depth)
        return self._leaf(value, self)

    def _array(self, array: Any, depth: int) -> Value:
        if array.dtype.newbyteorder("<").str in DTYPES:
            if array.ndim > 1 and array.flags.f_contiguous and not array.flags.c_contiguous:
                return Tagged("fortran", [self.array(array.T)])
            if not array.flags.c_contiguous:
                return Tagged("scattered", [self.array(array)])
            return self.array(array)
        if array.dtype.kind in "mM":
            return Tagged("times", [Scalar(array.dtype.str), self.array(array.view("i8"))])
        if array.dtype.kind in "UOS" and array.size <= MAX_OBJECTS:
            parts = [array.dtype.str, list(array.shape), array.ravel().tolist()]
            return Tagged("objects", self.copies(parts, depth))
        return self._leaf(array, self)

    def _numpy_scalar(self, value: np.generic) -> Value:
        if value.dtype.newbyteorder("<").str in DTYPES:
            return Tagged("scalar", [self.array(np.asarray(value))])
        if isinstance(value, np.str_):
            return self.special("numpy text", str(value))
        if value.dtype.kind in "mM":
            return self.special("time", value.dtype.str, int(np.asarray(value).view("i8")))
        return self._leaf(value, self)

    def _sequence(self, value: Any, depth: int) -> Value:
        items = list(value)
        if len(items) > LONG and type(value) is list:
            block = self._block(items)
            if block is not None:
                return block
        return Items(type(value).__name__, self._parts(items, depth, 1))

    def _parts(self, items: list[Any], depth: int, held: int) -> list[Value]:
        """Encode items that `held` others hold besides the list."""
        if not self._is_given_away:
            return [self.value(item, depth + 1) for item in items]
        found = []
        for place in range(len(items)):
            self._is_given_away = is_given_away(items, place, held)
            found.append(self.value(items[place], depth + 1))
        self._is_given_away = True
        return found

    def _block(self, items: list[Any]) -> Value | None:
        kinds = set(map(type, items))
        if kinds == {float}:
            return Tagged("floats", [self.array(np.array(items))])
        if kinds == {int} and min(items) >= -(1 << 63) and max(items) < 1 << 63:
            return Tagged("ints", [self.array(np.array(items, dtype="i8"))])
        if kinds == {str}:
            texts = [item.encode("utf-8", "surrogatepass") for item in items]
            joined = b"".join(texts)
            lengths = np.array([len(text) for text in texts], dtype="i8")
            data = self.bytes_block(joined, "|u1", (len(joined),))
            return Tagged("texts", [data, self.array(lengths)])
        return None

    def _mapping(self, value: Any, depth: int) -> Value:
        keys = [self.value(key, depth + 1) for key in value]
        values = self._parts(list(value.values()), depth, 1)
        pairs = Pairs(list(zip(keys, values, strict=True)))
        name = type(value).__name__
        return pairs if name in ("dict", "defaultdict") else Tagged(name, [pairs])

    def _integer(self, value: int, _: int) -> Value:
        if -(1 << 63) <= value < 1 << 63:
            return Scalar(value)
        if value.bit_length() // 8 >= MAX_INTEGER:
            raise NotPlainError(f"an integer of more than {MAX_INTEGER * 8:,} bits")
        return Tagged("int", [Raw(value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))])

    def _text(self, value: str, _: int) -> Value:
        try:
            value.encode()
        except UnicodeEncodeError:
            return Tagged("text", [Raw(value.encode("utf-8", "surrogatepass"))])
        return Scalar(value)

    def _date(self, value: Any, _: int) -> Value:
        if getattr(value, "tzinfo", None) is not None:
            return self._leaf(value, self)
        if isinstance(value, datetime.timedelta):
            return self.special("timedelta", value.days, value.seconds, value.microseconds)
        parts = list(value.timetuple()[:6])
        if isinstance(value, datetime.datetime):
            return self.special("datetime", *parts, value.microsecond)
        return self.special("date", *parts[:3])


def _scalar(_: Encoder, value: Any, __: int) -> Value:
    return Scalar(value)


def _as_base(value: Any) -> object:
    """What an instance of a subclass of plain data is as plain data; None for anything else.

    Only methods of the base are called: an instance may say of itself what it likes.
    """
    if issubclass(type(value), int):
        return int.__pos__(value)
    if issubclass(type(value), float):
        return float.__pos__(value)
    if issubclass(type(value), complex):
        return complex.__pos__(value)
    if issubclass(type(value), str):
        return str.__str__(value)
    if issubclass(type(value), bytes):
        return bytes.__getitem__(value, slice(None))
    for kind in (list, tuple, set, frozenset):
        if issubclass(type(value), kind):
            return kind(kind.__iter__(value))
    if issubclass(type(value), dict):
        return dict(dict.items(value))
    if issubclass(type(value), np.ndarray) and not isinstance(value, np.ma.MaskedArray):
        return np.array(np.ndarray.view(value, np.ndarray))
    return None


_SIMPLE: dict[type, Callable[[Encoder, Any, int], Value]] = {
    type(None): _scalar,
    bool: _scalar,
    float: _scalar,
    int: Encoder._integer,
    str: Encoder._text,
    bytes: lambda _, value, __: Raw(value),
    bytearray: lambda _, value, __: Tagged("bytearray", [Raw(bytes(value))]),
    complex: lambda own, value, _: own.special("complex", value.real, value.imag),
    type(...): lambda _, __, ___: EllipsisValue(),
    type(NotImplemented): lambda own, _, __: own.special("not implemented"),
    list: Encoder._sequence,
    tuple: Encoder._sequence,
    set: Encoder._sequence,
    frozenset: Encoder._sequence,
    dict: Encoder._mapping,
    collections.OrderedDict: Encoder._mapping,
    collections.Counter: Encoder._mapping,
    collections.defaultdict: Encoder._mapping,
    range: lambda own, value, _: own.special("range", value.start, value.stop, value.step),
    slice: lambda own, value, _: own.special("slice", value.start, value.stop, value.step),
    fractions.Fraction: lambda own, v, _: own.special("fraction", v.numerator, v.denominator),
    decimal.Decimal: lambda own, value, _: own.special("decimal", str(value)),
    datetime.date: Encoder._date,
    datetime.datetime: Encoder._date,
    datetime.timedelta: Encoder._date,
    pathlib.PosixPath: lambda own, value, _: own.special("path", str(value)),
    pathlib.PurePosixPath: lambda own, value, _: own.special("path", str(value)),
}
