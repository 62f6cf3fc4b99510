"""∂L/∂R_{ij} as an entry of the array that is declared for these derivatives. Knows no shapes."""

from __future__ import annotations

from collections.abc import Sequence

from . import nodes as n
from .names import symbol
from .parser import Parser
from .tokens import Token


def derivative(parser: Parser, token: Token) -> n.Node | None:
    """∂L/∂R_{ij} or dL/dR[i,j] where its array is declared under a name of its own, else None.

    `token` is the fraction, or the ∂ or d in front, which has been taken.
    """
    if token.kind == "frac":
        top, bottom = (t.inner if t.kind == "group" else (t,) for t in token.inner)
        found = _array_below(parser, bottom)
        if found is None or not _is_loss(top):
            return None
        name, rest = Token("name", found[0], token.start, token.end), bottom[found[1] :]
        return symbol(parser.on(rest) if rest else parser, name)
    ahead = parser.tokens[parser.at :]
    if len(ahead) < 3 or not _is_loss((token, ahead[0])) or ahead[1].text != "/":
        return None
    found = _array_below(parser, ahead[2:4])
    if found is None:
        return None
    last = ahead[1 + found[1]]
    parser.at += 2 + found[1]
    return symbol(parser, Token("name", found[0], token.start, last.end))


def _is_loss(tokens: Sequence[Token]) -> bool:
    """∂L, dJ: what is derived, under any letter."""
    return len(tokens) == 2 and tokens[0].text in {"partial", "d"} and len(tokens[1].text) == 1


def _array_below(parser: Parser, tokens: Sequence[Token]) -> tuple[str, int] | None:
    """The name declared for the derivatives by R in ∂R or dR, and how many tokens that takes."""
    known = parser.context.declared.derivatives
    if tokens and tokens[0].text in known.values():
        return tokens[0].text, 1
    if len(tokens) > 1 and tokens[0].text in {"partial", "d"} and tokens[1].text in known:
        return known[tokens[1].text], 2
    return None
