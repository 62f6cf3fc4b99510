"""Draws the pictures of the lessons: `python solutions/pictures/draw.py` writes `svg/*.svg`.

A lesson shows one as ``![what is to be seen](pictures/NAME.svg)``, and `assignment.toml` hands it
out under `[given]`. The same script gives the same bytes: no date, no random id, and text stays
text, so that it can be searched and read aloud. Knows no lesson.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

sys.path.insert(0, str(Path(__file__).resolve().parent))
import algebra
import layers
import networks
import windows

FOLDER = Path(__file__).resolve().parent / "svg"
DRAWN_WITH = "3.11"  # of matplotlib; another one may lay the same picture out in other numbers
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "pictures",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.linewidth": 0.8,
}
PICTURES: dict[str, Callable[[], Figure]] = {
    "computational_graph": networks.computational_graph,
    "relu_elbow": networks.relu_elbow,
    "flattening": layers.flattening,
    "bias_gradient": layers.bias_gradient,
    "normalisation_axes": layers.normalisation_axes,
    "sliding_window": windows.sliding_window,
    "pooling_windows": windows.pooling_windows,
    "four_subspaces": algebra.four_subspaces,
    "svd_steps": algebra.svd_steps,
    "ridge_shrinks": algebra.ridge_shrinks,
    "kmeans_steps": algebra.kmeans_steps,
}


def svg(name: str) -> bytes:
    """One picture as SVG, with a white ground so that it can be read on a dark page too."""
    buffer = io.BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever else was set in this process
        matplotlib.rcParams.update(STYLE)
        PICTURES[name]().savefig(
            buffer,
            format="svg",
            facecolor="white",
            metadata={"Date": None, "Creator": None, "Title": name.replace("_", " ")},
        )
    return b"\n".join(line.rstrip() for line in buffer.getvalue().split(b"\n"))


if __name__ == "__main__":
    for picture in PICTURES:
        (FOLDER / f"{picture}.svg").write_bytes(svg(picture))
        print(f"{picture}.svg")
