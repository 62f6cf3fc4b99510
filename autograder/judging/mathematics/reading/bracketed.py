"""What stands in brackets or below an array: X[i,j], v[:, None], (Xw)_i. Knows no shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from . import nodes as n
from .errors import Unreadable
from .parser import Parser
from .tokens import Token

AXES: dict[tuple[str, ...], Literal["column", "row"]] = {
    (":", ",", "None"): "column", ("dots", ",", "None"): "column", ("None", ",", ":"): "row",
    ("None",): "row", ("None", ",", "dots"): "row",
}  # fmt: skip
RESHAPED: dict[tuple[str, ...], Literal["column", "row"]] = {
    ("-", "1", ",", "1"): "column", ("1", ",", "-", "1"): "row",
}  # fmt: skip
UNSQUEEZED: dict[tuple[str, ...], Literal["column", "row"]] = {
    ("1",): "column", ("-", "1"): "column", ("0",): "row",
}  # fmt: skip
FORMS = {1: [["[", "", "]"]], 2: [["[", "", ",", "", "]"], ["[", "", "]", "[", "", "]"]]}
FREE = {"", "index"}
INDEX_LETTERS = set("abcdefghijklmnopqrstuvwxyz")


def new_axis(parser: Parser) -> Literal["column", "row"] | None:
    """What [:, None] or [None, :] makes of a vector, which is taken; None for other brackets."""
    texts: list[str] = []
    for token in parser.tokens[parser.at + 1 : parser.at + 9]:
        if token.text == "]":
            break
        texts.append("None" if token.text == "newaxis" else token.text)
    kind = AXES.get(tuple(texts))
    if kind is not None:
        parser.at += len(texts) + 2
    elif "None" in texts and texts.count(",") > 1:
        raise Unreadable(
            "Arrays with three axes are not read here.",
            start=parser.tokens[parser.at].start,
            end=parser.tokens[parser.at + len(texts)].end,
            help="Write it with matrices or with a sum, as in \\sum_k A_{ik}B_{kj}.",
        )
    return kind


def reshaped(parser: Parser, name: Token, opener: Token) -> Literal["column", "row"]:
    """What .reshape(-1, 1) or .unsqueeze(1) makes of a vector, up to the closing bracket."""
    texts: list[str] = []
    while parser.token is not None and not parser.is_symbol(")"):
        texts.append(parser.take().text)
    end = parser.close(opener, ")").end
    if parser.is_symbol(")") and "(" in texts:
        end = parser.take().end
    known = UNSQUEEZED if name.text == "unsqueeze" else RESHAPED
    kind = known.get(tuple(text for text in texts if text not in {"(", ")"}))
    if kind is None:
        raise Unreadable(
            f"This {name.text}(...) is not read here.",
            start=name.start,
            end=end,
            help="A vector becomes a column with v[:, None] and a row with v[None, :].",
        )
    return kind


def letters_of(parser: Parser, script: Token) -> tuple[n.Node, ...]:
    """The indices of (Xw)_i and (AB)_{ij}; none where the script is no index."""
    tokens = [t for t in script.inner if t.text != ","]
    if not 0 < len(tokens) < 3:
        return ()
    context = parser.context
    found: list[n.Node] = []
    for token in tokens:
        if token.kind == "number" and token.text.isdigit() and len(token.text) == 1:
            found.append(n.Number(float(token.text), start=token.start, end=token.end))
        elif token.text in context.bound or (
            token.text in INDEX_LETTERS and context.declared.kind(token.text) in FREE
        ):
            found.append(n.Index(token.text, start=token.start, end=token.end))
    return tuple(found) if len(found) == len(tokens) else ()


def pair_below(parser: Parser) -> tuple[n.Node, ...]:
    """The indices of δ_{ij} and of 1_{i=j}, which are taken; none for anything else."""
    script = parser.tokens[parser.at]
    signs = [token.text for token in script.inner if token.kind == "symbol" and token.text != ","]
    equal = [token for token in script.inner if token.text != "="]
    indices = letters_of(parser, replace(script, inner=tuple(equal)))
    delta = parser.tokens[parser.at - 1].text == "delta"
    if len(indices) != 2 or signs not in ([[], ["="]] if delta else [["="]]):
        return ()
    parser.take()
    return indices


def is_indexed(parser: Parser) -> bool:
    """Whether X[i,j], X[i][j] or X(i,j) comes next, of an array whose entries are counted."""
    if not parser.is_symbol("("):
        return parser.is_symbol("[")
    depth = 0
    for token in parser.tokens[parser.at :]:
        if token.kind == "symbol":
            depth += (token.text in {"(", "["}) - (token.text in {")", "]"})
            if depth == 0:
                return False
            if depth == 1 and token.text == ",":
                return True
    return False


def is_entry(parser: Parser, token: Token) -> bool:
    """Whether X[i,j], X[i][j] or y[i] comes next, with as many letters as the symbol has axes."""
    declared = parser.context.declared
    if not parser.is_symbol("[") or parser.tokens[parser.at].start != token.end:
        return False
    if token.text not in declared.shapes or declared.shapes[token.text] == ("1", "1"):
        return False
    ahead = parser.tokens[parser.at : parser.at + 6]
    bare = ["" if _is_letter(parser, t) else t.text for t in ahead]
    return any(bare[: len(form)] == form for form in FORMS[declared.arity(token.text)])


def _is_letter(parser: Parser, token: Token) -> bool:
    """Whether this can be an index: a small letter that the question says nothing about."""
    context = parser.context
    known = token.text not in context.bound and context.declared.kind(token.text) not in FREE
    return token.text in INDEX_LETTERS and not known


def bracketed(parser: Parser) -> list[n.Node]:
    """The indices in brackets behind an array."""
    opener = parser.take()
    items = parser.enclosed(opener, {"[": "]", "(": ")"}[opener.text])
    while parser.is_symbol("[") and opener.text == "[":
        items += parser.enclosed(parser.take(), "]")
    return items
