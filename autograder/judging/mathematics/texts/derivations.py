"""Marks what leads to an answer: milestones reached, and the first false link of a = b = c.

Knows one question's data. A chain of true identities is no proof: only milestones show the idea.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..computing.bank import instances
from ..computing.compare import EQUAL
from ..computing.evaluate import evaluate
from ..computing.instances import Instance
from ..explaining.edits import edits
from ..explaining.judgement import Question
from ..kinds.conditions import ConditionsQuestion
from ..kinds.expressions import ExpressionQuestion
from ..kinds.formulas import Formulas
from ..reading import nodes as n
from ..reading.declarations import DeclarationError, Declarations
from ..reading.errors import MathematicsError
from ..reading.render import latex
from ..reading.shapes import fitted
from .milestones import KEYS as MILESTONE_KEYS
from .milestones import Milestone, difference, milestone
from .steps import Side, Steps, steps_in

MAX_LINKS = 40
MAX_EDITS = 60
KEYS = {"milestones", "chain", "chain_needs", "unknown", "solved"}
UNMARKED = ("interval", "choice", "order", "rubric", "code")


@dataclass(frozen=True, kw_only=True)
class FalseLink:
    """A step that does not hold: both sides as written, why, and the change that would mend it.

    `read` are both sides as they were understood, in LaTeX.
    """

    left: str
    right: str
    rationale: str
    read: tuple[str, str] = ("", "")
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
class _Goal:
    name: str
    points: float
    forms: tuple[Milestone, ...]

    def reached(self, steps: Steps, batches: Sequence[Instance]) -> bool:
        """Whether one of its forms is found."""
        return any(form.on(batches).reached(steps) is not None for form in self.forms)


class Derivation:
    """The derivation part of a question: `milestones` with points, and points for the chain.

    A milestone may have other forms in `also`. `chain_needs` names milestones without which the
    chain earns nothing. `unknown` is the symbol that stands for the solution, so that
    (XᵀX + λI) w = Xᵀy is a true step; `solved` gives such symbols by formulas, for questions which
    have no value of their own: an eigenvector and its eigenvalue, for instance.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.plain: Mapping[str, Any] = question.plain.get("derivation", {})
        kind = question.plain["answer"]["kind"]
        if set(self.plain) - KEYS:
            raise DeclarationError(f"derivation: known keys are {sorted(KEYS)}")
        if kind in UNMARKED:
            raise DeclarationError(f"derivation: an answer of kind {kind!r} has no steps")
        self.batches = _batches(question)
        self.chain = float(self.plain.get("chain", 0))
        self.goals = [self._goal(entry) for entry in self.plain.get("milestones", [])]
        self.solved = [self._solved(batch.first()) for batch in self.batches]

    def _goal(self, entry: Mapping[str, Any]) -> _Goal:
        known = sorted(MILESTONE_KEYS | {"name", "points", "also"})
        if set(entry) - set(known) or "points" not in entry:
            raise DeclarationError(f"derivation.milestones: {entry!r}; known keys are {known}")
        name = entry.get("name", entry.get("formula", entry.get("equation")))
        bare = {key: value for key, value in entry.items() if key != "equation"}
        entries = [entry, *({**bare, "formula": form} for form in entry.get("also", []))]
        forms = (milestone(each, self.question.declared, self.batches) for each in entries)
        return _Goal(name, float(entry["points"]), tuple(forms))

    def _solved(self, probe: Instance) -> Instance:
        """The data in which what is looked for has been found."""
        unknown, formulas = self.plain.get("unknown"), Formulas(self.question.declared)
        values = {
            name: formulas.value(text, probe) for name, text in self.plain.get("solved", {}).items()
        }
        if unknown is not None:
            answer = self.question.plain["answer"]
            unsolved = answer["kind"] == "minimiser_of" and "reference" not in answer
            if unsolved or not isinstance(self.question, ExpressionQuestion):
                raise DeclarationError("derivation.unknown: no value to take; give solved = {...}")
            values[unknown] = self.question.reference(probe)
        return probe.with_values(values)

    def mark(self, cell: str) -> DerivationMark:
        """Mark every chain of a cell; raises nothing for what a student can write."""
        data = self._data(cell)
        steps = steps_in(cell, data.declared)
        reached = {goal.name: goal.reached(steps, data.batches) for goal in self.goals}
        false = data.first_false(steps.links)
        points = sum(goal.points for goal in self.goals if reached[goal.name])
        needed = all(reached.get(name, False) for name in self.plain.get("chain_needs", []))
        if steps.links and false is None and needed:
            points += self.chain
        return DerivationMark(
            points=points,
            max_points=self.chain + sum(goal.points for goal in self.goals),
            reached=reached,
            checked=len(steps.links),
            unread=tuple(steps.unread),
            false_link=false,
        )

    def _data(self, cell: str) -> _Data:
        """The data of the question, with the student's own blanks where it has any."""
        batches, solved = self.batches, self.solved
        if isinstance(self.question, ConditionsQuestion):
            try:
                batches = self.question.with_blanks(cell, batches)
                solved = self.question.with_blanks(cell, solved)
            except MathematicsError:  # the answer itself is another check's affair
                batches, solved = self.batches, self.solved
        return _Data(batches[0].declared, batches, [batch.first() for batch in batches], solved)


