"""Data on which answers are computed: seeded draws over the declared sizes and regimes.

Knows the declarations of a question, not its reference.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from ..reading.declarations import Declarations, Regime, signed_names, size_value
from . import draws as draw
from .arrays import Array
from .draws import Special

DRAWS = 4
PLACES = 16
SIZES_PER_REGIME = 3
SMALLEST, LARGEST = 2, 7
EDGES = {
    "small": Special(label="small positive numbers", positive=1e-3),
    "large": Special(label="large positive numbers", positive=1e3),
    "repeated": Special(label="equal singular values", repeated=True),
    "deficient": Special(label="rank lost", deficient=True),
}


@dataclass(frozen=True)
class Instance:
    """One batch of data: sizes by name, and arrays (draws, rows, columns) by symbol.

    Where it is `exact`, numbers have a hundred digits, and so has what is computed of them.
    """

    declared: Declarations
    regime: Regime
    label: str
    sizes: Mapping[str, int]
    values: dict[str, Array] = field(repr=False)
    edge: bool = False
    exact: bool = False

    @property
    def draws(self) -> int:
        """How many draws the batch holds."""
        return max((v.shape[0] for v in self.values.values()), default=1)

    def with_values(self, new: Mapping[str, Array]) -> Instance:
        """The same data with some symbols replaced."""
        return replace(self, values={**self.values, **new})

    def first(self) -> Instance:
        """The first draw alone."""
        return self.draw(0)

    def draw(self, number: int) -> Instance:
        """One of the draws alone."""
        only = {name: value[number : number + 1] for name, value in self.values.items()}
        return replace(self, values=only)


def all_sizes(declared: Declarations, sizes: Mapping[str, int]) -> dict[str, int]:
    """The sizes with every minimum by name."""
    known = dict(sizes)
    for one, other in itertools.combinations(sorted(sizes), 2):
        known[f"min({one}, {other})"] = min(sizes[one], sizes[other])
    known |= {name: size_value(text, sizes) for name, text in declared.derived.items()}
    for name, (one, other) in declared.minima.items():
        known[name] = min(known[one], known[other])
    return known


def size_choices(declared: Declarations, regime: Regime, smallest: int) -> list[dict[str, int]]:
    """All assignments of small different sizes that the regime allows."""
    chosen = _size_choices(declared.dims, regime, smallest)
    return [dict(zip(declared.dims, values, strict=True)) for values in chosen]


@cache
def _size_choices(
    dims: tuple[str, ...], regime: Regime, smallest: int
) -> tuple[tuple[int, ...], ...]:
    """The values, in the order of `dims`; asked again for every draw of every answer."""
    span = range(smallest, max(LARGEST, smallest + len(dims) + 1) + 1)
    chosen: list[tuple[int, ...]] = []
    for values in itertools.product(span, repeat=len(dims)):
        sizes = dict(zip(dims, values, strict=True))
        if regime.allows(sizes) and _different(regime, sizes):
            chosen.append(values)
    return tuple(chosen)


def _different(regime: Regime, sizes: Mapping[str, int]) -> bool:
    """Whether no two sizes are equal that the regime does not make equal."""
    tied = {frozenset(pair[:2]) for pair in regime.relations if not pair[2]}
    pairs = itertools.combinations(sizes, 2)
    return all(sizes[a] != sizes[b] or frozenset((a, b)) in tied for a, b in pairs)


def draw_values(
    plain: Mapping[str, Any], declared: Declarations, sizes: Mapping[str, int],
    rng: np.random.Generator, *, draws: int, special: Special, varied: Sequence[str] | None,
) -> dict[str, Array]:  # fmt: skip
    """Values of all symbols but the derived ones; only `varied` differ between the draws."""
    values: dict[str, Array] = {}

    def spread(name: str, made: Array) -> Array:
        return np.repeat(made, draws, axis=0) if made.shape[0] < draws else made

    def count(name: str) -> int:
        return draws if varied is None or name in varied else 1

    svd = plain.get("svd")
    if svd:
        parts = _factors(svd, declared, sizes, rng, count(svd["of"]), special)
        values |= {name: spread(name, made) for name, made in parts.items()}
    for name, symbol in plain.get("symbols", {}).items():
        if name in values or "is" in symbol or "entries" in symbol:
            continue
        if "scalar" in symbol:
            made = draw.scalar(symbol["scalar"], rng, count(name), special)
        else:
            rows, cols = (_number(size, sizes) for size in declared.shapes[name])
            props = symbol.get("props", [])
            made = draw.matrix(rows, cols, props, rng, count(name), special)
        values[name] = spread(name, made)
    for name, limit in declared.indices.items():
        length, _, base = limit.partition(" from ")
        first = int(base or 1)
        last = first + _number(length, sizes) - 1
        values[name] = rng.integers(first, last + 1, (draws, 1, 1)).astype(float)
    return values


def _number(size: str, sizes: Mapping[str, int]) -> int:
    return sum(c * (sizes[name] if name else 1) for c, name in signed_names(size))


def _factors(
    svd: Mapping[str, Any], declared: Declarations, sizes: Mapping[str, int],
    rng: np.random.Generator, count: int, special: Special,
) -> dict[str, Array]:  # fmt: skip
    """A matrix together with its full singular value decomposition."""
    u, s, v = svd["names"]
    rows, cols = (_number(size, sizes) for size in declared.shapes[svd["of"]])
    left, right = draw.orthogonal(rows, rng, count), draw.orthogonal(cols, rng, count)
    values = draw.spectrum(min(rows, cols), rng, count, special)
    middle = draw.rectangular(values, rows, cols)
    product = left @ middle @ np.swapaxes(right, 1, 2)
    return {u: left, s: middle, v: right, svd["of"]: product}


def edge_cases(
    declared: Declarations, regime: Regime, wanted: Sequence[str]
) -> Iterator[tuple[str, dict[str, int], Special]]:
    """Sizes and specialities of the edge cases of one regime."""
    ordinary = size_choices(declared, regime, SMALLEST)
    if not ordinary:
        return
    for name in wanted:
        if name in EDGES:
            yield EDGES[name].label, ordinary[0], EDGES[name]
    if "one" in wanted:
        for dim in declared.dims:
            alike = [s for s in size_choices(declared, regime, 1) if s[dim] == 1]
            if alike:
                yield f"{dim} = 1", alike[-1], Special()
