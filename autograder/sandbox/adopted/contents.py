"""What an object that can change holds: to see whether it has changed, and to change it so."""

from __future__ import annotations

import collections
import hashlib
import operator
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

KINDS = frozenset({
    list, dict, set, bytearray, np.ndarray, collections.OrderedDict, collections.Counter,
    collections.defaultdict,
})  # fmt: skip
MAX_KEPT = 1 << 16  # bytes of an array that are kept to compare; of a larger one, their digest
EACH = 16  # elements as costly to look at as any object at all
_TABLES = ("DataFrame", "Series")
_PLAIN = (str, int, float, bool, bytes)
ATOMS = frozenset({*_PLAIN, type(None), np.float64, np.int64})
_TIMES = ("pandas", "datetime")  # a table gives new ones each time
_TABLE_COST = 1 << 20


def is_shared(kind: type) -> bool:
    """Whether objects of that class have an identity on the wire."""
    return kind in KINDS or _is_table(kind)


def _is_table(kind: type) -> bool:
    return (
        kind.__name__ in _TABLES
        and "pandas" in sys.modules
        and kind is getattr(sys.modules["pandas"], kind.__name__, None)
    )


def weight(value: Any) -> int:
    """The bytes of an array, and the elements of anything else."""
    if type(value) is np.ndarray:
        return int(value.nbytes)
    return _TABLE_COST if _is_table(type(value)) else len(value)


def cost(value: Any) -> int:
    """How many elements of a list it is as costly to look at."""
    if type(value) is np.ndarray and not value.dtype.hasobject:
        return EACH + int(value.nbytes) // 8
    return EACH + weight(value)


def parts(value: Any) -> list[Any]:
    """The objects that can change which it holds itself, each as often as it holds it."""
    return [one for one in _items(value) if is_shared(type(one))]


def within(value: Any) -> list[Any]:
    """The same, also in the tuples that it holds."""
    found, waiting = [], [_items(value)]
    while waiting:
        items = waiting.pop()
        if set(map(type, items)) <= ATOMS:
            continue
        for one in items:
            if type(one) is tuple:
                waiting.append(one)
            elif is_shared(type(one)):
                found.append(one)
    return found


def reached(
    start: Iterable[int], objects: Mapping[int, Any], numbers: Mapping[int, int]
) -> set[int]:
    """The numbers of some objects and of those that they hold."""
    seen = set(start)
    waiting = list(seen)
    while waiting:
        held = map(id, within(objects[waiting.pop()]))
        new = {numbers[one] for one in held if one in numbers} - seen
        seen |= new
        waiting += new
    return seen


def _items(value: Any) -> Sequence[Any]:
    kind = type(value)
    if kind is list:
        return list(value)
    if kind is np.ndarray:
        held = list(value.flat) if value.dtype.hasobject else []
        return held if value.base is None else [value.base, *held]
    return list(dict.values(value)) if isinstance(value, dict) else ()


def state_of(value: Any) -> list[Any]:
    """What an object holds now, without a look into what it holds."""
    kind = type(value)
    if kind is list:
        return list(value)
    if kind is np.ndarray:
        return list(value.flat) if value.dtype.hasobject else [_bytes_of(value)]
    if kind is bytearray:
        return [bytes(value)]
    if kind is set:
        return sorted(value, key=id)
    if isinstance(value, dict):
        return [*dict.keys(value), *dict.values(value)]
    return _state_of_table(value)


def _bytes_of(array: Any) -> bytes:
    data: bytes = array.tobytes()
    return data if len(data) <= MAX_KEPT else hashlib.blake2b(data).digest()


def _state_of_table(value: Any) -> list[Any]:
    columns = [value] if value.ndim == 1 else [value.iloc[:, n] for n in range(value.shape[1])]
    found = [str(getattr(value, "name", "")), *map(len, value.axes)]
    for column in (*columns, *value.axes):
        kind = getattr(column.dtype, "kind", "O")
        is_plain = isinstance(column.dtype, np.dtype) and kind in "biufcmM"
        found.append(str(column.dtype))
        found += [_bytes_of(column.to_numpy())] if is_plain else column.tolist()
    return found


def same(one: list[Any], other: list[Any]) -> bool:
    """Whether two states hold the same objects; of plain ones, whether they are equal."""
    if len(one) != len(other):
        return False
    if all(map(operator.is_, one, other)):
        return True
    return all(map(_same_item, one, other))


def _same_item(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) in _PLAIN or type(one).__module__.split(".")[0] in _TIMES:
        return bool(one == other) or bool(one != one and other != other)
    return False


def copy_back(old: Any, new: Any) -> None:
    """Change an object in place, so that it is as the copy on the other side."""
    if type(old) is type(new) and isinstance(old, list | bytearray):
        old[:] = new
    elif (isinstance(old, dict) and isinstance(new, dict)) or type(old) is type(new) is set:
        old.clear()
        old.update(new)
    elif type(old) is np.ndarray and type(new) is np.ndarray:
        if old.shape == new.shape:
            old[...] = new
    elif hasattr(old, "_update_inplace") and type(old) is type(new):
        old._update_inplace(new)
