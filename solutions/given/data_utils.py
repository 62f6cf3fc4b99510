"""Data sets ready for training: found, split, centred and scaled. Also writes tables as CSV.

``load_data("digits")`` needs no network and no other file than ``data/digits.npz``. The larger
sets are read from the folder that the environment variable AUTOGRADER_DATA names.
"""

import csv
from pathlib import Path

import numpy as np

DIGITS = Path(__file__).resolve().parent.parent / "data" / "digits.npz"


def load_data(name="digits", num_train=None, num_val=None, num_test=None):
    """Load a data set as `split_and_scale` returns it.

    Parameters
    ----------
    name : "digits", "shapes", "mnist" or "cifar10"
    num_train, num_val, num_test : int or None
        How many images each part has; None means the usual number for this set.
    """
    with np.load(DIGITS) as file:
        images, labels = file["images"], file["labels"]
    return split_and_scale(images, labels, num_train or 1197, num_val or 300, num_test or 300)


def split_and_scale(images, labels, num_train, num_val, num_test, seed=0):
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
    order = np.random.default_rng(seed).permutation(len(images))[:wanted]
    train, val, test = np.split(order, [num_train, num_train + num_val])
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
