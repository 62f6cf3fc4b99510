"""Intervals as inequalities: 0 < x ≤ 1, x > 0 and x ≤ 1, |x| < 1. Knows no question."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .declarations import Declarations, signature
from .interval_values import GivenInterval, Interval, end_text, end_value, ordered
from .linear_sides import line_of
from .spoken import CONSEQUENCES, REMARKS, first_word
from .tokens import Token

FULL = 2
RISING, FALLING = {"<", "≤"}, {">", "≥"}
RELATIONS = RISING | FALLING | {"=", "≈", "∈", "⊂", ":", "→", "≠", "≪", "≫", "∼"}
SEPARATORS = {",", ";", ".", "newline", "quad", "⇒", "⇔"}


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a clause, the relation before it, and its value if it is a number."""

    relation: str
    tokens: tuple[Token, ...]
    value: float | None
    written: str = ""

    @property
    def label(self) -> tuple[str, ...]:
        return tuple(signature(token) for token in self.tokens)


@dataclass(frozen=True, slots=True)
class _Half:
    """One end that an inequality gives: x > 0."""

    tokens: tuple[Token, ...]
    value: float
    closed: bool
    is_low: bool
    remark: bool
    written: str = ""

    @property
    def label(self) -> tuple[str, ...]:
        return tuple(signature(token) for token in self.tokens)

    def alone(self) -> GivenInterval:
        """The half-line that begins or ends there."""
        if self.is_low:
            made = Interval(self.value, math.inf, self.closed, False, (self.written, ""))
        else:
            made = Interval(-math.inf, self.value, False, self.closed, ("", self.written))
        return GivenInterval(made, self.label, 1, self.remark)


def related(
    tokens: Sequence[Token], known: Sequence[Interval], text: str, declared: Declarations
) -> list[GivenInterval]:
    """The intervals of all clauses; tokens of kind "interval" stand for the `known` ones."""
    found: list[GivenInterval] = []
    halves: list[_Half] = []
    unclear = False
    for remark, clause in _clauses(tokens):
        sides = list(_sides(clause, text, declared))
        found.extend(_members(sides, known, remark))
        ends = [_solved(one, text, declared) for one in _halves(_groups(sides), remark)]
        unclear = unclear or (not ends and any(s.relation in RISING | FALLING for s in sides))
        halves.extend(ends)
    joined = list(_joined(halves, text))
    return [*found, *(one for one in joined if one.rank == FULL or not unclear)]


def _groups(sides: Sequence[_Side]) -> list[_Side]:
    """The sides with those as one that an = joins; a number stands for what it is equal to."""
    done: list[_Side] = []
    for side in sides:
        if done and side.relation in {"=", "≈"}:
            before = done[-1]
            value = side.value if before.value is None else before.value
            done[-1] = replace(before, value=value)
        else:
            done.append(side)
    return done


def _clauses(tokens: Sequence[Token]) -> Iterator[tuple[bool, list[Token]]]:
    """Pieces between separators and words, and whether they stand in a remark."""
    clause: list[Token] = []
    depth, remark = 0, False
    for token in tokens:
        word = first_word(token)
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "symbol" else 0
        ends = depth <= 0 and token.kind == "symbol" and token.text in SEPARATORS
        if not (word or ends):
            clause.append(token)
            continue
        if clause:
            yield remark, clause
        clause = []
        goes_on = word in CONSEQUENCES or token.text in {"⇒", "⇔", ".", "newline"}
        remark = word in REMARKS or (remark and not goes_on)
    if clause:
        yield remark, clause


def _sides(clause: Sequence[Token], text: str, declared: Declarations) -> Iterator[_Side]:
    relation, side = "", list[Token]()
    for token in [*clause, Token("symbol", "⊂", -1, -1)]:
        if token.kind == "symbol" and token.text in RELATIONS:
            if side:
                value = end_value(side, text, declared)
                written = "" if value is None else end_text(side, text, declared)
                yield _Side(relation, tuple(side), value, written)
            relation, side = token.text, []
        else:
            side.append(token)


def _members(
    sides: Sequence[_Side], known: Sequence[Interval], remark: bool
) -> Iterator[GivenInterval]:
    """x ∈ (0, 1], I = (0, 1], or only (0, 1]."""
    label: tuple[str, ...] = ()
    for side in sides:
        inside = [known[int(t.text)] for t in side.tokens if t.kind == "interval"]
        for interval in inside:
            yield GivenInterval(interval, label, 2, remark)
        if side.label == ("bb_R",):
            yield GivenInterval(Interval(-math.inf, math.inf, False, False), label, 0, remark)
        label = label or side.label


def _halves(sides: Sequence[_Side], remark: bool) -> Iterator[_Half]:
    """The ends that a chain gives for the quantity in its middle."""
    middle = [k for k, side in enumerate(sides) if side.value is None]
    if not middle or middle != list(range(middle[0], middle[-1] + 1)):
        return
    if len(middle) > 1:
        return
    quantity = sides[middle[0]]
    if middle[0] > 0:
        yield from _half(quantity.tokens, sides[middle[0] - 1], quantity.relation, True, remark)
    if middle[-1] + 1 < len(sides):
        after = sides[middle[-1] + 1]
        yield from _half(quantity.tokens, after, after.relation, False, remark)


def _half(
    tokens: tuple[Token, ...], end: _Side, relation: str, before: bool, remark: bool
) -> Iterator[_Half]:
    """One end; `before` where the number stands on the left of the quantity."""
    value, written = end.value, end.written
    if value is None or relation not in RISING | FALLING:
        return
    closed = relation in {"≤", "≥"}
    if not before and relation in RISING and _is_modulus(tokens):
        tokens = tokens[1:-1]
        yield _Half(tokens, -value, closed, True, remark, written and f"-({written})")
    yield _Half(tokens, value, closed, (relation in RISING) == before, remark, written)


def _solved(half: _Half, text: str, declared: Declarations) -> _Half:
    """The end of x that an inequality of 2x + 1 gives; others as they are."""
    line = line_of(half.tokens, text, declared)
    if line is None:
        return half
    return replace(
        half,
        tokens=(line.unknown,),
        value=(half.value - line.offset) / line.slope + 0.0,
        is_low=half.is_low == (line.slope > 0),
        remark=True,  # where x itself stands in another inequality, that one is the answer
    )


def _is_modulus(tokens: Sequence[Token]) -> bool:
    label = [token.text for token in tokens]
    return len(label) > 2 and label[0] == label[-1] == "|" and label.count("|") == 2


def _joined(halves: Sequence[_Half], text: str) -> Iterator[GivenInterval]:
    """Lower and upper ends of the same quantity as intervals, and what is left as half-lines."""
    waiting: list[_Half] = []
    for half in halves:
        other = next(
            (w for w in waiting if w.label == half.label and w.is_low != half.is_low), None
        )
        if other is None:
            waiting.append(half)
            continue
        waiting.remove(other)
        low, high = (half, other) if half.is_low else (other, half)
        written = (low.written, high.written)
        made = Interval(low.value, high.value, low.closed, high.closed, written)
        yield GivenInterval(
            ordered(made, 0, len(text)), half.label, 2, half.remark and other.remark
        )
    yield from (half.alone() for half in waiting)
