"""Plain values to messages and back. Refuses whatever is not numbers, text or containers of them.

Nothing here unpickles, imports or evaluates what it is given, and every size has a bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .plain import Array, DType, EllipsisValue, Items, Pairs, Raw, Reference, Scalar, Value

MAX_BLOCK = 1 << 28
MAX_DEPTH = 12
MAX_DIMENSIONS = 8
MAX_VALUES = 100_000
DTYPES = frozenset(
    ["|b1", "|i1", "|u1"]
    + [f"<{kind}{size}" for kind in "iu" for size in (2, 4, 8)]
    + ["<f2", "<f4", "<f8", "<c8", "<c16"]
)
_KINDS: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_DTYPE_NAMES = frozenset(["float16", "float32", "float64", "int32", "int64", "uint8", "bool"])


class WireError(Exception):
    """What arrived is not a message, or what should be sent cannot be one."""


class NotPlainError(WireError):
    """A value is not made of numbers, text, arrays and containers of these."""


class Unjoined:
    """Blocks that are read as if they were one: an array lies in one of them, and is not copied."""

    def __init__(self, blocks: Sequence[bytes | memoryview]) -> None:
        self._at: dict[int, bytes | memoryview] = {}
        self._size = 0
        for block in blocks:
            self._at[self._size] = block  # an empty one has its place for nobody else
            self._size += len(block)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> memoryview:
        return memoryview(self._at.get(part.start, b""))[: part.stop - part.start]


class Packer:
    """Collects the array bytes of one frame while its values are turned into messages."""

    def __init__(self) -> None:
        self.blocks: list[bytes | memoryview] = []
        self.size = 0
        self._values = 0

    def bytes_block(self, data: bytes | memoryview, dtype: str, shape: tuple[int, ...]) -> Array:
        """Append raw bytes to the block and return where they are."""
        offset = self.size
        self.size += len(data)
        if self.size > MAX_BLOCK:
            raise NotPlainError(f"more than {MAX_BLOCK >> 20} MiB of array data in one message")
        self.blocks.append(data)
        return Array(dtype, shape, offset, len(data))

    @property
    def unjoined(self) -> Unjoined:
        """What has been appended, for `unpack`, without a copy of it."""
        return Unjoined(self.blocks)

    def array(self, array: np.ndarray[Any, Any]) -> Array:
        """Append a numeric array. Raises `NotPlainError` for any other dtype."""
        plain = np.ascontiguousarray(array).reshape(array.shape)
        little = plain.dtype.newbyteorder("<")
        if little.str not in DTYPES or plain.ndim > MAX_DIMENSIONS:
            raise NotPlainError(f"an array of dtype {array.dtype} and {array.ndim} dimensions")
        data = plain.astype(little, copy=False).reshape(-1).view(np.uint8).data
        return self.bytes_block(data, little.str, plain.shape)

    def value(self, value: object, depth: int = 0) -> Value:
        """Turn a plain Python value into a message. Raises `NotPlainError` for anything else."""
        if depth > MAX_DEPTH:
            raise NotPlainError(f"a container nested deeper than {MAX_DEPTH} levels")
        self._values += 1
        if self._values > MAX_VALUES:
            raise NotPlainError(f"a container of more than {MAX_VALUES:,} values")
        simple = self._simple(value)
        if simple is not None:
            return simple
        kind = type(value)
        if isinstance(value, dict):
            return Pairs(
                [
                    (self._key(k, depth + 1), self.value(v, depth + 1))
                    for k, v in _copy(value).items()
                ]
            )
        for name, container in _KINDS.items():
            if isinstance(value, container):
                pack = self._key if issubclass(container, set | frozenset) else self.value
                return Items(name, [pack(item, depth + 1) for item in _copy(value)])
        raise NotPlainError(f"a value of type {kind.__name__}")

    def _simple(self, value: object) -> Value | None:
        if isinstance(value, np.generic):
            return self._number(value)
        if isinstance(value, np.ndarray):
            return self.array(np.asarray(value))
        if isinstance(value, int) and not isinstance(value, bool):
            return Scalar(value if -(1 << 63) <= value < (1 << 63) else float_of(value))
        if isinstance(value, bytes):
            return Raw(value)
        if value is None or isinstance(value, bool | float | str):
            return Scalar(value)
        if value is ...:
            return EllipsisValue()
        if isinstance(value, type) and issubclass(value, np.generic):
            return DType(value.__name__)
        return None

    def _number(self, value: np.generic) -> Value:
        """A NumPy scalar as Python's own number or text; a complex one is an array."""
        if isinstance(value, np.floating):
            return Scalar(float(value))
        if value.dtype.kind in "biuUS":
            return self.value(value.item())
        return self.array(np.asarray(value))

    def _key(self, value: object, depth: int) -> Value:
        """An element of a set or a key, which has to be hashable where it arrives, too."""
        packed = self.value(value, depth)
        if _array_bytes(packed):
            raise NotPlainError(f"a {type(value).__name__} in a set or as a key")
        return packed


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, dict | list | set) else value


