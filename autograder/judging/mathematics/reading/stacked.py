"""What stands over or under something else: a \\over b, texts on = and on arrows. No question."""

from __future__ import annotations

from dataclasses import replace

from .tokens import Token

ARROWS = {
    "xrightarrow": "→", "xlongrightarrow": "→", "xmapsto": "→", "xRightarrow": "⇒",
    "xLongrightarrow": "⇒", "xlongequal": "=", "xleftarrow": "=", "xLeftrightarrow": "⇔",
}  # fmt: skip
RELATIONS = {"=", "≤", "≥", "<", ">", "≠", "≈", "∼", "∝", "→", "∈", "⇒", "⇔"}
OPERATORS = {"arg", "min", "max", "argmin", "argmax", "arg min", "arg max", "inf", "sup"}


def stacked(token: Token) -> list[Token]:
    """What \\underset{below}{main} and its relatives stand for.

    A relation stays itself, arg min takes what is below as its subscript, and everything else
    stays a token of kind `under`.
    """
    below, main = token.inner
    inner = _opened(main.inner)
    if len(inner) == 1 and inner[0].kind == "symbol" and inner[0].text in RELATIONS:
        return [replace(inner[0], start=token.start, end=token.end)]
    if inner and all(_is_operator(part) for part in inner) and token.text == "underset":
        return [*inner, Token("sub", "", below.start, token.end, below.inner)]
    return [token]


def _opened(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    while len(tokens) == 1 and tokens[0].kind == "group":
        tokens = tokens[0].inner
    return tokens


def _is_operator(token: Token) -> bool:
    return token.text in OPERATORS or (token.kind == "command" and token.text in {"lim", "sum"})


def divided(tokens: list[Token]) -> list[Token]:
    """The tokens of a group, with a \\over b as one fraction."""
    places = [k for k, t in enumerate(tokens) if t.kind == "command" and t.text == "over"]
    if len(places) != 1 or places[0] in {0, len(tokens) - 1}:
        return tokens
    (at,) = places
    parts = (_grouped(tokens[:at]), _grouped(tokens[at + 1 :]))
    return [Token("frac", "", tokens[0].start, tokens[-1].end, parts)]


def _grouped(tokens: list[Token]) -> Token:
    return Token("group", "", tokens[0].start, tokens[-1].end, tuple(tokens))
