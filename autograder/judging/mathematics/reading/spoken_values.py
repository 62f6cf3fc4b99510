"""Values and signs in words: the identity, the zero vector, λ times the identity. Knows no values.

Works on tokens, so that words inside of formulas and between them are read alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .declarations import Declarations
from .spoken import LEADING, LISTING, first_word
from .tokens import Token

ARTICLES = {"the", "a", "an"}
KINDS = {"matrix", "vector", "column"}
ABOUT = {"about", "approximately", "roughly"}
PERCENT = {"percent", "prozent"}
NAMING = {"as", "being", "be"}
BETWEEN = {",", ";", "quad", "newline", "."}


def with_values(tokens: Sequence[Token], declared: Declarations) -> list[Token]:
    """The tokens with words for values and for products as what they stand for."""
    done: list[Token] = []
    at = 0
    while at < len(tokens):
        value, stop = _value(tokens, at, declared)
        if value is not None:
            done = _led(done, tokens[at], declared)
            done.append(value)
            at = stop
        elif first_word(tokens[at]) in ABOUT and done and done[-1].text in {"=", ","}:
            done[-1] = replace(done[-1], text="≈")
            at += 1
        elif first_word(tokens[at]) in PERCENT and done and done[-1].kind == "number":
            done.append(replace(tokens[at], kind="symbol", text="%"))
            at += 1
        elif first_word(tokens[at]) == "times" and done and at + 1 < len(tokens):
            done.append(replace(tokens[at], kind="symbol", text="·"))
            at += 1
        else:
            done.append(tokens[at])
            at += 1
    return done


def _value(tokens: Sequence[Token], at: int, declared: Declarations) -> tuple[Token | None, int]:
    """What the words from here on stand for, and where they end; None for nothing."""
    start, stop = at, at + (first_word(tokens[at]) in ARTICLES)
    word = first_word(tokens[stop]) if stop < len(tokens) else ""
    kind = first_word(tokens[stop + 1]) if stop + 1 < len(tokens) else ""
    if word == "identity" and declared.identity:
        stop += 1 + (kind in KINDS)
        name = declared.identity[0]
        return Token("name", name, tokens[start].start, tokens[stop - 1].end), stop
    if word in {"zero", "null"} and kind in KINDS:
        stop += 2
        return Token("number", "0", tokens[start].start, tokens[stop - 1].end), stop
    return None, at


def _led(done: list[Token], begin: Token, declared: Declarations) -> list[Token]:
    """The tokens before a value, with the = that "c as the zero vector" leaves out."""
    if not done:
        return done
    equals = Token("symbol", "=", begin.start, begin.start)
    if first_word(done[-1]) in NAMING:
        return [*done[:-1], equals]
    named = done[-1].text in declared.blanks and first_word(begin) in ARTICLES
    before = done[-2] if len(done) > 1 else None
    begins = before is None or before.text in BETWEEN or first_word(before) in LISTING | LEADING
    return [*done, equals] if named and begins else done
