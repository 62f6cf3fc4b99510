"""The whole grammar: what a factor is, and the reading of a list of tokens. Knows no shapes.

The parts stand one on the other: `parser` (sums and products, over any factor), then `names`,
`calls` and `scripts`, then `atoms`, then this module.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import nodes as n
from .atoms import atom
from .context import Context
from .declarations import Declarations
from .errors import Ambiguous, TooLarge
from .functions import refuse_bracket_behind
from .parser import Parser
from .scripts import with_scripts
from .tokens import MAX_DEPTH, Token


class Grammar(Parser):
    """Reads one list of tokens as an expression."""

    def factor(self) -> n.Node:
        """An atom with its powers, transposes and inverses; raises `TooLarge` where too deep."""
        self.context.depth += 1
        if self.context.depth > MAX_DEPTH:
            raise TooLarge(
                f"Brackets are nested more than {MAX_DEPTH} deep.",
                help="Keep only the final formula, as in w = X^T y.",
            )
        first = self.token
        node = atom(self)
        if first is not None and first.kind == "function":
            refuse_power_of_call(self, first)
        node = with_scripts(self, node)
        refuse_bracket_behind(self, node)
        self.context.depth -= 1
        return node


def refuse_power_of_call(parser: Parser, function: Token) -> None:
    """Raise `Ambiguous` for log(x)^2, which is (log x)² to some and log(x²) to others."""
    following = parser.token
    if function.text == "log" and following is not None and following.kind == "sup":
        raise Ambiguous(
            "This power can belong to the logarithm or to what is inside.",
            start=function.start,
            end=following.end,
            help="Write (\\log(...))^2 or \\log((...)^2).",
        )


def expression(
    tokens: Sequence[Token], declared: Declarations, bound: Sequence[str] = ()
) -> n.Node:
    """Read all tokens as one expression, in which `bound` are indices.

    Raises `MathematicsError`.
    """
    return Grammar(tokens, Context(declared, [*bound])).complete()
