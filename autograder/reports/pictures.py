"""Pictures of a finding as SVG inside a page: drawn from numbers that the judge has kept.

Colours are the page's own, so that one picture serves light and dark; each says in words what it
shows, and nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from autograder.exhibit import ArrayPair

Array = np.ndarray[Any, np.dtype[Any]]

LEVELS = 5  # of a colour, apart from none
MOST_NUMBERS, WIDEST = 40, 8  # entries and columns that are written out as numbers
NUMBER_CELL = (74, 28)  # pixels
WIDTH, LEAST, MOST = 196, 12, 28  # of a picture without numbers, and of its cells
MOSTLY = 0.6  # beyond it, outlines around what differs would hide the rest


@dataclass(frozen=True, kw_only=True)
class NumberTable:
    """The numbers in a picture, for where there is no picture; `marked` are (row, column)."""

    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One array as a picture, with what stands above and below it."""

    title: str
    svg: Markup
    caption: str
    table: NumberTable | None = None


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A single picture with its words, and with what its shapes mean; or else its numbers."""

    svg: Markup
    words: str
    legend: str = ""
    table: NumberTable | None = None


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """Two arrays beside each other, and in words what differs."""

    panels: tuple[Panel, ...]
    words: str


def heat_map(pair: ArrayPair) -> HeatMap:
    """The student's array, the right one, and where entries are many, the difference."""
    size = (pair.rows, pair.columns)
    got, right = (np.frombuffer(data, "<f4").reshape(size) for data in (pair.got, pair.right))
    bits = np.unpackbits(np.frombuffer(pair.differs, np.uint8), count=got.size)
    differs = bits.astype(bool).reshape(size)
    scale = _largest(got, right)
    numbers = got.size <= MOST_NUMBERS and pair.columns <= WIDEST
    outlined = differs if differs.mean() <= MOSTLY or numbers else np.zeros_like(differs)
    panels = [
        _panel("Yours", got, scale, outlined, numbers=numbers),
        _panel("Right", right, scale, np.zeros_like(differs), numbers=numbers),
    ]
    if not numbers:
        with np.errstate(all="ignore"):
            gap = got.astype(float) - right
        panels.append(_panel("Yours − right", gap, _largest(gap), outlined, numbers=False))
    return HeatMap(panels=tuple(panels), words=_words(pair, got, right, differs))


def _words(pair: ArrayPair, got: Array, right: Array, differs: Array) -> str:
    """What the picture shows, for whoever does not see it too."""
    total = int(np.prod(pair.shape))
    shape = " × ".join(map(str, pair.shape))
    said = f"`{pair.name}`, {shape}: {pair.wrong} of {total} entries differ."
    row, column = np.argwhere(differs)[0] if differs.any() else (0, 0)
    place = _index(pair, str(pair.row + row), str(pair.column + column))
    said += f" The first is {place}:"
    said += f" {got[row, column]:.4g}, right is {right[row, column]:.4g}."
    if got.size < total:
        rows = f"{pair.row}:{pair.row + pair.rows}"
        said += f" Shown: {_index(pair, rows, f'{pair.column}:{pair.column + pair.columns}')}."
    return said


def _index(pair: ArrayPair, row: str, column: str) -> str:
    """Where something is in the whole array, as Python writes it."""
    leading = list(map(str, pair.leading))
    last = [leading.pop()] if pair.channels_last else []
    place = [*leading, row, column, *last]
    return f"`[{', '.join(place[1:] if len(pair.shape) == 1 else place)}]`"


def _panel(title: str, values: Array, scale: float, outlined: Array, *, numbers: bool) -> Panel:
    finite = values[np.isfinite(values)]
    caption = f"{finite.min():.3g} to {finite.max():.3g}" if finite.size else "no finite number"
    bad = int(values.size - finite.size)
    caption += f", {bad} not finite" if bad and finite.size else ""
    svg = _svg(values, scale, outlined, numbers=numbers)
    table = _table(values, outlined) if numbers else None
    return Panel(title=title, svg=svg, caption=caption, table=table)


def _table(values: Array, marked: Array) -> NumberTable:
    places = frozenset((int(row), int(column)) for row, column in np.argwhere(marked))
    rows = tuple(tuple(f"{value:.3g}" for value in row) for row in values)
    return NumberTable(rows=rows, marked=places)


def _largest(*arrays: Array) -> float:
    """The largest size of a finite entry; 1 where all are 0."""
    sizes = [float(np.abs(one[np.isfinite(one)]).max(initial=0)) for one in arrays]
    return max(sizes) or 1.0


def _svg(values: Array, scale: float, outlined: Array, *, numbers: bool) -> Markup:
    rows, columns = values.shape
    side = max(LEAST, min(WIDTH // max(rows, columns), MOST))
    width, height = NUMBER_CELL if numbers else (side, side)
    inside = "".join(
        f'<path class="{kind}" d="{cells(levels, width, height)}"/>'
        for kind, levels in by_level(values, scale)
    )
    if numbers:
        inside += "".join(
            f'<text x="{(column + 0.5) * width:g}" y="{(row + 0.66) * height:g}">'
            f"{values[row, column]:.3g}</text>"
            for row in range(rows)
            for column in range(columns)
        )
    if outlined.any():
        inside += f'<path class="differs" d="{cells(outlined, width, height, inset=1)}"/>'
    w, h = columns * width, rows * height
    frame = f'<rect class="frame" x="0.5" y="0.5" width="{w - 1}" height="{h - 1}"/>'
    return Markup(
        f'<svg class="heat" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true">'
        f"{inside}{frame}</svg>"
    )


def by_level(values: Array, scale: float) -> list[tuple[str, Array]]:
    """Each colour that occurs, with where; the smallest ones have none."""
    with np.errstate(invalid="ignore", over="ignore"):
        levels = np.ceil(np.abs(values) / scale * LEVELS - 0.5)
    bad = ~np.isfinite(values)
    found = [("bad", bad)] if bad.any() else []
    for sign, kind in ((1, "above"), (-1, "below")):
        for level in range(1, LEVELS + 1):
            where = (np.sign(values) == sign) & (np.minimum(levels, LEVELS) == level) & ~bad
            if where.any():
                found.append((f"{kind}{level}", where))
    return found


def cells(where: Array, width: int, height: int, *, inset: float = 0) -> str:
    """The cells as a path; neighbours in a row are one rectangle, but for outlines."""
    parts = []
    for row, line in enumerate(where):
        for column, length in _runs(line, single=inset > 0):
            x, y = column * width + inset, row * height + inset
            w, h = length * width - 2 * inset, height - 2 * inset
            parts.append(f"M{x:g} {y:g}h{w:g}v{h:g}h-{w:g}z")
    return "".join(parts)


def _runs(line: Array, *, single: bool) -> Iterator[tuple[int, int]]:
    """Where entries that hold begin, and how many there are without a gap."""
    if single:
        yield from ((int(place), 1) for place in np.flatnonzero(line))
        return
    steps = np.flatnonzero(np.diff(np.r_[0, line.astype(np.int8), 0]))
    yield from ((int(begin), int(end - begin)) for begin, end in steps.reshape(-1, 2))
