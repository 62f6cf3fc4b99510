"""The expressions that answers are made of, as plain frozen data. Knows no values and no shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from .sizes import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An expression; `start` and `end` say where in the text it was read.

    `parts` names the fields that hold expressions (one, several in a tuple, or None).
    """

    parts: ClassVar[tuple[str, ...]] = ()
    start: int = field(default=-1, compare=False, repr=False)
    end: int = field(default=-1, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: float


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Dimension(Node):
    """A declared size used as a number: n, d."""

    name: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """A letter that a sum or a diag(...) runs over."""

    name: str


@dataclass(frozen=True, slots=True)
class Element(Node):
    """Member of a family or entry of an array: x_i, sigma_i, gamma_{ij}."""

    parts: ClassVar[tuple[str, ...]] = ("indices",)
    name: str
    indices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """Identity, zero or ones; without `rows` the size comes from the neighbours."""

    parts: ClassVar[tuple[str, ...]] = ("rows", "cols")
    kind: Literal["identity", "zero", "ones"]
    rows: Node | None = None
    cols: Node | None = None


@dataclass(frozen=True, slots=True)
class Filled(Node):
    """A `Constant` whose size has been found."""

    kind: Literal["identity", "zero", "ones"]
    height: Size
    width: Size


@dataclass(frozen=True, slots=True)
class Count(Node):
    """A size that has been found, used as a number."""

    size: Size


@dataclass(frozen=True, slots=True)
class Add(Node):
    parts: ClassVar[tuple[str, ...]] = ("terms",)
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    parts: ClassVar[tuple[str, ...]] = ("of",)
    of: Node


@dataclass(frozen=True, slots=True)
class Multiply(Node):
    parts: ClassVar[tuple[str, ...]] = ("factors",)
    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Dot(Node):
    """Two factors around a product sign, which may mean the product of two columns."""

    parts: ClassVar[tuple[str, ...]] = ("left", "right")
    left: Node
    right: Node
    sign: str


@dataclass(frozen=True, slots=True)
class Hadamard(Node):
    parts: ClassVar[tuple[str, ...]] = ("left", "right")
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Divide(Node):
    """`slash` tells a / b, whose right side might go further, from a fraction."""

    parts: ClassVar[tuple[str, ...]] = ("top", "bottom")
    top: Node
    bottom: Node
    slash: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Power(Node):
    """`starred` marks the ** of NumPy, which works on entries, `dotted` the .^ of MATLAB."""

    parts: ClassVar[tuple[str, ...]] = ("base", "exponent")
    base: Node
    exponent: Node
    starred: bool = field(default=False, compare=False)
    dotted: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Transpose(Node):
    parts: ClassVar[tuple[str, ...]] = ("of",)
    of: Node
    dotted: bool = field(default=False, compare=False)  # the .T of NumPy


@dataclass(frozen=True, slots=True)
class Inverse(Node):
    parts: ClassVar[tuple[str, ...]] = ("of",)
    of: Node
    divides: bool = field(default=False, compare=False)  # A \\ b, least squares for a tall A


@dataclass(frozen=True, slots=True)
class PseudoInverse(Node):
    parts: ClassVar[tuple[str, ...]] = ("of",)
    of: Node


@dataclass(frozen=True, slots=True)
class Norm(Node):
    """`kind`: "" as written without a subscript, "2", "1", "F", "inf", or "|" for single bars."""

    parts: ClassVar[tuple[str, ...]] = ("of",)
    of: Node
    kind: str


@dataclass(frozen=True, slots=True)
class FunctionCall(Node):
    """A function of numbers or of a matrix: log, exp, sqrt, tr, det, ..."""

    parts: ClassVar[tuple[str, ...]] = ("arguments",)
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Sum or product of `body` over a whole-number index; no bounds means all members."""

    parts: ClassVar[tuple[str, ...]] = ("lower", "upper", "body")
    index: str
    lower: Node | None
    upper: Node | None
    body: Node
    kind: Literal["sum", "prod"] = "sum"


@dataclass(frozen=True, slots=True)
class Diagonal(Node):
    """diag(...): entries one by one, one vector, or one entry with a free index.

    `height` and `width` are filled in once the neighbours are known.
    """

    parts: ClassVar[tuple[str, ...]] = ("entries", "count")
    entries: tuple[Node, ...]
    index: str | None = None
    count: Node | None = None
    height: Size | None = None
    width: Size | None = None


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """The a_1, ..., a_d of a list with dots: `body` with `index` from `lower` to `upper`."""

    parts: ClassVar[tuple[str, ...]] = ("lower", "upper", "body")
    index: str
    lower: Node
    upper: Node
    body: Node


@dataclass(frozen=True, slots=True)
class Dots(Node):
    """The ... of a list, before its meaning is known."""


@dataclass(frozen=True, slots=True)
class Row(Node):
    parts: ClassVar[tuple[str, ...]] = ("cells",)
    cells: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Block(Node):
    """A block matrix; its parts are `Row`s. `listed` marks (a, b), which may be a column."""

    parts: ClassVar[tuple[str, ...]] = ("rows",)
    rows: tuple[Node, ...]
    listed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Extremum(Node):
    """argmin, argmax, min or max over a name, in front of an objective."""

    parts: ClassVar[tuple[str, ...]] = ("body",)
    kind: str
    over: str
    body: Node


def children(node: Node) -> Iterator[Node]:
    """The expressions directly inside this one, in the order written."""
    for part in node.parts:
        value = getattr(node, part)
        if isinstance(value, tuple):
            yield from value
        elif value is not None:
            yield value


def walk(node: Node) -> Iterator[Node]:
    """This expression and everything inside it."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(children(current))


def with_children(node: Node, new: list[Node]) -> Node:
    """The same expression with other expressions inside it, given in the order of `children`."""
    rest = iter(new)
    changes: dict[str, Node | tuple[Node, ...] | None] = {}
    for part in node.parts:
        value = getattr(node, part)
        if isinstance(value, tuple):
            changes[part] = tuple(next(rest) for _ in value)
        elif value is not None:
            changes[part] = next(rest)
    return replace(node, **changes)  # type: ignore[arg-type]


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """The expression with other letters for its indices, all exchanged at once."""
    inside = [renamed(child, names) for child in children(node)]
    new = with_children(node, inside) if inside else node
    if isinstance(new, Index):
        return replace(new, name=names.get(new.name, new.name))
    if isinstance(new, (Sum, Sequence, Diagonal)) and new.index is not None:
        return replace(new, index=names.get(new.index, new.index))
    return new


def moved(node: Node, start: int, end: int) -> Node:
    """The expression with this place for all of its parts."""
    inside = [moved(child, start, end) for child in children(node)]
    new = with_children(node, inside) if inside else node
    return replace(new, start=start, end=end)


def substitute(node: Node, old: Node, new: Node) -> Node:
    """The expression with every occurrence of `old` replaced."""
    if node == old:
        return new
    inside = [substitute(child, old, new) for child in children(node)]
    return with_children(node, inside) if inside else node
