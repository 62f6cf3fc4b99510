"""The shape of fractions, powers, inverses, norms and functions. Knows sizes but no values."""

from __future__ import annotations

from dataclasses import replace

from . import nodes as n
from .axis_rules import along
from .broadcasting import is_aligned, repeated
from .definitions import declared_call
from .errors import Ambiguous, DivisionByMatrix, NotSquare, ShapeClash, Unreadable, VectorSquared
from .render import plain
from .shape_check import Fitted, ShapeCheck
from .sizes import ONE, SCALAR, Shape

MAX_POWER = 16


def is_of_entries(node: n.Node) -> bool:
    """Whether an expression of a vector says that it works on entries: exp(v), u ⊙ v, v**2.

    So do 1 + exp(v), which is a sum with such a term, and 1/(1 + exp(v)).
    """
    match node:
        case n.Negate(of=inside):
            return is_of_entries(inside)
        case n.Add(terms=parts) | n.Multiply(factors=parts):
            return any(is_of_entries(part) for part in parts)
        case n.Dot(left=left, right=right):
            return is_of_entries(left) or is_of_entries(right)
        case n.Divide(top=top, bottom=bottom):
            return is_of_entries(top) or is_of_entries(bottom)
        case n.Power(base=base):
            return node.starred or node.dotted or is_of_entries(base)
        case n.FunctionCall(function=name):
            return name.partition(":")[0] not in {"tr", "det", "rank", "sum", "mean", "min", "max"}
    return isinstance(node, n.Hadamard)


def divide(check: ShapeCheck, node: n.Divide) -> Fitted:
    top, shape = check.fit(node.top)
    bottom, below = check.fit(node.bottom)
    below = check.solver.shape(below)
    shape = check.solver.shape(shape)
    if quotient := _by_entries(check, node, (top, shape), (bottom, below)):
        return quotient
    entries = below.is_column and not below.is_scalar and is_of_entries(node.bottom)
    if entries and (shape.is_scalar or check.same_shape(shape, below)):
        return replace(node, top=top, bottom=bottom), below
    wrong = DivisionByMatrix(
        f"{plain(node.bottom)} is not a number, so nothing can be divided by it.",
        start=node.bottom.start,
        end=node.bottom.end,
        help="Multiply by the inverse instead, as in A^{-1} b.",
    )
    return replace(node, top=top, bottom=check.scalar(node.bottom, wrong)), shape


def _by_entries(check: ShapeCheck, node: n.Divide, one: Fitted, other: Fitted) -> Fitted | None:
    """NumPy's 1/v, u/v and X/v, entry by entry; None for every other quotient."""
    (top, shape), (bottom, below) = one, other
    vector = below.is_column and not (below.rows.unknowns() or shape.rows.unknowns())
    if (
        (node.slash or check.numpy)
        and vector
        and (shape.is_scalar or (check.numpy and shape == below))
    ):
        if not shape.is_scalar or not is_of_entries(node.bottom):
            check.notes.append(f"{plain(node)} is read entry by entry.")
        return replace(node, top=top, bottom=bottom), below
    if not is_aligned(node.bottom) and not (node.slash and vector):
        return None
    check.numpy, before = True, check.numpy
    numpy = repeated(check, (node.top, node.bottom), (one, other))
    check.numpy = before
    if numpy is None:
        return None
    top, bottom = numpy.parts
    return replace(node, top=top, bottom=bottom), numpy.shape


def power(check: ShapeCheck, node: n.Power) -> Fitted:
    entries = node.starred or node.dotted
    check.code += entries
    base, shape = check.fit(node.base)
    check.code -= entries
    wrong = Unreadable(
        "This exponent is not a number.",
        start=node.exponent.start,
        end=node.exponent.end,
        help="Write A^T, A^{-1}, A^+ or a whole power such as A^2.",
    )
    exponent = check.scalar(node.exponent, wrong)
    new = replace(node, base=base, exponent=exponent)
    if shape.is_scalar:
        return new, shape
    if check.entries and shape.is_column and not node.starred:
        check.notes.append(f"{plain(node)} is read entry by entry.")
        return _entry_power(new, shape)
    if node.dotted or (node.starred and not check.solver.same(shape.rows, shape.cols)):
        return _entry_power(new, shape)
    if node.starred:
        raise Ambiguous(
            "** works on entries in NumPy and on matrices in mathematics.",
            start=node.start,
            end=node.end,
            help="Write inv(A) for the inverse and A @ A for the square.",
        )
    if shape.is_column or shape.is_row:
        raise VectorSquared(
            f"{plain(node.base)} is a vector ({shape}); it has no power.",
            start=node.start,
            end=node.end,
            help="Write \\|v\\|^2 or v^T v.",
        )
    _whole_power(node)
    _square(check, node, shape, "power")
    return new, check.solver.shape(shape)


