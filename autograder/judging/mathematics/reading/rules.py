"""The shape of each kind of expression. Knows sizes but no values."""

from __future__ import annotations

from dataclasses import replace

from . import nodes as n
from .broadcasting import aligned, repeated
from .entry_rules import einsum, entries, entry
from .errors import (
    FreeIndex,
    ScalarPlusMatrix,
    ShapeClash,
    UnknownSymbol,
    Unreadable,
)
from .function_rules import (
    call,
    divide,
    inverse,
    is_of_entries,
    norm,
    power,
    pseudo_inverse,
    transpose,
)
from .indexed_nodes import Aligned, ByEntries, Einsum, EntryOf
from .list_rules import big, block, diagonal, sequence
from .product_rules import dot, hadamard, multiply
from .render import plain, plain_name
from .shape_check import Fitted, Reach, Rule, ShapeCheck
from .sizes import ONE, SCALAR, Shape, Size

MAX_POWER = 16


def number(_: ShapeCheck, node: n.Node) -> Fitted:
    return node, SCALAR


def symbol(check: ShapeCheck, node: n.Symbol) -> Fitted:
    return node, check.declared.symbol_shape(node.name, check.regime)


def index(check: ShapeCheck, node: n.Index) -> Fitted:
    if node.name not in check.ranges and node.name not in check.declared.indices:
        raise FreeIndex(
            f"Nothing runs over the index {node.name}.",
            start=node.start,
            end=node.end,
            help="Put a sum in front, as in \\sum_{i=1}^{n} x_i, or diag(...) around it.",
        )
    return node, SCALAR


def element(check: ShapeCheck, node: n.Element) -> Fitted:
    lengths, shape = _members(check, node)
    if len(node.indices) < len(lengths):
        raise _unknown_part(node, len(lengths))
    if len(node.indices) != len(lengths):
        raise ShapeClash(
            f"{plain_name(node.name)} takes {_count(len(lengths))}, not {len(node.indices)}.",
            start=node.start,
            end=node.end,
            help="Write one index for a vector and two for a matrix, as in y_i and X_{ij}.",
        )
    for place, length in zip(node.indices, lengths, strict=True):
        declared = check.declared.indices
        if isinstance(place, n.Index) and (
            place.name in check.ranges or place.name not in declared
        ):
            check.seen[place.name] = _reach(check, node, place.name, length)
    wrong = ShapeClash(
        "An index must be a whole number.", start=node.start, end=node.end, help="Use i, 1 or i+1."
    )
    indices = tuple(check.scalar(place, wrong) for place in node.indices)
    return replace(node, indices=indices), shape


def _unknown_part(node: n.Element, arity: int) -> UnknownSymbol:
    """The error for U_d, which many write for some columns of U."""
    shown, whole = plain(node), plain_name(node.name)
    return UnknownSymbol(
        f"The symbol {shown} is not declared in this question: an entry of {whole} has "
        f"{_count(arity)}.",
        name=node.name,
        start=node.start,
        end=node.end,
        help=f"Say beside the answer what it is, as in: where {shown} = ..., or: where {shown} are "
        f"the first k columns of {whole}.",
    )


def _reach(check: ShapeCheck, node: n.Element, index: str, length: Size) -> Reach:
    """How far a bare index runs: to the last member that all its families have."""
    before = check.seen.get(index)
    if before is None:
        return Reach(_base(check, node), length)
    shorter = check.regime.minimum(before.count, length)
    known = {Size.of(dim) for dim in check.declared.dims}
    either = {before.count, length}
    comparable = shorter in either or either <= known
    return Reach(before.first, shorter if comparable else before.count)


def _count(length: int) -> str:
    return "1 index" if length == 1 else f"{length} indices"


def _base(check: ShapeCheck, node: n.Element) -> int:
    """The index of the first member."""
    family = check.declared.families.get(node.name)
    return family.base if family else check.declared.arrays.get(node.name, 1)


def _members(check: ShapeCheck, node: n.Element) -> tuple[list[Size], Shape]:
    """How long each index runs, and the shape of a member."""
    family = check.declared.families.get(node.name)
    if family is None or (len(node.indices) == 2 and node.name in check.declared.shapes):
        shape = check.declared.symbol_shape(node.name, check.regime)
        if shape.is_scalar:
            raise UnknownSymbol(
                f"The symbol {plain(node)} is not declared in this question: "
                f"{plain_name(node.name)} is a number and has no entries.",
                name=node.name,
                start=node.start,
                end=node.end,
                help="Write it without a subscript, or say beside the answer what it is.",
            )
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
    if entries := _one_and_entries(check, node, [check.solver.shape(shape) for _, shape in fits]):
        return replace(node, terms=tuple(new for new, _ in fits)), entries
    if numpy := repeated(check, node.terms, fits):
        return replace(node, terms=tuple(numpy.parts)), numpy.shape
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
                start=node.start,
                end=node.end,
                help="Terms of a sum have the same shape.",
            )
    return replace(node, terms=tuple(new for new, _ in fits)), shape


def _one_and_entries(check: ShapeCheck, node: n.Add, shapes: list[Shape]) -> Shape | None:
    """The shape of 1 - σ(v) and 1 + exp(v), where 1 counts for every entry; None for the rest.

    Beside a ⊙ it does so in 1 - v as well, and in the brackets of NumPy's sum any number does.
    """
    vectors = [shape for shape in shapes if not shape.is_scalar]
    for term, shape in zip(node.terms, shapes, strict=True):
        bare = _bare(term)
        entries = is_of_entries(bare) or (check.entries > 0 and shape.is_column) or check.code > 0
        one = isinstance(bare, n.Number) and (bare.value == 1 or check.entries > 0)
        one = one or check.code > 0
        if not (one if shape.is_scalar else entries):
            return None
    alike = len(set(vectors)) == 1 and len(vectors) < len(shapes)
    return vectors[0] if alike else None


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
    help = (
        f"{plain(_bare(scalar))} times the identity can be added to it."
        if square
        else ("Only things of the same shape can be added.")
    )
    return ScalarPlusMatrix(
        f"{plain(_bare(scalar))} is a number and {plain(_bare(matrix))} is {size}; "
        "they cannot be added.",
        start=node.start,
        end=node.end,
        help=help,
    )


def negate(check: ShapeCheck, node: n.Negate) -> Fitted:
    new, shape = check.lazily_zero(node.of)
    return replace(node, of=new), shape


def refused(_: ShapeCheck, node: n.Node) -> Fitted:
    raise Unreadable(
        "This cannot stand inside an expression.",
        start=node.start,
        end=node.end,
        help="Give one formula, as in w = X^T y.",
    )


RULES: dict[type, Rule] = {
    n.Number: number, n.Dimension: number, n.Count: number, n.Symbol: symbol, n.Index: index,
    n.Element: element,
    n.Constant: constant, n.Filled: filled, n.Add: add, n.Negate: negate, n.Multiply: multiply,
    n.Dot: dot, n.Hadamard: hadamard, n.Divide: divide, n.Power: power, n.Transpose: transpose,
    n.Inverse: inverse, n.PseudoInverse: pseudo_inverse, n.Norm: norm, n.FunctionCall: call,
    n.Sum: big, n.Sequence: sequence, n.Diagonal: diagonal, n.Block: block, n.Dots: refused,
    n.Extremum: refused, n.Row: refused, EntryOf: entry, ByEntries: entries, Einsum: einsum,
    Aligned: aligned,
}  # fmt: skip
