"""Rows of numbers with gaps between them, as Matlab and NumPy print them. Knows no shapes."""

from __future__ import annotations

from collections.abc import Sequence

from . import nodes as n
from .parser import Parser
from .tokens import Token

SIGNS = {"+", "-"}


def number_rows(parser: Parser, closer: str) -> list[list[n.Node]] | None:
    """The rows of [0 1], [2 0; 0 6] and [[2 0] [0 6]], taken up to the closing bracket.

    None, with nothing taken, for anything else.
    """
    inside = _inside(parser, closer)
    if inside is None:
        return None
    rows = [_numbers(row) for row in _split(inside)]
    found = [row for row in rows if row]
    if not found or any(row is None for row in rows) or max(map(len, found)) < 2:
        return None
    parser.at += len(inside)
    return found


def _inside(parser: Parser, closer: str) -> Sequence[Token] | None:
    """The tokens up to the bracket that closes the one just taken."""
    depth = 0
    for place in range(parser.at, len(parser.tokens)):
        token = parser.tokens[place]
        if token.text == closer and depth == 0:
            return parser.tokens[parser.at : place]
        depth += {"[": 1, "]": -1}.get(token.text, 0) if token.kind == "symbol" else 0
        if token.kind not in {"number", "symbol"} or depth not in {0, 1}:
            return None
    return None


def _split(tokens: Sequence[Token]) -> list[list[Token]]:
    """Rows, between semicolons or each in brackets of its own."""
    rows: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "symbol" and token.text in {";", "newline", "[", "]"}:
            rows.append([])
        else:
            rows[-1].append(token)
    return [row for row in rows if row]


def _numbers(tokens: Sequence[Token]) -> list[n.Node] | None:
    """The numbers of one row; None where something else stands there, such as a difference."""
    found: list[n.Node] = []
    end = -1
    sign: Token | None = None
    for token in tokens:
        gap = token.start > end
        if token.kind == "number" and (gap or sign is not None):
            value = float(token.text) * (-1.0 if sign is not None and sign.text == "-" else 1.0)
            start = token.start if sign is None else sign.start
            found.append(n.Number(value, start=start, end=token.end))
            sign = None
        elif token.text in SIGNS and sign is None and gap:
            sign = token
        else:
            return None
        if sign is None or token is sign:
            end = token.end
        if sign is not None and _is_apart(tokens, sign):
            return None
    return found if sign is None else None


def _is_apart(tokens: Sequence[Token], sign: Token) -> bool:
    """Whether a gap stands behind a sign, as in 2 - 3."""
    following = [token for token in tokens if token.start >= sign.end]
    return not following or following[0].start > sign.end
