"""Expressions in a hundred digits: where floats cannot tell a right answer from a wrong one.

The same walk as in `evaluation`, in other numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..reading import nodes as n
from . import arrays
from .arrays import Array
from .evaluation import Evaluation, inverse_problem, matrix_call, plain_call
from .precise import NoExactValueError, precise, rough
from .precise_algebra import (
    SingularError,
    determinant,
    each,
    inverse,
    pseudo_inverse,
)

MAX_SIDE = 24
MAX_WORK = 60_000
ROUGH_CALLS = {"floor", "ceil", "rank"}  # whole numbers, whatever the digits


class ExactEvaluation(Evaluation):
    """One walk in a hundred digits; raises `NoExactValueError` for what it cannot compute."""

    def of(self, node: n.Node) -> Array:
        """The value of a part."""
        rule: Callable[[ExactEvaluation, Any], Array] | None = _RULES.get(type(node))
        value = rule(self, node) if rule else super().of(node)
        self.work += value.size
        if max(value.shape[-2:]) > MAX_SIDE or self.work > MAX_WORK:
            raise NoExactValueError("too large")
        return value


def _lifted(run: ExactEvaluation, node: n.Node) -> Array:
    return precise(Evaluation.of(run, node))


def _inverse(run: ExactEvaluation, node: n.Inverse) -> Array:
    value = run.of(node.of)
    return 1 / value if value.shape[-2:] == (1, 1) else _inverse_of(value, node)


def _inverse_of(value: Array, node: n.Node) -> Array:
    try:
        return each(inverse, value)
    except SingularError as error:
        raise inverse_problem(error.rank, value.shape[-1], node) from error


def _power(run: ExactEvaluation, node: n.Power) -> Array:
    base, exponent = run.of(node.base), run.of(node.exponent)
    if base.shape[-2:] == (1, 1):
        return np.asarray(base**exponent)
    whole = int(float(exponent.flat[0]))
    if abs(whole) > MAX_SIDE or not whole:
        raise NoExactValueError("a power")
    factor = _inverse_of(base, node) if whole < 0 else base
    total = factor
    for _ in range(abs(whole) - 1):
        total = np.matmul(total, factor)
    return total


def _pseudo_inverse(run: ExactEvaluation, node: n.PseudoInverse) -> Array:
    return each(pseudo_inverse, run.of(node.of))


def _norm(run: ExactEvaluation, node: n.Norm) -> Array:
    value = run.of(node.of)
    if node.kind == "1":
        result = np.abs(value).sum(axis=(-2, -1))
    elif node.kind == "inf":
        result = np.abs(value).max(axis=(-2, -1))
    elif node.kind == "2" and 1 not in value.shape[-2:]:
        raise NoExactValueError("a spectral norm")
    else:
        result = np.sqrt((value * value).sum(axis=(-2, -1)))
    return np.asarray(np.asarray(result, dtype=object)[..., None, None])


def _call(run: ExactEvaluation, node: n.FunctionCall) -> Array:
    values = [run.of(argument) for argument in node.arguments]
    name = node.function
    if name in ROUGH_CALLS:
        rounded = [rough(value) for value in values]
        return precise(
            matrix_call(name, rounded[0]) if name == "rank" else plain_call(name, rounded)
        )
    if name in {"sin", "cos", "tan"}:
        raise NoExactValueError(name)
    if name == "det":
        return each(lambda matrix: np.array([[determinant(matrix)]], dtype=object), values[0])
    if name == "tr":
        return matrix_call(name, values[0])
    return np.asarray(plain_call(name, values))


def _filled(run: ExactEvaluation, node: n.Filled) -> Array:
    height, width = run.size(node.height), run.size(node.width)
    return run.raised(precise(arrays.filled(node.kind, height, width)[None]))


_RULES: dict[type, Callable[[ExactEvaluation, Any], Array]] = {
    n.Number: _lifted, n.Dimension: _lifted, n.Count: _lifted, n.Index: _lifted,
    n.Filled: _filled, n.Inverse: _inverse, n.Power: _power, n.PseudoInverse: _pseudo_inverse,
    n.Norm: _norm, n.FunctionCall: _call,
}  # fmt: skip
