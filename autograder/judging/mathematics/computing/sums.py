"""Sums, products, lists with dots and diag(...) on one batch of data. Knows no matrix algebra."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..reading import nodes as n
from ..reading.errors import TooLarge
from . import arrays
from .arrays import Array
from .members import family_length, whole_numbers

if TYPE_CHECKING:
    from .evaluation import Evaluation

MAX_TERMS = 200
MAX_TERMS_TOGETHER = 20_000


def _looped(run: Evaluation, node: n.Sum | n.Sequence) -> tuple[Array, Array, int, Any]:
    """The body for all values of the index, the index, its axis and which values count."""
    low = whole_numbers(run.of(node.lower or n.Number(1.0)), node)
    high = whole_numbers(run.of(node.upper or n.Number(1.0)), node)
    first, last = int(low.min()), int(high.max())
    if last - first >= MAX_TERMS:
        raise TooLarge(
            f"Sums have at most {MAX_TERMS} terms here.",
            help="Look at its bounds, as in \\sum_{i=1}^{n} x_i.",
            start=node.start,
            end=node.end,
        )
    outside, run.terms = run.terms, run.terms * max(last - first + 1, 1)
    if run.terms > MAX_TERMS_TOGETHER:
        raise TooLarge(
            f"Sums inside each other have at most {MAX_TERMS_TOGETHER} terms here.",
            help="Look at their bounds, as in \\sum_{i=1}^{n} x_i.",
            start=node.start,
            end=node.end,
        )
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
    run.mask, run.level, run.terms = saved, run.level - 1, outside
    if outer is None:
        del run.running[node.index]
    else:
        run.running[node.index] = outer
    lead = np.broadcast_shapes(body.shape, places.shape)
    arrays.affordable(int(np.prod(lead)))
    return np.broadcast_to(body, lead), places, axis, inside


def summed(run: Evaluation, node: n.Sum) -> Array:
    """The value of a sum or a product."""
    body, _, axis, inside = _looped(run, node)
    neutral = 0.0 if node.kind == "sum" else 1.0
    body = np.where(inside, body, neutral)
    fold = body.sum if node.kind == "sum" else body.prod
    return np.asarray(fold(axis=axis, keepdims=True))


def along(run: Evaluation, node: n.Sequence) -> Array:
    """The members of a list with dots, side by side."""
    body, _, axis, _ = _looped(run, node)
    moved = np.moveaxis(body, axis, -2)
    wide = moved.reshape(*moved.shape[:-2], moved.shape[-2] * moved.shape[-1])
    return np.expand_dims(wide, axis)


def diagonal(run: Evaluation, node: n.Diagonal) -> Array:
    """The value of diag(...)."""
    assert node.height is not None
    assert node.width is not None
    only = node.entries[0]
    if node.index is not None:
        count = family_length(run, only, node.index)
        only = n.Sequence(node.index, n.Number(1.0), n.Number(float(count)), only)
    if isinstance(only, n.Sequence):
        entries = along(run, only)[..., 0, :]
    elif len(node.entries) > 1:
        entries = arrays.joined([run.of(e) for e in node.entries], -1)[..., 0, :]
    else:
        entries = run.of(only)[..., 0]
    return arrays.diagonal(entries, run.size(node.height), run.size(node.width))
