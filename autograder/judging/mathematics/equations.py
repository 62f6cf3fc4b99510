"""Questions whose answer is an equation or an objective: right up to a factor or a constant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .arrays import Array
from .bank import instances
from .compare import DIFFERENT, EQUAL, affine_fit
from .evaluate import evaluate
from .expressions import value_of
from .instances import Instance
from .judgement import RIGHT, Judgement
from .reading import nodes as n
from .reading.allowed import check_allowed
from .reading.answers import final_answer
from .reading.declarations import DeclarationError, Declarations
from .reading.declare import declarations
from .reading.markdown import answer_text
from .reading.render import latex
from .reading.replies import all_sides, sides
from .reading.shapes import fitted
from .reading.statements import Formula, formula

FITTING_DRAWS = 6


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
        found = all_sides(formula(answer_text(cell), self.declared))
        check_allowed(n.Add(tuple(found)), self.declared)
        understood = " = ".join(latex(side) for side in found)
        worst = max(self._gap(found[0], found[-1], case) for case in self.cases)
        middle = [self._gap(found[0], side, case) for side in found[1:-1] for case in self.cases]
        if any(EQUAL < gap < np.inf for gap in middle):
            worst = 1.0
        if worst <= EQUAL:
            return Judgement(says=RIGHT, credit=1.0, understood=understood)
        if worst == np.inf:
            return Judgement(
                says="trivial",
                credit=0.0,
                understood=understood,
                rationale="Your equation holds for all data, so it says nothing.",
                help="Relate the quantities that the question names.",
            )
        return Judgement(
            says="different",
            credit=0.0,
            understood=understood,
            rationale="Your equation does not hold.",
            help="Try both sides on numbers of your own.",
        )

    def _gap(self, left: n.Node, other: n.Node, case: tuple[Instance, Array]) -> float:
        """How far left = other is from the reference; infinite where it holds for all data."""
        instance, right = case
        mine = difference(left, other, instance, self.declared)
        size = float(np.linalg.norm(mine))
        if mine.shape != right.shape:
            return 1.0
        if size < EQUAL:
            return float(np.inf)
        factor = float((mine * right).sum()) / size**2
        return float(np.linalg.norm(factor * mine - right) / np.linalg.norm(right))


def residual(read: Formula, instance: Instance, declared: Declarations) -> Array:
    """First minus last side of a statement on one batch."""
    return difference(*sides(read), instance, declared)


def difference(left: n.Node, right: n.Node, instance: Instance, declared: Declarations) -> Array:
    """Left minus right on one batch."""
    node = n.Add((left, n.Negate(right)), start=left.start, end=right.end)
    return evaluate(fitted(node, declared, instance.regime).node, instance)


class ObjectiveQuestion:
    """An objective over a symbol, accepted as a·f + b: with the same minimiser or maximiser."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.answer = plain["answer"]
        self.declared = declarations(plain)
        made = instances(
            {**plain, "edges": plain.get("edges", [])},
            self.declared,
            varied=[self.answer["over"]],
            draws=FITTING_DRAWS,
        )
        self.cases = [(i, value_of(self.answer["reference"], i, self.declared)) for i in made]
        self.sense = self.answer.get("sense", "min")

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` when it cannot be read."""
        node = final_answer(formula(answer_text(cell), self.declared)).node
        sense = self.sense
        if isinstance(node, n.Extremum):
            sense, node = node.kind[-3:], node.body
        check_allowed(node, self.declared)
        understood = latex(node)
        slopes, worst = [], 0.0
        for instance, right in self.cases:
            value = self._value(node, instance)
            a, _, gap = affine_fit(value, right)
            slopes.append(a)
            worst = max(worst, gap)
        if worst > (EQUAL if worst < DIFFERENT else 0.0):
            return Judgement(
                says="different",
                credit=0.0,
                understood=understood,
                rationale="Your objective is not the asked one times a number plus a constant.",
                help=f"Compare how each term depends on {self.answer['over']}.",
            )
        turned = sense != self.sense
        if any((a < 0) != turned for a in slopes):
            return Judgement(
                says="sign",
                credit=0.0,
                understood=understood,
                rationale="Your objective has the opposite sign.",
                help="Is it to be minimised or maximised?",
            )
        return Judgement(says=RIGHT, credit=1.0, understood=understood)

    def _value(self, node: n.Node, instance: Instance) -> Array:
        from .reading.sizes import SCALAR

        fit = fitted(node, self.declared, instance.regime, expected=SCALAR)
        return evaluate(fit.node, instance)
