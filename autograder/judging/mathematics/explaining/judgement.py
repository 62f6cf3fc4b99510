"""What a question is, and what it says to one written answer. Knows only what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..reading.declarations import Declarations
from ..reading.errors import MathematicsError

RIGHT = "right"
UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The verdict on one answer.

    `says` is the short name of the diagnosis ("right" when there is nothing to say); `credit` is
    in [0, 1], and None where a person has to decide; `rationale` is what happened, `help` where
    to look. `repair` would give the answer away and `edit` is its short name: show `repair` only
    when the instructor's policy allows it. `understood` is the LaTeX of what was read.
    """

    says: str
    credit: float | None
    rationale: str = ""
    help: str = ""
    notes: tuple[str, ...] = ()
    repair: str = ""
    edit: str = ""
    counterexample: str = ""
    understood: str = ""
    place: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the answer earns everything."""
        return self.says == RIGHT

    def message(self, *, reveal: bool = False) -> str:
        """All that a student reads; with `reveal` also the change that would mend the answer."""
        lines = [self.rationale, f"Here: {self.place}" if self.place else "", self.help]
        lines += [self.counterexample, *self.notes, self.repair if reveal else ""]
        return "\n".join(line for line in lines if line)


class Question(Protocol):
    """A question that can judge a cell: its specification, its symbols, and the judging."""

    plain: Mapping[str, Any]
    declared: Declarations

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; may raise `MathematicsError`."""
        ...


def undecided(gap: float, understood: str) -> Judgement:
    """What is left to a person: neither near nor far enough, and no more digits to be had."""
    return Judgement(
        says=UNDECIDED,
        credit=None,
        understood=understood,
        rationale=f"Your answer is within {gap:.0e} of the right value, which decides nothing.",
        help="A person will look at it.",
    )


def from_error(error: MathematicsError, source: str) -> Judgement:
    """The judgement of an answer that cannot be read or computed."""
    return Judgement(
        says=error.says,
        credit=0.0,
        rationale=error.message,
        help=error.help,
        place=error.place(source),
    )
