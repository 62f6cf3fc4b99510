"""CSV files that people and spreadsheets write: encodings, separators, formulas. Opens no file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from autograder.printable import printable

BOM = b"\xef\xbb\xbf"
_SEPARATORS = ",;\t"
# Where cells are parted by `;`, as in much of Europe, a text may hold the beginning of one.
_FORMULA = re.compile(r"(^|[;|])(\s*)(?=[=+\-@\t\r＝＋－＠])")
_GUARDED = re.compile(r"(^|[;|])(\s*)'(?=[=+\-@\t\r＝＋－＠])")


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """The text of a file, and the encoding in which it has to be written again."""

    text: str
    encoding: str


def decoded(data: bytes) -> Decoded:
    r"""The text in any encoding of a spreadsheet, without a mark at its beginning.

    >>> decoded(b"\xef\xbb\xbfid").text, decoded(b"M\xfcller").encoding
    ('id', 'cp1252')
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            text = data[2:].decode(encoding, "replace")
            return Decoded(text=text, encoding=encoding)
    try:
        return Decoded(text=data.removeprefix(BOM).decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        return Decoded(text=data.decode("cp1252", "replace"), encoding="cp1252")


def separator(text: str) -> str:
    """What parts the cells: that of comma, semicolon and tab which the first line has most of."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=head.count)


def plain(head: str) -> str:
    """A column's name without case, spaces and signs.

    >>> plain("SIS Login ID")
    'sisloginid'
    """
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", head).casefold())


def harmless(text: str, *, keep: str = "") -> str:
    """A cell that no spreadsheet runs: what it would take for a formula begins with ``'``.

    >>> harmless("=1+1"), harmless("a-b")
    ("'=1+1", 'a-b')
    """
    return _FORMULA.sub(r"\1\2'", printable(text, keep=keep))


def as_meant(text: str) -> str:
    """The text that `harmless` was given.

    >>> as_meant(harmless("=1+1"))
    '=1+1'
    """
    return _GUARDED.sub(r"\1\2", text)
