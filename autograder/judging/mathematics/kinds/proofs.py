"""Proofs whose lines are put in order by the student. Knows lines and needs, no mathematics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from ..reading.errors import Empty

MAX_LINES = 12


@dataclass(frozen=True)
class Line:
    """One line of a proof; `needs` are the lines that must stand before it.

    A distractor has a `message` of its own and belongs to no proof.
    """

    id: str
    text: str
    needs: tuple[str, ...] = ()
    message: str = ""

    @property
    def is_distractor(self) -> bool:
        """Whether the line does not belong to the proof."""
        return bool(self.message)


@dataclass(frozen=True)
class Proof:
    """The lines of a proof with what each needs; any order that respects the needs is right."""

    lines: Mapping[str, Line]
    needed: tuple[str, ...] = field(default=())

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Proof:
        """Read lines from plain data; raises `ValueError` for needs that cannot be met."""
        lines = {
            entry["id"].lower(): Line(
                entry["id"].lower(),
                entry["text"],
                tuple(n.lower() for n in entry.get("needs", [])),
                entry.get("message", ""),
            )
            for entry in plain["lines"]
        }
        proof = cls(lines, tuple(k for k, line in lines.items() if not line.is_distractor))
        proof.check(len(plain["lines"]))
        return proof

    def check(self, given: int) -> None:
        """Raise `ValueError` for duplicate ids, unknown needs, circles and too many lines."""
        if given != len(self.lines):
            raise ValueError("two lines have the same id")
        if len(self.needed) > MAX_LINES:
            raise ValueError(f"{len(self.needed)} lines; at most {MAX_LINES} can be marked")
        done: set[str] = set()
        while len(done) < len(self.needed):
            ready = [k for k in self.needed if k not in done and done >= set(self.lines[k].needs)]
            if not ready:
                left = sorted(set(self.needed) - done)
                raise ValueError(f"the needs of {left} cannot be met: unknown line or circle")
            done.update(ready)


@dataclass(frozen=True)
class OrderMark:
    """What an order of lines earns and why."""

    credit: float
    says: str
    rationale: str
    help: str


def mark_order(proof: Proof, given: Sequence[str]) -> OrderMark:
    """Mark an order by the largest part of it that is consistent with the needs.

    The credit is that part's share of all lines, less one line for each distractor, at least 0.
    Raises `Empty` when no line is named.

    >>> proof = Proof.from_plain({"lines": [{"id": "a", "text": ""},
    ...                                     {"id": "b", "text": "", "needs": ["a"]}]})
    >>> mark_order(proof, ["b", "a"]).credit
    0.5
    """
    order = list(dict.fromkeys(line for line in given if line in proof.lines))
    if not order:
        known = " ".join(sorted(proof.lines))
        raise Empty("No line is named here yet.", help=f"Write order: and the lines, from {known}.")
    distractors = [line for line in order if proof.lines[line].is_distractor]
    kept = [line for line in order if not proof.lines[line].is_distractor]
    largest = largest_consistent(proof, kept)
    credit = max(0.0, (largest - len(distractors)) / len(proof.needed))
    if distractors:
        line = proof.lines[distractors[0]]
        return OrderMark(
            credit, "distractor", f"Line {line.id}: {line.message}", "Leave that line out."
        )
    return _first_gap(proof, kept, credit)


def _first_gap(proof: Proof, order: Sequence[str], credit: float) -> OrderMark:
    seen: set[str] = set()
    for line in order:
        if not seen >= set(proof.lines[line].needs):
            return OrderMark(
                credit,
                "order",
                f"Line {line} comes before something that it needs.",
                "What does that line rest on?",
            )
        seen.add(line)
    if len(seen) < len(proof.needed):
        missing = len(proof.needed) - len(seen)
        return OrderMark(
            credit,
            "incomplete",
            f"{missing} of {len(proof.needed)} lines missing.",
            "Which step is taken silently?",
        )
    return OrderMark(1.0, "right", "", "")


def largest_consistent(proof: Proof, order: Sequence[str]) -> int:
    """The size of the largest part of an order in which nothing precedes what it needs.

    Needs on lines that are left out do not count against a line, so that one misplaced line
    costs one line.
    """
    for size in range(len(order), 0, -1):
        for part in combinations(order, size):
            if _consistent(proof, part):
                return size
    return 0


def _consistent(proof: Proof, part: Sequence[str]) -> bool:
    place = {line: k for k, line in enumerate(part)}
    return all(
        place[need] < place[line]
        for line in part
        for need in _all_needs(proof, line)
        if need in place
    )


def _all_needs(proof: Proof, line: str) -> set[str]:
    """Everything that a line rests on, directly or not."""
    found: set[str] = set()
    left = list(proof.lines[line].needs)
    while left:
        need = left.pop()
        if need not in found:
            found.add(need)
            left.extend(proof.lines[need].needs)
    return found
