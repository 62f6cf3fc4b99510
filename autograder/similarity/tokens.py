"""Python source as tokens that do not change with names, comments, layout or texts.

Reads broken code too: what is no token is left out.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator
from typing import NamedTuple

NAME, NUMBER, TEXT = "name", "number", "text"  # what stands for any of them
_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"np", "self"}
_TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\n]* | \\\n | \s+ )
  | (?P<text> [rbfuRBFU]{0,2} (?: \"{3} .*? (?:\"{3}|\Z) | '{3} .*? (?:'{3}|\Z)
        | "(?:\\.|[^"\\\n])*(?:"|$) | '(?:\\.|[^'\\\n])*(?:'|$) ) )
  | (?P<number> (?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?[jJ]? )
  | (?P<name> \.?[^\W\d]\w* )
  | (?P<mark> \*\*=|//=|\*\*|//|->|[-+*/%@&|^=!<>:]=|<<|>>|[^\s\w] )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


class CodeToken(NamedTuple):
    """A token as it is compared, and the line it stands on, from 1."""

    text: str
    line: int


def tokens(source: str) -> Iterator[CodeToken]:
    """The tokens of a source, in order.

    Names that somebody chose are all alike; keywords, built-in names and attributes, such as
    ``.sum``, stay what they are. Numbers are alike, and so are texts; a text that is a statement,
    such as a docstring, is left out with the comments.

    Examples
    --------
    >>> [token.text for token in tokens("loss = np.sum(x_1, axis=0)  # the loss")]
    ['name', '=', 'np', '.sum', '(', 'name', ',', 'name', '=', 'number', ')']
    """
    line, starts = 1, True
    for found in _TOKEN.finditer(source):
        kind, text = found.lastgroup, found[0]
        if kind == "skip":
            starts = starts or "\n" in text
        elif not (kind == "text" and starts):
            yield CodeToken(_compared(kind, text), line)
            starts = False
        line += text.count("\n")


def _compared(kind: str | None, text: str) -> str:
    match kind:
        case "text":
            return TEXT
        case "number":
            return NUMBER
        case "name":
            return text if text.startswith(".") or text in _KEPT else NAME
        case _:
            return text
