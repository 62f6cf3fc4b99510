"""The whole grammar: what a factor is, and the reading of a list of tokens. Knows no shapes.

The parts stand one on the other: `parser` (sums and products, over any factor), then `names`,
`calls` and `scripts`, then `atoms`, then this module.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import nodes as n
from .atoms import atom
from .declarations import Declarations
from .errors import TooLarge
from .parser import Context, Parser
from .scripts import with_scripts
from .tokens import MAX_DEPTH, Token


class Grammar(Parser):
    """Reads one list of tokens as an expression."""

    def factor(self) -> n.Node:
        """An atom with its powers, transposes and inverses; raises `TooLarge` where too deep."""
        self.context.depth += 1
        if self.context.depth > MAX_DEPTH:
            raise TooLarge(
                f"Brackets are nested more than {MAX_DEPTH} deep.", help="Simplify the answer."
            )
        node = with_scripts(self, atom(self))
        self.context.depth -= 1
        return node


def expression(
    tokens: Sequence[Token], declared: Declarations, bound: Sequence[str] = ()
) -> n.Node:
    """Read all tokens as one expression, in which `bound` are indices.

    Raises `MathematicsError`.
    """
    return Grammar(tokens, Context(declared, [*bound])).complete()
