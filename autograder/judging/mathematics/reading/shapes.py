"""Checks that shapes fit and fills in what the notation leaves open. Knows sizes but no values.

`fitted` turns an expression into one without open questions: every identity, zero and diag(...)
has a size, every dot is a product, every sum has bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import nodes as n
from .declarations import Declarations, Regime
from .errors import WrongShape
from .rules import RULES
from .shape_check import ShapeCheck
from .sizes import Shape, Size
from .tuples import as_column


@dataclass(frozen=True)
class Elaborated:
    """An expression whose shapes fit, in one regime.

    `notes` are remarks that cost nothing.
    """

    node: n.Node
    shape: Shape
    regime: Regime
    notes: tuple[str, ...]
    check: ShapeCheck = field(repr=False)

    @property
    def shapes(self) -> dict[tuple[int, int], Shape]:
        """The shape of each part by its place in the text."""
        return {place: self.check.solver.shape(s) for place, s in self.check.shapes.items()}


def fitted(
    node: n.Node, declared: Declarations, regime: Regime, *, expected: Shape | None = None
) -> Elaborated:
    """Fit an expression to the declared shapes.

    Raises a `MathematicsError` that names the two parts which do not fit, and `WrongShape` where
    the whole has another shape than `expected`. A list such as (0, 1) may be a column.
    """
    try:
        return _fitted(node, declared, regime, expected)
    except WrongShape as error:
        column = as_column(node)
        if expected is None or not expected.is_column or expected.is_scalar or column is None:
            error.help = _list_help(node, expected) or error.help
            raise
    fit = _fitted(column, declared, regime, expected)
    return replace(fit, notes=(*fit.notes, "Your list is read as a column."))


def _list_help(node: n.Node, expected: Shape | None) -> str:
    """What is said where a list stands for a number, or a number for a list; "" elsewhere."""
    if expected is None:
        return ""
    if expected.is_scalar and isinstance(node, n.Block) and node.listed:
        return "Give one number. Decimals stand behind a point, as in 2.5."
    if expected.is_column and not expected.is_scalar and isinstance(node, n.Number):
        return "Write its entries in brackets with commas between them, as in (3, 4)."
    return ""


def _fitted(
    node: n.Node, declared: Declarations, regime: Regime, expected: Shape | None
) -> Elaborated:
    check = ShapeCheck(declared, regime, RULES)
    check.numpy = any(isinstance(part, n.Dot) and part.sign == "@" for part in n.walk(node))
    new, shape = check.lazily_zero(node)
    if expected is not None:
        check.expect(node, shape, expected)
    check.settle_diagonals()
    final = check.filled(new)
    shape = check.solver.shape(shape)
    return Elaborated(final, shape, regime, tuple(dict.fromkeys(check.notes)), check)


def blank_shape(declared: Declarations, name: str, regime: Regime) -> Shape:
    """The shape asked for in a blank; a * in it leaves the size to the answer."""
    rows, cols = (
        Size.of(f"?{place}") if size == "*" else declared.size(size, regime)
        for place, size in zip(("rows", "cols"), declared.blanks[name], strict=True)
    )
    return Shape(rows, cols)
