"""The mark of one student for one assignment, and what it is made of. Plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .decisions import BONUS, DEDUCTION, Decided, Decision
from .late import IN_TIME, Lateness


@dataclass(frozen=True, kw_only=True)
class PartMark:
    """The points of one part.

    Attributes
    ----------
    automatic : the grader's; None where it has none, because a person marks the part, nothing
        was handed in, or the grader could not tell.
    points : that count; None as long as nobody has decided.
    by_person : whether it is a question that a person marks from the beginning.
    bonus : whether it is extra credit, whose maximum does not count.
    formgrader : what a person has given in nbgrader's formgrader; a row of ``marks.csv`` comes
        before it.
    decision : the row of ``marks.csv`` that counts.
    """

    id: str
    automatic: float | None
    points: float | None
    max_points: float
    by_person: bool = False
    bonus: bool = False
    formgrader: float | None = None
    decision: Decision | None = None


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a student has for an assignment.

    Attributes
    ----------
    result : the id of the student's result; empty where there is none.
    parts : of a student without a result those about which a person has decided.
    """

    student: str
    result: str
    parts: tuple[PartMark, ...]
    max_points: float
    decided: Decided
    lateness: Lateness = IN_TIME

    @property
    def handed_in(self) -> bool:
        """Whether there is a result."""
        return bool(self.result)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The parts that nobody has decided yet."""
        return tuple(part.id for part in self.parts if part.points is None)

    @property
    def automatic(self) -> float:
        """The points of the grader alone."""
        return sum(part.automatic or 0.0 for part in self.parts if not part.by_person)

    @property
    def automatic_max(self) -> float:
        """What the grader can give, without extra credit."""
        return sum(one.max_points for one in self.parts if not one.by_person and not one.bonus)

    @property
    def by_person(self) -> float:
        """The points of the questions that a person marks."""
        return sum(part.points or 0.0 for part in self.parts if part.by_person)

    @property
    def overridden(self) -> float:
        """How much the decisions about single checks add to the automatic points, or take off."""
        return sum(
            (part.points or 0.0) - (part.automatic or 0.0)
            for part in self.parts
            if not part.by_person and (part.decision or part.formgrader is not None)
        )

    @property
    def adjustment(self) -> float:
        """Bonus less deduction."""
        return self._of(BONUS) - self._of(DEDUCTION)

    @property
    def earned(self) -> float:
        """The points of all parts, before what being late costs."""
        return sum(part.points or 0.0 for part in self.parts)

    @property
    def late_points(self) -> float:
        """What being late costs."""
        return self.earned * self.lateness.cost

    @property
    def so_far(self) -> float | None:
        """The points as they stand; None where nothing was handed in and nothing given."""
        if not self.handed_in and not any(one.points is not None for one in self._given()):
            return None
        return max(0.0, self.earned - self.late_points + self.adjustment)

    @property
    def final(self) -> float | None:
        """The points, once everything is decided."""
        return None if self.waiting or self.lateness.days is None else self.so_far

    def _given(self) -> Iterator[Decision]:
        parts = {part.id for part in self.parts}
        counts = self.decided.counts
        yield from (one for about, one in counts.items() if about in parts | {BONUS, DEDUCTION})

    def _of(self, word: str) -> float:
        found = self.decided.counts.get(word)
        taken = found is None or any(part.id == word for part in self.parts)
        return 0.0 if taken or found is None else found.points or 0.0