def float_of(value: int) -> float:
    """A large integer as a float, infinite where floats end."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def unpack_array(array: Array, block: memoryview | Unjoined) -> np.ndarray[Any, Any]:
    """The array that a message points to, as a private, writable copy. Raises `WireError`."""
    if array.dtype not in DTYPES or len(array.shape) > MAX_DIMENSIONS:
        raise WireError(f"an array of dtype {array.dtype!r} and {len(array.shape)} dimensions")
    dtype = np.dtype(array.dtype)
    if any(n < 0 or n > MAX_BLOCK for n in array.shape):
        raise WireError(f"an array of shape {array.shape}")
    if math.prod(array.shape) * dtype.itemsize != array.size:
        raise WireError(f"{array.size} bytes for an array of shape {array.shape}")
    if math.prod(max(n, 1) for n in array.shape) > MAX_BLOCK:  # NumPy refuses some empty ones
        raise WireError(f"an array of shape {array.shape}")
    if array.offset < 0 or array.offset + array.size > len(block):
        raise WireError("an array outside its frame")
    data = np.frombuffer(block[array.offset : array.offset + array.size], dtype=np.uint8)
    if dtype == np.bool_:  # a byte that is neither 0 nor 1 would be true and unequal to True
        truth: np.ndarray[Any, Any] = data != 0
        return truth.reshape(array.shape)
    return data.view(dtype).reshape(array.shape).copy()


def unpack(
    value: Value,
    block: memoryview | Unjoined,
    references: Mapping[int, object] | None = None,
    depth: int = 0,
    *,
    arrays: Callable[[Array, memoryview | Unjoined], Any] | None = None,
) -> Any:
    """Turn a message back into a plain value. Raises `WireError` where it makes no sense.

    Parameters
    ----------
    references : what handles stand for.
    arrays : what makes an array of a message; `unpack_array` by default.
    """

    def inner(item: Value) -> Any:
        return unpack(item, block, references, depth + 1, arrays=arrays)

    if depth == 0 and _array_bytes(value) > len(block):
        raise WireError("arrays that share the bytes of their frame")
    if depth > MAX_DEPTH + 1:
        raise WireError("a value nested too deeply")
    match value:
        case Scalar(plain) | Raw(plain):
            return plain
        case Array():
            return (arrays or unpack_array)(value, block)
        case EllipsisValue():
            return ...
        case DType(name) if name in _DTYPE_NAMES:
            return np.dtype(name).type
        case Items(kind, items) if kind in _KINDS:
            return _container(_KINDS[kind], [inner(v) for v in items])
        case Pairs(items):
            return _container(dict, [(inner(k), inner(v)) for k, v in items])
        case Reference(handle) if references is not None and handle in references:
            return references[handle]
    raise WireError(f"a {type(value).__name__} that means nothing here")


def _array_bytes(value: Value, depth: int = 0) -> int:
    """How much all arrays of a value claim: each gets a copy, so no byte may be claimed twice."""
    if depth > MAX_DEPTH + 1:
        return 0  # `unpack` refuses it
    match value:
        case Array(size=size):
            return max(size, 0)
        case Items(items=items):
            return sum(_array_bytes(item, depth + 1) for item in items)
        case Pairs(items=pairs):
            return sum(_array_bytes(item, depth + 1) for pair in pairs for item in pair)
    return 0


def _container(kind: type, items: Sequence[object]) -> object:
    try:
        return kind(items)
    except TypeError as error:  # an array or a list as the key of a dictionary
        raise WireError(str(error)) from error
