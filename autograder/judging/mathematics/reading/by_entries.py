"""An answer given entry by entry: ∂L/∂w_j = …, ∂L/∂W_{ij} = … . Knows names but no shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import nodes as n
from .declarations import ONE_BY_ONE
from .indexed_nodes import ByEntries
from .statements import Formula, Segment
from .tokens import Token


def by_entries(read: Formula, side: Segment, letters: Sequence[str]) -> n.Node:
    """A side, as the column or the matrix whose entries it gives for these letters on the left.

    A letter that is a size of the question is an index where it stands in subscripts alone.
    """
    sizes = [size for size in read.declared.shape or ONE_BY_ONE if size != "1"]
    letters = letters[-len(sizes) :]  # ∂p_i/∂z_j, of which a column needs the last alone
    known = [letter for letter in letters if not _can_run(read, side, letter)]
    if known or not len(letters) == len(set(letters)) == len(sizes):
        return read.expression(side)
    node = read.expression(side, letters)
    used = {part.name for part in n.walk(node) if isinstance(part, n.Index)}
    if not used & set(letters):
        return node
    counts = tuple(_size(size) for size in sizes)
    return ByEntries(tuple(letters), counts, node, start=node.start, end=node.end)


def _can_run(read: Formula, side: Segment, letter: str) -> bool:
    kind = read.declared.kind(letter)
    places = set(_places(side.tokens, letter, below=False))
    return kind in {"", "index"} or (kind == "dimension" and places == {True})


def _places(tokens: Sequence[Token], letter: str, *, below: bool) -> Iterator[bool]:
    """For each place of a letter, whether it stands in a subscript or in square brackets."""
    depth = 0
    for token in tokens:
        depth += (token.text == "[") - (token.text == "]")
        if token.text == letter and token.kind in {"letter", "name"}:
            yield below or depth > 0
        yield from _places(token.inner, letter, below=below or token.kind == "sub")


def _size(size: str) -> n.Node:
    return n.Number(float(size)) if size.isdigit() else n.Dimension(size)
