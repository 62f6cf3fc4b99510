"""The decomposition in other words. A variant: right, and unlike the reference."""

import numpy as np


def principal_features(matrix):
    U, s, _ = np.linalg.svd(matrix)
    return [-U, list(s)]


def features_needed(values, share):
    total = sum(v * v for v in values)
    held, k = 0.0, 0
    while held < share * total:
        held += values[k] ** 2
        k += 1
    return np.int64(k)


def least_change(matrix, residual, count):
    U, s, Vt = np.linalg.svd(matrix)
    change = np.zeros((matrix.shape[1], 1))
    for i in range(min(count, len(s))):
        if s[i] > 1e-10 * s[0]:
            change -= Vt[i][:, None] * (U[:, i] @ residual) / s[i]
    return change
