"""Notebooks without what running them has left: outputs and the state of widgets.

Grading uses neither, and they may be a hundred times as large as all that a student wrote. So they
are cut out of the text before anything is made of it. Knows no notebook as an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]', re.DOTALL)
_MOST_TOKENS = 10_000_000
_DEEPEST = 500
_EMPTY = {b'"outputs"': b" []", b'"widgets"': b" {}"}


@dataclass
class _Frame:
    """An object or a list that is open: the key that it stands under, and the latest in it."""

    under: bytes
    is_object: bool
    key: bytes = b""
    wants_key: bool = False


def without_outputs(notebook: bytes) -> bytes:
    """The JSON of a notebook in UTF-8 with empty outputs; unchanged where it is no whole JSON.

    >>> without_outputs(b'{"cells": [{"outputs": [{"text": "]"}], "source": "1"}]}')
    b'{"cells": [{"outputs": [], "source": "1"}]}'
    """
    kept, place = [], 0
    try:
        for start, end, empty in _left_by_running(notebook):
            kept += [notebook[place:start], empty]
            place = end
    except _UnlikeJsonError:
        return notebook
    return b"".join([*kept, notebook[place:]]) if kept else notebook


class _UnlikeJsonError(ValueError):
    """The text is broken, or as no program would write it."""


def _left_by_running(notebook: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where values of outputs and widgets begin and end, and what stands for an empty one."""
    frames: list[_Frame] = []
    dropped: tuple[int, int] | None = None  # where a value begins, and how deep it stands
    for number, token in enumerate(_TOKEN.finditer(notebook)):
        char = notebook[token.start() : token.start() + 1]
        if number > _MOST_TOKENS or len(frames) > _DEEPEST:
            raise _UnlikeJsonError
        if dropped and char in b",}" and len(frames) == dropped[1]:
            if notebook[dropped[0] : token.start()].strip() not in (b"[]", b"{}"):
                yield dropped[0], token.start(), _EMPTY[frames[-1].key]
            dropped = None
        if char == b":" and frames and not dropped and _is_dropped(frames):
            dropped = token.end(), len(frames)
        _step(frames, char, token)
    if frames:
        raise _UnlikeJsonError


def _step(frames: list[_Frame], char: bytes, token: re.Match[bytes]) -> None:
    """What a token opens, closes or names."""
    top = frames[-1] if frames else _Frame(under=b"", is_object=False)
    if char == b'"' and top.wants_key:
        top.key, top.wants_key = token[0][:20], False
    elif char == b",":
        top.wants_key = top.is_object
    elif char in b"[{":
        is_object = char == b"{"
        frames.append(_Frame(under=top.key, is_object=is_object, wants_key=is_object))
    elif char in b"]}":
        if not frames or top.is_object != (char == b"}"):
            raise _UnlikeJsonError
        frames.pop()


def _is_dropped(frames: list[_Frame]) -> bool:
    """Whether the value that begins now is a cell's outputs or the widgets of the notebook."""
    if frames[-1].key == b'"outputs"':
        return len(frames) > 1 and frames[-2].under == b'"cells"'
    return frames[-1].key == b'"widgets"' and len(frames) == 2 and frames[-1].under == b'"metadata"'
