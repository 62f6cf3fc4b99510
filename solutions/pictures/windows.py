"""Pictures of windows over images: those of a convolution, and those of pooling."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from strokes import ACCENT, BACKWARD, FORWARD, GREEN, GREY, arrow, array, canvas, frame, write


def sliding_window() -> Figure:
    """A 3 × 3 window with stride 2 over a 4 × 5 image with padding 1: 2 × 3 outputs."""
    figure, axes = canvas(8.2, 3.6, right=13.6, top=6.0)
    image = np.arange(1, 21).reshape(4, 5)
    padded = np.pad(image, 1)
    size, stride, cell, top = 3, 2, 0.8, 5.3
    inside = {(i + 1, j + 1): "blue" for i in range(4) for j in range(5)}
    array(axes, (0.4, top), padded.tolist(), size=cell, fills=inside, fill="grey", fontsize=9)
    outputs = [["R₀₀", "R₀₁", "R₀₂"], ["R₁₀", "R₁₁", "R₁₂"]]
    array(axes, (9.3, 4.4), outputs, size=1.1, fills={(0, 0): "orange", (0, 1): "green"})
    for column, colour in ((0, ACCENT), (1, GREEN)):
        corner = (0.4 + column * stride * cell, top)
        frame(axes, corner, size * cell, size * cell, colour)
    arrow(axes, (0.4 + 1.2, 5.55), (0.4 + 1.2 + 1.6, 5.55))
    write(axes, 2.4, 5.78, "stride 2")
    arrow(axes, (6.3, 3.6), (9.0, 3.6))
    write(axes, 7.65, 4.3, "multiply by the 3 × 3\nfilter and add up", fontsize=9)
    write(axes, 3.2, 0.2, "a 4 × 5 image (blue) with padding 1 (grey zeros)")
    write(axes, 10.95, 1.65, "rows: ⌊(4 + 2·1 − 3)/2⌋ + 1 = 2", fontsize=9)
    write(axes, 10.95, 1.15, "columns: ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3", fontsize=9)
    write(axes, 10.95, 0.55, "the last row of padding fits no window", fontsize=9, color=GREY)
    return figure


def pooling_windows() -> Figure:
    """Overlapping windows: one pixel is the largest of all four, and its gradients add up."""
    figure, axes = canvas(8.2, 2.9, right=13.6, top=4.8)
    image = [[1, 2, 4], [3, 9, 0], [5, 2, 6]]
    array(axes, (0.5, 4.0), image, fills={(1, 1): "orange"}, fontsize=12)
    frame(axes, (0.45, 4.05), 2.0, 2.0, FORWARD)
    frame(axes, (1.55, 3.95), 2.0, 2.0, GREEN)
    write(axes, 2.0, 4.45, "windows of 2 × 2, stride 1")
    write(axes, 2.0, 0.4, "9 lies in all four windows")
    arrow(axes, (3.9, 2.5), (5.3, 2.5))
    array(axes, (5.6, 3.5), [[9, 9], [9, 9]], fills={(0, 0): "blue", (0, 1): "green"}, fontsize=12)
    write(axes, 6.6, 4.45, "forward: the largest", color=FORWARD)
    write(axes, 6.6, 0.9, "if dout = 1, 2, 3, 4 comes back …", color=BACKWARD, fontsize=9)
    arrow(axes, (7.9, 2.5), (9.3, 2.5), color=BACKWARD)
    gradient = [[0, 0, 0], [0, 10, 0], [0, 0, 0]]
    array(axes, (9.7, 4.0), gradient, fills={(1, 1): "red"}, fontsize=12)
    write(axes, 11.2, 4.45, "backward: they add up", color=BACKWARD)
    write(axes, 11.2, 0.4, "… 9 gets 1 + 2 + 3 + 4 = 10", color=BACKWARD, fontsize=9)
    return figure
