"""Questions with blanks to fill so that declared conditions hold. Knows no single reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from ..computing.arrays import Array
from ..computing.bank import instances
from ..computing.compare import DIFFERENT, EQUAL
from ..computing.digits import SAME, in_digits
from ..computing.evaluate import evaluate
from ..computing.exact_data import exact_instance
from ..computing.instances import Instance
from ..explaining.edits import Edit, edits
from ..explaining.judgement import RIGHT, Judgement, undecided
from ..reading import nodes as n
from ..reading.allowed import check_allowed
from ..reading.blanks import blanks
from ..reading.declarations import DeclarationError
from ..reading.declare import declarations
from ..reading.errors import MathematicsError
from ..reading.render import latex
from ..reading.replies import sides
from ..reading.shapes import blank_shape, fitted
from ..reading.sizes import Shape
from ..reading.statements import formula
from .equations import difference

ENOUGH = 100 * EQUAL
MAX_EDITS = 40

Blanks = Mapping[str, n.Node]


class ConditionsQuestion:
    """Several blanks (W_1 = …, W_2 = …), accepted when every declared condition holds."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.answer = plain["answer"]
        self.declared = declarations(plain)
        self.cases = instances({**plain, "edges": plain.get("edges", ["one"])}, self.declared)
        for condition in self.answer["predicates"]:
            if set(condition) - {"holds", "says", "message"} or "holds" not in condition:
                raise DeclarationError(
                    f"answer.predicates: {condition!r} needs 'holds' ('says', 'message')"
                )
        known = self.declared.with_shapes(self.declared.blanks)
        self.conditions = [
            (condition, sides(formula(condition["holds"], known)))
            for condition in self.answer["predicates"]
        ]

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` when a blank is missing or cannot be read."""
        found = blanks(cell, self.declared)
        understood = ",\\quad ".join(
            f"{self.declared.latex[name]} = {latex(node)}" for name, node in found.items()
        )
        for node in found.values():
            check_allowed(node, self.declared)
        failed, gap = self._failed(found)
        right = failed is None or in_digits(lambda: self._holds_exactly(found))
        if right is None and gap < DIFFERENT:
            return undecided(gap, understood)
        if right or failed is None:
            return Judgement(says=RIGHT, credit=1.0, understood=understood)
        edit = self._repair(found)
        return Judgement(
            says=failed.get("says", "condition"),
            credit=0.0,
            understood=understood,
            rationale=failed.get("message", f"This does not hold: {failed['holds']}"),
            help="Put your answer into the condition and multiply it out.",
            edit=edit.name if edit else "",
            repair=f"It would be right {edit.words}." if edit else "",
        )

    def _failed(self, given: Blanks) -> tuple[Mapping[str, Any] | None, float]:
        """The first condition that does not hold, and by how much."""
        for instance in self.cases:
            filled = self._filled(given, instance)
            for condition, (left, right) in self.conditions:
                gap = self._gap(left, right, filled)
                if gap > ENOUGH:
                    return condition, gap
        return None, 0.0

    def _holds_exactly(self, given: Blanks) -> bool:
        exact = (exact_instance(self.plain, instance) for instance in self.cases)
        filled = (self._filled(given, instance) for instance in exact)
        return all(
            self._gap(left, right, instance) <= SAME
            for instance in filled
            for _, (left, right) in self.conditions
        )

    def _gap(self, left: n.Node, right: n.Node, filled: Instance) -> float:
        """The largest entry of left minus right, relative to the largest of the data."""
        gap = difference(left, right, filled, filled.declared)
        return float(np.abs(gap).max()) / self._scale(filled)

    def _repair(self, given: Blanks) -> Edit | None:
        """The one change of one blank with which every condition holds."""
        for name, node in given.items():
            for edit in islice(edits(node, self.declared), MAX_EDITS):
                try:
                    if self._failed({**given, name: edit.node})[0] is None:
                        return edit
                except MathematicsError:
                    continue
        return None

    def same(self, cell: str, other: str) -> bool:
        """Whether two cells give every blank the same value; raises nothing for a student's."""
        try:
            mine, theirs = blanks(cell, self.declared), blanks(other, self.declared)
            return all(self._equal(mine, theirs, instance) for instance in self.cases)
        except MathematicsError:
            return False

    def _equal(self, mine: Blanks, theirs: Blanks, instance: Instance) -> bool:
        one, other = self._filled(mine, instance), self._filled(theirs, instance)
        pairs = [(one.values[name], other.values[name]) for name in mine]
        return all(
            a.shape == b.shape and float(np.abs(a - b).max()) <= ENOUGH * self._scale(instance)
            for a, b in pairs
        )

    def _scale(self, instance: Instance) -> float:
        return max(1.0, *(float(np.abs(v).max()) for v in instance.values.values() if v.size))

    def with_blanks(self, cell: str, batches: Sequence[Instance]) -> list[Instance]:
        """Data in which the student's blanks are symbols; raises `MathematicsError`."""
        given = blanks(cell, self.declared)
        return [self._filled(given, batch) for batch in batches]

    def _filled(self, given: Blanks, instance: Instance) -> Instance:
        """The instance with the blanks as symbols of the shapes that the student gave them."""
        shapes: dict[str, tuple[str, str]] = {}
        values: dict[str, Array] = {}
        for name, node in given.items():
            shape, value = self._one(name, node, instance)
            shapes[name] = (str(shape.rows), str(shape.cols))
            values[name] = value
        filled = instance.with_values(values)
        return replace(filled, declared=self.declared.with_shapes(shapes))

    def _one(self, name: str, node: n.Node, instance: Instance) -> tuple[Shape, Array]:
        expected = blank_shape(self.declared, name, instance.regime)
        fit = fitted(node, self.declared, instance.regime, expected=expected)
        value = evaluate(fit.node, instance)
        return fit.shape, np.broadcast_to(value, (instance.draws, *value.shape[1:]))
