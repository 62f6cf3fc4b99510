"""The judge's own networks and derivatives, by other ways than the reference takes.

Derivatives go *forward* through the network, one parameter at a time: the rate at which every
value changes is carried along with it (Griewank and Walther, *Evaluating Derivatives*, 2008,
chapter 3). Singular values come from eigenvalues of the symmetric matrix of features.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Parameters = Mapping[str, Array]

PARAMETERS = ("W1", "b1", "W2", "b2", "W3", "b3")


def predict(params: Parameters, x: Array, *, rectified: Collection[int] | None = None) -> Array:
    """Values (N,) at x (N,); `rectified` are the layers that a ReLU follows: all but the last."""
    return _forward(params, {}, x, _hidden(params) if rectified is None else rectified)[0]


def features(params: Parameters, x: Array, *, masked: Collection[int] | None = None) -> Array:
    """The matrix (N, P) of derivatives, its columns in the order of `PARAMETERS`, row after row.

    `masked` are the layers whose ReLU stops the derivative; with fewer than all hidden layers it
    is a known mistake.
    """
    columns = []
    for name in names(params):
        for index in np.ndindex(params[name].shape):
            rate = np.zeros(params[name].shape)
            rate[index] = 1.0
            hidden = _hidden(params)
            columns.append(_forward(params, {name: rate}, x, hidden, masked)[1])
    return np.stack(columns, axis=1)


def names(params: Parameters) -> list[str]:
    """The parameters in their order."""
    return [name for name in PARAMETERS if name in params]


def blocks(params: Parameters) -> dict[str, slice]:
    """The columns that belong to each parameter."""
    found, start = {}, 0
    for name in names(params):
        found[name] = slice(start, start + params[name].size)
        start += params[name].size
    return found


def stepped(params: Parameters, x: Array, y: Array, rate: float) -> dict[str, Array]:
    """Parameters after one step of gradient descent on half the mean squared error."""
    slope = features(params, x).T @ (predict(params, x) - y) / len(x)
    return {
        name: params[name] - rate * slope[columns].reshape(params[name].shape)
        for name, columns in blocks(params).items()
    }


def loss(params: Parameters, x: Array, y: Array) -> float:
    """Half the mean squared error."""
    return float(np.mean((predict(params, x) - y) ** 2)) / 2


def left_part(matrix: Array) -> tuple[Array, Array]:
    """The principal functions (N, r) and singular values (r,), the largest first."""
    squares, functions = np.linalg.eigh(matrix @ matrix.T)
    size = min(matrix.shape)
    return functions[:, ::-1][:, :size], np.sqrt(np.maximum(squares[::-1][:size], 0.0))


def least_change(matrix: Array, residual: Array, count: int, *, power: int = 2) -> Array:
    """Minus the pseudo-inverse of the best matrix of rank `count`, times the residual.

    Golub and Van Loan, *Matrix Computations* (2013), section 5.5. Each term is J^T u (u . r)
    over s to some power: 2 is right, and others belong to known mistakes.
    """
    functions, values = left_part(matrix)
    used = min(count, int(np.sum(values > 1e-6 * values[0])))
    weights = (functions[:, :used].T @ residual) / values[:used] ** power
    change: Array = -matrix.T @ (functions[:, :used] @ weights)
    return change


def random_shallow(rng: np.random.Generator, hidden: int) -> dict[str, Array]:
    """Parameters with elbows on both sides of 0 and no trivial entry."""
    return _random(rng, {"W1": (1, hidden), "b1": (hidden,), "W2": (hidden, 1), "b2": (1,)})


def random_deep(rng: np.random.Generator, hidden: int) -> dict[str, Array]:
    """The same with a second hidden layer of equal size."""
    shapes: dict[str, tuple[int, ...]] = {"W1": (1, hidden), "b1": (hidden,)}
    shapes |= {"W2": (hidden, hidden), "b2": (hidden,), "W3": (hidden, 1), "b3": (1,)}
    return _random(rng, shapes)


def points_off_elbows(
    params: Parameters,
    rng: np.random.Generator,
    count: int,
    *,
    margin: float = 0.02,
    reach: float = 2.0,
) -> Array:
    """Points x, at most `reach` in size, at which no unit is within `margin` of switching."""
    x = rng.uniform(-reach, reach, size=50 * count)
    distance = np.full(len(x), np.inf)
    values = x[:, None]
    for layer in _hidden(params):
        inner = values @ params[f"W{layer}"] + params[f"b{layer}"]
        distance = np.minimum(distance, np.abs(inner).min(axis=1))
        values = np.maximum(inner, 0)
    far = x[distance > margin]
    return far[:count]


def _random(rng: np.random.Generator, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    signs = {name: rng.choice([-1.0, 1.0], size=shape) for name, shape in shapes.items()}
    return {name: signs[name] * rng.uniform(0.3, 1.3, size=s) for name, s in shapes.items()}


def _hidden(params: Parameters) -> range:
    return range(1, len(params) // 2)


def _forward(
    params: Parameters,
    rates: Parameters,
    x: Array,
    rectified: Collection[int],
    masked: Collection[int] | None = None,
) -> tuple[Array, Array]:
    """Values and their rates of change when the parameters change at `rates`."""
    stopping = rectified if masked is None else masked
    value, rate = x[:, None], np.zeros((len(x), 1))
    for layer in range(1, len(params) // 2 + 1):
        weight, bias = params[f"W{layer}"], params[f"b{layer}"]
        rate = rate @ weight + value @ rates.get(f"W{layer}", np.zeros_like(weight))
        rate = rate + rates.get(f"b{layer}", np.zeros_like(bias))
        value = value @ weight + bias
        if layer in stopping:
            rate = rate * (value > 0)
        if layer in rectified:
            value = np.maximum(value, 0)
    return value[:, 0], rate[:, 0]