def _entry_power(node: n.Power, shape: Shape) -> Fitted:
    """v**2, entry by entry."""
    value = node.exponent.value if isinstance(node.exponent, n.Number) else 0.0
    if value not in {1.0, 2.0, 3.0, 4.0}:
        raise Unreadable(
            "Entries of a vector or a matrix have the powers 2, 3 and 4 here.",
            start=node.start,
            end=node.end,
            help="Write v**2, or a sum over entries.",
        )
    result = node.base
    for _ in range(int(value) - 1):
        result = n.Hadamard(result, node.base, start=node.start, end=node.end)
    return result, shape


def _whole_power(node: n.Power) -> None:
    value = node.exponent.of if isinstance(node.exponent, n.Negate) else node.exponent
    whole = isinstance(value, n.Number) and value.value.is_integer() and value.value <= MAX_POWER
    if not whole:
        raise Unreadable(
            f"Matrices have whole powers up to {MAX_POWER} here.",
            start=node.start,
            end=node.end,
            help="Write a whole power such as A^2, or sqrt for numbers.",
        )


def _square(check: ShapeCheck, node: n.Node, shape: Shape, what: str) -> None:
    if not check.solver.same(shape.rows, shape.cols):
        shape = check.solver.shape(shape)
        inside = next(n.children(node))
        help = "Only square matrices have one."
        if what == "inverse":
            help = "Only square matrices have one; the pseudo-inverse ^+ exists for every matrix."
        raise NotSquare(
            f"{plain(inside)} is {shape}, so it has no {what}.",
            start=node.start,
            end=node.end,
            help=help,
        )


def transpose(check: ShapeCheck, node: n.Transpose) -> Fitted:
    new, shape = check.fit(node.of)
    return replace(node, of=new), shape.transposed


def inverse(check: ShapeCheck, node: n.Inverse) -> Fitted:
    new, shape = check.fit(node.of)
    shape = check.solver.shape(shape)
    tall = shape.rows != shape.cols and (shape.cols == check.regime.minimum(shape.rows, shape.cols))
    if node.divides and tall:
        return n.PseudoInverse(new, start=node.start, end=node.end), shape.transposed
    _square(check, node, shape, "inverse")
    return replace(node, of=new), check.solver.shape(shape)


def pseudo_inverse(check: ShapeCheck, node: n.PseudoInverse) -> Fitted:
    new, shape = check.fit(node.of)
    return replace(node, of=new), shape.transposed


def norm(check: ShapeCheck, node: n.Norm) -> Fitted:
    new, shape = check.lazily_zero(node.of)
    matrix = not (shape.is_scalar or shape.is_column or shape.is_row)
    if matrix and node.kind == "|" and shape.rows == shape.cols:
        check.notes.append(f"|{plain(node.of)}| is read as a determinant.")
        return n.FunctionCall("det", (new,), start=node.start, end=node.end), SCALAR
    if matrix and node.kind in {"", "|", "1", "inf"}:
        raise Ambiguous(
            f"{plain(node.of)} is a matrix ({shape}), which has several norms.",
            start=node.start,
            end=node.end,
            help="Say which one: \\|A\\|_F or \\|A\\|_2.",
        )
    return replace(node, of=new), SCALAR


ON_MATRICES = {"sigmoid", "relu", "tanh"}


def _works_on_entries(function: str, shape: Shape) -> bool:
    """Whether a function of this is one of each entry: of vectors all, of matrices a few."""
    vector = (shape.is_column or shape.is_row) and function not in {"min", "max"}
    return vector or (function in ON_MATRICES and not shape.is_scalar)


def call(check: ShapeCheck, node: n.FunctionCall) -> Fitted:
    numpy = ":" in node.function
    check.code += numpy
    fits = [check.fit(argument) for argument in node.arguments]
    check.code -= numpy
    if node.function in check.declared.arguments:
        return declared_call(check, node, fits[0])
    new = replace(node, arguments=tuple(new for new, _ in fits))
    for _, open_shape in fits:  # the 0 of exp(-0) is a number
        for size in (open_shape.rows, open_shape.cols):
            if size.unknowns() and node.function not in {"tr", "det", "rank"}:
                check.solver.same(size, ONE)
    fits = [(one, check.solver.shape(shape)) for one, shape in fits]
    if node.function in {"tr", "det"}:
        _square(check, node, fits[0][1], "trace" if node.function == "tr" else "determinant")
        return new, SCALAR
    if node.function == "rank":
        return new, SCALAR
    if node.function.partition(":")[0] in {"sum", "mean"}:
        return along(check, new, fits[0][1])
    if len(fits) == 1 and _works_on_entries(node.function, fits[0][1]):
        return new, fits[0][1]
    for argument, (_, shape) in zip(node.arguments, fits, strict=True):
        if not shape.is_scalar:
            raise ShapeClash(
                f"{node.function} of {plain(argument)}, which is {shape}: it takes a number.",
                start=node.start,
                end=node.end,
                help=f"Apply it to numbers or to a vector, as in {node.function}(x_1).",
            )
    return new, SCALAR
