"""The subscripts of np.einsum('ij,jk->ik', A, B). Knows no shapes."""

from __future__ import annotations

from collections.abc import Sequence

from . import nodes as n
from .errors import Unreadable
from .indexed_nodes import Einsum
from .tokens import Token

MOST_LETTERS = 4


def einsum(token: Token, subscripts: str, operands: Sequence[n.Node], end: int) -> n.Node:
    """The call with its subscripts; without -> the letters that occur once are kept, in order.

    Raises `Unreadable` for subscripts that do not fit the operands or have more than two axes.
    """
    before, arrow, after = subscripts.replace(" ", "").partition("->")
    inputs = tuple(before.split(",")) if before else ()
    letters = "".join(inputs)
    output = after if arrow else "".join(sorted(c for c in letters if letters.count(c) == 1))
    plain = all(part.isalpha() for part in inputs) and (output.isalpha() or not output)
    fits = len(inputs) == len(operands) > 0 and set(output) <= set(letters)
    small = max((len(part) for part in (*inputs, output)), default=0) < 3
    if not (plain and fits and small and len(set(output)) == len(output)) or (
        len(set(letters)) > MOST_LETTERS
    ):
        raise Unreadable(
            "These subscripts of einsum cannot be read.",
            start=token.start,
            end=end,
            help="Give one group of letters for each array, as in np.einsum('ij,jk->ik', A, B).",
        )
    return Einsum(tuple(operands), inputs, output, start=token.start, end=end)
