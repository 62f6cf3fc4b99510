"""Text that strangers wrote, made safe to show and to keep. Knows nothing of ours."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = {"Cc", "Cs", "Zl", "Zp"}  # controls (ANSI escapes begin with one), surrogates, separators
_TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

_LONE = re.compile("[\ud800-\udfff]")


def printable(text: str, *, keep: str = "\n\t") -> str:
    r"""`text` with every character that could move, hide or recolour other text written out.

    Characters in `keep` stay; a file name or a table cell keeps none.

    >>> printable("red \x1b[31m")
    'red \\x1b[31m'
    >>> printable("one\ntwo", keep="")
    'one\\ntwo'
    """
    return "".join(char if char in keep or not _unsafe(char) else _escape(char) for char in text)


def encodable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which no file or message could hold.

    >>> encodable("a\\ud800b")
    'a\N{REPLACEMENT CHARACTER}b'
    """
    return _LONE.sub("\N{REPLACEMENT CHARACTER}", text)


def _unsafe(char: str) -> bool:
    return char in _TURNING or unicodedata.category(char) in _HIDDEN


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
