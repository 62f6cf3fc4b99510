"""One walk over an expression: sizes, indices that run, what is still open. Knows no values.

What the shape of each kind of expression is, the rules say, which the walk is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from . import nodes as n
from .declarations import Declarations, Regime
from .errors import FreeIndex, MathematicsError, UnclearSize, WrongShape
from .sizes import ONE, Shape, Size, Solver, described

Fitted = tuple[n.Node, Shape]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a bare index of a member begins, and how many members there are."""

    first: int
    count: Size

    @property
    def last(self) -> Size:
        """The index of the last member."""
        return self.count + Size.number(self.first - 1)


class ShapeCheck:
    """One walk over one expression."""

    def __init__(self, declared: Declarations, regime: Regime, rules: Mapping[type, Rule]) -> None:
        self.declared = declared
        self.regime = regime
        self.rules = rules
        self.solver = Solver()
        self.ranges: dict[str, Size | None] = {}
        self.seen: dict[str, Reach] = {}
        self.notes: list[str] = []
        self.shapes: dict[tuple[int, int], Shape] = {}
        self.numpy = False
        self.entries = 0  # how many ⊙ stand around
        self.code = 0  # how many calls and powers of NumPy stand around
        self.diagonals: list[tuple[n.Diagonal, Shape, Size]] = []

    def fit(self, node: n.Node) -> Fitted:
        """The expression with its shape."""
        new, shape = self.rules[type(node)](self, node)
        shape = self.solver.shape(shape)
        if node.start >= 0:
            self.shapes[(node.start, node.end)] = shape
        return new, shape

    def lazily_zero(self, node: n.Node) -> Fitted:
        """`fit`, where a plain 0 may also be a zero vector or matrix."""
        if isinstance(node, n.Number) and node.value == 0:
            return self.fit(n.Constant("zero", start=node.start, end=node.end))
        return self.fit(node)

    def scalar(self, node: n.Node, error: MathematicsError) -> n.Node:
        """Fit something that must be a number."""
        new, shape = self.fit(node)
        if not (self.solver.same(shape.rows, ONE) and self.solver.same(shape.cols, ONE)):
            raise error
        return new

    def size(self, node: n.Node) -> Size:
        """A size written in an answer: d, n-d, 3."""
        if isinstance(node, n.Number) and node.value.is_integer() and abs(node.value) < 1e6:
            return Size.number(int(node.value))
        if isinstance(node, n.Dimension):
            return self.declared.size(node.name, self.regime)
        if isinstance(node, n.Negate):
            return self.size(node.of).times(-1)
        if isinstance(node, n.Add):
            total = Size()
            for term in node.terms:
                total = total + self.size(term)
            return total
        known = self.declared
        sizes = ", ".join([*known.dims, *known.minima, *known.derived])
        raise UnclearSize(
            "This is not a size.",
            start=node.start,
            end=node.end,
            help=f"Sizes are made of {sizes or 'whole numbers'}.",
        )

    def same_shape(self, left: Shape, right: Shape) -> bool:
        """Make two shapes equal if that is possible."""
        return self.solver.same(left.rows, right.rows) and self.solver.same(left.cols, right.cols)

    def expect(self, node: n.Node, shape: Shape, expected: Shape) -> None:
        """Raise `WrongShape` unless the whole has the shape asked for."""
        if self.same_shape(shape, expected):
            return
        shape = self.solver.shape(shape)
        turned = shape.transposed == expected
        raise WrongShape(
            f"Your answer is {shape}; {described(expected)} is asked for.",
            help="Transposed it would fit." if turned else "Count rows and columns of each factor.",
            start=node.start,
            end=node.end,
        )

    @contextmanager
    def running(self, index: str, length: Size | None) -> Iterator[None]:
        """Let an index run while its body is fitted."""
        before = self.ranges.get(index, "none")
        self.ranges[index] = length
        yield
        if isinstance(before, str):
            del self.ranges[index]
        else:
            self.ranges[index] = before

    def index_range(self, index: str, node: n.Node) -> Reach:
        """How many members the families have that were used with a bare index."""
        found = self.seen.pop(index, None)
        if found is None:
            raise FreeIndex(
                f"It is not clear where the index {index} stops.",
                start=node.start,
                end=node.end,
                help=f"Give both bounds, as in \\sum_{{{index}=1}}^{{n}}.",
            )
        return found

    def settle_diagonals(self) -> None:
        """Give every diag(...) its own size where its neighbours left it open."""
        for node, shape, count in self.diagonals:
            rows_fit = self._settle(shape.rows, count)
            cols_fit = self._settle(shape.cols, count)
            if rows_fit and cols_fit:
                continue
            resolved = self.solver.shape(shape)
            if self.declared.rectangular_diag == "reject":
                raise WrongShape(
                    f"diag(...) is {count}×{count}, but {resolved} is needed here.",
                    start=node.start,
                    end=node.end,
                    help="Pad it with zeros, as in [diag(\\sigma_i); 0], or name the matrix.",
                )
            self.notes.append(
                f"diag(...) is {count}×{count}; it is read as {resolved} with zeros around it."
            )

    def _settle(self, open_size: Size, count: Size) -> bool:
        resolved = self.solver.resolve(open_size)
        return self.solver.same(resolved, count) if resolved.unknowns() else resolved == count

    def filled(self, node: n.Node) -> n.Node:
        """Replace every open size by what was found; raises `UnclearSize` for the rest."""
        if isinstance(node, n.Filled):
            height, width = self.solver.resolve(node.height), self.solver.resolve(node.width)
            if node.kind == "zero":  # of any size it is the same answer
                for size in (height, width):
                    if size.unknowns():
                        self.solver.same(size, ONE)
                height, width = self.solver.resolve(height), self.solver.resolve(width)
            if height.unknowns() or width.unknowns():
                raise UnclearSize(
                    f"The size of this {node.kind} cannot be told from its neighbours.",
                    help="Give it a subscript, as in I_d.",
                    start=node.start,
                    end=node.end,
                )
            return replace(node, height=height, width=width)
        if isinstance(node, n.Diagonal) and node.height and node.width:
            node = replace(
                node,
                height=self.solver.resolve(node.height),
                width=self.solver.resolve(node.width),
            )
        before = list(n.children(node))
        inner = [self.filled(child) for child in before]
        same = all(old is new for old, new in zip(before, inner, strict=True))
        return node if same else n.with_children(node, inner)


Rule = Callable[[ShapeCheck, Any], Fitted]
