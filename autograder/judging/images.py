"""Images for training checks, divided anew for every student, and the judge's own forward pass."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.data import DATASETS, load_all, load_published
from autograder.data.places import locate
from autograder.data.readers import ImageSet

Array = np.ndarray[Any, np.dtype[Any]]
Numbers = tuple[int, ...]  # of images to train on, to validate and to test


def draw_images(name: str, counts: Mapping[str, int], rng: np.random.Generator) -> dict[str, Array]:
    """Training, validation and held-back images, centred and scaled as students know them.

    Parameters
    ----------
    name : a data set of `autograder.data`.
    counts : ``num_train``, ``num_val`` and ``num_test``, how many images each part has.

    Returns
    -------
    ``X_<part>`` float32 of shape (count, channels, height, width) and ``y_<part>`` int64 of shape
    (count,). ``X_test`` and ``y_test`` are for the judge alone: do not send them.

    Examples
    --------
    >>> counts = {"num_train": 20, "num_val": 5, "num_test": 10}
    >>> data = draw_images("digits", counts, np.random.default_rng(0))
    >>> data["X_train"].shape, data["y_test"].shape
    ((20, 1, 8, 8), (10,))
    """
    images, labels = _images(name)
    order = rng.permutation(len(images))
    data: dict[str, Array] = {}
    start = 0
    for part in ("train", "val", "test"):
        rows = order[start : start + counts[f"num_{part}"]]
        data[f"X_{part}"] = images[rows].astype(np.float32)
        data[f"y_{part}"] = labels[rows].astype(np.int64)
        start += len(rows)
    parts = [data[f"X_{part}"] for part in ("train", "val", "test")]
    mean = parts[0].mean(axis=0, dtype=np.float64).astype(np.float32)
    for part_images in parts:  # in place: what the judge needs, it needs for every submission
        part_images -= mean
    scale = _root_mean_square(parts[0])
    for part_images in parts:
        part_images /= scale
    return data


def _root_mean_square(images: Array) -> np.float32:
    """Over all entries of (N, ...); added up image by image, so that no second array is made."""
    total = sum(float(np.vdot(image, image)) for image in images)
    return np.float32(np.sqrt(total / images.size))


def for_student(data: Mapping[str, Array]) -> dict[str, Array]:
    """The parts that may be sent to a worker.

    Examples
    --------
    >>> sorted(for_student({"X_train": np.zeros(1), "X_test": np.zeros(1)}))
    ['X_train']
    """
    return {name: value for name, value in data.items() if not name.endswith("_test")}


def held_back_images(
    assignment: Assignment, counts: Mapping[str, int], rng: np.random.Generator
) -> tuple[Array, Array]:
    """Images that the notebook does not train on, centred and scaled as it does its own.

    Images of "shapes" are drawn anew, so nobody can have seen them. All others are public, and
    these are the ones that the notebook keeps for the end: whoever trained on them all the same
    is found out by training again alone.

    Parameters
    ----------
    counts : ``num_train``, ``num_val`` and ``num_test``, as the notebook loads its data.

    Returns
    -------
    X : float32 of shape (num_test, channels, height, width).
    y : int64 of shape (num_test,).
    """
    numbers = tuple(counts[f"num_{part}"] for part in ("train", "val", "test"))
    given = _given(assignment.release / assignment.package, _digest(assignment))
    if assignment.dataset != "shapes":
        return _kept_for_the_end(given, assignment.dataset, numbers)
    train, _, test = numbers
    images, labels = _shapes_to_train_on(given, numbers)
    drawn = given.shapes.make_shapes(test, seed=int(rng.integers(1, 1 << 62)))
    images, labels = np.r_[images, drawn.images], np.r_[labels, drawn.labels]
    data = given.split_and_scale(images, labels, train, 0, test, shuffle=False)
    return data["X_test"], data["y_test"]


def _digest(assignment: Assignment) -> str:
    """Tells releases apart in which the given files differ."""
    state = hashlib.blake2b(repr(sorted(assignment.digests.items())).encode(), digest_size=8)
    return state.hexdigest()


@cache
def _given(folder: Path, digest: str) -> ModuleType:
    """The module `data_utils` that students are given, from a released folder."""
    package = ModuleType(f"_given_{digest}")
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    return importlib.import_module(f"{package.__name__}.data_utils")


@cache
def _kept_for_the_end(given: ModuleType, name: str, numbers: Numbers) -> tuple[Array, Array]:
    if DATASETS[name].downloads:  # found as everywhere in grading, and unpacked once
        data = given.split_published(load_published(name), *numbers)
    else:
        data = given.load_data(name, *numbers)
    return data["X_test"], data["y_test"]


@cache
def _shapes_to_train_on(given: ModuleType, numbers: Numbers) -> tuple[Array, Array]:
    """The raw images and labels that `load_data` puts into the training part."""
    seen = given.shapes.make_shapes(sum(numbers))
    rows = np.random.default_rng(0).permutation(sum(numbers))[: numbers[0]]
    return seen.images[rows], seen.labels[rows]


def _images(name: str) -> ImageSet:
    """All images of a data set, in bytes: a quarter of what they take as numbers."""
    found = DATASETS.get(name)
    return _whole(name, locate(found) if found and found.downloads else None)


@cache
def _whole(name: str, place: Path | None) -> ImageSet:
    return load_all(name)
