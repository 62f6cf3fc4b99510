"""Parts that are crossed out, which count as long as they cancel each other. Knows no question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .errors import Ambiguous
from .tokens import Token


def check_pairs(struck: Sequence[Token]) -> None:
    """Raise `Ambiguous` unless the crossed-out parts come in pairs, as V^T and V or 2 and 2 do.

    Then they stay in the formula, which has the same value with and without them.
    """
    counts = Counter(tuple(_base(token.inner)) for token in struck)
    for token in struck:
        if counts[tuple(_base(token.inner))] % 2:
            raise Ambiguous(
                "One crossed-out part is left over, so it is unclear whether it counts.",
                start=token.start,
                end=token.end,
                help="Write the formula without the parts that cancel.",
            )


def _base(tokens: Sequence[Token]) -> Iterator[str]:
    """The letters and numbers of a part, without powers and transposes."""
    for token in tokens:
        if token.kind in {"letter", "number", "word"}:
            yield token.text
        elif token.kind in {"group", "sub", "frac", "root"}:
            yield token.kind + "".join(_base(token.inner))
