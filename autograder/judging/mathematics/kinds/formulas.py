"""The formulas that a specification gives itself, and their values on data."""

from __future__ import annotations

from ..computing.arrays import Array
from ..computing.evaluate import evaluate
from ..computing.instances import Instance
from ..reading import nodes as n
from ..reading.answers import final_answer
from ..reading.declarations import Declarations
from ..reading.shapes import fitted
from ..reading.statements import formula


class Formulas:
    """Reads each formula of one question once, and fits it once to the shapes of each regime."""

    def __init__(self, declared: Declarations) -> None:
        self._declared = declared
        self._read: dict[str, n.Node] = {}
        self._fitted: dict[tuple[str, str], n.Node] = {}

    def value(self, text: str, instance: Instance) -> Array:
        """The value of a formula on one batch; raises `MathematicsError`."""
        key = text, instance.regime.name
        if key not in self._fitted:
            node = self.node(text)
            self._fitted[key] = fitted(node, self._declared, instance.regime).node
        return evaluate(self._fitted[key], instance)

    def node(self, text: str) -> n.Node:
        """A formula as it is read; raises `MathematicsError`."""
        if text not in self._read:
            self._read[text] = final_answer(formula(text, self._declared)).node
        return self._read[text]
