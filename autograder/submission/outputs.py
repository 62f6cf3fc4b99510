"""Notebooks without what running them has left: outputs and the state of widgets.

Grading uses neither, and they may be a hundred times as large as all that a student wrote. So they
are cut out of the text before anything is made of it. Knows no notebook as an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(_TEXT + rb"|[\[\]{},:]", re.DOTALL)
_BRACKET = re.compile(_TEXT + rb"|[\[\]{}]", re.DOTALL)
_MOST_TOKENS = 8_000_000  # a few seconds; no notebook has as many
_DEEPEST = 500
_EMPTY = {b'"outputs"': b" []", b'"widgets"': b" {}", b'"attachments"': b" {}"}


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
    return _without(notebook, (b'"outputs"', b'"widgets"'))


def without_pictures(notebook: bytes) -> bytes:
    """The JSON of a notebook in UTF-8 without what was pasted into its texts.

    >>> without_pictures(b'{"cells": [{"attachments": {"a.png": {}}, "source": "![](a.png)"}]}')
    b'{"cells": [{"attachments": {}, "source": "![](a.png)"}]}'
    """
    return _without(notebook, (b'"attachments"',))


def _without(notebook: bytes, keys: tuple[bytes, ...]) -> bytes:
    kept, place = [], 0
    try:
        for start, end, empty in _values(notebook, keys):
            kept += [notebook[place:start], empty]
            place = end
    except _UnlikeJsonError:
        return notebook
    return b"".join([*kept, notebook[place:]]) if kept else notebook


class _UnlikeJsonError(ValueError):
    """The text is broken, or as no program would write it."""


def _values(notebook: bytes, keys: tuple[bytes, ...]) -> Iterator[tuple[int, int, bytes]]:
    """Where the values under some keys begin and end, and what stands for an empty one."""
    frames: list[_Frame] = []
    tokens = iter(_TOKEN.finditer(notebook))
    spent = count()
    while token := next(tokens, None):
        if next(spent) > _MOST_TOKENS or len(frames) > _DEEPEST:
            raise _UnlikeJsonError
        char = notebook[token.start() : token.start() + 1]
        _step(frames, char, token)
        if char == b":" and frames and frames[-1].key in keys and _is_notebooks(frames):
            end = _end_of_value(notebook, token.end(), spent)
            if end - token.end() > len(b" []"):
                yield token.end(), end, _EMPTY[frames[-1].key]
            tokens = iter(_TOKEN.finditer(notebook, end))
    if frames:
        raise _UnlikeJsonError


def _end_of_value(notebook: bytes, start: int, spent: Iterator[int]) -> int:
    """Where the list or object ends that begins at `start`; there, where something else does."""
    depth = 0
    for token in _BRACKET.finditer(notebook, start):
        char = notebook[token.start() : token.start() + 1]
        if next(spent) > _MOST_TOKENS:
            break
        if not depth and (char not in b"[{" or notebook[start : token.start()].strip()):
            return start
        depth += (char in b"[{") - (char in b"]}")
        if not depth:
            return token.end()
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


def _is_notebooks(frames: list[_Frame]) -> bool:
    """Whether the value that begins now is a cell's or, for widgets, the notebook's."""
    if frames[-1].key == b'"widgets"':
        return len(frames) == 2 and frames[-1].under == b'"metadata"'
    return len(frames) > 1 and frames[-2].under == b'"cells"'
