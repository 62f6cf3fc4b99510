"""The value of a fitted expression on one batch of data. Knows no question and no reference.

Every array has the axes (draw, one for each nested sum, row, column); numbers are 1 by 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from . import arrays
from .arrays import Array
from .instances import Instance
from .reading import nodes as n
from .reading.errors import MathematicsError, NotFinite, Singular, TooLarge
from .reading.render import plain

MAX_TERMS = 200
MAX_FUEL = 20_000
MAX_WORK = 4_000_000
SINGULAR = 1e-12
RANK = 1e-10


class NoSuchMember(MathematicsError):
    """x_7 of six rows."""

    says = "no_such_member"


def evaluate(node: n.Node, instance: Instance) -> Array:
    """The values, shape (draws, rows, columns), of an expression that `fitted` has returned.

    Raises `Singular`, `NotFinite`, `NoSuchMember` or `TooLarge`.
    """
    run = _Evaluation(instance, _nesting(node))
    with np.errstate(all="ignore"):
        value = run.of(node)
    value = value.reshape(value.shape[0], *value.shape[-2:])
    if not np.isfinite(value).all():
        raise NotFinite("The value is not finite.", help="Look for a division by zero.",
                        start=node.start, end=node.end)  # fmt: skip
    return np.broadcast_to(value, (instance.draws, *value.shape[-2:]))


def _nesting(node: n.Node) -> int:
    """How many sums are inside each other at most."""
    own = isinstance(node, (n.Sum, n.Sequence)) or (isinstance(node, n.Diagonal) and node.index)
    return bool(own) + max((_nesting(child) for child in n.children(node)), default=0)


class _Evaluation:
    def __init__(self, instance: Instance, nesting: int) -> None:
        self.instance = instance
        self.nesting = nesting
        self.level = 0
        self.fuel = MAX_FUEL
        self.work = 0
        self.running: dict[str, Array] = {}
        self.mask: Any = np.True_

    def of(self, node: n.Node) -> Array:
        self.fuel -= 1
        if self.fuel < 0 or self.work > MAX_WORK:
            raise TooLarge("This takes too long to compute.", help="Simplify the answer.",
                           start=node.start, end=node.end)  # fmt: skip
        rule: Callable[[_Evaluation, Any], Array] = _RULES[type(node)]
        value = rule(self, node)
        self.work += value.size
        return value

    def raised(self, value: Array) -> Array:
        """An array (draws, rows, columns) with room for the sums."""
        return value.reshape(value.shape[0], *(1,) * self.nesting, *value.shape[1:])

    def size(self, node: Any) -> int:
        return int(node.value(self.instance.sizes))


def _whole(value: Array, node: n.Node) -> NDArrayInt:
    whole = np.rint(value)
    if np.any(np.abs(value) > 1e6):
        raise TooLarge("This range goes too far.", help="Sums here have few terms.",
                       start=node.start, end=node.end)  # fmt: skip
    if not np.all(np.abs(value - whole) < 1e-9):
        raise NoSuchMember(f"{plain(node)} is not a whole number.", help="Use whole indices.",
                           start=node.start, end=node.end)  # fmt: skip
    return whole.astype(np.int64)


NDArrayInt = Any


def _number(run: _Evaluation, node: n.Number) -> Array:
    return np.full((1,) * (run.nesting + 3), node.value)


def _dimension(run: _Evaluation, node: n.Dimension) -> Array:
    return np.full((1,) * (run.nesting + 3), float(run.instance.sizes[node.name]))


def _count(run: _Evaluation, node: n.Count) -> Array:
    return np.full((1,) * (run.nesting + 3), float(run.size(node.size)))


def _symbol(run: _Evaluation, node: n.Symbol) -> Array:
    return run.raised(run.instance.values[node.name])


def _index(run: _Evaluation, node: n.Index) -> Array:
    if node.name in run.running:
        return run.running[node.name]
    return run.raised(run.instance.values[node.name])


def _element(run: _Evaluation, node: n.Element) -> Array:
    declared = run.instance.declared
    family = declared.families.get(node.name)
    if len(node.indices) == 2 and node.name in run.instance.values:
        family = None
    source = run.instance.values[family.of if family else node.name]
    base = family.base if family else declared.arrays.get(node.name, 1)
    takes = family.takes if family else "entries"
    limits = {
        "rows": (source.shape[1],), "columns": (source.shape[2],), "entries": source.shape[1:],
        "diagonal": (min(source.shape[1:]),),
    }[takes]  # fmt: skip
    places = [
        _place(run, index, base, limit, node)
        for index, limit in zip(node.indices, limits, strict=False)
    ]
    draws = np.arange(source.shape[0]).reshape(-1, *(1,) * run.nesting)
    if takes == "rows":
        return source[draws, places[0], :][..., None]
    if takes == "columns":
        return source[draws, :, places[0]][..., None]
    second = {"diagonal": places[0], "entries": places[-1] if len(places) > 1 else 0}[takes]
    return source[draws, places[0], second][..., None, None]


def _place(run: _Evaluation, index: n.Node, base: int, limit: int, node: n.Element) -> NDArrayInt:
    place = _whole(run.of(index), index)[..., 0, 0] - base
    outside = (place < 0) | (place >= limit)
    if np.any(outside & run.mask):
        raise NoSuchMember(
            f"{plain(node)} goes beyond the {limit} members that exist.",
            help="Look at the bounds of the sum.", start=node.start, end=node.end,
        )  # fmt: skip
    return np.clip(place, 0, limit - 1)


def _filled(run: _Evaluation, node: n.Filled) -> Array:
    height, width = run.size(node.height), run.size(node.width)
    return run.raised(arrays.filled(node.kind, height, width)[None])


def _add(run: _Evaluation, node: n.Add) -> Array:
    total = run.of(node.terms[0])
    for term in node.terms[1:]:
        total = total + run.of(term)
    return total


def _multiply(run: _Evaluation, node: n.Multiply) -> Array:
    total = run.of(node.factors[0])
    for factor in node.factors[1:]:
        total = product(total, run.of(factor))
    return total


def product(left: Array, right: Array) -> Array:
    """Matrix product, or scaling where one side is a number."""
    if left.shape[-2:] == (1, 1) or right.shape[-2:] == (1, 1):
        return left * right
    return np.matmul(left, right)


def _power(run: _Evaluation, node: n.Power) -> Array:
    base, exponent = run.of(node.base), run.of(node.exponent)
    if base.shape[-2:] == (1, 1):
        return np.power(base, exponent)
    whole = int(exponent.flat[0])
    return np.linalg.matrix_power(_inverse_of(base, node) if whole < 0 else base, abs(whole))


def _inverse(run: _Evaluation, node: n.Inverse) -> Array:
    value = run.of(node.of)
    return 1 / value if value.shape[-2:] == (1, 1) else _inverse_of(value, node)


def _inverse_of(value: Array, node: n.Node) -> Array:
    _finite(value, node)
    spectrum = np.linalg.svd(value, compute_uv=False)
    rank = (spectrum > SINGULAR * spectrum[..., :1]).sum(axis=-1)
    size = value.shape[-1]
    if size and int(rank.min()) < size:
        inside = next(n.children(node))
        raise Singular(
            f"{plain(inside)} has no inverse here: its rank is {int(rank.min())}, its size {size}.",
            help="Which products are invertible when n < d, which when n > d?",
            start=node.start, end=node.end,
        )  # fmt: skip
    return np.linalg.inv(value)


def _finite(value: Array, node: n.Node) -> None:
    if not np.isfinite(value).all():
        raise NotFinite(f"{plain(node)} is not finite.", help="Look for a division by zero.",
                        start=node.start, end=node.end)  # fmt: skip


def _pseudo_inverse(run: _Evaluation, node: n.PseudoInverse) -> Array:
    value = run.of(node.of)
    _finite(value, node)
    return np.linalg.pinv(value, rcond=RANK)


def _norm(run: _Evaluation, node: n.Norm) -> Array:
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
    return result[..., None, None]


_ENTRYWISE: Mapping[str, Callable[[Array], Array]] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sin": np.sin, "cos": np.cos,
    "tanh": np.tanh, "floor": np.floor, "ceil": np.ceil,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "relu": lambda x: np.maximum(x, 0.0),
}  # fmt: skip


def _call(run: _Evaluation, node: n.Call) -> Array:
    values = [run.of(argument) for argument in node.arguments]
    if node.function in {"min", "max"}:
        pick = np.minimum if node.function == "min" else np.maximum
        result = values[0]
        for value in values[1:]:
            result = pick(result, value)
        return result
    value = values[0]
    if node.function in _ENTRYWISE:
        return _ENTRYWISE[node.function](value)
    _finite(value, node)
    if node.function == "tr":
        return np.trace(value, axis1=-2, axis2=-1)[..., None, None]
    if node.function == "det":
        return np.linalg.det(value)[..., None, None]
    return np.linalg.matrix_rank(value, rtol=RANK).astype(float)[..., None, None]


def _looped(run: _Evaluation, node: n.Sum | n.Sequence) -> tuple[Array, Array, int, Any]:
    """The body for all values of the index, the index, its axis and which values count."""
    low = _whole(run.of(node.lower or n.Number(1.0)), node)
    high = _whole(run.of(node.upper or n.Number(1.0)), node)
    first, last = int(low.min()), int(high.max())
    if last - first >= MAX_TERMS:
        raise TooLarge(f"Sums have at most {MAX_TERMS} terms here.", help="Look at its bounds.",
                       start=node.start, end=node.end)  # fmt: skip
    run.level += 1
    axis = run.level
    shape = [1] * (run.nesting + 3)
    shape[axis] = -1
    places = np.arange(first, max(last, first) + 1, dtype=float).reshape(shape)
    inside = (places >= low) & (places <= high)
    saved, run.mask = run.mask, run.mask & inside[..., 0, 0]
    outer = run.running.get(node.index)
    run.running[node.index] = places
    body = run.of(node.body)
    run.mask, run.level = saved, run.level - 1
    if outer is None:
        del run.running[node.index]
    else:
        run.running[node.index] = outer
    lead = np.broadcast_shapes(body.shape, places.shape)
    arrays.affordable(int(np.prod(lead)))
    return np.broadcast_to(body, lead), places, axis, inside


def _sum(run: _Evaluation, node: n.Sum) -> Array:
    body, _, axis, inside = _looped(run, node)
    neutral = 0.0 if node.kind == "sum" else 1.0
    body = np.where(inside, body, neutral)
    fold = body.sum if node.kind == "sum" else body.prod
    return np.asarray(fold(axis=axis, keepdims=True))


def _along(run: _Evaluation, node: n.Sequence) -> Array:
    """The members of a list with dots, side by side."""
    body, _, axis, _ = _looped(run, node)
    moved = np.moveaxis(body, axis, -2)
    wide = moved.reshape(*moved.shape[:-2], moved.shape[-2] * moved.shape[-1])
    return np.expand_dims(wide, axis)


def _diagonal(run: _Evaluation, node: n.Diagonal) -> Array:
    assert node.height is not None
    assert node.width is not None
    only = node.entries[0]
    if node.index is not None:
        count = _family_length(run, only, node.index)
        only = n.Sequence(node.index, n.Number(1.0), n.Number(float(count)), only)
    if isinstance(only, n.Sequence):
        entries = _along(run, only)[..., 0, :]
    elif len(node.entries) > 1:
        entries = arrays.joined([run.of(e) for e in node.entries], -1)[..., 0, :]
    else:
        entries = run.of(only)[..., 0]
    return arrays.diagonal(entries, run.size(node.height), run.size(node.width))


def _family_length(run: _Evaluation, body: n.Node, index: str) -> int:
    """How far a free index runs: as far as the shortest family it is used with."""
    lengths: list[int] = []
    for node in n.walk(body):
        if isinstance(node, n.Element) and n.Index(index) in node.indices:
            family = run.instance.declared.families.get(node.name)
            source = run.instance.values[family.of if family else node.name]
            takes = family.takes if family else "entries"
            place = node.indices.index(n.Index(index))
            sides = {"rows": source.shape[1], "columns": source.shape[2],
                     "diagonal": min(source.shape[1:])}  # fmt: skip
            lengths.append(sides.get(takes, source.shape[1 + place]))
    return min(lengths, default=0)


def _block(run: _Evaluation, node: n.Block) -> Array:
    rows: list[Array] = []
    for row in node.rows:
        cells = [run.of(cell) for cell in n.children(row)]
        rows.append(arrays.joined(cells, -1) if len(cells) > 1 else cells[0])
    return arrays.joined(rows, -2) if len(rows) > 1 else rows[0]


_RULES: dict[type, Callable[[_Evaluation, Any], Array]] = {
    n.Number: _number, n.Dimension: _dimension, n.Count: _count, n.Symbol: _symbol,
    n.Index: _index, n.Element: _element, n.Filled: _filled, n.Add: _add, n.Multiply: _multiply,
    n.Negate: lambda run, node: -run.of(node.of),
    n.Hadamard: lambda run, node: run.of(node.left) * run.of(node.right),
    n.Divide: lambda run, node: run.of(node.top) / run.of(node.bottom),
    n.Power: _power,
    n.Transpose: lambda run, node: np.swapaxes(run.of(node.of), -1, -2),
    n.Inverse: _inverse, n.PseudoInverse: _pseudo_inverse, n.Norm: _norm, n.Call: _call,
    n.Sum: _sum, n.Sequence: _along, n.Diagonal: _diagonal, n.Block: _block,
}  # fmt: skip
