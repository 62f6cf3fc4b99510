"""Parts that are crossed out, which stay in the formula where they cancel. Knows no question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .errors import Ambiguous
from .tokens import Token

BETWEEN = {"", "\\cdot", "\\,", "\\;", "*", "@", "·"}


@dataclass
class Struck:
    """The crossed-out parts of a text so far that nothing cancels yet."""

    parts: list[Token] = field(default_factory=list)

    def close_fraction(self, *, before: int, middle: int, top: Sequence[Token]) -> None:
        """Settle what cancels in a fraction whose top and bottom began with so many parts.

        The same product is crossed out above and below, and nothing is added to it above.
        """
        above, below = self.parts[before:middle], self.parts[middle:]
        added = any(t.kind == "symbol" and t.text in {"+", "-"} for t in top[1:])
        alike = sorted(map(_texts, above)) == sorted(map(_texts, below))
        if above and alike and not added:
            del self.parts[before:]

    def check(self, text: str) -> None:
        """Raise `Ambiguous` for a part that neither a fraction nor its neighbour cancels.

        Neighbours are a matrix and its inverse or transpose, such as V^T and V.
        """
        rest = list(self.parts)
        while rest:
            first, *others = rest
            if others and _cancel(first, others[0], text[first.end : others[0].start]):
                rest = others[1:]
                continue
            raise Ambiguous(
                "One crossed-out part is left over, so it is unclear whether it counts.",
                start=first.start,
                end=first.end,
                help="Write the formula without the parts that cancel, as in b for A^{-1} A b.",
            )


def _cancel(first: Token, second: Token, between: str) -> bool:
    alike = list(_base(first.inner)) == list(_base(second.inner))
    return alike and between.strip() in BETWEEN


def _texts(token: Token) -> str:
    return token.kind + token.text + "".join(map(_texts, token.inner))


def _base(tokens: Sequence[Token]) -> Iterator[str]:
    """The letters and numbers of a part, without powers and transposes."""
    for token in tokens:
        if token.kind in {"letter", "number", "word"}:
            yield token.text
        elif token.kind in {"group", "sub", "frac", "root"}:
            yield token.kind + "".join(_base(token.inner))
