"""k-means with squared Euclidean distances, and its relative with absolute ones.

No function changes the arrays that it gets.
"""

import numpy as np


def assign(X, centres):
    """Step 1: give every sample to its nearest centre.

    Parameters
    ----------
    X : array of shape (n, d)
        One sample in each row.
    centres : array of shape (k, d)

    Returns
    -------
    labels : array of shape (n,)
        For each sample the number of its cluster, from 0 to k - 1. If several centres are equally
        near, any one of them will do.
    """
    raise NotImplementedError("TODO(assign)")


def update(X, labels, centres):
    """Step 2: move every centre to the mean of its cluster.

    Parameters
    ----------
    X : array of shape (n, d)
    labels : array of shape (n,), whole numbers from 0 to k - 1
    centres : array of shape (k, d)
        The centres so far; they are not changed.

    Returns
    -------
    moved : array of shape (k, d)
        A cluster without samples keeps its centre.
    """
    raise NotImplementedError("TODO(update)")


def objective(X, labels, centres):
    """J: the sum of the squared distances of the samples to the centres of their clusters.

    Parameters
    ----------
    X : array of shape (n, d)
    labels : array of shape (n,), whole numbers from 0 to k - 1
    centres : array of shape (k, d)

    Returns
    -------
    J : float
    """
    raise NotImplementedError("TODO(objective)")


def kmeans(X, k, init=None, seed=0, max_rounds=100):
    """Cluster samples: Step 1 and Step 2 by turns, until J no longer changes.

    Parameters
    ----------
    X : array of shape (n, d)
        One sample in each row.
    k : int
        How many clusters, 1 <= k <= n.
    init : array of shape (k, d), or None
        The centres to start from. For None choose them as you like, for instance k different
        samples drawn at random; then `seed` decides which.
    seed : int
    max_rounds : int
        Stop after so many rounds in any case. One round is Step 1 and then Step 2.

    Returns
    -------
    labels : array of shape (n,)
    centres : array of shape (k, d)
    history : list of float
        J after each round. The last entry is J of the labels and centres that are returned.
    """
    raise NotImplementedError("TODO(kmeans)")


def kmeans_l1(X, k, init=None, seed=0, max_rounds=100):
    """Cluster samples as `kmeans` does, with J' in place of J.

    J' is the sum of the absolute differences in all coordinates, ``sum |x - centre|``. Each step
    does for J' what it does for J in k-means: nearest means nearest in this distance, and the
    centre of a cluster is the point with the least J'. A cluster without samples keeps its centre.

    Parameters
    ----------
    X, k, init, seed, max_rounds : as in `kmeans`

    Returns
    -------
    labels : array of shape (n,)
    centres : array of shape (k, d)
    history : list of float
        J' after each round. The last entry belongs to the labels and centres that are returned.
    """
    raise NotImplementedError("TODO(kmeans_l1)")
