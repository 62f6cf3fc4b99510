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


def _has_relation(tokens: Sequence[Token]) -> bool:
    return any(t.kind == "symbol" and t.text in RELATIONS for t in tokens)