@dataclass(frozen=True)
class _Data:
    """What steps are computed on: `solved` is `probes` with what is looked for in it."""

    declared: Declarations
    batches: Sequence[Instance]
    probes: Sequence[Instance]
    solved: Sequence[Instance]

    def first_false(self, links: Sequence[tuple[Side, Side]]) -> FalseLink | None:
        """The first step that does not hold, None where all do."""
        found = (self._false(left, right) for left, right in links[:MAX_LINKS])
        return next((false for false in found if false), None)

    def _false(self, left: Side, right: Side) -> FalseLink | None:
        """Why a step is false; None where it holds in a regime, or for the solution."""
        gap = difference(left.node, right.node)
        errors: list[MathematicsError] = []
        for probe, solved in zip(self.probes, self.solved, strict=True):
            try:
                if self._vanishes(gap, probe) or self._vanishes(gap, solved):
                    return None
            except MathematicsError as error:
                errors.append(error)
        if len(errors) < len(self.solved):
            return self._described(left, right)
        shown = f"The step from “{left.text}” to “{right.text}” does not work: {errors[0].message}"
        read = (latex(left.node), latex(right.node))
        return FalseLink(left=left.text, right=right.text, rationale=shown, read=read)

    def _vanishes(self, gap: n.Add, instance: Instance) -> bool:
        fit = fitted(gap, instance.declared, instance.regime)
        value = evaluate(fit.node, instance)
        assert isinstance(fit.node, n.Add)
        scale = max(float(np.linalg.norm(evaluate(fit.node.terms[0], instance))), 1.0)
        return float(np.linalg.norm(value)) <= EQUAL * scale

    def _described(self, left: Side, right: Side) -> FalseLink:
        shown = f"The step from “{left.text}” to “{right.text}” does not hold."
        read = (latex(left.node), latex(right.node))
        for count, edit in enumerate(edits(right.node, self.declared)):
            if count >= MAX_EDITS:
                break
            gap = difference(left.node, edit.node)
            try:
                holds = all(self._vanishes(gap, probe) for probe in self.probes)
            except MathematicsError:
                continue
            if holds:
                return FalseLink(
                    left=left.text,
                    right=right.text,
                    rationale=shown,
                    read=read,
                    edit=edit.name,
                    repair=f"It would hold {edit.words}.",
                )
        return FalseLink(left=left.text, right=right.text, rationale=shown, read=read)


def _batches(question: Question) -> list[Instance]:
    """One ordinary batch in each regime: the question's own where it has values."""
    if isinstance(question, ExpressionQuestion):
        made = [case.instance for case in question.cases]
    else:
        made = instances({**question.plain, "edges": []}, question.declared)
    first: dict[str, Instance] = {}
    for batch in made:
        first.setdefault(batch.regime.name, batch)
    return list(first.values())
