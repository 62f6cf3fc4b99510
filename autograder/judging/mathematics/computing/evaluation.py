"""One walk over an expression, in floats: the value of each kind of part. Knows no question.

Every array has the axes (draw, one for each nested sum, row, column); numbers are 1 by 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..reading import nodes as n
from ..reading.errors import NotFinite, Singular, TooLarge
from ..reading.indexed_nodes import EntryOf
from ..reading.render import plain
from ..reading.sizes import Size
from . import arrays
from .arrays import Array
from .instances import Instance
from .members import element, entry
from .sums import along, diagonal, summed

MAX_FUEL = 20_000
MAX_WORK = 4_000_000
SINGULAR = 1e-12
RANK = 1e-10


class Evaluation:
    """One walk over one expression, with its fuel and the indices that run."""

    def __init__(self, instance: Instance, nesting: int) -> None:
        self.instance = instance
        self.nesting = nesting
        self.level = 0
        self.terms = 1
        self.fuel = MAX_FUEL
        self.work = 0
        self.running: dict[str, Array] = {}
        self.mask: Any = np.True_

    def of(self, node: n.Node) -> Array:
        """The value of a part."""
        self.fuel -= 1
        if self.fuel < 0 or self.work > MAX_WORK:
            raise TooLarge(
                "This takes too long to compute.",
                help="Keep only the final formula, as in w = X^T y.",
                start=node.start,
                end=node.end,
            )
        rule: Callable[[Evaluation, Any], Array] = _RULES[type(node)]
        value = rule(self, node)
        self.work += value.size
        return value

    def raised(self, value: Array) -> Array:
        """An array (draws, rows, columns) with room for the sums."""
        return value.reshape(value.shape[0], *(1,) * self.nesting, *value.shape[1:])

    def size(self, size: Size) -> int:
        """A size as a number."""
        return size.value(self.instance.sizes)


def _number(run: Evaluation, node: n.Number) -> Array:
    return np.full((1,) * (run.nesting + 3), node.value)


def _dimension(run: Evaluation, node: n.Dimension) -> Array:
    return np.full((1,) * (run.nesting + 3), float(run.instance.sizes[node.name]))


def _count(run: Evaluation, node: n.Count) -> Array:
    return np.full((1,) * (run.nesting + 3), float(run.size(node.size)))


def _symbol(run: Evaluation, node: n.Symbol) -> Array:
    return run.raised(run.instance.values[node.name])


def _index(run: Evaluation, node: n.Index) -> Array:
    if node.name in run.running:
        return run.running[node.name]
    return run.raised(run.instance.values[node.name])


def _filled(run: Evaluation, node: n.Filled) -> Array:
    height, width = run.size(node.height), run.size(node.width)
    return run.raised(arrays.filled(node.kind, height, width)[None])


def _add(run: Evaluation, node: n.Add) -> Array:
    total = run.of(node.terms[0])
    for term in node.terms[1:]:
        total = total + run.of(term)
    return total


def _multiply(run: Evaluation, node: n.Multiply) -> Array:
    total = run.of(node.factors[0])
    for factor in node.factors[1:]:
        total = product(total, run.of(factor))
    return total


def product(left: Array, right: Array) -> Array:
    """Matrix product, or scaling where one side is a number."""
    if left.shape[-2:] == (1, 1) or right.shape[-2:] == (1, 1):
        return left * right
    return np.asarray(np.matmul(left, right))


def _power(run: Evaluation, node: n.Power) -> Array:
    base, exponent = run.of(node.base), run.of(node.exponent)
    if base.shape[-2:] == (1, 1):
        return np.power(base, exponent)
    whole = int(exponent.flat[0])
    return np.linalg.matrix_power(_inverse_of(base, node) if whole < 0 else base, abs(whole))


def _inverse(run: Evaluation, node: n.Inverse) -> Array:
    value = run.of(node.of)
    return 1 / value if value.shape[-2:] == (1, 1) else _inverse_of(value, node)


def _inverse_of(value: Array, node: n.Node) -> Array:
    _finite(value, node)
    spectrum = np.linalg.svd(value, compute_uv=False)
    rank = (spectrum > SINGULAR * spectrum[..., :1]).sum(axis=-1)
    size = value.shape[-1]
    if size and int(rank.min()) < size:
        raise inverse_problem(int(rank.min()), size, node)
    return np.asarray(np.linalg.inv(value), dtype=float)


def inverse_problem(rank: int, size: int, node: n.Node) -> Singular:
    """What to raise for the inverse of a singular matrix."""
    inside = next(n.children(node))
    return Singular(
        f"{plain(inside)} has no inverse here: its rank is {rank}, its size {size}.",
        help="Which products are invertible when n < d, which when n > d?",
        start=node.start,
        end=node.end,
    )


def _finite(value: Array, node: n.Node) -> None:
    if not np.isfinite(value).all():
        raise NotFinite(
            f"{plain(node)} is not finite.",
            help="Look for a division by zero.",
            start=node.start,
            end=node.end,
        )


def _pseudo_inverse(run: Evaluation, node: n.PseudoInverse) -> Array:
    value = run.of(node.of)
    _finite(value, node)
    return np.asarray(np.linalg.pinv(value, rcond=RANK), dtype=float)


def _norm(run: Evaluation, node: n.Norm) -> Array:
    value = run.of(node.of)
    vector = 1 in value.shape[-2:]
    if node.kind == "1":
        result = np.abs(value).sum(axis=(-2, -1))
    elif node.kind == "inf":
        result = np.abs(value).max(axis=(-2, -1))
    elif node.kind == "2" and not vector:
        _finite(value, node)
        result = np.linalg.svd(value, compute_uv=False).max(axis=-1)
    else:
        result = np.sqrt((value * value).sum(axis=(-2, -1)))
    return np.asarray(result[..., None, None])


_ENTRYWISE: Mapping[str, Callable[[Array], Array]] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sin": np.sin, "cos": np.cos,
    "tanh": np.tanh, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh,
    "sech": lambda x: 1 / np.cosh(x), "floor": np.floor, "ceil": np.ceil,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "relu": lambda x: np.maximum(x, 0.0),
}  # fmt: skip


def _call(run: Evaluation, node: n.FunctionCall) -> Array:
    values = [run.of(argument) for argument in node.arguments]
    if node.function in {"tr", "det", "rank"}:
        _finite(values[0], node)
        return matrix_call(node.function, values[0])
    return plain_call(node.function, values)


def plain_call(function: str, values: Sequence[Array]) -> Array:
    """A function of numbers, entry by entry: the least or the greatest of several, exp, ..."""
    if function == "delta":
        return np.asarray(values[0] == values[1], dtype=float)
    if function not in {"min", "max"}:
        return _ENTRYWISE[function](values[0])
    pick = np.minimum if function == "min" else np.maximum
    result = values[0]
    for value in values[1:]:
        result = pick(result, value)
    return result


def matrix_call(function: str, value: Array) -> Array:
    """A number out of a matrix: its trace, determinant or rank."""
    if function == "tr":
        return np.asarray(np.trace(value, axis1=-2, axis2=-1)[..., None, None])
    if function == "det":
        return np.asarray(np.linalg.det(value)[..., None, None])
    ranks = np.linalg.matrix_rank(value, rtol=RANK)
    return np.asarray(ranks.astype(float)[..., None, None])


def _block(run: Evaluation, node: n.Block) -> Array:
    rows: list[Array] = []
    for row in node.rows:
        cells = [run.of(cell) for cell in n.children(row)]
        rows.append(arrays.joined(cells, -1) if len(cells) > 1 else cells[0])
    return arrays.joined(rows, -2) if len(rows) > 1 else rows[0]


_RULES: dict[type, Callable[[Evaluation, Any], Array]] = {
    n.Number: _number, n.Dimension: _dimension, n.Count: _count, n.Symbol: _symbol,
    n.Index: _index, n.Element: element, n.Filled: _filled, n.Add: _add, n.Multiply: _multiply,
    n.Negate: lambda run, node: -run.of(node.of),
    n.Hadamard: lambda run, node: run.of(node.left) * run.of(node.right),
    n.Divide: lambda run, node: run.of(node.top) / run.of(node.bottom),
    n.Power: _power,
    n.Transpose: lambda run, node: np.swapaxes(run.of(node.of), -1, -2),
    n.Inverse: _inverse, n.PseudoInverse: _pseudo_inverse, n.Norm: _norm, n.FunctionCall: _call,
    n.Sum: summed, n.Sequence: along, n.Diagonal: diagonal, n.Block: _block,
    EntryOf: entry,
}  # fmt: skip
