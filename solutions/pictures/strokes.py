"""What the pictures are drawn with: colours, an empty canvas, arrows, cells of an array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

FORWARD = "#1f5fa8"
BACKWARD = "#b5301e"
ACCENT = "#d98200"
GREEN = "#2e7d4f"
GREY = "#777777"
PALE = {"blue": "#d6e6f7", "orange": "#fbe3bd", "green": "#d3ecdb", "red": "#f6d3cd",
        "grey": "#eeeeee", "white": "#ffffff"}  # fmt: skip


def canvas(width: float, height: float, *, right: float, top: float) -> tuple[Figure, Axes]:
    """A figure of so many inches, with axes from (0, 0) to (right, top) that do not show."""
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, right), ylim=(0, top))
    axes.axis("off")
    return figure, axes


def write(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Text that is centred on a point."""
    axes.text(x, y, text, **{"ha": "center", "va": "center", **style})


def arrow(axes: Axes, start: Sequence[float], end: Sequence[float], **style: Any) -> None:
    """An arrow from one point to another."""
    look = {"arrowstyle": "-|>", "color": "black", "shrinkA": 0, "shrinkB": 0, "lw": 1.3, **style}
    axes.annotate("", xy=tuple(end), xytext=tuple(start), arrowprops=look)


def array(
    axes: Axes,
    corner: tuple[float, float],
    rows: Sequence[Sequence[object]],
    *,
    size: float = 1.0,
    fills: Mapping[tuple[int, int], str] | None = None,
    fill: str = "white",
    **style: Any,
) -> None:
    """An array with its entries; `corner` is the upper left one, `fills` colours some entries."""
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            x, y = corner[0] + j * size, corner[1] - (i + 1) * size
            colour = PALE[(fills or {}).get((i, j), fill)]
            axes.add_patch(Rectangle((x, y), size, size, facecolor=colour, edgecolor=GREY, lw=0.7))
            write(axes, x + size / 2, y + size / 2, str(entry), **style)


def frame(
    axes: Axes, corner: tuple[float, float], height: float, width: float, colour: str, **style: Any
) -> None:
    """A thick border; `corner` is the upper left one."""
    lower = (corner[0], corner[1] - height)
    look = {"fill": False, "edgecolor": colour, "lw": 2.2, **style}
    axes.add_patch(Rectangle(lower, width, height, **look))
