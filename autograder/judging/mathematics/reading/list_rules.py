"""The shape of sums, lists with dots, diag(...) and block matrices. Knows sizes but no values."""

from __future__ import annotations

from dataclasses import replace

from . import nodes as n
from .errors import ShapeClash, UnclearSize, Unreadable
from .render import plain
from .shape_check import Fitted, ShapeCheck
from .sizes import ONE, Shape, Size


def big(check: ShapeCheck, node: n.Sum) -> Fitted:
    wrong = Unreadable(
        "The bounds of a sum must be numbers.",
        start=node.start,
        end=node.end,
        help="Write \\sum_{i=1}^{n}.",
    )
    lower = check.scalar(node.lower, wrong) if node.lower else None
    upper = check.scalar(node.upper, wrong) if node.upper else None
    outer = check.seen.pop(node.index, None)
    with check.running(node.index, None):
        body, shape = check.fit(node.body)
        first = check.seen[node.index].first if node.index in check.seen else 1
        if upper is None:
            upper = n.Count(check.index_range(node.index, node).last)
        check.seen.pop(node.index, None)
    if outer is not None:
        check.seen[node.index] = outer
    if node.kind == "prod" and not check.solver.shape(shape).is_scalar:
        raise ShapeClash(
            f"{plain(node.body)} is {check.solver.shape(shape)}; a product with dots or ∏ is one "
            "of numbers here.",
            start=node.start,
            end=node.end,
            help="Write the factors out, as in A B C, or a power such as A^3.",
        )
    new = replace(node, lower=lower or n.Number(float(first)), upper=upper, body=body)
    return new, shape


def sequence(check: ShapeCheck, node: n.Sequence) -> Fitted:
    with check.running(node.index, None):
        body, shape = check.fit(node.body)
        check.seen.pop(node.index, None)
    wrong = Unreadable(
        "The ends of a list must be numbers.",
        start=node.start,
        end=node.end,
        help="Write \\sigma_1, \\dots, \\sigma_d.",
    )
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
    wrong = ShapeClash(
        "The entries of diag(...) are numbers.",
        start=node.start,
        end=node.end,
        help="Use numbers or one vector, as in diag(\\sigma_i) or diag(v).",
    )
    only = node.entries[0]
    if node.index is not None:
        outer = check.seen.pop(node.index, None)
        with check.running(node.index, None):
            entry = check.scalar(only, wrong)
            count = check.index_range(node.index, node).count
        if outer is not None:
            check.seen[node.index] = outer
        return (entry,), count
    if isinstance(only, n.Sequence):
        return (check.scalar(only, wrong),), sequence_length(check, only)
    if len(node.entries) > 1:
        return tuple(check.scalar(e, wrong) for e in node.entries), Size.number(len(node.entries))
    new, shape = check.fit(only)
    if shape.is_scalar:
        raise UnclearSize(
            "diag(...) of one number does not say how often it stands there.",
            start=node.start,
            end=node.end,
            help="Write it as a number times the identity, as in 2 I, or with dots.",
        )
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
                start=node.start,
                end=node.end,
                help="Rows of a block matrix are equally wide, as in [A, B; C, D] with A above C.",
            )
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
                start=cell.start,
                end=cell.end,
                help="Blocks side by side are equally high; stacked ones have a ; between: [A; B].",
            )
        height = shape.rows if height is None else height
        times = sequence_length(check, cell) if isinstance(cell, n.Sequence) else ONE
        width = width + (times if shape.cols == ONE else shape.cols)
        cells.append(new)
    return tuple(cells), Shape(height or ONE, width)
