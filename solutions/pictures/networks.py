"""Pictures of what happens inside a network: a graph of operations, and one unit that switches."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from strokes import ACCENT, BACKWARD, FORWARD, GREY, PALE, arrow, canvas, write

SPOTS = {"x": (0.7, 3.2), "w": (0.7, 1.2), "b": (3.6, 0.55),
         "×": (2.6, 2.2), "+": (5.3, 2.2), "( )²": (8.0, 2.2), "L": (10.4, 2.2)}  # fmt: skip


def computational_graph() -> Figure:
    """L = (w x + b)² at x = 3, w = 2, b = -1: values forward, derivatives backward."""
    x, w, b = 3, 2, -1
    product = w * x
    total = product + b
    loss, slope = total**2, 2 * total
    figure, axes = canvas(8.6, 3.2, right=11.2, top=4.1)
    for name, (across, up) in SPOTS.items():
        colour = PALE["grey"] if name in "xwbL" else PALE["blue"]
        axes.add_patch(Circle((across, up), 0.42, facecolor=colour, edgecolor=GREY, lw=1))
        write(axes, across, up, name, fontsize=12)
    for start, end, value, gradient in (
        ("x", "×", x, slope * w),
        ("w", "×", w, slope * x),
        ("b", "+", b, slope),
        ("×", "+", product, slope),
        ("+", "( )²", total, slope),
        ("( )²", "L", loss, 1),
    ):
        _edge(axes, start, end, value, gradient)
    write(axes, 5.9, 3.75, "forward: the value that flows along the arrow", color=FORWARD)
    write(axes, 7.3, 0.55, "backward: ∂L/∂(that value)", color=BACKWARD)
    return figure


def _edge(axes: Axes, start: str, end: str, value: float, gradient: float) -> None:
    first, last = np.array(SPOTS[start]), np.array(SPOTS[end])
    step = (last - first) / np.linalg.norm(last - first)
    arrow(axes, first + 0.45 * step, last - 0.45 * step)
    aside = np.array([-step[1], step[0]])
    middle = (first + last) / 2
    above, below = middle + 0.28 * aside, middle - 0.3 * aside
    write(axes, *above, f"{value:g}", color=FORWARD, fontsize=12)
    write(axes, *below, f"{gradient:g}", color=BACKWARD, fontsize=12)


def relu_elbow() -> Figure:
    """One unit as a function of x: flat, an elbow where its input is 0, then a slope."""
    weight, bias = 2.0, -1.0
    elbow = -bias / weight
    x = np.array([-1.0, elbow, 1.6])
    figure = Figure(figsize=(7.2, 2.9), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(x, weight * x + bias, color=GREY)
    left.set(title="input of the unit: z = 2x − 1", ylabel="z")
    right.plot(x, np.maximum(0, weight * x + bias), color=FORWARD, lw=2.5)
    right.set(title="output: max(0, z)", ylabel="max(0, z)")
    right.annotate("elbow: z = 0", (elbow, 0), (-0.75, 1.1), color=ACCENT,
                   arrowprops={"arrowstyle": "-|>", "color": ACCENT})  # fmt: skip
    right.text(-0.95, 0.18, "off: slope 0", color=FORWARD)
    right.text(0.55, 1.75, "on: slope 2", color=FORWARD, ha="right")
    for axes in (left, right):
        axes.axhline(0, color="0.75", lw=0.8)
        axes.axvline(elbow, color=ACCENT, lw=1, ls=":")
        axes.set(xlabel="x", xlim=(-1, 1.6), ylim=(-3.1, 2.5))
        axes.spines[["top", "right"]].set_visible(False)
    return figure
