"""The shape of what is given entry by entry: (Xw)_i, ∂L/∂W_ij = …, einsum. Knows no values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import nodes as n
from .errors import ShapeClash, UnclearSize
from .indexed_nodes import ByEntries, Einsum, EntryOf
from .render import plain
from .shape_check import Fitted, Reach, ShapeCheck
from .sizes import ONE, SCALAR, Shape, Size

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def entry(check: ShapeCheck, node: EntryOf) -> Fitted:
    """One entry of an expression: a number, whose indices run as far as it has rows or columns."""
    of, shape = check.fit(node.of)
    lengths = _lengths(check, shape)
    if len(lengths) != len(node.indices):
        count = "no entries" if not lengths else f"entries with {len(lengths)} indices"
        raise ShapeClash(
            f"{plain(node.of)} is {check.solver.shape(shape)}; it has {count}.",
            start=node.start,
            end=node.end,
            help="Write one index for a vector and two for a matrix, as in (Xw)_i and (AB)_{ij}.",
        )
    for index, length in zip(node.indices, lengths, strict=True):
        if isinstance(index, n.Index):
            before = check.seen.get(index.name, Reach(1, length))
            shorter = check.regime.minimum(before.count, length)
            kept = shorter if shorter in {before.count, length} else before.count
            check.seen[index.name] = Reach(before.first, kept)
    wrong = ShapeClash(
        "An index must be a whole number.", start=node.start, end=node.end, help="Use i, 1 or i+1."
    )
    indices = tuple(check.scalar(index, wrong) for index in node.indices)
    return replace(node, of=of, indices=indices), SCALAR


def _lengths(check: ShapeCheck, shape: Shape) -> list[Size]:
    """How far each index of an entry runs."""
    shape = check.solver.shape(shape)
    if shape.is_scalar:
        return []
    if shape.is_column or shape.is_row:
        return [shape.rows if shape.is_column else shape.cols]
    for size in (shape.rows, shape.cols):
        if size.unknowns():
            raise UnclearSize(
                "It is not clear how many entries this has.",
                help="Write the entry itself, as in X_{ij}.",
            )
    return [shape.rows, shape.cols]


def entries(check: ShapeCheck, node: ByEntries) -> Fitted:
    """The column, or the matrix, with these entries."""
    sizes = [check.size(size) for size in node.sizes]
    kept = {name: check.seen.pop(name, None) for name in node.over}
    wrong = ShapeClash(
        f"{plain(node.body)} is no number, so it is no single entry.",
        start=node.start,
        end=node.end,
        help="Leave the indices on the left away, or write the entry, as in \\sum_k A_{ik}B_{kj}.",
    )
    body = _with_running(check, node.over, node.body, wrong)
    check.seen.update({name: reach for name, reach in kept.items() if reach is not None})
    return _laid_out(body, node.over, sizes, (node.start, node.end))


def _with_running(
    check: ShapeCheck, names: Sequence[str], body: n.Node, wrong: ShapeClash
) -> n.Node:
    if not names:
        return check.scalar(body, wrong)
    with check.running(names[0], None):
        new = _with_running(check, names[1:], body, wrong)
        check.seen.pop(names[0], None)
    return new


def _laid_out(
    body: n.Node, over: Sequence[str], sizes: Sequence[Size], place: tuple[int, int]
) -> Fitted:
    """ByEntries one below the other, and columns side by side."""
    node, shape = body, SCALAR
    if over:
        node, shape = n.Transpose(_listed(node, over[0], sizes[0])), Shape(sizes[0], ONE)
    if len(over) > 1:
        node, shape = _listed(node, over[1], sizes[1]), Shape(sizes[0], sizes[1])
    return replace(node, start=place[0], end=place[1]), shape


def _listed(body: n.Node, index: str, size: Size) -> n.Node:
    return n.Block((n.Row((n.Sequence(index, n.Number(1.0), n.Count(size), body),)),))


def einsum(check: ShapeCheck, node: Einsum) -> Fitted:
    """np.einsum as sums over the letters that the output does not have."""
    sizes: dict[str, Size] = {}
    factors: list[n.Node] = []
    for place, (operand, letters) in enumerate(zip(node.operands, node.inputs, strict=True)):
        new, shape = check.fit(operand)
        lengths = _axes(check, shape, letters)
        if len(lengths) != len(letters):
            raise ShapeClash(
                f"The {ORDINALS[place]} argument is {check.solver.shape(shape)}, so {letters!r} "
                "does not fit.",
                start=operand.start,
                end=operand.end,
                help="Give one letter for a vector and two for a matrix.",
            )
        for letter, length in zip(letters, lengths, strict=True):
            if not check.solver.same(sizes.setdefault(letter, length), length):
                raise ShapeClash(
                    f"The letter {letter} runs to {check.solver.resolve(sizes[letter])} and to "
                    f"{check.solver.resolve(length)}.",
                    start=node.start,
                    end=node.end,
                    help="One letter belongs to axes of one length.",
                )
        factors.append(_entry_of(new, shape, letters))
    body = factors[0] if len(factors) == 1 else n.Multiply(tuple(factors))
    for letter in dict.fromkeys("".join(node.inputs)):
        if letter not in node.output:
            body = n.Sum(letter, n.Number(1.0), n.Count(sizes[letter]), body)
    ranges = [sizes[letter] for letter in node.output]
    return _laid_out(body, node.output, ranges, (node.start, node.end))


def _axes(check: ShapeCheck, shape: Shape, letters: str) -> list[Size]:
    """The lengths of the axes that an operand has in NumPy; n×1 may have two."""
    shape = check.solver.shape(shape)
    two = len(letters) == 2 and not shape.is_scalar
    return [shape.rows, shape.cols] if two else _lengths(check, shape)


def _entry_of(node: n.Node, shape: Shape, letters: str) -> n.Node:
    if not letters:
        return node
    return EntryOf(node, tuple(n.Index(letter) for letter in letters))
