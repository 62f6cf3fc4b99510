"""Questions answered by an interval, by letters or by an order of lines. Knows no matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..computing.evaluate import evaluate
from ..computing.instances import Instance
from ..explaining.judgement import RIGHT, Judgement
from ..reading.declarations import DeclarationError, Regime
from ..reading.declare import declarations
from ..reading.errors import Empty, Unreadable
from ..reading.grammar import expression
from ..reading.markdown import answer_text
from ..reading.shapes import fitted
from ..reading.sizes import SCALAR
from ..reading.statements import formula
from ..reading.tokens import Token
from .proofs import Proof, mark_order

ENDS = 1e-6
MAX_WORDS = 60
INTERVAL_HELP = "Write it like (0, 1/4], or like 0 < x \\le 1/4."


@dataclass(frozen=True)
class Interval:
    """An interval and which of its ends belong to it."""

    low: float
    high: float
    low_closed: bool
    high_closed: bool


class IntervalQuestion:
    """An interval such as (0, 1/4], or a chain such as 0 < x ≤ 1/4."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.declared = declarations(plain)
        self.right = self.read(plain["answer"]["interval"])

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` when it cannot be read."""
        mine = self.read(cell)
        if abs(mine.low - self.right.low) > ENDS or abs(mine.high - self.right.high) > ENDS:
            both = abs(mine.low - self.right.low) > ENDS and abs(mine.high - self.right.high) > ENDS
            which = "lower" if abs(mine.low - self.right.low) > ENDS else "upper"
            ends = "Neither end of your interval is" if both else f"The {which} end is not"
            return Judgement(
                says="ends",
                credit=0.0,
                rationale=f"{ends} right.",
                help="Look at the limits and at the extreme value.",
            )
        if mine != Interval(mine.low, mine.high, self.right.low_closed, self.right.high_closed):
            return Judgement(
                says="closed",
                credit=0.0,
                rationale="Both ends are right; whether they belong to it is not.",
                help="Is each end attained?",
            )
        return Judgement(says=RIGHT, credit=1.0)

    def read(self, cell: str) -> Interval:
        """The interval in a cell."""
        text = answer_text(cell).strip()
        text = "(" + text[1:] if text.startswith("]") else text  # ]0, 1] is (0, 1] in France
        read = formula(text[:-1] + ")" if text.endswith("[") else text, self.declared)
        segments = read.statements[-1].segments
        if [s.relation for s in segments[1:]] in (["<", "<"], ["<", "≤"], ["≤", "<"], ["≤", "≤"]):
            low, high = self._number(segments[0].tokens), self._number(segments[-1].tokens)
            return Interval(low, high, segments[1].relation == "≤", segments[2].relation == "≤")
        return self._bracketed(segments[-1].tokens)

    def _bracketed(self, tokens: Sequence[Token]) -> Interval:
        commas = [k for k, t in enumerate(tokens) if t.kind == "symbol" and t.text == ","]
        ends = (tokens[0].text, tokens[-1].text)
        if len(commas) != 1 or ends[0] not in {"(", "[", "]"} or ends[1] not in {")", "]", "["}:
            raise Unreadable(
                "This is not an interval.",
                start=tokens[0].start,
                end=tokens[-1].end,
                help=INTERVAL_HELP,
            )
        low, high = self._number(tokens[1 : commas[0]]), self._number(tokens[commas[0] + 1 : -1])
        return Interval(low, high, ends[0] == "[", ends[1] == "]")

    def _number(self, tokens: Sequence[Token]) -> float:
        texts = [t.text for t in tokens]
        if texts and texts[-1] == "infty" and len(texts) <= 2:
            return -np.inf if texts[0] == "-" else np.inf
        node = expression(tokens, self.declared)
        regime = Regime("any")
        fit = fitted(node, self.declared, regime, expected=SCALAR)
        value = evaluate(fit.node, Instance(self.declared, regime, "", {}, {}))
        return float(value[0, 0, 0])


class ChoiceQuestion:
    """A set of letters or numbers; the order does not matter."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.declared = declarations(plain)
        self.right = {str(choice).lower() for choice in plain["answer"]["correct"]}

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `Empty` where no choice is named."""
        chosen = set(words(cell)) - {"and", "or", "answer", "both"}
        if not chosen:
            raise Empty("No choice is named here yet.", help="Write the letters of your choices.")
        if chosen == self.right:
            return Judgement(says=RIGHT, credit=1.0)
        extra, missing = len(chosen - self.right), len(self.right - chosen)
        said = [
            f"{extra} of your choices should not be there." if extra else "",
            "Something is missing." if missing else "",
        ]
        return Judgement(
            says="choice",
            credit=0.0,
            rationale=" ".join(s for s in said if s),
            help="Test each choice by itself.",
        )


class OrderQuestion:
    """Lines of a proof to be put in order: 'order: c a d b'."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.declared = declarations(plain)
        try:
            self.proof = Proof.from_plain(plain["proof"])
        except ValueError as error:
            raise DeclarationError(f"proof: {error}") from error

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `Empty` where no line is named."""
        _, _, tail = cell.lower().rpartition("order")
        mark = mark_order(self.proof, words(tail))
        says = RIGHT if mark.credit == 1.0 else mark.says
        return Judgement(says=says, credit=mark.credit, rationale=mark.rationale, help=mark.help)


def words(text: str) -> list[str]:
    """Letters and numbers in a text, lower case, at most 60."""
    kept = "".join(c if c.isalnum() else " " for c in text[:2000].lower())
    return kept.split()[:MAX_WORDS]
