"""Two hidden layers, derivatives forward. A variant: right, and unlike the reference."""

import numpy as np

from .parameters import pack, unpack


def predict(params, x):
    return values_and_rates(params, x, None)[0]


def values_and_rates(params, x, rates):
    value = np.asarray(x)[:, None]
    rate = np.zeros((len(x), 1))
    for k in ("1", "2", "3"):
        if rates is not None:
            rate = rate @ params["W" + k] + value @ rates["W" + k] + rates["b" + k]
        value = value @ params["W" + k] + params["b" + k]
        if k != "3":
            rate = rate * np.heaviside(value, 1.0)
            value = value.clip(min=0)
    return value[:, 0], rate[:, 0]


def features(params, x):
    size = len(pack(params))
    matrix = np.empty((len(x), size))
    for p in range(size):
        matrix[:, p] = values_and_rates(params, x, unpack(np.eye(size)[p], params))[1]
    return matrix
