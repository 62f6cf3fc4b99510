"""The shape of each kind of expression. Knows sizes but no values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import nodes as n
from .errors import (
    Ambiguous,
    DivisionByMatrix,
    FreeIndex,
    NotSquare,
    ScalarPlusMatrix,
    ShapeClash,
    Unreadable,
    VectorSquared,
)
from .render import plain
from .shapes import Fitted, ShapeCheck
from .sizes import ONE, SCALAR, Shape, Size

MAX_POWER = 16


def number(_: ShapeCheck, node: n.Node) -> Fitted:
    return node, SCALAR


def symbol(check: ShapeCheck, node: n.Symbol) -> Fitted:
    return node, check.declared.symbol_shape(node.name, check.regime)


def index(check: ShapeCheck, node: n.Index) -> Fitted:
    if node.name not in check.ranges and node.name not in check.declared.indices:
        raise FreeIndex(
            f"Nothing runs over the index {node.name}.", start=node.start, end=node.end,
            help="Put a sum in front, or diag(...) around it.",
        )  # fmt: skip
    return node, SCALAR


def element(check: ShapeCheck, node: n.Element) -> Fitted:
    lengths, shape = _members(check, node)
    if len(node.indices) != len(lengths):
        raise ShapeClash(
            f"{node.name} takes {len(lengths)} index(es), not {len(node.indices)}.",
            start=node.start, end=node.end, help="Count its indices.",
        )  # fmt: skip
    for place, length in zip(node.indices, lengths, strict=True):
        declared = check.declared.indices
        if isinstance(place, n.Index) and (place.name in check.ranges or place.name not in declared):
            check.seen.setdefault(place.name, length)
    wrong = ShapeClash("An index must be a whole number.", start=node.start, end=node.end,
                       help="Use i, 1 or i+1.")  # fmt: skip
    indices = tuple(check.scalar(place, wrong) for place in node.indices)
    return replace(node, indices=indices), shape


def _members(check: ShapeCheck, node: n.Element) -> tuple[list[Size], Shape]:
    """How long each index runs, and the shape of a member."""
    family = check.declared.families.get(node.name)
    if family is None or (len(node.indices) == 2 and node.name in check.declared.shapes):
        shape = check.declared.symbol_shape(node.name, check.regime)
        if shape.is_scalar:
            raise ShapeClash(f"{plain(node)}: {node.name} is a number and has no entries.",
                             start=node.start, end=node.end, help="Remove the subscript.")  # fmt: skip
        return ([shape.rows], SCALAR) if shape.is_column else ([shape.rows, shape.cols], SCALAR)
    shape = check.declared.symbol_shape(family.of, check.regime)
    if family.takes == "rows":
        return [shape.rows], Shape(shape.cols, ONE)
    if family.takes == "columns":
        return [shape.cols], Shape(shape.rows, ONE)
    if family.takes == "diagonal":
        return [check.regime.minimum(shape.rows, shape.cols)], SCALAR
    return ([shape.rows] if shape.is_column else [shape.rows, shape.cols]), SCALAR


def constant(check: ShapeCheck, node: n.Constant) -> Fitted:
    height = check.size(node.rows) if node.rows else check.solver.fresh()
    if node.cols is not None:
        width = check.size(node.cols)
    elif node.kind == "identity" or node.rows is not None:
        width = height
    else:
        width = ONE if node.kind == "ones" else check.solver.fresh()
    return n.Filled(node.kind, height, width, start=node.start, end=node.end), Shape(height, width)


def filled(_: ShapeCheck, node: n.Filled) -> Fitted:
    return node, Shape(node.height, node.width)


def add(check: ShapeCheck, node: n.Add) -> Fitted:
    fits = [check.lazily_zero(term) for term in node.terms]
    first, shape = node.terms[0], fits[0][1]
    for term, (_, other) in zip(node.terms[1:], fits[1:], strict=True):
        shape, other = check.solver.shape(shape), check.solver.shape(other)
        if shape.is_scalar != other.is_scalar and not _is_open(shape) and not _is_open(other):
            raise _number_and_matrix(node, first, shape, term, other)
        if not check.same_shape(shape, other):
            if shape.is_scalar or other.is_scalar:
                raise _number_and_matrix(node, first, shape, term, other)
            raise ShapeClash(
                f"{plain(first)} is {shape} and {plain(_bare(term))} is {other}; "
                "they cannot be added.",
                start=node.start, end=node.end, help="Terms of a sum have the same shape.",
            )  # fmt: skip
    return replace(node, terms=tuple(new for new, _ in fits)), shape


def _bare(node: n.Node) -> n.Node:
    return node.of if isinstance(node, n.Negate) else node


def _is_open(shape: Shape) -> bool:
    """Whether both sides of this shape could still become 1."""
    return all(size == ONE or size.unknowns() for size in (shape.rows, shape.cols))


def _number_and_matrix(
    node: n.Node, first: n.Node, shape: Shape, term: n.Node, other: Shape
) -> ScalarPlusMatrix:
    scalar, matrix, size = (first, term, other) if shape.is_scalar else (term, first, shape)
    square = size.rows == size.cols
    help = f"{plain(_bare(scalar))} times the identity can be added to it." if square else (
        "Only things of the same shape can be added."
    )  # fmt: skip
    return ScalarPlusMatrix(
        f"{plain(_bare(scalar))} is a number and {plain(_bare(matrix))} is {size}; "
        "they cannot be added.",
        start=node.start, end=node.end, help=help,
    )  # fmt: skip


def negate(check: ShapeCheck, node: n.Negate) -> Fitted:
    new, shape = check.lazily_zero(node.of)
    return replace(node, of=new), shape


def multiply(check: ShapeCheck, node: n.Multiply) -> Fitted:
    _refuse_long_slash(check, node)
    fits = [check.fit(factor) for factor in node.factors]
    shape, left = fits[0][1], node.factors[0]
    for factor, (_, other) in zip(node.factors[1:], fits[1:], strict=True):
        shape = _product(check, shape, other, left, factor)
        left = factor if not other.is_scalar else left
    return replace(node, factors=tuple(new for new, _ in fits)), shape


def _refuse_long_slash(check: ShapeCheck, node: n.Multiply) -> None:
    """1/2n may mean 1/(2n)."""
    for left, right in zip(node.factors, node.factors[1:], strict=False):
        bare = right.base if isinstance(right, n.Power) else right
        atomic = isinstance(bare, (n.Symbol, n.Dimension, n.Number, n.Element))
        if isinstance(left, n.Divide) and left.slash and atomic and check.fit(right)[1].is_scalar:
            raise Ambiguous(
                f"{plain(left)} {plain(right)} can be read in two ways.",
                start=left.start, end=right.end, help="Write \\frac{..}{..} or use brackets.",
            )  # fmt: skip


def _product(check: ShapeCheck, a: Shape, b: Shape, left: n.Node, right: n.Node) -> Shape:
    a, b = check.solver.shape(a), check.solver.shape(b)
    if a.is_scalar:
        return b
    if b.is_scalar:
        return a
    if not check.solver.same(a.cols, b.rows):
        raise ShapeClash(
            f"{plain(left)} is {a} and {plain(right)} is {b}; "
            f"their product needs {a.cols} = {b.rows}.",
            start=left.start, end=right.end,
            help="Look at the order of the factors and at the transposes.",
        )  # fmt: skip
    return Shape(check.solver.resolve(a.rows), check.solver.resolve(b.cols))


def dot(check: ShapeCheck, node: n.Dot) -> Fitted:
    """Two factors around a sign: of two columns it is their inner product."""
    left, a = check.fit(node.left)
    right, b = check.fit(node.right)
    a, b = check.solver.shape(a), check.solver.shape(b)
    if a.is_column and b.is_column and a.rows == b.rows:
        product = n.Multiply((n.Transpose(left), right), start=node.start, end=node.end)
        return product, SCALAR
    if node.sign == "×" and not (a.is_scalar or b.is_scalar):
        raise Ambiguous("× between vectors or matrices has no agreed meaning.", start=node.start,
                        end=node.end, help="Write the factors side by side.")  # fmt: skip
    shape = _product(check, a, b, node.left, node.right)
    return n.Multiply((left, right), start=node.start, end=node.end), shape


def hadamard(check: ShapeCheck, node: n.Hadamard) -> Fitted:
    left, a = check.fit(node.left)
    right, b = check.fit(node.right)
    if not check.same_shape(a, b):
        raise ShapeClash(f"{plain(node.left)} is {a} and {plain(node.right)} is {b}; entry by "
                         "entry they do not fit.", start=node.start, end=node.end,
                         help="Both need the same shape.")  # fmt: skip
    return replace(node, left=left, right=right), a


def divide(check: ShapeCheck, node: n.Divide) -> Fitted:
    top, shape = check.fit(node.top)
    wrong = DivisionByMatrix(
        f"{plain(node.bottom)} is not a number, so nothing can be divided by it.",
        start=node.bottom.start, end=node.bottom.end, help="Multiply by an inverse instead.",
    )  # fmt: skip
    return replace(node, top=top, bottom=check.scalar(node.bottom, wrong)), shape


def power(check: ShapeCheck, node: n.Power) -> Fitted:
    base, shape = check.fit(node.base)
    wrong = Unreadable("This exponent is not a number.", start=node.exponent.start,
                       end=node.exponent.end, help="Matrices have ^T, ^{-1}, ^+ and whole powers.")  # fmt: skip
    exponent = check.scalar(node.exponent, wrong)
    new = replace(node, base=base, exponent=exponent)
    if shape.is_scalar:
        return new, shape
    if node.starred:
        raise Ambiguous("** works on entries in NumPy and on matrices in mathematics.",
                        start=node.start, end=node.end, help="Write inv(...) or @.")  # fmt: skip
    if shape.is_column or shape.is_row:
        raise VectorSquared(
            f"{plain(node.base)} is a vector ({shape}); it has no power.",
            start=node.start, end=node.end, help="Write \\|v\\|^2 or v^T v.",
        )  # fmt: skip
    _whole_power(node)
    _square(check, node, shape, "power")
    return new, check.solver.shape(shape)


def _whole_power(node: n.Power) -> None:
    value = node.exponent.of if isinstance(node.exponent, n.Negate) else node.exponent
    whole = isinstance(value, n.Number) and value.value.is_integer() and value.value <= MAX_POWER
    if not whole:
        raise Unreadable(f"Matrices have whole powers up to {MAX_POWER} here.", start=node.start,
                         end=node.end, help="Write the product out.")  # fmt: skip


def _square(check: ShapeCheck, node: n.Node, shape: Shape, what: str) -> None:
    if not check.solver.same(shape.rows, shape.cols):
        shape = check.solver.shape(shape)
        inside = next(n.children(node))
        help = "Only square matrices have one."
        if what == "inverse":
            help = "Only square matrices have one; the pseudo-inverse ^+ exists for every matrix."
        raise NotSquare(f"{plain(inside)} is {shape}, so it has no {what}.", start=node.start,
                        end=node.end, help=help)  # fmt: skip


def transpose(check: ShapeCheck, node: n.Transpose) -> Fitted:
    new, shape = check.fit(node.of)
    return replace(node, of=new), shape.transposed


def inverse(check: ShapeCheck, node: n.Inverse) -> Fitted:
    new, shape = check.fit(node.of)
    _square(check, node, shape, "inverse")
    return replace(node, of=new), check.solver.shape(shape)


def pseudo_inverse(check: ShapeCheck, node: n.PseudoInverse) -> Fitted:
    new, shape = check.fit(node.of)
    return replace(node, of=new), shape.transposed


def norm(check: ShapeCheck, node: n.Norm) -> Fitted:
    new, shape = check.lazily_zero(node.of)
    matrix = not (shape.is_scalar or shape.is_column or shape.is_row)
    if matrix and node.kind in {"", "|", "1", "inf"}:
        raise Ambiguous(
            f"{plain(node.of)} is a matrix ({shape}), which has several norms.",
            start=node.start, end=node.end, help="Say which one: \\|A\\|_F or \\|A\\|_2.",
        )  # fmt: skip
    return replace(node, of=new), SCALAR


def call(check: ShapeCheck, node: n.Call) -> Fitted:
    fits = [check.fit(argument) for argument in node.arguments]
    new = replace(node, arguments=tuple(new for new, _ in fits))
    if node.function in {"tr", "det"}:
        _square(check, node, fits[0][1], "trace" if node.function == "tr" else "determinant")
        return new, SCALAR
    if node.function == "rank":
        return new, SCALAR
    for argument, (_, shape) in zip(node.arguments, fits, strict=True):
        if not shape.is_scalar:
            raise ShapeClash(
                f"{node.function} of {plain(argument)}, which is {shape}: it takes a number.",
                start=node.start, end=node.end, help="Apply it to numbers.",
            )  # fmt: skip
    return new, SCALAR


def big(check: ShapeCheck, node: n.Sum) -> Fitted:
    wrong = Unreadable("The bounds of a sum must be numbers.", start=node.start, end=node.end,
                       help="Write \\sum_{i=1}^{n}.")  # fmt: skip
    lower = check.scalar(node.lower, wrong) if node.lower else None
    upper = check.scalar(node.upper, wrong) if node.upper else None
    outer = check.seen.pop(node.index, None)
    with check.running(node.index, None):
        body, shape = check.fit(node.body)
        if upper is None:
            upper = n.Count(check.index_range(node.index, node))
        check.seen.pop(node.index, None)
    if outer is not None:
        check.seen[node.index] = outer
    new = replace(node, lower=lower or n.Number(1.0), upper=upper, body=body)
    return new, shape


def sequence(check: ShapeCheck, node: n.Sequence) -> Fitted:
    with check.running(node.index, None):
        body, shape = check.fit(node.body)
        check.seen.pop(node.index, None)
    wrong = Unreadable("The ends of a list must be numbers.", start=node.start, end=node.end,
                       help="Write \\sigma_1, \\dots, \\sigma_d.")  # fmt: skip
    lower, upper = check.scalar(node.lower, wrong), check.scalar(node.upper, wrong)
    return replace(node, lower=lower, upper=upper, body=body), shape


def sequence_length(check: ShapeCheck, node: n.Sequence) -> Size:
    """How many members a list with dots has."""
    return check.size(node.upper) - check.size(node.lower) + ONE


def diagonal(check: ShapeCheck, node: n.Diagonal) -> Fitted:
    entries, count = _diagonal_entries(check, node)
    if node.count is not None:
        count = check.size(node.count)
    shape = Shape(check.solver.fresh(), check.solver.fresh())
    new = replace(node, entries=entries, count=None, height=shape.rows, width=shape.cols)
    check.diagonals.append((node, shape, count))
    return new, shape


def _diagonal_entries(check: ShapeCheck, node: n.Diagonal) -> tuple[tuple[n.Node, ...], Size]:
    wrong = ShapeClash("The entries of diag(...) are numbers.", start=node.start, end=node.end,
                       help="Use one vector, or numbers such as \\sigma_i.")  # fmt: skip
    only = node.entries[0]
    if node.index is not None:
        outer = check.seen.pop(node.index, None)
        with check.running(node.index, None):
            entry = check.scalar(only, wrong)
            count = check.index_range(node.index, node)
        if outer is not None:
            check.seen[node.index] = outer
        return (entry,), count
    if isinstance(only, n.Sequence):
        return (check.scalar(only, wrong),), sequence_length(check, only)
    if len(node.entries) > 1:
        return tuple(check.scalar(e, wrong) for e in node.entries), Size.number(len(node.entries))
    new, shape = check.fit(only)
    if not shape.is_column:
        raise wrong
    return (new,), shape.rows


def block(check: ShapeCheck, node: n.Block) -> Fitted:
    rows: list[n.Node] = []
    height, width = Size(), None
    cells = [cell for row in node.rows for cell in n.children(row)]
    numbers = all(check.fit(cell)[1].is_scalar for cell in cells if not _is_zero(cell))
    for row in node.rows:
        assert isinstance(row, n.Row)
        new, shape = _block_row(check, row, numbers)
        rows.append(n.Row(new))
        height = height + shape.rows
        if width is not None and not check.solver.same(width, shape.cols):
            raise ShapeClash(
                f"One row of the block matrix is {check.solver.resolve(width)} wide, another "
                f"{check.solver.resolve(shape.cols)}.",
                start=node.start, end=node.end, help="Rows of a block matrix are equally wide.",
            )  # fmt: skip
        width = shape.cols if width is None else width
    return replace(node, rows=tuple(rows)), Shape(height, width or Size())


def _is_zero(node: n.Node) -> bool:
    return isinstance(node, n.Number) and node.value == 0


def _block_row(check: ShapeCheck, row: n.Row, numbers: bool) -> tuple[tuple[n.Node, ...], Shape]:
    cells: list[n.Node] = []
    height: Size | None = None
    width = Size()
    for cell in row.cells:
        new, shape = check.fit(cell) if numbers else check.lazily_zero(cell)
        if height is not None and not check.solver.same(height, shape.rows):
            raise ShapeClash(
                f"{plain(cell)} is {shape}, but its neighbour in the block has "
                f"{check.solver.resolve(height)} rows.",
                start=cell.start, end=cell.end, help="Blocks side by side are equally high.",
            )  # fmt: skip
        height = shape.rows if height is None else height
        times = sequence_length(check, cell) if isinstance(cell, n.Sequence) else ONE
        width = width + (times if shape.cols == ONE else shape.cols)
        cells.append(new)
    return tuple(cells), Shape(height or ONE, width)


def refused(_: ShapeCheck, node: n.Node) -> Fitted:
    raise Unreadable("This cannot stand inside an expression.", start=node.start, end=node.end,
                     help="Give one formula.")  # fmt: skip


RULES: dict[type, Callable[[ShapeCheck, Any], Fitted]] = {
    n.Number: number, n.Dimension: number, n.Count: number, n.Symbol: symbol, n.Index: index, n.Element: element,
    n.Constant: constant, n.Filled: filled, n.Add: add, n.Negate: negate, n.Multiply: multiply,
    n.Dot: dot, n.Hadamard: hadamard, n.Divide: divide, n.Power: power, n.Transpose: transpose,
    n.Inverse: inverse, n.PseudoInverse: pseudo_inverse, n.Norm: norm, n.Call: call, n.Sum: big,
    n.Sequence: sequence, n.Diagonal: diagonal, n.Block: block, n.Dots: refused,
    n.Extremum: refused, n.Row: refused,
}  # fmt: skip
