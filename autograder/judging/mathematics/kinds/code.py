"""Functions that students write, specified by a formula. Knows data and values, runs nothing.

    [answer]
    kind = "code"
    function = "tikhonov"              # module = "tikhonov"; without it, the notebook's
    arguments = ["A", "b", "W_1", "W_2", "c"]
    name = "x"                         # what the returned value is called in messages
    shape = ["k"]
    reference = '...'
    help = "Set the gradient to zero and solve."

`right` and `wrong` hold formulas that such a function may compute, `teach` what to say about one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..computing.arrays import Array
from ..computing.bank import instances
from ..computing.compare import FREEDOMS
from ..computing.instances import Instance
from ..reading.declarations import ONE_BY_ONE, DeclarationError
from ..reading.errors import MathematicsError
from .expressions import ExpressionQuestion


@dataclass(frozen=True)
class CodeCall:
    """One call: arguments by name, in order, and the value that is right for them."""

    arguments: Mapping[str, Array | float]
    right: Array | float
    instance: Instance = field(repr=False)

    @property
    def shown(self) -> str:
        """The shapes of the arguments, for a message."""
        arrays = {name: a for name, a in self.arguments.items() if isinstance(a, np.ndarray)}
        shapes = [f"{n.replace('_', '')} of shape {a.shape}" for n, a in arrays.items()]
        return ", ".join(shapes) or "these numbers"


class CodeQuestion(ExpressionQuestion):
    """A formula as a function; as a question of its own it judges other formulas for it."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        super().__init__(plain)
        unknown = [n for n in self.answer["arguments"] if n not in self.declared.shapes]
        if unknown:
            raise DeclarationError(f"answer.arguments: {unknown[0]!r} is not a declared symbol")

    def calls(self, rng: np.random.Generator) -> Iterator[CodeCall]:
        """Calls on data of their own: every regime with three sets of sizes, then the edges."""
        for drawn in instances(self.plain, self.declared, draws=1, rng=rng):
            try:
                right = self.reference(drawn)
            except MathematicsError:
                if not drawn.edge:
                    raise
                continue
            given = {name: self._argument(name, drawn) for name in self.answer["arguments"]}
            yield CodeCall(given, _plain(right[0], self.declared.shape), drawn)

    def _argument(self, name: str, drawn: Instance) -> Array | float:
        return _plain(drawn.values[name][0], self.declared.shapes[name])

    def value(self, text: str, call: CodeCall) -> Array | float | None:
        """What another formula gives in place of the reference; None where it has no value."""
        try:
            value = self.formulas.value(text, call.instance)
        except MathematicsError:
            return None
        return _plain(value[0], self.declared.shape)

    def aligned(self, value: Array, right: Array | float) -> tuple[Array, Array]:
        """A returned array and the right one, once the freedom of the question has been used."""
        freedom = FREEDOMS[self.trial.freedom]
        mine, theirs = (np.atleast_2d(np.asarray(a, dtype=float).T).T for a in (value, right))
        if mine.shape != theirs.shape:
            return value, np.asarray(right)
        one, other = freedom(mine[None], theirs[None])
        return one[0], other[0]


def _plain(value: Array, shape: tuple[str, str] | None) -> Array | float:
    """A matrix as students see it: columns are vectors, and 1 by 1 is a number."""
    if shape is None or shape == ONE_BY_ONE:
        return float(value[0, 0])
    return value[:, 0].copy() if shape[1] == "1" else value.copy()
