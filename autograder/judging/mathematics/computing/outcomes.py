"""One expression computed on all data of a question. Knows values, not words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..reading import nodes as n
from ..reading.declarations import Declarations
from ..reading.errors import MathematicsError, WrongShape
from ..reading.shapes import Elaborated, fitted
from ..reading.sizes import Shape
from .arrays import Array
from .compare import DIFFERENT, distance_up_to
from .evaluate import evaluate
from .instances import Instance


@dataclass(frozen=True)
class Case:
    """One batch with the values that are right for it."""

    instance: Instance
    reference: Array


@dataclass(frozen=True)
class CaseOutcome:
    """What an expression gave on one case: an error, or a value and its distance per draw."""

    case: Case
    error: MathematicsError | None
    value: Array | None
    distance: float

    def is_right(self, tolerance: float) -> bool:
        """Whether all draws agree with the reference."""
        return self.error is None and self.distance <= tolerance

    def is_undecided(self, tolerance: float) -> bool:
        """Whether the distance is neither small nor large."""
        return self.error is None and tolerance < self.distance < max(DIFFERENT, tolerance)


@dataclass(frozen=True)
class Trial:
    """How answers to one question are computed and compared."""

    declared: Declarations
    cases: Sequence[Case]
    freedom: str
    tolerance: float
    shape: tuple[str, str] | None

    def expected(self, instance: Instance) -> Shape | None:
        """The shape asked for, in one regime."""
        if self.shape is None:
            return None
        rows, cols = (self.declared.size(size, instance.regime) for size in self.shape)
        return Shape(rows, cols)

    def fits(self, node: n.Node) -> dict[str, Elaborated | MathematicsError]:
        """The fitted expression, or what does not fit, for each regime by name."""
        found: dict[str, Elaborated | MathematicsError] = {}
        for case in self.cases:
            regime = case.instance.regime
            if regime.name not in found:
                found[regime.name] = self.fits_on(node, case.instance)
        return found

    def fits_on(self, node: n.Node, instance: Instance) -> Elaborated | MathematicsError:
        """The fitted expression, or what does not fit, in the regime of one batch."""
        expected = self.expected(instance)
        try:
            return fitted(node, self.declared, instance.regime, expected=expected)
        except WrongShape as error:
            if self.freedom != "transpose":
                return error
            turned = n.Transpose(node, start=node.start, end=node.end)
            return self._turned(turned, instance, error)
        except MathematicsError as error:
            return error

    def _turned(
        self, node: n.Node, instance: Instance, first: MathematicsError
    ) -> Elaborated | MathematicsError:
        try:
            fit = fitted(node, self.declared, instance.regime, expected=self.expected(instance))
        except MathematicsError:
            return first
        return replace(fit, notes=(*fit.notes, "Your answer is read as its transpose."))

    def outcomes(self, node: n.Node) -> list[CaseOutcome]:
        """The outcome on every case."""
        fits = self.fits(node)
        return [self.outcome(case, fits[case.instance.regime.name]) for case in self.cases]

    def outcome(self, case: Case, fit: Elaborated | MathematicsError) -> CaseOutcome:
        """The outcome on one case."""
        if isinstance(fit, MathematicsError):
            return CaseOutcome(case, fit, None, np.inf)
        try:
            value = evaluate(fit.node, case.instance)
        except MathematicsError as error:
            return CaseOutcome(case, error, None, np.inf)
        return CaseOutcome(case, None, value, self.distance(value, case.reference))

    def distance(self, value: Array, reference: Array) -> float:
        """The largest distance of any draw."""
        return float(self.distances(value, reference).max())

    def distances(self, value: Array, reference: Array) -> Array:
        """The distance of each draw."""
        if value.shape[1:] != reference.shape[1:]:
            return np.full(len(value), np.inf)
        return distance_up_to(self.freedom, value, reference).astype(float)

    def holds(self, node: n.Node, cases: Sequence[Case]) -> bool:
        """Whether an expression is right on some cases; stops at the first where it is not."""
        fits: dict[str, Elaborated | MathematicsError] = {}
        for case in cases:
            name = case.instance.regime.name
            if name not in fits:
                fits[name] = self.fits_on(node, case.instance)
            if not self.outcome(case, fits[name]).is_right(self.tolerance):
                return False
        return bool(cases)
