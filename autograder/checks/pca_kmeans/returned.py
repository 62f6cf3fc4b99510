"""Reading what a student's function returns: several values, labels, centres, a history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.arrays import as_array, call, expect_shape
from autograder.judging.check import Finding
from autograder.sandbox.remote import Remote, describe

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class Clustering:
    """What `kmeans` returned: labels (n,), centres (k, d) and the history of J.

    `remote_history` is the history as the student has it, for messages with its call.
    """

    labels: Array
    centres: Array
    history: Array
    remote_history: Any


def several(function: str, got: object, names: tuple[str, ...]) -> tuple[Any, ...]:
    """The values of a tuple that was returned, as many as there are names.

    Raises
    ------
    Finding : for another number of them, and for None.
    """
    expected = f"expected ({', '.join(names)})"
    if got is None or describe(got) == "None":
        raise Finding(f"{call(got)} gives None, {expected}.", "Is a `return` missing?")
    parts = tuple(got) if isinstance(got, Remote | tuple | list) else (got,)
    if len(parts) != len(names):
        raise Finding(f"`{function}` returns {len(parts)} values, {expected}.")
    return parts


def read_labels(got: object, n: int, k: int) -> Array:
    """Labels (n,) as whole numbers from 0 to k - 1; a column (n, 1) will do."""
    labels = as_array("labels", got)
    if labels.shape != (n, 1):
        expect_shape("labels", got, (n,))
    labels = labels.reshape(n)
    whole = np.rint(labels)
    if np.abs(labels - whole).max() > 0:
        raise Finding(f"{call(got)} gives `labels` that are not whole numbers.")
    if whole.min() == 1 and whole.max() == k:
        raise Finding(f"{call(got)} numbers the clusters from 1; expected 0 to {k - 1}.")
    if whole.min() < 0 or whole.max() >= k:
        wrong = int(whole.max() if whole.max() >= k else whole.min())
        raise Finding(f"{call(got)} gives the label {wrong}; expected 0 to {k - 1}.")
    return whole.astype(np.int64)


def read_centres(got: object, shape: tuple[int, int]) -> Array:
    """Finite centres (k, d); NaN is put down to the empty cluster that it comes from."""
    centres = as_array("centres", got)
    if centres.shape == shape and np.isnan(centres).any():
        first = int(np.isnan(centres).any(axis=1).argmax())
        raise Finding(
            f"{call(got)} gives centre {first} as NaN.",
            "Does its cluster have no samples? Then the mean is 0/0; keep the centre instead.",
        )
    return expect_shape("centres", got, shape)


def read_clustering(function: str, got: object, X: Array, k: int) -> Clustering:
    """Labels, centres and history of `kmeans` or `kmeans_l1`, in the right shapes."""
    labels, centres, history = several(function, got, ("labels", "centres", "history"))
    entries = as_array("history", history).reshape(-1)
    if not entries.size:
        raise Finding(f"{call(got)} gives an empty `history`.", "It has one entry for each round.")
    if not np.isfinite(entries).all():
        first = int((~np.isfinite(entries)).argmax())
        raise Finding(
            f"{call(got)} gives a `history` that is {entries[first]} from round {first + 1} on.",
            "Does a cluster lose all its samples? Then the mean is 0/0; keep the centre instead.",
        )
    return Clustering(
        labels=read_labels(labels, len(X), k),
        centres=read_centres(centres, (k, X.shape[1])),
        history=entries,
        remote_history=history,
    )
