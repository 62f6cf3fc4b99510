"""Pictures for training checks, as `lib.datasets` gives them to students, and drawn anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.data.shapes import make_shapes

Array = np.ndarray[Any, np.dtype[Any]]
Labelled = tuple[Array, Array]


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Three parts, each images float32 (N, height, width, 3) and labels int64 (N,)."""

    train: Labelled
    val: Labelled
    test: Labelled
    classes: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width, channels."""
        height, width, channels = self.train[0].shape[1:]
        return height, width, channels

    @property
    def inputs(self) -> int:
        """Numbers in one image."""
        return int(np.prod(self.shape))


def draw_pictures(counts: Mapping[str, int], rng: np.random.Generator) -> Pictures:
    """Draw textured shapes of 16 x 16 pixels, scaled by the channels of the training part.

    Parameters
    ----------
    counts : ``num_train``, ``num_val`` and ``num_test``.
    """
    numbers = [counts[f"num_{part}"] for part in ("train", "val", "test")]
    drawn = make_shapes(sum(numbers), seed=int(rng.integers(1 << 31)))
    images = drawn.images.astype(np.float64).reshape(-1, 3, 16, 2, 16, 2).mean(axis=(3, 5))
    train, val, test = np.split(np.arange(sum(numbers)), np.cumsum(numbers)[:-1])
    mean = images[train].mean(axis=(0, 2, 3), keepdims=True)
    spread = images[train].std(axis=(0, 2, 3), keepdims=True)
    scaled = ((images - mean) / spread).transpose(0, 2, 3, 1).astype(np.float32)
    labels = drawn.labels.astype(np.int64)
    return Pictures(
        train=(scaled[train], labels[train]),
        val=(scaled[val], labels[val]),
        test=(scaled[test], labels[test]),
        classes=len(drawn.class_names),
    )
