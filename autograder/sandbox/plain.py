"""Values as they travel between judge and worker: numbers, text, arrays and containers of them."""

from __future__ import annotations

import msgspec


class Array(msgspec.Struct, frozen=True, tag="array"):
    """A numeric array: `size` bytes of the frame's block from `offset` on, in C order."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    size: int


class Scalar(msgspec.Struct, frozen=True, tag="scalar"):
    """A number, a truth value, a text or nothing."""

    value: bool | int | float | str | None


class Raw(msgspec.Struct, frozen=True, tag="raw"):
    """Bytes, such as the content of a file."""

    value: bytes


class Items(msgspec.Struct, frozen=True, tag="items"):
    """A list, tuple or set of values."""

    kind: str
    items: list[Value]


class Pairs(msgspec.Struct, frozen=True, tag="pairs"):
    """A dictionary."""

    items: list[tuple[Value, Value]]


class Reference(msgspec.Struct, frozen=True, tag="reference"):
    """An object that stays in the worker, by its number."""

    handle: int


class EllipsisValue(msgspec.Struct, frozen=True, tag="dots"):
    """Python's `...`, the placeholder of an answer that is still to be given."""


class DType(msgspec.Struct, frozen=True, tag="dtype"):
    """A NumPy scalar type such as ``np.float32``, by name."""

    name: str


class Tagged(msgspec.Struct, frozen=True, tag="special"):
    """Any other value, by the name of its kind: for `adopted` alone, and refused elsewhere."""

    kind: str
    parts: list[Value]


Value = Array | Scalar | Raw | Items | Pairs | Reference | EllipsisValue | DType | Tagged
