"""Checks that shapes fit and fills in what the notation leaves open. Knows sizes but no values.

`fitted` turns an expression into one without open questions: every identity, zero and diag(...)
has a size, every dot is a product, every sum has bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import nodes as n
from .broadcasting import is_numpy
from .declarations import Declarations, Regime
from .errors import MathematicsError, ScalarPlusMatrix, ShapeClash, WrongShape
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
    except (WrongShape, ShapeClash, ScalarPlusMatrix) as error:
        numpy = _as_numpy(node, declared, regime, expected)
        if numpy is not None:
            return numpy
        if not isinstance(error, WrongShape):
            raise
        column = as_column(node)
        if expected is None or not expected.is_column or expected.is_scalar or column is None:
            error.help = _list_help(node, expected) or error.help
            raise
    fit = _fitted(column, declared, regime, expected)
    return replace(fit, notes=(*fit.notes, "Your list is read as a column."))


def _as_numpy(
    node: n.Node, declared: Declarations, regime: Regime, expected: Shape | None
) -> Elaborated | None:
    """An answer with a .T or a **, whose * is NumPy's; None where that does not fit either."""
    dotted = any(
        (isinstance(part, n.Transpose) and part.dotted)
        or (isinstance(part, n.Power) and part.starred)
        for part in n.walk(node)
    )
    starred = any(isinstance(part, n.Dot) and part.sign == "*" for part in n.walk(node))
    if not (dotted and starred) or expected is None:
        return None
    try:
        fit = _fitted(node, declared, regime, expected, numpy=True)
    except MathematicsError:
        return None
    return replace(fit, notes=(*fit.notes, "The * is read as NumPy reads it, entry by entry."))


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
    node: n.Node,
    declared: Declarations,
    regime: Regime,
    expected: Shape | None,
    *,
    numpy: bool = False,
) -> Elaborated:
    check = ShapeCheck(declared, regime, RULES)
    check.numpy = numpy or is_numpy(node)
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
