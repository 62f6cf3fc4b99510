"""Members of families and entries of arrays on one batch of data. Knows indices, no sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..reading import nodes as n
from ..reading.errors import MathematicsError, TooLarge
from ..reading.indexed_nodes import EntryOf
from ..reading.render import plain
from .arrays import Array

if TYPE_CHECKING:
    from .evaluation import Evaluation

NDArrayInt = Any
WHOLE = 1e-9


class NoSuchMember(MathematicsError):  # noqa: N818 - a diagnosis, said to a student
    """x_7 of six rows."""

    says = "no_such_member"


def whole_numbers(value: Array, node: n.Node) -> NDArrayInt:
    """An array of whole numbers out of floats; raises `NoSuchMember` for others."""
    whole = np.rint(value)
    if np.any(np.abs(value) > 1e6):
        raise TooLarge(
            "This range goes too far.",
            help="Sums run over members or sizes, as in \\sum_{i=1}^{n} x_i.",
            start=node.start,
            end=node.end,
        )
    if not np.all(np.abs(value - whole) < WHOLE):
        raise NoSuchMember(
            f"{plain(node)} is not a whole number.",
            help="Use whole indices, as in x_{i+1}.",
            start=node.start,
            end=node.end,
        )
    return whole.astype(np.int64)


def element(run: Evaluation, node: n.Element) -> Array:
    """The values of x_i or gamma_{ij} for all values of their indices."""
    declared = run.instance.declared
    family = declared.families.get(node.name)
    if len(node.indices) == 2 and node.name in run.instance.values:
        family = None
    source = run.instance.values[family.of if family else node.name]
    base = family.base if family else declared.arrays.get(node.name, 1)
    if node.name in declared.padded:
        return _padded(run, node, source, base)
    takes = family.takes if family else "entries"
    limits = {
        "rows": (source.shape[1],),
        "columns": (source.shape[2],),
        "entries": source.shape[1:],
        "diagonal": (min(source.shape[1:]),),
    }[takes]
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
    return np.asarray(source[draws, places[0], second][..., None, None])


def entry(run: Evaluation, node: EntryOf) -> Array:
    """The values of (Xw)_i or (AB)_{ij} for all values of their indices."""
    value = run.of(node.of)
    row = value.shape[-2] == 1 < value.shape[-1]
    limits = value.shape[-2:] if len(node.indices) == 2 else (max(value.shape[-2:]),)
    places = [_place(run, i, 1, k, node) for i, k in zip(node.indices, limits, strict=True)]
    if len(places) == 1:
        places = [0, places[0]] if row else [places[0], 0]
    lead = value.ndim - 2
    around = [
        np.arange(value.shape[axis]).reshape(*(-1 if k == axis else 1 for k in range(lead)))
        for axis in range(lead)
    ]
    return np.asarray(value[(*around, *places)])[..., None, None]


def _padded(run: Evaluation, node: n.Element, source: Array, base: int) -> Array:
    """Entries of an array that goes on with zeros; 0 too where an index is not whole."""
    exists: Any = np.True_
    places: list[Any] = []
    for index, limit in zip(node.indices, source.shape[1:], strict=False):
        value = run.of(index)[..., 0, 0] - base
        place = np.rint(value)
        exists = exists & (np.abs(value - place) < WHOLE) & (place >= 0) & (place < limit)
        places.append(place)
    rows, cols = (np.where(exists, place, 0).astype(np.int64) for place in (*places, 0.0)[:2])
    draws = np.arange(source.shape[0]).reshape(-1, *(1,) * run.nesting)
    return np.asarray(np.where(exists, source[draws, rows, cols], 0.0)[..., None, None])


def _place(
    run: Evaluation, index: n.Node, base: int, limit: int, node: n.Element | EntryOf
) -> NDArrayInt:
    place = whole_numbers(run.of(index), index)[..., 0, 0] - base
    outside = (place < 0) | (place >= limit)
    if np.any(outside & run.mask):
        raise NoSuchMember(
            f"{plain(node)} goes beyond the {limit} members that exist.",
            help="Look at the bounds of the sum, as in \\sum_{i=1}^{n} x_i.",
            start=node.start,
            end=node.end,
        )
    return np.clip(place, 0, limit - 1)


def family_length(run: Evaluation, body: n.Node, index: str) -> int:
    """How far a free index runs: as far as the shortest family it is used with."""
    lengths: list[int] = []
    for node in n.walk(body):
        if isinstance(node, n.Element) and n.Index(index) in node.indices:
            family = run.instance.declared.families.get(node.name)
            source = run.instance.values[family.of if family else node.name]
            takes = family.takes if family else "entries"
            place = node.indices.index(n.Index(index))
            if takes == "entries":
                lengths.append(source.shape[1 + place])
            else:
                side = {"rows": 1, "columns": 2}.get(takes)
                lengths.append(source.shape[side] if side else min(source.shape[1:]))
    return min(lengths, default=0)
