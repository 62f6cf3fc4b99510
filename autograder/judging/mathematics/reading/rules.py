"""The shape of each kind of expression. Knows sizes but no values."""

from __future__ import annotations

from dataclasses import replace

from . import nodes as n
from .errors import (
    Ambiguous,
    FreeIndex,
    ScalarPlusMatrix,
    ShapeClash,
    Unreadable,
)
from .function_rules import call, divide, inverse, norm, power, pseudo_inverse, transpose
from .list_rules import big, block, diagonal, sequence
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
            raise ShapeClash(
                f"{plain(node)}: {plain_name(node.name)} is a number and has no entries.",
                start=node.start,
                end=node.end,
                help="Write it without a subscript.",
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
    if entries := _one_and_entries(node, [check.solver.shape(shape) for _, shape in fits]):
        return replace(node, terms=tuple(new for new, _ in fits)), entries
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


def _one_and_entries(node: n.Add, shapes: list[Shape]) -> Shape | None:
    """The shape of 1 - σ(v) and 1 + exp(v), where 1 counts for every entry; None for the rest."""
    vectors = [shape for shape in shapes if not shape.is_scalar]
    for term, shape in zip(node.terms, shapes, strict=True):
        bare = _bare(term)
        entries = isinstance(bare, n.FunctionCall) and bare.function not in {"tr", "det"}
        one = isinstance(bare, n.Number) and bare.value == 1
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


def multiply(check: ShapeCheck, node: n.Multiply) -> Fitted:
    _refuse_long_slash(check, node)
    fits = [check.fit(factor) for factor in node.factors]
    shape, left, own = fits[0][1], node.factors[0], fits[0][1]
    for factor, (_, other) in zip(node.factors[1:], fits[1:], strict=True):
        shape = _product(check, shape, other, (left, own), factor)
        left, own = (factor, other) if not other.is_scalar else (left, own)
    return replace(node, factors=tuple(new for new, _ in fits)), shape


def _refuse_long_slash(check: ShapeCheck, node: n.Multiply) -> None:
    """1/2n may mean 1/(2n)."""
    for left, right in zip(node.factors, node.factors[1:], strict=False):
        bare = right.base if isinstance(right, n.Power) else right
        atomic = isinstance(bare, (n.Symbol, n.Dimension, n.Number, n.Element))
        if isinstance(left, n.Divide) and left.slash and atomic and check.fit(right)[1].is_scalar:
            raise Ambiguous(
                f"{plain(left)} {plain(right)} can be read in two ways.",
                start=left.start,
                end=right.end,
                help="Write it as \\frac{1}{2n}, or with brackets: (1/2) n or 1/(2n).",
            )


def _product(
    check: ShapeCheck, a: Shape, b: Shape, left: tuple[n.Node, Shape], right: n.Node
) -> Shape:
    """The shape of a product so far times one more factor; `left` is the factor before it."""
    a, b = check.solver.shape(a), check.solver.shape(b)
    if a.is_scalar:
        return b
    if b.is_scalar:
        return a
    if not check.solver.same(a.cols, b.rows):
        before, own = left[0], check.solver.shape(left[1])
        raise ShapeClash(
            f"{plain(before)} is {own} and {plain(right)} is {b}; "
            f"their product needs {a.cols} = {b.rows}.",
            start=before.start,
            end=right.end,
            help="Look at the order of the factors and at the transposes.",
        )
    return Shape(check.solver.resolve(a.rows), check.solver.resolve(b.cols))


def dot(check: ShapeCheck, node: n.Dot) -> Fitted:
    """Two factors around a sign: of two columns it is their inner product."""
    left, a = check.fit(node.left)
    right, b = check.fit(node.right)
    a, b = check.solver.shape(a), check.solver.shape(b)
    if node.sign == "⟨":
        return _inner_product(check, node, (left, a), (right, b))
    if a.is_column and b.is_column and a.rows == b.rows:
        product = n.Multiply((n.Transpose(left), right), start=node.start, end=node.end)
        return product, SCALAR
    if node.sign == "×" and not (a.is_scalar or b.is_scalar):
        raise Ambiguous(
            "× between vectors or matrices has no agreed meaning.",
            start=node.start,
            end=node.end,
            help="Write the factors side by side: A B.",
        )
    if node.sign == "*" and check.numpy and not (a.is_scalar or b.is_scalar):
        raise Ambiguous(
            "Next to @, a * between vectors or matrices works on entries.",
            start=node.start,
            end=node.end,
            help="Write A @ B for the matrix product, or A * B without any @.",
        )
    shape = _product(check, a, b, (node.left, a), node.right)
    return n.Multiply((left, right), start=node.start, end=node.end), shape


def _inner_product(check: ShapeCheck, node: n.Dot, one: Fitted, other: Fitted) -> Fitted:
    """⟨a, b⟩ = aᵀb, and tr(AᵀB) for matrices."""
    (left, a), (right, b) = one, other
    if not check.same_shape(a, b):
        raise ShapeClash(
            f"{plain(node.left)} is {a} and {plain(node.right)} is {b}; an inner product needs "
            "two of one shape.",
            start=node.start,
            end=node.end,
            help="Look at which vectors belong together, as in \\langle X w, y \\rangle.",
        )
    product = n.Multiply((n.Transpose(left), right), start=node.start, end=node.end)
    if check.solver.shape(a).cols == ONE:
        return product, SCALAR
    return n.FunctionCall("tr", (product,), start=node.start, end=node.end), SCALAR


def hadamard(check: ShapeCheck, node: n.Hadamard) -> Fitted:
    left, a = check.fit(node.left)
    right, b = check.fit(node.right)
    if not check.same_shape(a, b):
        raise ShapeClash(
            f"{plain(node.left)} is {a} and {plain(node.right)} is {b}; entry by "
            "entry they do not fit.",
            start=node.start,
            end=node.end,
            help="Both need the same shape; the matrix product is written A B.",
        )
    return replace(node, left=left, right=right), a


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
    n.Extremum: refused, n.Row: refused,
}  # fmt: skip
