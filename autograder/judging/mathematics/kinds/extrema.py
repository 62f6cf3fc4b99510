"""Questions about an objective: its gradient, and its minimiser in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..computing.arrays import Array
from ..computing.evaluate import evaluate
from ..computing.instances import Instance
from ..explaining.judgement import RIGHT, Judgement
from ..reading import nodes as n
from ..reading.allowed import check_allowed
from ..reading.answers import final_answer
from ..reading.chosen import chosen_formula
from ..reading.declarations import DeclarationError, Declarations
from ..reading.errors import MathematicsError, NotFinite
from ..reading.labels import is_label
from ..reading.render import latex
from ..reading.replies import all_sides
from ..reading.shapes import fitted
from ..reading.statements import formula
from .expressions import ExpressionQuestion

STEP = 1e-3
STENCIL = ((-2, 1.0), (-1, -8.0), (1, 8.0), (2, -1.0))


def numeric_gradient(text: str, over: str, instance: Instance, declared: Declarations) -> Array:
    """The gradient of a declared objective by a five-point difference of step 1e-3.

    Same shape as the symbol `over`: (draws, rows, columns). Error of fourth order in the step,
    none but rounding for quadratic objectives.
    """
    node = fitted(final_answer(formula(text, declared)).node, declared, instance.regime).node
    at = instance.values[over]
    result = np.zeros_like(at)
    for row in range(at.shape[1]):
        for col in range(at.shape[2]):
            for steps, weight in STENCIL:
                moved = at.copy()
                moved[:, row, col] += steps * STEP
                value = evaluate(node, instance.with_values({over: moved}))
                result[:, row, col] += weight * value[:, 0, 0] / (12 * STEP)
    return result


class GradientQuestion(ExpressionQuestion):
    """The gradient of a declared objective; the reference is computed from the objective."""

    def reference(self, instance: Instance) -> Array:
        """The numeric gradient, or the declared reference once it agrees with it."""
        if instance.exact and "reference" in self.answer:
            return super().reference(instance)
        numeric = numeric_gradient(
            self.answer["objective"], self.answer["over"], instance, self.declared
        )
        if "reference" not in self.answer:
            return numeric
        exact = super().reference(instance)
        gap = float(np.abs(exact - numeric).max() / max(1.0, np.abs(exact).max()))
        if gap > 1e-6 and not instance.edge:
            raise DeclarationError(f"answer.reference: is not the gradient (off by {gap:.1e})")
        return exact

    def judge(self, cell: str) -> Judgement:
        """Judge a cell, in which the gradient may also be one side minus the other of an equation.

        Raises `MathematicsError` when it cannot be read.
        """
        try:
            said = super().judge(cell)
        except MathematicsError:
            told = self._as_equation(cell)
            if told is None:
                raise
            return told
        return said if said.is_right else self._as_equation(cell) or said

    def _as_equation(self, cell: str) -> Judgement | None:
        """What is said to 2XᵀXw = 2Xᵀy, which is the gradient set to 0; None for anything else."""
        read = chosen_formula(cell, self.declared)
        segments = read.statements[-1].segments
        if len(segments) != 2 or segments[1].relation != "=" or is_label(read, segments[0]):
            return None
        try:
            left, right = all_sides(read)
            check_allowed(n.Add((left, right)), self.declared)
            tried = [self._difference(*pair) for pair in ((left, right), (right, left))]
        except MathematicsError:
            return None
        told = [said for said in tried if said.is_right] + [s for s in tried if s.says == "factor"]
        return told[0] if told else None

    def _difference(self, left: n.Node, right: n.Node) -> Judgement:
        node = n.Add((left, n.Negate(right)), start=left.start, end=right.end)
        said = self.judge_node(node, "")
        note = "Your equation is read as the gradient set to 0: one side minus the other."
        return replace(said, notes=(*said.notes, note), place="")


class MinimiserQuestion(ExpressionQuestion):
    """The minimiser of a declared objective, given in closed form.

    With a `reference` the answer is compared with it, after the reference has been found
    stationary; without one the answer's own gradient must vanish.
    """

    def reference(self, instance: Instance) -> Array:
        """The declared minimiser, checked; without one the residual gradient 0."""
        if "reference" not in self.answer:
            return np.zeros(instance.values[self.answer["over"]].shape)
        value = super().reference(instance)
        if instance.edge or instance.exact:
            return value
        slope = self._slope(instance, value)
        if slope > 1e-6:
            raise DeclarationError(
                f"answer.reference: is no minimiser (relative slope {slope:.1e})"
            )
        return value

    def _unknown(self) -> set[str]:
        return {self.answer["over"]}

    def _slope(self, instance: Instance, at: Array) -> float:
        """The gradient at a point, relative to the gradient nearby."""
        objective, over = self.answer["objective"], self.answer["over"]
        here = instance.with_values({over: np.broadcast_to(at, instance.values[over].shape)})
        near = instance.with_values({over: here.values[over] + 1.0})
        slope = numeric_gradient(objective, over, here, self.declared)
        scale = numeric_gradient(objective, over, near, self.declared)
        return float(np.abs(slope).max() / max(np.abs(scale).max(), 1e-12))

    def judge_node(self, node: n.Node, source: str) -> Judgement:
        """Judge by the reference where there is one, else by the slope at the answer."""
        if "reference" in self.answer:
            return super().judge_node(node, source)
        for case in self.cases:
            expected = self.trial.expected(case.instance)
            fit = fitted(node, self.declared, case.instance.regime, expected=expected)
            value = evaluate(fit.node, case.instance)
            try:
                slope = self._slope(case.instance, value)
            except NotFinite:
                slope = np.inf
            if slope > 1e-6:
                return Judgement(
                    says="not_stationary",
                    credit=0.0,
                    understood=latex(node),
                    rationale="The gradient of the objective does not vanish at your answer.",
                    help="Set the gradient to zero and solve.",
                )
        return Judgement(says=RIGHT, credit=1.0, understood=latex(node))
