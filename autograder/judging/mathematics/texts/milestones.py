"""Formulas and equations that a text has to come by, found in any form of the same value.

Knows the data of a question and what a text was read as, no points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..computing.arrays import Array
from ..computing.compare import EQUAL
from ..computing.evaluate import evaluate
from ..computing.instances import Instance
from ..kinds.expressions import symbols_of
from ..reading import nodes as n
from ..reading.allowed import check_allowed
from ..reading.answers import final_answer
from ..reading.declarations import DeclarationError, Declarations
from ..reading.errors import MathematicsError
from ..reading.replies import sides
from ..reading.shapes import fitted
from ..reading.statements import formula
from .steps import Side, Steps

MAX_PARTS = 250
KEYS = {"formula", "equation", "allow", "forbid", "uses"}
WHOLE = (n.Add, n.Multiply, n.Diagonal, n.Divide, n.Block, n.Sum, n.Transpose, n.Dot, n.Power,
         n.Inverse, n.PseudoInverse, n.Negate, n.FunctionCall)  # fmt: skip


@dataclass(frozen=True)
class Milestone:
    """A formula, or both sides of an equation as their difference, with its values.

    A formula is reached where any side, or any part of one, has its value; an equation where a
    step is that equation times a number. `declared` says which symbols and operations may stand
    in what reaches it, and `uses` which symbols have to: without that, the final answer would reach
    every milestone equal to it.
    """

    node: n.Node
    is_equation: bool
    batches: Sequence[Instance]
    values: Sequence[Array]
    declared: Declarations
    uses: frozenset[str]

    def reached(self, steps: Steps) -> Side | None:
        """The first side in which the milestone is found, None where there is none."""
        if self.is_equation:
            stated = [(_stated(left, right), left, right) for left, right in steps.links]
            return self._among((step, difference(a.node, b.node)) for step, a, b in stated)
        for side in steps.sides:
            if self.node in n.walk(side.node) and self._allowed(self.node):
                return side
        whole = [(side, side.node) for side in steps.sides]
        inside = ((s, part) for s in steps.sides for part in _parts(s.node))
        return self._among([*whole, *inside])

    def on(self, batches: Sequence[Instance]) -> Milestone:
        """The same milestone looked for on batches that hold more symbols."""
        return replace(self, batches=batches)

    def _among(self, candidates: Iterable[tuple[Side, n.Node]]) -> Side | None:
        seen: set[n.Node] = set()
        for side, node in candidates:
            if node in seen:
                continue
            seen.add(node)
            if len(seen) > MAX_PARTS:
                break
            if self._allowed(node) and self._has_value(node):
                return side
        return None

    def _allowed(self, node: n.Node) -> bool:
        try:
            check_allowed(node, self.declared)
        except MathematicsError:
            return False
        return not self.uses or self.uses <= symbols_of(node, self.declared)

    def _has_value(self, node: n.Node) -> bool:
        for batch, right in zip(self.batches, self.values, strict=True):
            value = value_on(node, batch)
            if value is None or value.shape != right.shape:
                return False
            if self.is_equation:
                value = value * _factor(value, right)
            if np.linalg.norm(value - right) > EQUAL * max(float(np.linalg.norm(right)), 1.0):
                return False
        return True


def milestone(
    entry: Mapping[str, Any], declared: Declarations, batches: Sequence[Instance]
) -> Milestone:
    """The milestone of an entry with `formula` or `equation`, and `allow`, `forbid` or `uses`.

    Raises `DeclarationError` for one that has no value on the data, or holds for all data.
    """
    text = entry.get("equation", entry.get("formula"))
    is_equation = "equation" in entry
    read = formula(text, declared)
    node = difference(*sides(read)) if is_equation else final_answer(read).node
    values = [value_on(node, batch) for batch in batches]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        raise DeclarationError(f"milestone: {text!r} has no value")
    if is_equation and any(float(np.abs(value).max()) < EQUAL for value in known):
        raise DeclarationError(f"milestone: {text!r} holds for all data, so every step reaches it")
    allow = entry.get("allow")
    narrowed = replace(
        declared,
        allow=frozenset(allow) if allow is not None else None,
        forbid=frozenset(entry.get("forbid", [])),
    )
    uses = frozenset(entry.get("uses", []))
    if uses - set(declared.shapes):
        raise DeclarationError(
            f"milestone.uses: {sorted(uses - set(declared.shapes))} not declared"
        )
    return Milestone(node, is_equation, batches, known, narrowed, uses)


def difference(left: n.Node, right: n.Node) -> n.Add:
    """Left minus right."""
    return n.Add((left, n.Negate(right)), start=left.start, end=right.end)


def value_on(node: n.Node, batch: Instance) -> Array | None:
    """The value of an expression on a batch, None where it has none."""
    try:
        return evaluate(fitted(node, batch.declared, batch.regime).node, batch)
    except MathematicsError:
        return None


def _parts(node: n.Node) -> Iterator[n.Node]:
    return (part for part in n.walk(node) if isinstance(part, WHOLE))


def _stated(left: Side, right: Side) -> Side:
    return Side(f"{left.text} = {right.text}", right.node)


def _factor(value: Array, right: Array) -> float:
    """The one number by which a whole batch of differences comes nearest to the right ones."""
    size = float((value * value).sum())
    return float((value * right).sum()) / size if size > EQUAL**2 else 0.0
