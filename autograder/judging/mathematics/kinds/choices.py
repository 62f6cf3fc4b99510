"""Questions answered by an interval, by letters or by an order of lines. Knows no matrices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..explaining.judgement import RIGHT, Judgement
from ..reading.declarations import DeclarationError
from ..reading.declare import declarations
from ..reading.end_numbers import DRAWS, with_numbers
from ..reading.interval_values import Interval, near
from ..reading.intervals import interval
from ..reading.orders import order
from ..reading.selections import selection
from .proofs import Proof, mark_order

ENDS = 1e-6


class IntervalQuestion:
    """An interval such as (0, 1/4], or a chain such as 0 < x ≤ 1/4."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.declared = declarations(plain)
        symbols = plain.get("symbols", {})
        self.draws = [with_numbers(self.declared, symbols, draw) for draw in range(DRAWS)]
        self.draws = self.draws if self.draws[0].numbers else [self.declared]
        self.right = [interval(plain["answer"]["interval"], draw) for draw in self.draws]

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` when it cannot be read."""
        mine = [interval(cell, draw) for draw in self.draws]
        pairs = list(zip(mine, self.right, strict=True))
        low_differs = not all(near(one.low, right.low, ENDS) for one, right in pairs)
        high_differs = not all(near(one.high, right.high, ENDS) for one, right in pairs)
        if low_differs or high_differs:
            both = low_differs and high_differs
            which = "lower" if low_differs else "upper"
            ends = "Neither end of your interval is" if both else f"The {which} end is not"
            return Judgement(
                says="ends",
                credit=0.0,
                rationale=f"{ends} right.",
                help="Look at the limits and at the extreme value.",
            )
        if not all(one.is_close(right, ENDS) for one, right in pairs):
            return Judgement(
                says="closed",
                credit=0.0,
                rationale="Both ends are right; whether they belong to it is not.",
                help="Is each end attained?",
            )
        return Judgement(says=RIGHT, credit=1.0)

    def read(self, cell: str) -> Interval:
        """The interval in a cell; raises `MathematicsError`.

        Symbols in its ends have the numbers of the first draw.
        """
        return interval(cell, self.draws[0])


class ChoiceQuestion:
    """A set of letters or numbers; the order does not matter."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.declared = declarations(plain)
        self.right = {str(choice).lower() for choice in plain["answer"]["correct"]}

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` where it is open what has been chosen."""
        chosen = set(selection(cell, self.plain["answer"].get("choices", ())))
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
        """Judge a cell; raises `MathematicsError` where no order can be read."""
        mark = mark_order(self.proof, self.read(cell))
        says = RIGHT if mark.credit == 1.0 else mark.says
        return Judgement(says=says, credit=mark.credit, rationale=mark.rationale, help=mark.help)

    def read(self, cell: str) -> tuple[str, ...]:
        """The lines in the order of a cell; raises `MathematicsError`."""
        return order(cell, self.proof.lines)
