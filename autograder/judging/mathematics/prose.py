"""Words and numbers in a free text. Knows no question and no formula."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .reading.characters import GREEK_CHARACTERS
from .reading.markdown import MAX_CELL

_BREAK = re.compile(r"(?<=[.;!?])\s+|\n\s*\n|\n(?=[-*|#])")
_POWER = re.compile(
    r"(\d+(?:\.\d+)?)? ?(?:times|cdot|\*|·|×)? ?10 ?(?:\^|\*\*) ?[({]? ?(-? ?\d{1,3})"
)
_FRACTION = re.compile(r"frac\{(\d{1,9})\}\{(\d{1,9})\}|(\d{1,9}) ?/ ?(\d{1,9})")
_DECIMAL = re.compile(r"\d{1,12}(?:\.\d{1,12})?(?:e-?\d{1,3})?")
_SPOKEN = {
    "→": " to ", "⟶": " to ", "∞": " infinity ", "√": " sqrt ", "∇": " nabla ", "−": "-",
    "²": "^2", "⁻": "^-", "’": "'",
}  # fmt: skip
_COMMANDS = {"to": "to", "rightarrow": "to", "longrightarrow": "to", "infty": "infinity"}
_COMMAND = re.compile(r"\\([a-zA-Z]{1,20})")


def sentences(text: str) -> list[str]:
    """The sentences of a text, items of lists and rows of tables by themselves.

    >>> sentences("It grows. Then it stops; why?")
    ['It grows.', 'Then it stops;', 'why?']
    """
    return [part.strip() for part in _BREAK.split(text[:MAX_CELL]) if part and part.strip()]


def spoken(text: str) -> str:
    r"""A text in lower case without dollars and backslashes, with symbols by their names.

    >>> spoken(r"As $\lambda \to \infty$, σ′ falls")
    'as lambda to infinity , sigma′ falls'
    """
    for sign, name in _SPOKEN.items():
        text = text.replace(sign, name)
    text = "".join(GREEK_CHARACTERS.get(c, c) for c in text)
    text = _COMMAND.sub(lambda found: f" {_COMMANDS.get(found[1], found[1])} ", text)
    kept = "".join(" " if c in "$\\`" else c for c in text)
    return " ".join(kept.lower().split())


def said(text: str, groups: Sequence[Sequence[str]], *, within: int = 1) -> str:
    """The first passage of `within` sentences that has a word of every group; "" if there is none.

    A word of a group is the beginning of a word, or several words, as `spoken` gives them.

    >>> said("Data decide. As t grows, the prior says less.", [["grow"], ["prior", "before"]])
    'As t grows, the prior says less.'
    """
    parts = sentences(text)
    for first in range(len(parts)):
        passage = " ".join(parts[first : first + within])
        plain = spoken(passage)
        if all(any(_begins(word, plain) for word in group) for group in groups):
            return passage
    return ""


def _begins(word: str, plain: str) -> bool:
    return re.search(r"(?<![a-z0-9])" + re.escape(word.lower()), plain) is not None


def numbers(text: str) -> list[float]:
    """The numbers in a text: decimals, fractions of whole numbers, and powers of ten.

    >>> numbers(r"from 2.8 to 1/4 at $3 \\cdot 10^{-14}$")
    [3e-14, 0.25, 2.8]
    """
    plain = spoken(text)
    found: list[float] = []
    for pattern, value in ((_POWER, _power), (_FRACTION, _fraction), (_DECIMAL, _decimal)):
        found += [value(match) for match in pattern.finditer(plain)]
        plain = pattern.sub(" , ", plain)
    return found


def _power(match: re.Match[str]) -> float:
    return float(f"{match[1] or 1}e{match[2].replace(' ', '')}")


def _fraction(match: re.Match[str]) -> float:
    above, below = (match[1], match[2]) if match[1] else (match[3], match[4])
    return float(above) / float(below) if float(below) else float("inf")


def _decimal(match: re.Match[str]) -> float:
    return float(match[0])
