"""Questions whose answer is an objective: right with the same minimiser or maximiser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..computing.arrays import Array
from ..computing.bank import instances
from ..computing.compare import DIFFERENT, EQUAL, affine_fit
from ..computing.digits import SAME, in_digits
from ..computing.evaluate import evaluate
from ..computing.exact_data import exact_instance
from ..computing.instances import Instance
from ..explaining.judgement import RIGHT, Judgement, undecided
from ..reading import nodes as n
from ..reading.allowed import check_allowed
from ..reading.answers import the_answer
from ..reading.chosen import chosen_formula
from ..reading.declare import declarations
from ..reading.render import latex
from ..reading.replies import solved
from ..reading.shapes import fitted
from ..reading.sizes import SCALAR
from .formulas import Formulas

FITTING_DRAWS = 6


class ObjectiveQuestion:
    """An objective over a symbol, accepted as a·f + b: with the same minimiser or maximiser."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.answer = plain["answer"]
        self.declared = declarations(plain)
        self._formulas = Formulas(self.declared)
        made = instances(
            {**plain, "edges": plain.get("edges", [])},
            self.declared,
            varied=[self.answer["over"]],
            draws=FITTING_DRAWS,
        )
        self.cases = [(one, self._reference(one)) for one in made]
        self.sense = self.answer.get("sense", "min")

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` when it cannot be read."""
        node = the_answer(solved(chosen_formula(cell, self.declared))).node
        sense = spoken_sense(cell) or self.sense
        if isinstance(node, n.Extremum):
            sense, node = node.kind[-3:], node.body
        check_allowed(node, self.declared)
        understood = latex(node)
        fits = [self._fit(node, instance, right) for instance, right in self.cases]
        slopes = [slope for slope, _ in fits]
        gap = max(gap for _, gap in fits)
        right = gap <= EQUAL or in_digits(lambda: self._fits_exactly(node))
        if right is None and gap < DIFFERENT:
            return undecided(gap, understood)
        if not right:
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

    def _fit(self, node: n.Node, instance: Instance, right: Array) -> tuple[float, float]:
        """The a of a·f + b, and how far that is from the reference."""
        slope, _, gap = affine_fit(self._value(node, instance), right)
        return slope, gap

    def _fits_exactly(self, node: n.Node) -> bool:
        exact = (exact_instance(self.plain, instance) for instance, _ in self.cases)
        pairs = ((one, self._reference(one)) for one in exact)
        return all(self._fit(node, instance, right)[1] <= SAME for instance, right in pairs)

    def _reference(self, instance: Instance) -> Array:
        return self._formulas.value(self.answer["reference"], instance)

    def _value(self, node: n.Node, instance: Instance) -> Array:
        fit = fitted(node, self.declared, instance.regime, expected=SCALAR)
        return evaluate(fit.node, instance)


def spoken_sense(cell: str) -> str:
    """What the words around an objective say is done with it: min, max, or "" for neither or both.

    >>> spoken_sense("minimise $f$"), spoken_sense("$f$"), spoken_sense("maximise f, minimise -f")
    ('min', '', '')
    """
    said = [sense for sense in ("min", "max") if f"{sense}imi" in cell.lower()]
    return said[0] if len(said) == 1 else ""
