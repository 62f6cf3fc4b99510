"""Text that strangers wrote, made safe to show and to keep. Knows nothing of ours."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = {"Cc", "Cs", "Zl", "Zp"}  # controls (ANSI escapes begin with one), surrogates, separators
_TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

# Characters without a shape that are no format characters: fillers, an empty braille cell, and
# selectors of variants; and what joins letters or emoji.
_BLANK = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"}
_BLANK |= {chr(code) for code in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE0F))}
_BLANK |= {chr(code) for code in range(0xE0100, 0xE01F0)}
_JOINERS = {"\u200c", "\u200d", "\ufe0f"}
_JOINED = {"Lo", "Mn", "Mc", "So", "Sk", "Cf"}
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


def visible(name: str) -> str:
    r"""A name on one line, with every character written out that shows nothing.

    Two names that look alike are otherwise two students, or two files. Joiners stay where they
    belong to what is written: within Arabic or Indic letters, and in emoji.

    >>> visible("an\u200ba"), visible("\u0645\u06cc\u200c\u0631")
    ('an\\u200ba', '\u0645\u06cc\u200c\u0631')
    """
    text = printable(name, keep="")
    pairs = zip(" " + text, text)  # noqa: B905 - each character with the one before it
    return "".join(_escape(char) if _shows_nothing(char, before) else char
                   for before, char in pairs)  # fmt: skip


def encodable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which no file or message could hold.

    >>> encodable("a\\ud800b")
    'a\N{REPLACEMENT CHARACTER}b'
    """
    return _LONE.sub("\N{REPLACEMENT CHARACTER}", text)


def _unsafe(char: str) -> bool:
    return char in _TURNING or unicodedata.category(char) in _HIDDEN


def _shows_nothing(char: str, before: str) -> bool:
    if char in _JOINERS and unicodedata.category(before) in _JOINED:
        return False
    return char in _BLANK or char in _JOINERS or unicodedata.category(char) == "Cf"


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
