"""Colour images ready for convolutions: (N, height, width, channels), scaled, in three parts.

``load_data("shapes")`` draws its images and needs no file. CIFAR-100, with its 20 superclasses, is
read from the folder that the environment variable AUTOGRADER_DATA names.
"""

import os
from pathlib import Path

import numpy as np

from . import readers, shapes
from .missing import missing_data
from .settings import require_known

FOLDER = Path(__file__).resolve().parent.parent / "data"


def load_data(name="shapes", num_train=2000, num_val=400, num_test=1000, seed=0):
    """Load a data set in three parts.

    Parameters
    ----------
    name : "shapes" or "cifar100"
        Drawn images of 16 x 16 pixels in 10 classes, as many as you like; or photographs of
        32 x 32 pixels in 20 superclasses, for which training and validation images come from the
        publisher's training images, and test images from the test images.
    num_train, num_val, num_test : int
        How many images each part has.
    seed : int
        Of the drawing of shapes, and of the choice among photographs.

    Returns
    -------
    data : dict
        ``data_train`` float32 of shape (num_train, height, width, 3), ``labels_train`` int64 of
        shape (num_train,), likewise ``data_val``, ``labels_val``, ``data_test``, ``labels_test``;
        ``label_names``; ``mean_image`` and ``std_image`` of shape (1, 1, 1, 3): an image to look
        at is ``data * std_image + mean_image``, between 0 and 1.

    Raises
    ------
    ValueError
        Another name, or more images than there are.
    FileNotFoundError
        The files of CIFAR-100 are not there.
    """
    require_known(name, ("shapes", "cifar100"))
    counts = (num_train, num_val, num_test)
    if name == "shapes":
        drawn = shapes.make_shapes(sum(counts), seed=seed)
        images = _halved(drawn.images)
        return _scaled(images, drawn.labels, counts, drawn.class_names)
    if (FOLDER / f"{name}.npz").is_file():
        return _from_sample(FOLDER / f"{name}.npz", counts)
    published = readers.read_cifar100(_found("cifar-100*", "*/cifar-100*"), labels="coarse")
    rng = np.random.default_rng(seed)
    parts = [_draw(published.train, num_train + num_val, rng)]
    parts.append(_draw(published.test, num_test, rng))
    images, labels = (np.concatenate(both) for both in zip(*parts, strict=True))
    return _scaled(images / np.float32(255), labels, counts, published.class_names)


def in_pairs(data):
    """The parts as pairs (images, labels), under the names that `train_net` expects."""
    parts = ("train", "val", "test")
    return {f"data_{part}": (data[f"data_{part}"], data[f"labels_{part}"]) for part in parts}


def _halved(images):
    """Images (N, 3, 32, 32) at half the size: each pixel is the mean of four, between 0 and 1."""
    means = images.reshape(-1, 3, 16, 2, 16, 2).mean(axis=(3, 5), dtype=np.float32)
    return means / 255


def _from_sample(path, counts):
    """The few images that stand in for the photographs where submissions are graded.

    Every part begins with the same images, and has at most as many as there are.
    """
    with np.load(path) as file:
        images, labels, names = file["images"], file["coarse_labels"], file["coarse_names"]
    counts = [min(count, len(images)) for count in counts]
    rows = np.concatenate([np.arange(count) for count in counts])
    return _scaled(images[rows] / np.float32(255), labels[rows], counts, names.tolist())


def _scaled(images, labels, counts, names):
    train, val, test = np.split(np.arange(sum(counts)), np.cumsum(counts)[:-1])
    images = images.transpose(0, 2, 3, 1)
    mean = images[train].mean(axis=(0, 1, 2), keepdims=True)
    std = images[train].std(axis=(0, 1, 2), keepdims=True)
    data = {"label_names": list(names), "mean_image": mean, "std_image": std}
    for part, rows in (("train", train), ("val", val), ("test", test)):
        data[f"data_{part}"] = ((images[rows] - mean) / std).astype(np.float32)
        data[f"labels_{part}"] = labels[rows].astype(np.int64)
    return data


def _draw(part, count, rng):
    if count > len(part.images):
        raise ValueError(f"{count} images are asked for, and there are {len(part.images)}")
    rows = rng.permutation(len(part.images))[:count]
    return part.images[rows], part.labels[rows]


def _found(*patterns):
    """The first thing in the folder of AUTOGRADER_DATA that has such a name."""
    folder = Path(os.environ.get("AUTOGRADER_DATA", "."))
    for path in (path for pattern in patterns for path in sorted(folder.glob(pattern))):
        return path
    raise missing_data("cifar100", folder.resolve(), patterns)
