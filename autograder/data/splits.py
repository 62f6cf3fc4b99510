"""Loads a data set as arrays ready for training: scaled, and split into three parts by a seed."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.data.decoded import decoded, together
from autograder.data.places import embedded
from autograder.data.readers import (
    ImageSet,
    Published,
    read_cifar10,
    read_cifar100,
    read_mnist,
)
from autograder.data.registry import Dataset, find_dataset
from autograder.data.shapes import make_shapes

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

SAMPLE = 500
_SHAPES = 5000
_HELD_BACK = {  # to validate, and as many to test
    "digits": 300,
    "mnist8k": 1000,
    "shapes": 500,
    "shapes20": 500,
}
_READERS: dict[str, Callable[[Path], Published]] = {
    "mnist": read_mnist,
    "cifar10": read_cifar10,
    "cifar100": read_cifar100,
    "cifar100_coarse": lambda path: read_cifar100(path, labels="coarse"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """A data set in three parts.

    Attributes
    ----------
    name : what the registry calls it.
    X_train, X_val, X_test : float32 of shape (N, channels, height, width), black 0 and white 1.
    y_train, y_val, y_test : int64 of shape (N,), from 0 to len(class_names) - 1.
    class_names : one for each label.
    """

    name: str
    X_train: Images
    y_train: Labels
    X_val: Images
    y_val: Labels
    X_test: Images
    y_test: Labels
    class_names: tuple[str, ...]


def load(name: str, *, seed: int = 0, limit: int | None = None) -> Split:
    """Load a data set.

    A publisher's test part stays the test part, in its order, and a tenth of the training part is
    drawn to validate. Of the 1,797 digits 300 are drawn for each of the two, of the 8,000 of
    mnist8k 1,000, of shapes (5,000 images, which the seed draws too) 500. Every draw keeps the
    classes in proportion.

    Parameters
    ----------
    name : str
        One of `DATASETS`.
    seed : int
        The same seed gives the same split.
    limit : int or None
        At most so many images in each part; classes stay in proportion.

    Raises
    ------
    UnknownDatasetError, MissingDataError
        No such data set, or its files are not on this machine.
    DataFormatError
        Its files are damaged or something else.

    Examples
    --------
    >>> digits = load("digits", limit=100)
    >>> digits.X_train.shape, digits.X_train.dtype.name, digits.y_val.shape
    ((100, 1, 8, 8), 'float32', (100,))
    """
    if limit is not None and limit < 1:
        raise ValueError(f"load({name!r}, limit={limit}): give a limit of at least 1.")
    dataset = find_dataset(name)
    rng = np.random.default_rng(seed)
    parts, class_names = _parts(dataset, seed, rng, limit)
    X = [_scaled(part.images, dataset.brightest) for part in parts]
    y = [part.labels.astype(np.int64) for part in parts]
    return Split(
        name=name,
        X_train=X[0],
        y_train=y[0],
        X_val=X[1],
        y_val=y[1],
        X_test=X[2],
        y_test=y[2],
        class_names=class_names,
    )


def load_all(name: str) -> ImageSet:
    """All images of a data set, whichever part its publisher puts them in, as they are stored.

    Returns
    -------
    images uint8 of shape (N, channels, height, width), and labels uint8 of shape (N,). Of drawn
    shapes, those of seed 0.

    Raises as `load` does.

    Examples
    --------
    >>> load_all("digits").images.shape
    (1797, 1, 8, 8)
    """
    dataset = find_dataset(name)
    if not dataset.downloads:
        return _whole(dataset, seed=0)[0]
    return together(load_published(name))


def load_published(name: str) -> Published:
    """A downloaded data set as its publisher divides it, in bytes; see `decoded`.

    Raises as `load` does, and `KeyError` for a set that nobody has to download.
    """
    dataset = find_dataset(name)
    return decoded(dataset, _READERS[dataset.name])


def sample(name: str) -> bytes:
    """A few training images of a downloaded data set, to stand in for it, as an `.npz`.

    It has `images` and `labels` of at most `SAMPLE` images of all classes, and `class_names`; of a
    set with superclasses `coarse_labels` and `coarse_names` too. Submissions get it where they are
    graded: their notebooks load data, and no hidden test uses what they load.

    Raises as `load_published` does.
    """
    published, coarse = load_published(name), find_dataset(name).superclasses
    rows = np.sort(_balanced(published.train.labels, np.random.default_rng(0))[:SAMPLE])
    few: dict[str, Any] = {"class_names": np.array(published.class_names)}
    few |= _rows(published.train, rows)._asdict()
    if coarse:
        coarser = load_published(coarse)
        few["coarse_labels"] = coarser.train.labels[rows]
        few["coarse_names"] = np.array(coarser.class_names)
    stream = io.BytesIO()
    np.savez(stream, **few)
    return stream.getvalue()


def standardise(split: Split) -> Split:
    """Subtract the mean training image from every image of all three parts: X - mean(X_train).

    The mean, of shape (channels, height, width), comes from the training part alone, so that
    nothing of the other two leaks into training. The scale stays as it is. Returns a new Split.
    """
    mean = split.X_train.mean(axis=0, dtype=np.float64).astype(np.float32)
    return replace(
        split,
        X_train=split.X_train - mean,
        X_val=split.X_val - mean,
        X_test=split.X_test - mean,
    )


def _parts(
    dataset: Dataset, seed: int, rng: np.random.Generator, limit: int | None
) -> tuple[tuple[ImageSet, ImageSet, ImageSet], tuple[str, ...]]:
    if not dataset.downloads:
        whole, class_names = _whole(dataset, seed)
        rest, test = _cut(whole, _HELD_BACK[dataset.name], rng)
        train, val = _cut(rest, _HELD_BACK[dataset.name], rng)
        return (_first(train, limit), _first(val, limit), _first(test, limit)), class_names
    published = load_published(dataset.name)
    train, val = _cut(published.train, len(published.train.labels) // 10, rng)
    test = _sample(published.test, limit, rng)
    return (_first(train, limit), _first(val, limit), test), published.class_names


def _whole(dataset: Dataset, seed: int) -> tuple[ImageSet, tuple[str, ...]]:
    """All images of a set that needs no file from elsewhere."""
    if dataset.embedded:
        with np.load(embedded(dataset.embedded.name), allow_pickle=False) as file:
            return ImageSet(file["images"], file["labels"]), tuple("0123456789")
    drawn = make_shapes(_SHAPES, seed=seed, classes=dataset.classes)
    return ImageSet(drawn.images, drawn.labels), drawn.class_names


def _cut(images: ImageSet, count: int, rng: np.random.Generator) -> tuple[ImageSet, ImageSet]:
    """What is left, and `count` images cut off; both in an order of which any start is balanced."""
    order = _balanced(images.labels, rng)
    return _rows(images, order[count:]), _rows(images, order[:count])


def _sample(images: ImageSet, limit: int | None, rng: np.random.Generator) -> ImageSet:
    """A balanced sample in the order of the original."""
    return _rows(images, np.sort(_balanced(images.labels, rng)[:limit]))


def _first(images: ImageSet, limit: int | None) -> ImageSet:
    return ImageSet(images.images[:limit], images.labels[:limit])


def _rows(images: ImageSet, rows: npt.NDArray[np.intp]) -> ImageSet:
    return ImageSet(images.images[rows], images.labels[rows])


def _balanced(labels: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """A random order in which every class is spread evenly from start to end.

    The k-th of n images of a class gets a random place between k / n and (k + 1) / n.
    """
    place = np.empty(len(labels))
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        place[rows] = (np.arange(len(rows)) + rng.random(len(rows))) / len(rows)
    return np.argsort(place, kind="stable")


def _scaled(images: npt.NDArray[np.uint8], brightest: int) -> Images:
    scaled = images.astype(np.float32)
    scaled /= brightest
    return scaled
