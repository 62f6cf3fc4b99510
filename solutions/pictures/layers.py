"""Pictures of arrays in a layer: how an image becomes a row, and why biases get a sum."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from strokes import ACCENT, BACKWARD, FORWARD, GREY, arrow, array, canvas, write


def flattening() -> Figure:
    """Two images of 2 × 3 pixels, and the two rows of six numbers that they become."""
    figure, axes = canvas(8.4, 2.9, right=14.0, top=4.8)
    colours = ("blue", "orange")
    images = np.arange(12).reshape(2, 2, 3)
    for number, (image, colour) in enumerate(zip(images, colours, strict=True)):
        top = 4.6 - 2.0 * number
        array(axes, (0.4, top), image.tolist(), size=0.8, fill=colour)
        write(axes, 3.9, top - 0.8, f"example {number}", color=GREY)
        array(axes, (7.4, 3.6 - 0.9 * number), [image.ravel().tolist()], size=0.8, fill=colour)
    arrow(axes, (5.2, 2.7), (7.0, 2.7))
    write(axes, 6.1, 3.0, "reshape")
    write(axes, 1.6, 0.5, "x has shape (2, 2, 3)")
    write(axes, 9.8, 1.3, "R has shape (2, 6): one row for each example")
    write(axes, 13.0, 3.2, "row 0", color=GREY)
    write(axes, 13.0, 2.3, "row 1", color=GREY)
    return figure


def bias_gradient() -> Figure:
    """The rows of `out` all get the same b, so db adds up the rows of `dout`."""
    figure, axes = canvas(8.4, 3.6, right=14.4, top=6.2)
    biases = ["b₀", "b₁", "b₂"]
    gradients = np.array([[0.2, -0.1, 0.4], [0.1, 0.3, -0.2], [-0.5, 0.1, 0.1], [0.3, 0.2, 0.0]])
    write(axes, 3.7, 5.9, "forward: every row gets the same b", color=FORWARD)
    array(axes, (0.3, 5.4), [biases], fill="blue")
    for row in range(4):
        array(axes, (4.2, 5.4 - row), [[f"…+{bias}" for bias in biases]], fontsize=9)
        arrow(axes, (3.4, 4.9), (4.1, 4.9 - row), color=FORWARD, lw=1)
    write(axes, 5.7, 1.05, "out, N = 4 rows")
    write(axes, 11.1, 5.9, "backward: add up what comes back", color=BACKWARD)
    array(axes, (9.6, 5.4), [[f"{v:.1f}" for v in row] for row in gradients.tolist()], fontsize=9)
    write(axes, 8.9, 3.4, "dout", color=BACKWARD)
    for column in range(3):
        arrow(axes, (10.1 + column, 1.38), (10.1 + column, 1.08), color=BACKWARD)
    sums = [f"{value:.1f}" for value in gradients.sum(axis=0)]
    array(axes, (9.6, 1.05), [sums], fill="red", fontsize=9)
    write(axes, 8.9, 0.55, "db", color=BACKWARD)
    return figure


def normalisation_axes() -> Figure:
    """The same array twice: with one column, and with one row, marked as what shares a mean."""
    figure, axes = canvas(8.4, 3.3, right=14.0, top=5.5)
    values = [[4, 1, 0, 3], [2, 5, 2, 3], [6, 3, 1, 2]]
    column, row = {(i, 1): "blue" for i in range(3)}, {(1, j): "orange" for j in range(4)}
    for corner, fills, title, mean, over in (
        (1.9, column, "batch normalisation", "μ = (1 + 5 + 3) / 3 = 3", "over the N examples"),
        (8.9, row, "layer normalisation", "μ = (2 + 5 + 2 + 3) / 4 = 3", "over the D features"),
    ):
        array(axes, (corner, 4.3), values, fills=fills)
        write(axes, corner + 2, 5.1, title, weight="bold")
        write(axes, corner + 2, 0.85, mean, color=FORWARD if fills is column else ACCENT)
        write(axes, corner + 2, 0.3, over, color=GREY)
    for example in range(3):
        write(axes, 0.9, 3.8 - example, f"example {example}", color=GREY, fontsize=9)
    write(axes, 7.4, 2.8, "the same x", color=GREY)
    return figure
