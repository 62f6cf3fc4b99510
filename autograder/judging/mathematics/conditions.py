"""Questions with blanks to fill so that declared conditions hold. Knows no single reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .arrays import Array
from .bank import instances
from .compare import EQUAL
from .equations import residual
from .evaluate import evaluate
from .instances import Instance
from .judgement import RIGHT, Judgement
from .reading import nodes as n
from .reading.allowed import check_allowed
from .reading.declarations import DeclarationError
from .reading.declare import declarations
from .reading.render import latex
from .reading.replies import blanks
from .reading.shapes import blank_shape, fitted
from .reading.sizes import Shape
from .reading.statements import formula


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

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` when a blank is missing or cannot be read."""
        found = blanks(cell, self.declared)
        understood = ",\\quad ".join(
            f"{self.declared.latex[name]} = {latex(node)}" for name, node in found.items()
        )
        for node in found.values():
            check_allowed(node, self.declared)
        failed = self._failed(found)
        if failed is None:
            return Judgement(says=RIGHT, credit=1.0, understood=understood)
        return Judgement(
            says=failed.get("says", "condition"),
            credit=0.0,
            understood=understood,
            rationale=failed.get("message", f"This does not hold: {failed['holds']}"),
            help="Put your answer into the condition and multiply it out.",
        )

    def _failed(self, given: Mapping[str, n.Node]) -> Mapping[str, Any] | None:
        for instance in self.cases:
            filled = self._filled(given, instance)
            for condition in self.answer["predicates"]:
                read = formula(condition["holds"], filled.declared)
                gap = residual(read, filled, filled.declared)
                if float(np.abs(gap).max()) > EQUAL * 100 * self._scale(filled):
                    return dict(condition)
        return None

    def _scale(self, instance: Instance) -> float:
        return max(1.0, *(float(np.abs(v).max()) for v in instance.values.values() if v.size))

    def with_blanks(self, cell: str, batches: Sequence[Instance]) -> list[Instance]:
        """Data in which the student's blanks are symbols; raises `MathematicsError`."""
        given = blanks(cell, self.declared)
        return [self._filled(given, batch) for batch in batches]

    def _filled(self, given: Mapping[str, n.Node], instance: Instance) -> Instance:
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
