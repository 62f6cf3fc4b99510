"""Intervals and their ends as numbers. Knows no text around them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .constants import CLOSE, constant_value
from .declarations import Declarations
from .errors import MathematicsError, Unreadable
from .grammar import expression
from .numerals import numerals
from .tokens import Token

INTERVAL_HELP = "Write it like [-1, 2), or like -1 \\le x < 2."
INFINITE = {"infty", "inf", "oo", "infinity", "Infinity"}


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval and which of its ends belong to it.

    `written` has the ends that are no numbers as in the answer, "" for the others.
    """

    low: float
    high: float
    low_closed: bool
    high_closed: bool
    written: tuple[str, str] = ("", "")

    def is_close(self, other: Interval, within: float = CLOSE) -> bool:
        """Whether both have the same ends, which belong to both or to neither."""
        mine = (self.low_closed, self.high_closed) == (other.low_closed, other.high_closed)
        return mine and self.has_ends(other, within)

    def has_ends(self, other: Interval, within: float = CLOSE) -> bool:
        """Whether the ends are the same numbers."""
        return near(self.low, other.low, within) and near(self.high, other.high, within)

    def __str__(self) -> str:
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        low, high = self.ends()
        return f"{left}{low}, {high}{right}"

    def ends(self) -> tuple[str, str]:
        """Both ends, as a student reads them."""
        return self.written[0] or shown(self.low), self.written[1] or shown(self.high)


@dataclass(frozen=True, slots=True)
class GivenInterval:
    """An interval in a text: of what it is said, and whether it stands in a remark.

    `rank` is 2 with both ends given, 1 for a half-line, 0 for all real numbers.
    """

    interval: Interval
    label: tuple[str, ...] = ()
    rank: int = 2
    remark: bool = False


def near(one: float, other: float, within: float) -> bool:
    """Whether two ends are the same number; infinite ones are."""
    return one == other or abs(one - other) <= within


def shown(end: float) -> str:
    """An end of an interval, as a student reads it.

    >>> shown(0.25), shown(-math.inf)
    ('0.25', '-∞')
    """
    return f"{end:.6g}".replace("inf", "∞")


def end_value(tokens: Sequence[Token], text: str, declared: Declarations) -> float | None:
    """The number that an end is; None where it has no value.

    The first number counts where a rounded one follows, as in 1/3 ≈ 0.33.
    """
    cut = next((k for k, t in enumerate(tokens) if t.text in {"≈", "="}), len(tokens))
    kept = list(tokens[:cut])
    sign = 1.0
    while kept and kept[0].kind == "symbol" and kept[0].text in {"+", "-"}:
        sign *= -1.0 if kept[0].text == "-" else 1.0
        del kept[0]
    if "".join(token.text for token in kept) in INFINITE:
        return sign * math.inf
    try:
        node = expression(numerals(_with_e(kept), text), declared)
        value = constant_value(node, declared.numbers)
    except MathematicsError:
        return None
    return None if value is None else sign * value


def end_text(tokens: Sequence[Token], text: str, declared: Declarations) -> str:
    """An end with symbols as it is written, "" for a number."""
    if not tokens or not any(token.text in declared.numbers for token in _all(tokens)):
        return ""
    return text[tokens[0].start : max(token.end for token in tokens)].strip()


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.inner)


def _with_e(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with Euler's number where an e stands by itself."""
    return [replace(t, kind="number", text=repr(math.e)) if _is_e(t) else t for t in tokens]


def _is_e(token: Token) -> bool:
    return token.kind == "letter" and token.text == "e"


def ordered(interval: Interval, start: int, end: int) -> Interval:
    """The interval, once its ends stand in order; raises `Unreadable` for (1, 0)."""
    if interval.low > interval.high:
        raise Unreadable(
            "The left end {} is larger than the right end {}.".format(*interval.ends()),
            start=start,
            end=end,
            help=f"The smaller end stands on the left. {INTERVAL_HELP}",
        )
    return interval
