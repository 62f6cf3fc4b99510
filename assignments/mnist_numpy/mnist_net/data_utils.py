"""Data sets ready for training: found, split, centred and scaled. Also writes tables as CSV.

``load_data("mnist8k")`` and ``load_data("digits")`` read files in ``data/``, and
``load_data("shapes")`` draws its images, so none of them needs a network. MNIST and CIFAR-10 are
read from the folder that the environment variable AUTOGRADER_DATA names: the official files, as
downloaded or unpacked.
"""

import csv
import os
from pathlib import Path

import numpy as np

from . import readers, shapes
from .missing import missing_data
from .settings import require_known

EMBEDDED = ("mnist8k", "digits")
PUBLISHED = {"mnist": readers.read_mnist, "cifar10": readers.read_cifar10}
PATTERNS = {
    "mnist": ("mnist", "MNIST/raw"),
    "cifar10": ("cifar-10-batches-*", "cifar-10*.tar.gz", "*/cifar-10*.tar.gz"),
}
FOLDER = Path(__file__).resolve().parent.parent / "data"


def load_data(name="mnist8k", num_train=4000, num_val=1000, num_test=3000, seed=0):
    """Load a data set in three parts, as `split_and_scale` returns it.

    Parameters
    ----------
    name : "mnist8k", "digits", "shapes", "mnist" or "cifar10"
        8,000 of MNIST's training images, 800 of each digit; 1,797 grey images of 8 x 8 pixels; any
        number of colour images of 32 x 32 pixels; 70,000 grey images of 28 x 28 pixels; 60,000
        colour images of 32 x 32 pixels.
    num_train, num_val, num_test : int
        How many images each part has. MNIST and CIFAR-10 take training and validation images
        from their publishers' training images, and test images from their test images.
    seed : int
        Of the shuffling, and of the drawing of shapes.

    Raises
    ------
    ValueError
        Another name, or more images than there are.
    FileNotFoundError
        The files of MNIST or CIFAR-10 are not there.
    """
    require_known(name, (*EMBEDDED, "shapes", *PUBLISHED))
    numbers = (num_train, num_val, num_test)
    if name in EMBEDDED:
        with np.load(FOLDER / f"{name}.npz") as file:
            return split_and_scale(file["images"], file["labels"], *numbers, seed=seed)
    if name == "shapes":
        drawn = shapes.make_shapes(sum(numbers), seed=seed)
        return split_and_scale(drawn.images, drawn.labels, *numbers, seed=seed)
    if (FOLDER / f"{name}.npz").is_file():
        return _from_sample(FOLDER / f"{name}.npz", numbers)
    return split_published(PUBLISHED[name](_found(name)), *numbers, seed=seed)


def _from_sample(path, numbers):
    """The few images that stand in for a large data set where submissions are graded.

    Every part begins with the same images, and has at most as many as there are.
    """
    with np.load(path) as file:
        images, labels = file["images"], file["labels"]
    numbers = [min(number, len(images)) for number in numbers]
    rows = np.concatenate([np.arange(number) for number in numbers])
    return split_and_scale(images[rows], labels[rows], *numbers, shuffle=False)


def _found(name):
    """The first thing in the folder of AUTOGRADER_DATA that has one of the names of a data set."""
    folder = Path(os.environ.get("AUTOGRADER_DATA", "."))
    for pattern in PATTERNS[name]:
        for path in sorted(folder.glob(pattern)):
            return path
    raise missing_data(name, folder.resolve(), PATTERNS[name])


def split_published(published, num_train, num_val, num_test, *, seed=0):
    """Split a publisher's training images in two, and take the test images from its test part."""
    rng = np.random.default_rng(seed)
    parts = ((published.train, num_train + num_val), (published.test, num_test))
    chosen = [_draw(part, count, rng) for part, count in parts]
    images, labels = (np.concatenate(both) for both in zip(*chosen, strict=True))
    return split_and_scale(images, labels, num_train, num_val, num_test, shuffle=False)


def _draw(part, count, rng):
    if count > len(part.images):
        raise ValueError(f"{count} images are asked for, and there are {len(part.images)}")
    rows = rng.permutation(len(part.images))[:count]
    return part.images[rows], part.labels[rows]


def split_and_scale(images, labels, num_train, num_val, num_test, *, seed=0, shuffle=True):
    """Shuffle images, cut them into three parts, centre and scale them.

    From every image the mean image of the training part is subtracted, and the result is divided
    by one number, the standard deviation of all pixels of the training part. So the learning
    rates that suit one data set are of the same order as those that suit another.

    Parameters
    ----------
    images : array of shape (N, channels, height, width)
    labels : integer array of shape (N,)
    num_train, num_val, num_test : int
        Together at most N.
    seed : int
        Of the shuffling.
    shuffle : bool
        False takes the images in their order.

    Returns
    -------
    data : dict
        ``X_train`` float32 of shape (num_train, channels, height, width), ``y_train`` int64 of
        shape (num_train,), and likewise ``X_val``, ``y_val``, ``X_test``, ``y_test``;
        ``mean_image`` float32 of shape (channels, height, width), also divided by the standard
        deviation, so that ``X_train + mean_image`` are images to look at.
    """
    wanted = num_train + num_val + num_test
    if wanted > len(images):
        raise ValueError(f"{wanted} images are asked for, and there are {len(images)}")
    order = np.random.default_rng(seed).permutation(len(images)) if shuffle else np.arange(wanted)
    train, val, test = np.split(order[:wanted], [num_train, num_train + num_val])
    mean = images[train].mean(axis=0, dtype=np.float64)
    scale = np.sqrt(np.mean((images[train] - mean) ** 2))
    data = {}
    for part, rows in (("train", train), ("val", val), ("test", test)):
        data[f"X_{part}"] = ((images[rows] - mean) / scale).astype(np.float32)
        data[f"y_{part}"] = labels[rows].astype(np.int64)
    data["mean_image"] = (mean / scale).astype(np.float32)
    return data


def save_csv(path, header, rows):
    """Write a table as a CSV file, one line for the header and one for each row.

    Parameters
    ----------
    path : str or Path
    header : sequence of column names
    rows : iterable of sequences as long as `header`
    """
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
