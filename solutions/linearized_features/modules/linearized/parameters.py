"""Parameters: how networks begin, and the order in which parameters stand in a vector. Given.

Parameters are a dictionary of float64 arrays. With H units in each hidden layer:

=====  ==============  ===============
name   shallow         deep
=====  ==============  ===============
W1     (1, H)          (1, H)
b1     (H,)            (H,)
W2     (H, 1)          (H, H)
b2     (1,)            (H,)
W3                     (H, 1)
b3                     (1,)
=====  ==============  ===============
"""

import numpy as np

ORDER = ("W1", "b1", "W2", "b2", "W3", "b3")


def begin_shallow(hidden, seed=None):
    """Parameters of a network with one hidden layer, whose elbows are spread over [-1, 1].

    Parameters
    ----------
    hidden : int, H
    seed : int or None
    """
    rng = np.random.default_rng(seed)
    slopes = rng.choice([-1.0, 1.0], size=hidden) * rng.uniform(0.5, 1.5, size=hidden)
    return {
        "W1": slopes.reshape(1, hidden),
        "b1": -slopes * rng.uniform(-1, 1, size=hidden),
        "W2": rng.standard_normal((hidden, 1)) / np.sqrt(hidden),
        "b2": np.zeros(1),
    }


def begin_deep(hidden, seed=None):
    """The same with a second hidden layer of equal size.

    Parameters
    ----------
    hidden : int, H
    seed : int or None
    """
    rng = np.random.default_rng(seed)
    first = begin_shallow(hidden, rng.integers(1 << 30))
    return {
        "W1": first["W1"],
        "b1": first["b1"],
        "W2": rng.standard_normal((hidden, hidden)) * np.sqrt(2 / hidden),
        "b2": 0.1 * rng.standard_normal(hidden),
        "W3": rng.standard_normal((hidden, 1)) / np.sqrt(hidden),
        "b3": np.zeros(1),
    }


def pack(params):
    """All parameters in one vector of length P: W1, b1, W2, b2, ..., each row after row.

    >>> pack({"b1": np.array([3.0, 4.0]), "W1": np.array([[1.0, 2.0]])})
    array([1., 2., 3., 4.])
    """
    return np.concatenate([np.ravel(params[name]) for name in ORDER if name in params])


def unpack(vector, like):
    """The dictionary with the shapes of `like` whose `pack` is `vector`.

    >>> unpack(np.array([1.0, 2.0]), {"W1": np.zeros((1, 1)), "b1": np.zeros(1)})
    {'W1': array([[1.]]), 'b1': array([2.])}
    """
    params, start = {}, 0
    for name in ORDER:
        if name in like:
            size = np.size(like[name])
            params[name] = vector[start : start + size].reshape(np.shape(like[name]))
            start += size
    return params
