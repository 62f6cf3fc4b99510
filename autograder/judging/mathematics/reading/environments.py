"""Environments that hold statements, such as aligned and cases. Knows no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .tokens import STATEMENTS, Token

RELATIONS = {"=", "≤", "≥", "<", ">", "≠", "≈", "∼", "∝", "→", "∈", "≪", "≫", ":"}
CASES = {"cases", "dcases", "rcases"}


def opened(tokens: Sequence[Token]) -> list[Token]:
    """Environments that hold statements, put in place of themselves."""
    done: list[Token] = []
    for token in tokens:
        holds = token.kind == "environment" and (
            token.text in STATEMENTS or (token.text == "array" and _has_relation(token.inner))
        )
        if holds:
            if done and done[-1].text == "{" and done[-1].kind == "symbol":
                done.pop()
            if token.text in CASES and (both := _on_the_diagonal(token)):
                done.extend(both)
                continue
            lines = [t for t in opened(token.inner) if t.text != "&" or t.kind != "symbol"]
            done.extend(_as_cases(lines) if token.text in CASES else lines)
            done.append(Token("symbol", "newline", token.end, token.end))
        elif token.kind == "group" and (
            any(t.kind == "environment" for t in token.inner) or _has_relation(token.inner)
        ):
            done.extend(opened(token.inner))
        else:
            done.append(token)
    return done


def _as_cases(tokens: Sequence[Token]) -> list[Token]:
    """The lines of a case distinction, which are no steps, with an "or" between them."""
    last = len(tokens) - 1
    return [
        replace(token, kind="word", text="or")
        if token.kind == "symbol" and token.text == "newline" and place < last
        else token
        for place, token in enumerate(tokens)
    ]


def _on_the_diagonal(token: Token) -> list[Token]:
    """a if i = j, else b, as a 1_{i=j} + b (1 - 1_{i=j}); nothing for any other cases."""
    rows: list[list[Token]] = [[]]
    for inner in token.inner:
        if inner.kind == "symbol" and inner.text == "newline":
            rows.append([])
        else:
            rows[-1].append(inner)
    read = [_case(row) for row in rows if row]
    if len(read) != 2 or any(case is None for case in read):
        return []
    (first, equal), (second, other) = (case for case in read if case is not None)
    if {len(equal), len(other)} == {0, 2}:
        letters = equal or other
        swapped = not equal
    elif sorted(equal[:2]) == sorted(other[:2]) and len(equal) != len(other):
        letters, swapped = equal[:2], len(equal) == 3
    else:
        return []
    place = (token.start, token.end)
    letter = [Token("letter", text, *place) for text in letters]
    one = [
        Token("command", "ones", *place),
        Token("sub", "", *place, (letter[0], Token("symbol", "=", *place), letter[1])),
    ]
    minus = (Token("number", "1", *place), Token("symbol", "-", *place), *one)
    inside, outside = (second, first) if swapped else (first, second)
    return [
        Token("group", "", *place, tuple(inside)),
        *one,
        Token("symbol", "+", *place),
        Token("group", "", *place, tuple(outside)),
        Token("group", "", *place, minus),
    ]


def _case(row: Sequence[Token]) -> tuple[list[Token], tuple[str, ...]] | None:
    """The value of a line and its condition: i, j for i = j, a third text for ≠, none for else."""
    cuts = [k for k, t in enumerate(row) if t.kind == "symbol" and t.text == "&"]
    if len(cuts) != 1 or not cuts[0]:
        return None
    value = list(row[: cuts[0]])
    if value[-1].text == ",":
        value.pop()
    said = [t.text.strip(" ,.") for t in row[cuts[0] + 1 :]]
    said = [text for text in said if text not in {"if", "when", "for", "", ","}]
    if said in (["otherwise"], ["else"]):
        return value, ()
    if len(said) != 3 or said[1] not in {"=", "≠"} or not all(len(t) == 1 for t in said):
        return None
    return value, (said[0], said[2], *(["≠"] if said[1] == "≠" else []))


def _has_relation(tokens: Sequence[Token]) -> bool:
    return any(t.kind == "symbol" and t.text in RELATIONS for t in tokens)
