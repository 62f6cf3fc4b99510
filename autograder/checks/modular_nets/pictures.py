"""Pictures for training checks, as `lib.datasets` gives them to students, and drawn anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from autograder.data import DATASETS, load_all
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


def draw_pictures(name: str, counts: Mapping[str, int], rng: np.random.Generator) -> Pictures:
    """Pictures of a data set, divided anew, and scaled by the channels of the training part.

    Those of ``shapes`` are drawn anew and have 16 x 16 pixels. Photographs of CIFAR-100 have
    32 x 32 pixels and the 20 superclasses; what is held back comes from all of its images.

    Parameters
    ----------
    name : the data set that is graded.
    counts : ``num_train``, ``num_val`` and ``num_test``.
    """
    numbers = [counts[f"num_{part}"] for part in ("train", "val", "test")]
    drawn = _shapes(sum(numbers), rng) if name == "shapes" else _photographs(name, numbers, rng)
    ends = np.cumsum(numbers)[:-1]
    images, labels = np.split(drawn.images, ends), np.split(drawn.labels.astype(np.int64), ends)
    mean = images[0].mean(axis=(0, 1, 2), dtype=np.float64).astype(np.float32)
    spread = images[0].std(axis=(0, 1, 2), dtype=np.float64).astype(np.float32)
    for part in images:  # in place, for the photographs take 270 MB
        part -= mean
        part /= spread
    return Pictures(
        train=(images[0], labels[0]),
        val=(images[1], labels[1]),
        test=(images[2], labels[2]),
        classes=drawn.classes,
    )


class _Drawn(NamedTuple):
    """Images float32 (N, height, width, 3) and their labels."""

    images: Array
    labels: Array
    classes: int


def _shapes(count: int, rng: np.random.Generator) -> _Drawn:
    """Textured shapes at half their size."""
    drawn = make_shapes(count, seed=int(rng.integers(1 << 31)))
    halved = drawn.images.reshape(-1, 3, 16, 2, 16, 2).mean(axis=(3, 5), dtype=np.float32)
    images = np.ascontiguousarray(halved.transpose(0, 2, 3, 1))
    return _Drawn(images, drawn.labels, len(drawn.class_names))


def _photographs(name: str, numbers: Sequence[int], rng: np.random.Generator) -> _Drawn:
    coarse = DATASETS[name].superclasses or name
    whole = load_all(coarse)
    rows = rng.permutation(len(whole.labels))[: sum(numbers)]
    images = np.empty((len(rows), 32, 32, 3), np.float32)
    images[:] = whole.images[rows].transpose(0, 2, 3, 1)
    return _Drawn(images, whole.labels[rows], DATASETS[coarse].classes)
