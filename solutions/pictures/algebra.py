"""Pictures of linear maps and of samples in the plane."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from strokes import ACCENT, BACKWARD, FORWARD, GREEN, GREY, PALE, arrow, canvas, write


LEVELS = "#9a9a9a"  # of level lines


def four_subspaces() -> Figure:
    """X carries the row space onto the column space, and its null space to zero."""
    figure, axes = canvas(8.4, 3.7, right=14.0, top=6.2)
    for across, upper, lower in (
        (3.3, ("row space of X", "all Xᵀα"), ("null space of X", "all v with Xv = 0")),
        (10.7, ("column space of X", "all Xw"), ("null space of Xᵀ", "all e with Xᵀe = 0")),
    ):
        _plane(axes, (across, 3.9), "blue", upper)
        _plane(axes, (across, 1.75), "orange", lower)
        axes.plot([across - 0.18, across - 0.18, across], [2.83, 3.0, 3.0], color=GREY, lw=0.8)
        axes.plot([across, across], [2.63, 3.01], color=GREY, lw=0.8)
        axes.plot([across - 0.2, across + 0.2], [2.82, 2.82], color=GREY, lw=0.8)
    write(axes, 3.3, 5.9, "where w lives: d numbers")
    write(axes, 10.7, 5.9, "where y lives: n numbers")
    arrow(axes, (5.3, 4.3), (8.7, 4.3), color=FORWARD, lw=1.8)
    write(axes, 7.0, 4.62, "X, one to one", color=FORWARD)
    arrow(axes, (5.3, 1.7), (10.4, 2.75), color=ACCENT, lw=1.8)
    write(axes, 10.9, 2.62, "0", fontsize=9)
    write(axes, 3.5, 2.62, "0", fontsize=9)
    write(axes, 7.5, 1.75, "X takes it to 0", color=ACCENT)
    write(axes, 7.0, 0.3, "the two spaces on either side are orthogonal to each other", color=GREY)
    return figure


def _plane(axes: Axes, centre: tuple[float, float], fill: str, words: tuple[str, str]) -> None:
    across, up = centre
    corners = [(-2.0, -0.75), (1.6, -0.75), (2.0, 0.95), (-1.6, 0.95)]
    points = [(across + x, up + y) for x, y in corners]
    axes.add_patch(Polygon(points, facecolor=PALE[fill], edgecolor=GREY, lw=0.8))
    write(axes, across, up + 0.35, words[0])
    write(axes, across, up - 0.25, words[1], fontsize=9, color="0.3")


def svd_steps() -> Figure:
    """The unit circle, and what Vᵀ, Σ and U make of it one after the other."""
    V, stretch, U = _rotation(35), np.diag([2.0, 0.6]), _rotation(60)
    stages = (np.eye(2), V.T, stretch @ V.T, U @ stretch @ V.T)
    titles = ("a unit circle", "Vᵀ rotates", "Σ stretches by σ₁, σ₂", "U rotates")
    names = (("v₁", "v₂"), ("", ""), ("σ₁", "σ₂"), ("σ₁u₁", "σ₂u₂"))
    angles = np.linspace(0, 2 * np.pi, 73)
    circle = np.stack([np.cos(angles), np.sin(angles)])
    figure = Figure(figsize=(9.4, 2.7), layout="constrained")
    for axes, stage, title, labels in zip(
        figure.subplots(1, 4), stages, titles, names, strict=True
    ):
        axes.plot(*(stage @ circle), color=FORWARD, lw=1.8)
        for direction, label, colour in zip(V.T, labels, (BACKWARD, GREEN), strict=True):
            tip = stage @ direction
            arrow(axes, (0, 0), tip, color=colour)
            write(axes, *(tip + 0.32 * tip / np.linalg.norm(tip)), label, color=colour)
        _bare(axes, title, 2.6)
    return figure


def _rotation(degrees: float) -> Any:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cosine, -sine], [sine, cosine]])


def _bare(axes: Axes, title: str, reach: float) -> None:
    axes.axhline(0, color="0.85", lw=0.8, zorder=0)
    axes.axvline(0, color="0.85", lw=0.8, zorder=0)
    axes.set(title=title, aspect="equal", xticks=[], yticks=[])
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
    axes.spines[:].set_visible(False)


def ridge_shrinks() -> Figure:
    """The squared error's level lines, and the ridge solution's way from its minimum to zero."""
    hessian, best = np.array([[1.0, -1.35], [-1.35, 2.6]]), np.array([2.6, 1.9])
    first, second = np.meshgrid(np.linspace(-0.7, 4, 95), np.linspace(-0.7, 3, 75))
    gap = np.stack([first - best[0], second - best[1]], axis=-1)
    error = np.einsum("...i,ij,...j->...", gap, hessian, gap)
    way = [np.linalg.solve(hessian + lam * np.eye(2), hessian @ best)
           for lam in np.logspace(-4, 3, 120)]  # fmt: skip
    marked = {
        lam: np.linalg.solve(hessian + lam * np.eye(2), hessian @ best) for lam in (0.1, 1.0, 5.0)
    }
    figure = Figure(figsize=(6.4, 4.3), layout="constrained")
    axes = figure.subplots()
    axes.contour(
        first, second, error, levels=[0.06, 0.3, 0.8, 1.7, 3.2], colors=[LEVELS], linewidths=1
    )
    axes.plot(*np.transpose(way), color=BACKWARD, lw=2.2)
    for lam, point in marked.items():
        axes.plot(*point, "o", color=BACKWARD)
        axes.annotate(f"λ = {lam:g}", point, (8, -12), textcoords="offset points", color=BACKWARD)
    axes.plot(*best, "o", color=FORWARD)
    axes.annotate("least squares, λ = 0", best, (-4, 12), textcoords="offset points", color=FORWARD)
    axes.annotate("λ → ∞", (0, 0), (-34, -14), textcoords="offset points", color=BACKWARD)
    axes.axhline(0, color="0.8", lw=0.8, zorder=0)
    axes.axvline(0, color="0.8", lw=0.8, zorder=0)
    axes.set(xlabel="w₁", ylabel="w₂", aspect="equal")
    axes.set_title("grey: weights with the same squared error")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def kmeans_steps() -> Figure:
    """The same samples before, after Step 1 and after Step 2 of one round."""
    rng = np.random.default_rng(5)
    samples = np.concatenate(
        [centre + 0.55 * rng.normal(size=(14, 2)) for centre in ((0, 0), (3, 1.6))]
    )
    centres = np.array([[1.3, -0.6], [1.0, 1.6]])
    nearest = np.argmin(((samples[:, None] - centres) ** 2).sum(axis=2), axis=1)
    means = np.array([samples[nearest == j].mean(axis=0) for j in range(2)])
    figure = Figure(figsize=(9.4, 2.9), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    colours = np.array([FORWARD, ACCENT])
    _samples(left, samples, GREY, "centres to begin with")
    _samples(middle, samples, colours[nearest], "Step 1: every sample to its nearest centre")
    _samples(right, samples, colours[nearest], "Step 2: every centre to the mean of its samples")
    for j, colour in enumerate(colours):
        for axes in (left, middle):
            axes.plot(*centres[j], "X", color=colour, markersize=11, markeredgecolor="black")
        for sample in samples[nearest == j]:
            middle.plot(*np.transpose([sample, centres[j]]), color=colour, lw=0.5, alpha=0.6)
        right.plot(*means[j], "X", color=colour, markersize=11, markeredgecolor="black")
        arrow(right, centres[j], means[j], lw=1.2, shrinkB=6)
    return figure


def _samples(axes: Axes, samples: Any, colours: Any, title: str) -> None:
    axes.scatter(*samples.T, c=colours, s=16)
    axes.set_title(title, fontsize=9)
    axes.set(xticks=[], yticks=[], aspect="equal", xlim=(-1.8, 4.6), ylim=(-1.8, 3.4))
    axes.spines[:].set_color("0.8")
