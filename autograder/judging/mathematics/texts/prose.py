"""Words and numbers in a free text. Knows no question and no formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..reading.characters import GREEK_CHARACTERS
from ..reading.markdown import MAX_CELL

_ENDS, _ITEMS = ".;!?", "-*|#"
_SPOKEN = {
    "→": " to ", "⟶": " to ", "∞": " infinity ", "√": " sqrt ", "∇": " nabla ", "−": "-",
    "²": "^2", "⁻": "^-", "’": "'",
}  # fmt: skip
_COMMANDS = {"to": "to", "rightarrow": "to", "longrightarrow": "to", "infty": "infinity"}
_MARKS = "$\\`"
MAX_DIGITS = 15


def sentences(text: str) -> list[str]:
    """The sentences of a text, items of lists and rows of tables by themselves.

    >>> sentences("It grows by 2.5. Then it stops; why?")
    ['It grows by 2.5.', 'Then it stops;', 'why?']
    """
    found, begin, text = list[str](), 0, text[:MAX_CELL]
    for place, character in enumerate(text):
        following = text[place + 1 : place + 2]
        ends = character in _ENDS and following.isspace()
        breaks = character == "\n" and (not following.strip() or following in _ITEMS)
        if ends or breaks:
            found.append(text[begin : place + 1].strip())
            begin = place + 1
    return [part for part in [*found, text[begin:].strip()] if part]


def spoken(text: str) -> str:
    r"""A text in lower case without dollars and backslashes, with symbols by their names.

    >>> spoken(r"As $\lambda \to \infty$, σ′ falls")
    'as lambda to infinity , sigma′ falls'
    """
    for sign, name in _SPOKEN.items():
        text = text.replace(sign, name)
    text = "".join(GREEK_CHARACTERS.get(c, c) for c in text)
    plain, *commands = text.split("\\")
    text = plain + "".join(_named(rest) for rest in commands)
    kept = "".join(" " if c in _MARKS else c for c in text)
    return " ".join(kept.lower().split())


def _named(rest: str) -> str:
    """What follows a backslash, its command set off by spaces."""
    length = next((k for k, c in enumerate(rest) if not (c.isascii() and c.isalpha())), len(rest))
    command = rest[:length]
    return f" {_COMMANDS.get(command, command)} {rest[length:]}"


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
        if all(any(_begins(word.lower(), plain) for word in group) for group in groups):
            return passage
    return ""


def _begins(word: str, plain: str) -> bool:
    at = plain.find(word)
    while at > 0 and plain[at - 1].isalnum():
        at = plain.find(word, at + 1)
    return at >= 0


def numbers(text: str) -> list[float]:
    """The numbers in a text: decimals, fractions of whole numbers, and powers of ten.

    >>> numbers(r"from 2.8 to 1/4 at $3 \\cdot 10^{-14}$ and 1e-3")
    [2.8, 0.25, 3e-14, 0.001]
    """
    plain = spoken(text).replace("frac{", "").replace("}{", "/")
    for sign in (" cdot ", " times ", "·", "×"):
        plain = plain.replace(sign, "*")
    return list(_numbers("".join(c for c in plain if c not in "{}()").replace("**", "^")))


def _numbers(plain: str) -> Iterator[float]:
    at = 0
    while at < len(plain):
        value, end = _read(plain, at)
        if value is None:
            at += 1
            continue
        if plain.startswith("*10^", end):
            power, after = _power(plain, end + 4)
            value, end = value * power, after
        elif value == 10 and plain.startswith("^", end):
            power, after = _power(plain, end + 1)
            value, end = (power, after) if after > end + 1 else (value, end)
        elif plain.startswith("/", end):
            below, after = _read(plain, end + 1)
            value, end = (value / below, after) if below else (value, end)
        yield value
        at = end


def _read(plain: str, at: int) -> tuple[float | None, int]:
    """The decimal at a place and where it ends; None where there is none."""
    end = _digits(plain, at)
    if end == at:
        return None, at
    if plain.startswith(".", end) and _digits(plain, end + 1) > end + 1:
        end = _digits(plain, end + 1)
    if plain.startswith("e", end):
        power, after = _power(plain, end + 1)
        return (float(plain[at:end]) * power, after) if after > end + 1 else (None, end)
    return float(plain[at:end]), end


def _power(plain: str, at: int) -> tuple[float, int]:
    """Ten to the whole number at a place, and where that ends; 1 where there is none."""
    begin = at + plain.startswith("-", at)
    end = min(_digits(plain, begin), begin + 2)
    return (10.0 ** int(plain[at:end]), end) if end > begin else (1.0, at)


def _digits(plain: str, at: int) -> int:
    """Where the digits from a place on end."""
    end = at
    while end < len(plain) and end - at < MAX_DIGITS and plain[end] in "0123456789":
        end += 1
    return end
