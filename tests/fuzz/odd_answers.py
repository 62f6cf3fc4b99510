"""Code that is right but for one value: something odd that a student's code might give instead."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from autograder.sandbox.loopback import Loopback
from autograder.sandbox.messages import Kept, KeptMany, Request
from autograder.sandbox.objects import _kind
from autograder.sandbox.transports import Transport
from autograder.sandbox.values import Packer


class Thing:
    """An object of a student's own."""


class OddAnswer:
    """A transport that puts an odd value in the place of one that the code gives.

    Parameters
    ----------
    inner : from the check to right code.
    at : which of the values, counted from 1; 0 for none.
    draw : chooses the odd value.
    """

    def __init__(self, inner: Transport, at: int, draw: random.Random) -> None:
        assert isinstance(inner, Loopback)
        self._inner = inner
        self._at = at
        self._draw = draw
        self.count = 0
        self.put: object = None

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        self._inner.send(message, packer, deadline)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        reply, block = self._inner.receive(deadline)
        match reply:
            case Kept():
                return self._seen(reply), block
            case KeptMany(items):
                return KeptMany([self._seen(kept) for kept in items]), block
        return reply, block

    def _seen(self, kept: Kept) -> Kept:
        self.count += 1
        if self.count != self._at:
            return kept
        objects = self._inner._objects.table
        self.put = self._draw.choice(odd_values(objects[kept.handle]))
        objects[kept.handle] = self.put
        return Kept(kept.handle, _kind(self.put))


def odd_values(right: object) -> list[object]:
    """Values in the place of a right one: of other kinds, and changed ones of its own kind."""
    values: list[object] = [
        *(None, ..., [], (), {}, "", "abc", b"x", True, 0, -1, 10**30, 10**400, 2**63, -(2**63)),
        *(float("nan"), float("inf"), float("-inf"), 1e308, 3 + 4j, NotImplemented, Thing(), len),
        *([None] * 4, [...] * 4, (None, None), (None,) * 3, [[1, 2], [3]], [1, "a", None], [[]]),
        *({"a": 1}, {1, 2}, frozenset("ab"), range(4), iter([1, 2]), lambda *_, **__: None),
        *(np.array([]), np.array(5.0), np.array([1, 2, 3]), np.array("text"), np.ones((1,) * 8)),
        *(np.zeros((0, 3)), np.zeros((2, 0, 4)), np.full((3, 3), np.nan), np.full(4, np.inf)),
        *(np.array([object()]), np.array([1 + 2j, 3]), np.ma.masked_array([1.0, 2.0], [1, 0])),
        *(np.float16(2), np.int8(-3), np.uint64(2**64 - 1), np.datetime64("2020-01-01")),
        [np.zeros(3), np.zeros((2, 2))],
    ]
    if isinstance(right, np.ndarray):
        return values + _arrays(right)
    if isinstance(right, dict):
        return values + _dictionaries(right)
    if isinstance(right, tuple | list):
        return values + _sequences(list(right))
    if isinstance(right, int | float | np.generic):
        return values + _numbers(right)
    return values


def _arrays(right: np.ndarray) -> list[object]:
    plain = right.astype(float)
    shapes: list[object] = [right.ravel(), right[None], right[..., None], right.T, right[:0]]
    shapes += [right.reshape(-1)[:-1], np.broadcast_to(right, (2, *right.shape))]
    kinds: list[object] = [right.astype(kind) for kind in (complex, object, str, bool)]
    kinds += [plain.astype(kind) for kind in (np.float16, ">f8", np.longdouble)]
    odd = [-plain, plain * np.nan, plain * 1e308 * 10, plain * 1e308]
    containers = [right.tolist(), list(right), [list(right)], tuple(right), right.tolist()[:-1]]
    return [*shapes, *kinds, *odd, *containers, np.ma.masked_array(right, mask=True)]


def _dictionaries(right: dict[Any, Any]) -> list[object]:
    fillers = (None, ..., "a", np.nan, np.zeros(3), Thing(), 10**400, 1j, [None], [[1], [2, 3]])
    lists = {
        key: value.tolist() if isinstance(value, np.ndarray) else value
        for key, value in right.items()
    }
    renamed = {f"{key}_": value for key, value in right.items()}
    fewer = dict(list(right.items())[1:])
    wrapped = {key: [value] for key, value in right.items()}
    filled = [dict.fromkeys(right, filler) for filler in fillers]
    return [*filled, lists, renamed, fewer, wrapped, list(right.items()), {**right, 1: 2}]


def _sequences(right: list[Any]) -> list[object]:
    fillers = (None, ..., float("nan"), "1", 10**30, np.float64(1), [])
    filled = [[filler] * len(right) for filler in fillers]
    return [*filled, right[::-1], right[:-1], (*right, None), [right], right[:1]]


def _numbers(right: Any) -> list[object]:
    number = float(right)
    return [str(right), [right], (right,), np.array([[right]]), complex(number), -number, [[right]]]
