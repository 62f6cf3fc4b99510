"""Expressions entry by entry, as in index notation and NumPy. Knows no values and no shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from .nodes import Node


@dataclass(frozen=True, slots=True)
class EntryOf(Node):
    """One entry of an expression: (Xw)_i, (UV^T)_{ij}."""

    parts: ClassVar[tuple[str, ...]] = ("of", "indices")
    of: Node
    indices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ByEntries(Node):
    """The column or the matrix whose entries are `body`, for each of the letters in `over`."""

    parts: ClassVar[tuple[str, ...]] = ("sizes", "body")
    over: tuple[str, ...]
    sizes: tuple[Node, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Einsum(Node):
    """np.einsum: the sum over all letters that are in `inputs` and not in `output`."""

    parts: ClassVar[tuple[str, ...]] = ("operands",)
    operands: tuple[Node, ...]
    inputs: tuple[str, ...]
    output: str


@dataclass(frozen=True, slots=True)
class Aligned(Node):
    """v[:, None] and v[None, :], which say along which axis NumPy repeats a vector."""

    parts: ClassVar[tuple[str, ...]] = ("of",)
    of: Node
    kind: Literal["column", "row"]
