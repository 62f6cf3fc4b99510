"""Marks what leads to an answer: milestones reached, and the first false link of a = b = c.

Knows one question's data. A chain of true identities is no proof: only milestones show the idea.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import Array
from .compare import EQUAL
from .edits import edits
from .evaluate import evaluate
from .expressions import ExpressionQuestion
from .outcomes import Case
from .reading import nodes as n
from .reading.answers import final_answer, is_label
from .reading.declarations import DeclarationError
from .reading.errors import MathematicsError
from .reading.markdown import passages
from .reading.shapes import fitted
from .reading.statements import Formula, Segment, Statement, formula

MAX_LINKS = 40
MAX_PARTS = 250
MAX_EDITS = 60
KEYS = {"milestones", "chain", "chain_needs", "unknown"}


@dataclass(frozen=True, kw_only=True)
class FalseLink:
    """A step that does not hold: both sides as written, why, and the change that would mend it."""

    left: str
    right: str
    rationale: str
    repair: str = ""
    edit: str = ""


@dataclass(frozen=True, kw_only=True)
class DerivationMark:
    """Points for a derivation: `reached` milestones by name, links checked, sides not read."""

    points: float
    max_points: float
    reached: Mapping[str, bool]
    checked: int
    unread: tuple[str, ...]
    false_link: FalseLink | None

    def message(self, *, reveal: bool = False) -> str:
        """What a student reads."""
        lines = [
            f"{'Reached' if done else 'Not found'}: {name}." for name, done in self.reached.items()
        ]
        lines += [f"{self.checked} steps checked."] if self.checked else []
        if self.false_link:
            lines.append(self.false_link.rationale)
            lines.append(self.false_link.repair if reveal else "")
        lines += [f"Not read: {text}" for text in self.unread[:3]]
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class _Side:
    text: str
    node: n.Node


class _Trail:
    """Follows sides from one statement to the next and collects what is claimed to be equal."""

    def __init__(self) -> None:
        self.sides: list[_Side] = []
        self.links: list[tuple[_Side, _Side]] = []
        self.named: dict[tuple[str, ...], _Side] = {}
        self.label: tuple[str, ...] = ()
        self.before: _Side | None = None

    def begin(self, statement: Statement) -> None:
        """A statement that begins with = goes on with the one before it."""
        if statement.segments[0].relation != "=":
            self.label, self.before = statement.label, None

    def recall(self) -> None:
        """A side that is only a name stands for the last value given to that name."""
        self.before = self.named.get(self.label)

    def add(self, relation: str, side: _Side | None) -> None:
        """The next side; None where it could not be read."""
        if side is not None and self.before is not None and relation in {"=", ""}:
            self.links.append((self.before, side))
        self.sides += [side] if side is not None else []
        self.before = side

    def end(self) -> None:
        """Remember the value of the name in front."""
        if self.before is not None:
            self.named[self.label] = self.before


class Derivation:
    """The derivation part of a question: `milestones` with points, and points for the chain.

    `chain_needs` names milestones without which the chain earns nothing; `unknown` is the symbol
    that stands for the solution, so that (XᵀX + λI) w = Xᵀy is a true step.
    """

    def __init__(self, question: ExpressionQuestion) -> None:
        self.question = question
        self.plain: Mapping[str, Any] = question.plain.get("derivation", {})
        if set(self.plain) - KEYS:
            raise DeclarationError(f"derivation: known keys are {sorted(KEYS)}")
        self.chain = float(self.plain.get("chain", 0))
        self.milestones = [self._milestone(m) for m in self.plain.get("milestones", [])]
        self.solved = [self._solved(case) for case in question.probes]

    def _milestone(self, entry: Mapping[str, Any]) -> tuple[str, float, n.Node, list[Array]]:
        node = final_answer(formula(entry["formula"], self.question.declared)).node
        values = [self._value(node, case) for case in self.question.probes]
        if any(value is None for value in values):
            raise DeclarationError(f"derivation.milestones: {entry['formula']!r} has no value")
        known = [value for value in values if value is not None]
        return entry.get("name", entry["formula"]), float(entry["points"]), node, known

    def _solved(self, case: Case) -> Case:
        """The case in which the unknown has the right value."""
        unknown = self.plain.get("unknown")
        if unknown is None:
            return case
        return Case(case.instance.with_values({unknown: case.reference}), case.reference)

    def _value(self, node: n.Node, case: Case) -> Array | None:
        try:
            fit = fitted(node, self.question.declared, case.instance.regime)
            return evaluate(fit.node, case.instance)
        except MathematicsError:
            return None

    def mark(self, cell: str) -> DerivationMark:
        """Mark every chain of a cell; raises nothing for what a student can write."""
        unread: list[str] = []
        sides, links = self._links(cell, unread)
        reached = {m[0]: self._reaches(m, sides) for m in self.milestones}
        false = next(
            (f for left, right in links[:MAX_LINKS] if (f := self._false(left, right))), None
        )
        points = sum(m[1] for m in self.milestones if reached[m[0]])
        needed = all(reached.get(name, False) for name in self.plain.get("chain_needs", []))
        if links and false is None and needed:
            points += self.chain
        return DerivationMark(
            points=points,
            max_points=self.chain + sum(m[1] for m in self.milestones),
            reached=reached,
            checked=len(links),
            unread=tuple(unread),
            false_link=false,
        )

    def _links(self, cell: str, unread: list[str]) -> tuple[list[_Side], list[tuple[_Side, _Side]]]:
        """All sides that can be read, and all pairs claimed to be equal."""
        trail = _Trail()
        for read in self._formulas(cell, unread):
            for statement in read.statements:
                trail.begin(statement)
                for segment in statement.segments:
                    if is_label(read, segment):
                        trail.recall()
                    else:
                        trail.add(segment.relation, self._side(read, segment, unread))
                trail.end()
        return trail.sides, trail.links

    def _formulas(self, cell: str, unread: list[str]) -> Iterator[Formula]:
        try:
            found = [passage.text for passage in passages(cell) if passage.displayed]
        except MathematicsError as error:
            unread.append(error.message)
            return
        for text in found:
            try:
                yield formula(text, self.question.declared)
            except MathematicsError as error:
                unread.append(f"{text[:60]!r}: {error.message}")

    def _side(self, read: Formula, segment: Segment, unread: list[str]) -> _Side | None:
        text = read.source(segment)
        try:
            return _Side(text, read.expression(segment))
        except MathematicsError as error:
            unread.append(f"{text[:60]!r}: {error.message}")
            return None

    def _false(self, left: _Side, right: _Side) -> FalseLink | None:
        """Why a step is false; None where it holds in a regime, or for the solution."""
        gap = n.Add((left.node, n.Negate(right.node)))
        errors: list[MathematicsError] = []
        for case, solved in zip(self.question.probes, self.solved, strict=True):
            try:
                if self._vanishes(gap, case) or self._vanishes(gap, solved):
                    return None
            except MathematicsError as error:
                errors.append(error)
        if len(errors) < len(self.solved):
            return self._described(left, right)
        shown = f"The step from “{left.text}” to “{right.text}” does not work: {errors[0].message}"
        return FalseLink(left=left.text, right=right.text, rationale=shown)

    def _vanishes(self, gap: n.Add, case: Case) -> bool:
        fit = fitted(gap, self.question.declared, case.instance.regime)
        value = evaluate(fit.node, case.instance)
        assert isinstance(fit.node, n.Add)
        scale = max(float(np.linalg.norm(evaluate(fit.node.terms[0], case.instance))), 1.0)
        return float(np.linalg.norm(value)) <= EQUAL * scale

    def _described(self, left: _Side, right: _Side) -> FalseLink:
        shown = f"The step from “{left.text}” to “{right.text}” does not hold."
        for count, edit in enumerate(edits(right.node, self.question.declared)):
            if count >= MAX_EDITS:
                break
            try:
                holds = all(
                    self._vanishes(n.Add((left.node, n.Negate(edit.node))), each)
                    for each in self.question.probes
                )
            except MathematicsError:
                continue
            if holds:
                return FalseLink(
                    left=left.text,
                    right=right.text,
                    rationale=shown,
                    edit=edit.name,
                    repair=f"It would hold {edit.words}.",
                )
        return FalseLink(left=left.text, right=right.text, rationale=shown)

    def _reaches(
        self, milestone: tuple[str, float, n.Node, list[Array]], sides: Sequence[_Side]
    ) -> bool:
        """Whether a milestone occurs in any side, as written or by value."""
        _, _, wanted, values = milestone
        parts = list(dict.fromkeys(part for side in sides for part in n.walk(side.node)))
        if wanted in parts:
            return True
        whole = (n.Add, n.Multiply, n.Diagonal, n.Divide, n.Block, n.Sum, n.Transpose, n.Dot)
        candidates = [part for part in parts if isinstance(part, whole)][:MAX_PARTS]
        return any(self._equals(part, values) for part in candidates)

    def _equals(self, part: n.Node, values: Sequence[Array]) -> bool:
        for case, right in zip(self.question.probes, values, strict=True):
            value = self._value(part, case)
            if value is None or value.shape != right.shape:
                return False
            if np.linalg.norm(value - right) > EQUAL * max(float(np.linalg.norm(right)), 1.0):
                return False
        return True
