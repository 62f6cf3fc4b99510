"""Pictures of a training as SVG: losses, accuracy beside the goal, confusions, weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from autograder.exhibit import Confusion, Curve, Filters, Reached

from .pictures import LEVELS, Drawing, NumberTable, by_level, cells

Array = np.ndarray[Any, np.dtype[Any]]

CURVE_WIDTH, CURVE_HEIGHT = 480, 150


def curve_picture(curve: Curve) -> Drawing:
    """A history over its steps, from the lowest to the highest finite value."""
    finite = [value for value in curve.values if value is not None]
    inside = [*finite, *([] if curve.goal is None else [curve.goal])]
    low, high = (min(inside), max(inside)) if inside else (0.0, 0.0)
    span = high - low or 1.0
    points: list[list[str]] = [[]]
    for number, value in enumerate(curve.values):
        if value is None:
            points.append([])
            continue
        x = 8 + (CURVE_WIDTH - 16) * number / max(len(curve.values) - 1, 1)
        y = 8 + (CURVE_HEIGHT - 16) * (1 - (value - low) / span)
        points[-1].append(f"{x:.1f},{y:.1f}")
    lines = "".join(f'<polyline points="{" ".join(part)}"/>' for part in points if len(part) > 1)
    dots = "".join(
        f'<circle cx="{part[0].split(",")[0]}" cy="{part[0].split(",")[1]}" r="3"/>'
        for part in points
        if len(part) == 1
    )
    svg = (
        f'<svg class="curve" viewBox="0 0 {CURVE_WIDTH} {CURVE_HEIGHT}" aria-hidden="true">'
        f'<rect class="frame" x=".5" y=".5" width="{CURVE_WIDTH - 1}" height="{CURVE_HEIGHT - 1}"/>'
        f"{_goal_line(curve.goal, low, span)}{lines}{dots}</svg>"
    )
    return Drawing(svg=Markup(svg), words=_curve_words(curve, finite))


def _goal_line(goal: float | None, low: float, span: float) -> str:
    if goal is None:
        return ""
    y = 8 + (CURVE_HEIGHT - 16) * (1 - (goal - low) / span)
    return f'<path class="goal" d="M1 {y:.1f}h{CURVE_WIDTH - 2}"/>'


def _curve_words(curve: Curve, finite: list[float]) -> str:
    said = f"`{curve.name}` over {curve.steps} steps"
    if not finite:
        return f"{said}: no number is finite."
    said += f": begins at {finite[0]:.4g}, ends at {finite[-1]:.4g}, lowest {min(finite):.4g},"
    said += f" highest {max(finite):.4g}."
    said += "" if curve.goal is None else f" The dashed line is the goal, {curve.goal:.4g}."
    gone = sum(value is None for value in curve.values)
    return f"{said} Gaps are numbers that are not finite." if gone else said


COUNT_CELL = (36, 24)


def confusion_picture(confusion: Confusion) -> Drawing:
    """Counts of each class (rows) by what it was taken for (columns), coloured by their share."""
    counts = np.array(confusion.counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    width, height = COUNT_CELL
    right = np.eye(len(counts), dtype=bool)
    # Right is blue and wrong is orange, as below and above 0 are in the other pictures.
    paths = by_level(np.where(right, -shares, shares), 1.0)
    inside = "".join(f'<path class="{kind}" d="{cells(at, width, height)}"/>' for kind, at in paths)
    texts = "".join(
        f'<text x="{(column + 0.5) * width:g}" y="{(row + 0.68) * height:g}">'
        f"{counts[row, column]}</text>"
        for row, column in np.argwhere(counts)
    )
    heads = "".join(
        f'<text class="head" x="{(place + 0.5) * width:g}" y="-7">{place}</text>'
        f'<text class="head" x="{-width / 2:g}" y="{(place + 0.68) * height:g}">{place}</text>'
        for place in range(len(counts))
    )
    size = (len(counts) * width, len(counts) * height)
    frame = f'<rect class="frame" x=".5" y=".5" width="{size[0] - 1}" height="{size[1] - 1}"/>'
    box = (size[0] + width, size[1] + height)
    svg = (
        f'<svg class="heat" viewBox="{-width} {-height} {box[0]} {box[1]}" width="{box[0]}"'
        f' height="{box[1]}" aria-hidden="true">{inside}{texts}{heads}{frame}</svg>'
    )
    return Drawing(svg=Markup(svg), words=_confusion_words(counts), table=_table(counts))


def _table(counts: Array) -> NumberTable:
    """The counts under and beside the numbers of the classes, those that are right marked."""
    classes = tuple(map(str, range(len(counts))))
    rows = (tuple(map(str, (number, *row))) for number, row in enumerate(counts))
    right = frozenset((place, place) for place in range(1, len(counts) + 1))
    return NumberTable(rows=(("", *classes), *rows), marked=right)


def _confusion_words(counts: Array) -> str:
    right, total = int(np.trace(counts)), int(counts.sum())
    said = f"Rows are the classes, columns what was said: {right} of {total} are right."
    wrong = counts - np.diag(np.diag(counts))
    if not wrong.any():
        return said
    row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
    most = f"{wrong[row, column]} of {counts[row].sum()}"
    return f"{said} Most often, class {row} was taken for {column}: {most}."


FILTER_CELL, FILTERS_IN_ROW, GAP = 5, 6, 8


def filters_picture(filters: Filters) -> Drawing:
    """Weights as images side by side, six in a row."""
    shape = (filters.count, filters.height, filters.width)
    levels = np.frombuffer(filters.levels, np.int8).reshape(shape).astype(float)
    wide, high = filters.width * FILTER_CELL + GAP, filters.height * FILTER_CELL + GAP
    images = []
    for number, one in enumerate(levels):
        row, column = divmod(number, FILTERS_IN_ROW)
        paths = "".join(
            f'<path class="{kind}" d="{cells(at, FILTER_CELL, FILTER_CELL)}"/>'
            for kind, at in by_level(one, float(LEVELS))
        )
        frame = f'<rect class="frame" width="{wide - GAP}" height="{high - GAP}"/>'
        place = f"translate({column * wide + 1} {row * high + 1})"
        images.append(f'<g transform="{place}">{paths}{frame}</g>')
    rows = -(-filters.count // FILTERS_IN_ROW)
    size = (min(filters.count, FILTERS_IN_ROW) * wide, rows * high)
    svg = (
        f'<svg class="heat" viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" height="{size[1]}"'
        f' aria-hidden="true">{"".join(images)}</svg>'
    )
    words = (
        f"`{filters.name}`: the weights of {filters.count} of {filters.units} units as images,"
        " those with the largest weights. Orange is above 0 and blue below; each has a scale of"
        " its own."
    )
    return Drawing(svg=Markup(svg), words=words)


def accuracy_picture(share: Reached) -> Drawing:
    """The accuracy as a bar from 0 to 1, with the goal and what guessing gives as lines."""
    width, height = CURVE_WIDTH, 44

    def at(value: float) -> float:
        return round(max(0.0, min(value, 1.0)) * width, 1)

    svg = (
        f'<svg class="share" viewBox="0 0 {width} {height}" aria-hidden="true">'
        f'<rect class="frame" x=".5" y="10.5" width="{width - 1}" height="23"/>'
        f'<rect class="reached" x="0" y="11" width="{at(share.reached)}" height="22"/>'
        f'<path class="guess" d="M{at(share.guess)} 6v32"/>'
        f'<path class="needed" d="M{at(share.needed)} 2v40"/></svg>'
    )
    words = (
        f"Accuracy {share.reached:.3f} (bar), needed {share.needed:.3f} (solid line), a constant"
        f" guess {share.guess:.2f} (dashed line)."
    )
    return Drawing(svg=Markup(svg), words=words)
