"""Extra credit: looking at a trained model, and at what wrong labels do to training."""

import numpy as np


def confusion_matrix(labels, predictions, num_classes):
    """How often each class was taken for each other.

    Parameters
    ----------
    labels, predictions : integer arrays of shape (N,)
    num_classes : int

    Returns
    -------
    matrix : integer array of shape (num_classes, num_classes)
        ``matrix[i, j]`` counts the examples of class i that were predicted as class j.
    """
    ### BEGIN SOLUTION confusion_matrix
    matrix = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix
    ### END SOLUTION


def noisy_labels(labels, fraction, num_classes, seed=0):
    """Labels of which a part is wrong.

    Parameters
    ----------
    labels : integer array of shape (N,)
        It is not changed.
    fraction : float in [0, 1]
        ``round(fraction * N)`` examples, drawn without repetition, get a label that is *not*
        their own; each of the ``num_classes - 1`` wrong labels is as likely as the others.
    num_classes : int
    seed : int

    Returns
    -------
    noisy : integer array of shape (N,)
    """
    ### BEGIN SOLUTION label_noise
    random = np.random.default_rng(seed)
    noisy = np.array(labels)
    chosen = random.permutation(len(noisy))[: round(fraction * len(noisy))]
    shift = random.integers(1, num_classes, size=len(chosen))
    noisy[chosen] = (noisy[chosen] + shift) % num_classes
    return noisy
    ### END SOLUTION
