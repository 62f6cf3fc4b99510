"""Scripts in front of what they belong to, ᵗX and {}^tX, moved behind it. Knows no question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .scripts import script_texts
from .tokens import Token

BEFORE = {("t",), ("T",), ("top",), ("tr",)}
ATOMS = {"letter", "name", "word", "group"}
OPENERS = {"(": ")", "[": "]"}


def moved_behind(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with every transpose in front of its matrix put behind it, at every level.

    ``{}^t`` and a script with nothing before it stand in front. ``{}^T`` right behind a factor
    belongs to that factor, unless another one of the formula has none.
    """
    deep = [replace(t, inner=tuple(moved_behind(t.inner))) if t.inner else t for t in tokens]
    before = any(_is_first(deep, k) for k in range(len(deep)))
    done: list[Token] = []
    at = 0
    while at < len(deep):
        token = deep[at]
        script = deep[at + 1] if _is_empty(token) and at + 1 < len(deep) else token
        if _is_empty(token) and script.kind != "sup":
            at += 1
            continue
        front = _is_turning(script) and (_is_first(deep, at) or _is_front(script, token, before))
        taken = at + (2 if _is_empty(token) else 1)
        stop = _atom_end(deep, taken) if front else taken
        if front and stop > taken:
            done += [*deep[taken:stop], replace(script, start=token.start, end=deep[stop - 1].end)]
            at = stop
        else:
            done.append(script)
            at = taken
    return done


def _is_front(script: Token, token: Token, before: bool) -> bool:
    small = script_texts(script.inner) in {("t",), ("tr",)}
    return _is_empty(token) and (small or before)


def _is_empty(token: Token) -> bool:
    return token.kind == "group" and not token.inner


def _is_turning(script: Token) -> bool:
    return script.kind == "sup" and script_texts(script.inner) in BEFORE


def _is_first(tokens: Sequence[Token], at: int) -> bool:
    """Whether a script (behind {} or bare) has nothing before it that it could belong to."""
    script = tokens[at + 1] if _is_empty(tokens[at]) and at + 1 < len(tokens) else tokens[at]
    if not _is_turning(script):
        return False
    previous = tokens[at - 1] if at else None
    if previous is None:
        return True
    ends = previous.kind == "symbol" and previous.text not in {")", "]", "}", "|", "‖", "'", "⟩"}
    return ends and not _is_empty(previous)


def _atom_end(tokens: Sequence[Token], at: int) -> int:
    """Where the atom that begins here ends, with its subscript; `at` where there is none."""
    if at >= len(tokens):
        return at
    token = tokens[at]
    stop = at
    if (token.kind in ATOMS and token.inner != ()) or token.kind in ATOMS - {"group"}:
        stop = at + 1
    elif token.kind == "symbol" and token.text in OPENERS:
        depth = 0
        for place in range(at, len(tokens)):
            text = tokens[place].text if tokens[place].kind == "symbol" else ""
            depth += (text in OPENERS) - (text in OPENERS.values())
            if depth == 0:
                stop = place + 1
                break
    while at < stop < len(tokens) and tokens[stop].kind == "sub":
        stop += 1
    return stop
