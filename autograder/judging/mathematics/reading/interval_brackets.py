"""Intervals in brackets, also ]0; 1] and (0, 0,25]. Knows no question."""

from __future__ import annotations

from collections.abc import Sequence

from .declarations import Declarations
from .errors import Ambiguous, MathematicsError, Unreadable
from .interval_values import INTERVAL_HELP, Interval, end_text, end_value, ordered
from .tokens import Token

OPENERS, CLOSERS = {"(", "[", "]", "⟨"}, {")", "]", "[", "⟩"}
INSIDE = {"<", ">", "≤", "≥", "∈", "newline", "⇒", "→"}

Brackets = tuple[list[Token], list[Interval], MathematicsError | None]


def bracketed(tokens: Sequence[Token], text: str, declared: Declarations) -> Brackets:
    """The tokens with one of kind "interval" for each in brackets, these, and the first problem.

    The text of such a token is its number.
    """
    rest: list[Token] = []
    found: list[Interval] = []
    problem: MathematicsError | None = None
    at = 0
    while at < len(tokens):
        stop = _closer(tokens, at)
        if stop < 0:
            rest.append(tokens[at])
            at += 1
            continue
        opener, closer = tokens[at], tokens[stop]
        try:
            found.append(_interval(opener, tokens[at + 1 : stop], closer, text, declared))
            rest.append(Token("interval", str(len(found) - 1), opener.start, closer.end))
        except MathematicsError as error:
            problem = problem or error
        at = stop + 1
    return rest, found, problem


def _closer(tokens: Sequence[Token], at: int) -> int:
    """Where the bracket that begins an interval here is closed; -1 where none begins."""
    opener = tokens[at]
    called = at > 0 and tokens[at - 1].kind in {"letter", "name", "function"}
    if opener.kind != "symbol" or opener.text not in OPENERS:
        return -1
    if called and opener.text == "(" and tokens[at - 1].end == opener.start:
        return -1  # f(x, y)
    depth, separated = 0, False
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.kind == "word" and token.text not in {"inf", "infinity"}:
            return -1
        if token.kind != "symbol":
            continue
        if depth == 0 and token.text in CLOSERS:
            return place if separated else -1
        if depth == 0 and token.text in INSIDE:
            return -1
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
        separated = separated or (depth == 0 and token.text in {",", ";"})
    return -1


def _interval(
    opener: Token, inside: Sequence[Token], closer: Token, text: str, declared: Declarations
) -> Interval:
    comma = _separator(inside, text, opener, closer)
    parts = (inside[:comma], inside[comma + 1 :])
    low, high = (end_value(part, text, declared) for part in parts)
    if low is None or high is None:
        raise Unreadable(
            _no_end(declared),
            start=opener.start,
            end=closer.end,
            help=INTERVAL_HELP,
        )
    left, right = (end_text(part, text, declared) for part in parts)
    made = Interval(low, high, opener.text == "[", closer.text == "]", (left, right))
    return ordered(made, opener.start, closer.end)


def _no_end(declared: Declarations) -> str:
    if not declared.numbers:
        return "The ends of an interval are numbers."
    return f"The ends of an interval are numbers, or formulas in {', '.join(declared.numbers)}."


def _separator(inside: Sequence[Token], text: str, opener: Token, closer: Token) -> int:
    """Which comma or semicolon stands between the ends; the other commas are decimal ones."""
    signs = [k for k, t in enumerate(inside) if t.kind == "symbol" and t.text in {",", ";"}]
    strong = [k for k in signs if inside[k].text == ";"] or signs
    if len(strong) == 1:
        return strong[0]
    apart = [k for k in strong if _gap(inside, k, text)]
    if len(apart) == 1:
        return apart[0]
    if not apart and len(strong) == 3:
        return strong[1]
    raise Ambiguous(
        "It is not clear which comma stands between the two ends.",
        start=opener.start,
        end=closer.end,
        help="Put a semicolon between them, as in [-1; 2), or points before the decimals.",
    )


def _gap(inside: Sequence[Token], place: int, text: str) -> bool:
    """Whether something stands between a comma and what follows it."""
    following = inside[place + 1] if place + 1 < len(inside) else None
    return following is not None and text[inside[place].end : following.start] != ""
