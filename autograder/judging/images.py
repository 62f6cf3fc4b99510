"""Images for training checks, divided anew for every student, and the judge's own forward pass."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

import datasets

Array = np.ndarray[Any, np.dtype[Any]]


def draw_images(name: str, counts: Mapping[str, int], rng: np.random.Generator) -> dict[str, Array]:
    """Training, validation and held-back images, centred and scaled as students know them.

    Parameters
    ----------
    name : a data set of `datasets`.
    counts : ``num_train``, ``num_val`` and ``num_test``, how many images each part has.

    Returns
    -------
    ``X_<part>`` float32 of shape (count, channels, height, width) and ``y_<part>`` int64 of shape
    (count,). ``X_test`` and ``y_test`` are for the judge alone: do not send them.
    """
    images, labels = _images(name)
    order = rng.permutation(len(images))
    train = images[order[: counts["num_train"]]]
    mean = train.mean(axis=0, dtype=np.float64)
    scale = np.sqrt(np.mean((train - mean) ** 2))
    data: dict[str, Array] = {}
    start = 0
    for part in ("train", "val", "test"):
        rows = order[start : start + counts[f"num_{part}"]]
        data[f"X_{part}"] = ((images[rows] - mean) / scale).astype(np.float32)
        data[f"y_{part}"] = labels[rows].astype(np.int64)
        start += counts[f"num_{part}"]
    return data


def for_student(data: Mapping[str, Array]) -> dict[str, Array]:
    """The parts that may be sent to a worker."""
    return {name: value for name, value in data.items() if not name.endswith("_test")}


@cache
def _images(name: str) -> tuple[Array, Array]:
    """All images of a data set, whichever part its publisher puts them in."""
    whole = datasets.load(name)
    images = np.concatenate([whole.X_train, whole.X_val, whole.X_test])
    return images, np.concatenate([whole.y_train, whole.y_val, whole.y_test])
