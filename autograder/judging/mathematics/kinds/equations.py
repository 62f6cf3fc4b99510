"""Questions whose answer is an equation: right up to a factor that is not 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from ..reading.declarations import DeclarationError, Declarations
from ..reading.declare import declarations
from ..reading.errors import MathematicsError
from ..reading.render import latex
from ..reading.replies import all_sides, equation, sides
from ..reading.shapes import fitted
from ..reading.statements import Formula, formula

MAX_EDITS = 60

EquationCase = tuple[Instance, Array]


class EquationQuestion:
    """An equation between declared symbols, accepted times any number that is not 0.

    The symbols in `unknowns` are drawn anew while all others stay, so that a factor may depend
    on the others but not on them.
    """

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.answer = plain["answer"]
        self.declared = declarations(plain)
        varied = self.answer.get("unknowns")
        made = instances({**plain, "edges": plain.get("edges", [])}, self.declared, varied=varied)
        reference = formula(self.answer["reference"], self.declared)
        self.cases = [(i, residual(reference, i, self.declared)) for i in made]
        if any(float(np.abs(right).max()) < EQUAL for _, right in self.cases):
            raise DeclarationError(
                "answer.reference: holds for all data, so it says nothing; declare the symbols "
                "that it relates as independent ones"
            )

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` when it cannot be read."""
        found = all_sides(equation(cell, self.declared))
        check_allowed(n.Add(tuple(found)), self.declared)
        understood = " = ".join(latex(side) for side in found)
        gap = self._worst(found, self.cases)
        right = gap <= EQUAL or (gap < np.inf and in_digits(lambda: self._holds_exactly(found)))
        if right:
            return Judgement(says=RIGHT, credit=1.0, understood=understood)
        if right is None and gap < DIFFERENT:
            return undecided(gap, understood)
        if gap == np.inf:
            return Judgement(
                says="trivial",
                credit=0.0,
                understood=understood,
                rationale="Your equation holds for all data, so it says nothing.",
                help="Relate the quantities that the question names.",
            )
        edit = self._repair(found)
        return Judgement(
            says="different",
            credit=0.0,
            understood=understood,
            rationale="Your equation does not hold.",
            help="Try both sides on numbers of your own.",
            edit=edit.name if edit else "",
            repair=f"It would hold {edit.words}." if edit else "",
        )

    def _worst(self, found: Sequence[n.Node], cases: Sequence[EquationCase]) -> float:
        """How far an equation is from the reference on the worst data; middle sides have to hold.

        Infinite where it holds for all data.
        """
        gaps = [self._gap(found[0], found[-1], case) for case in cases]
        middle = [self._gap(found[0], side, case) for side in found[1:-1] for case in cases]
        between = [gap for gap in middle if EQUAL < gap < np.inf]
        return max([*between, *gaps]) if max(gaps) < np.inf else max([*between, np.inf])

    def _holds_exactly(self, found: Sequence[n.Node]) -> bool:
        reference = formula(self.answer["reference"], self.declared)
        exact = (exact_instance(self.plain, instance) for instance, _ in self.cases)
        cases = ((i, residual(reference, i, self.declared)) for i in exact)
        return all(self._worst(found, [case]) <= SAME for case in cases)

    def _repair(self, found: Sequence[n.Node]) -> Edit | None:
        """The one change of either side that makes an equation right."""
        if len(found) > 2:
            return None
        left, right = found
        for edit in islice(edits(left, self.declared), MAX_EDITS):
            if self._mends([edit.node, right]):
                return edit
        for edit in islice(edits(right, self.declared), MAX_EDITS):
            if self._mends([left, edit.node]):
                return edit
        return None

    def _mends(self, found: Sequence[n.Node]) -> bool:
        try:
            return all(self._worst(found, [case]) <= EQUAL for case in self.cases)
        except MathematicsError:
            return False

    def _gap(self, left: n.Node, other: n.Node, case: EquationCase) -> float:
        """How far left = other is from the reference; infinite where it holds for all data."""
        instance, right = case
        mine = difference(left, other, instance, self.declared)
        size = float(np.linalg.norm(mine))
        if mine.shape != right.shape:
            return 1.0
        if size < EQUAL:
            return float(np.inf)
        factor = (mine * right).sum() / (mine * mine).sum()
        return float(np.linalg.norm(factor * mine - right) / np.linalg.norm(right))


def residual(read: Formula, instance: Instance, declared: Declarations) -> Array:
    """First minus last side of a statement on one batch."""
    return difference(*sides(read), instance, declared)


def difference(left: n.Node, right: n.Node, instance: Instance, declared: Declarations) -> Array:
    """Left minus right on one batch."""
    node = n.Add((left, n.Negate(right)), start=left.start, end=right.end)
    return evaluate(fitted(node, declared, instance.regime).node, instance)
