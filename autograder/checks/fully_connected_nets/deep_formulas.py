"""The judge's own network with normalisation: scores by formulas, gradients by differences.

Backpropagation is what students write, so here the derivative is measured; these networks are small
enough for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .formulas import softmax

Array = np.ndarray[Any, np.dtype[Any]]
Params = Mapping[str, Array]
Statistics = Sequence[tuple[Array, Array]]  # mean and variance of every hidden layer

EPS = 1e-5
STEP = 1e-6
CLEAR = 1e-3  # how far from its kink a ReLU is, so that no step reaches it
NOTHING = 1e-7  # measured slopes below are rounding, as of a bias in front of batch normalisation


def random_deep(
    rng: np.random.Generator, sizes: Sequence[int], *, normalised: bool
) -> dict[str, Array]:
    """Weights, biases, gammas and betas, none of them trivial."""
    params: dict[str, Array] = {}
    last = len(sizes) - 1
    for layer, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = 0.6 * rng.standard_normal((inputs, outputs))
        params[f"b{layer}"] = 0.4 * rng.standard_normal(outputs)
        if normalised and layer < last:
            params[f"gamma{layer}"] = rng.uniform(0.5, 1.5, size=outputs)
            params[f"beta{layer}"] = 0.4 * rng.standard_normal(outputs)
    return params


def deep_scores(
    params: Params, X: Array, axis: int | None, *, running: Statistics | None = None
) -> Array:
    """Scores of affine - normalisation over `axis` - ReLU layers, and an affine one at the end.

    `running` statistics take the place of those of the batch; no axis is no normalisation.
    """
    return _steps(params, X, axis, running)[-1]


def clear_of_kinks(params: Params, X: Array, axis: int | None) -> bool:
    """Whether every ReLU is so far from 0 that a small step of a parameter does not switch it."""
    return all(bool((np.abs(before) > CLEAR).all()) for before in _steps(params, X, axis)[:-1])


def _steps(
    params: Params, X: Array, axis: int | None, running: Statistics | None = None
) -> list[Array]:
    """The input of every ReLU, and at last the scores."""
    hidden, found = X.reshape(len(X), -1), []
    last = sum(name.startswith("W") for name in params)
    for layer in range(1, last):
        hidden = hidden @ params[f"W{layer}"] + params[f"b{layer}"]
        if axis is not None:
            mean, var = running[layer - 1] if running else moments(hidden, axis)
            normal = (hidden - mean) / np.sqrt(var + EPS)
            hidden = params[f"gamma{layer}"] * normal + params[f"beta{layer}"]
        found.append(hidden)
        hidden = np.maximum(hidden, 0)
    return [*found, np.asarray(hidden @ params[f"W{last}"] + params[f"b{last}"])]


def moments(hidden: Array, axis: int) -> tuple[Array, Array]:
    """Mean and variance over an axis, which stays."""
    return hidden.mean(axis=axis, keepdims=True), hidden.var(axis=axis, keepdims=True)


def moments_of_layers(params: Params, X: Array) -> list[tuple[Array, Array]]:
    """Mean and variance over the batch in front of each batch normalisation."""
    found: list[tuple[Array, Array]] = []
    last = sum(name.startswith("W") for name in params)
    hidden = X.reshape(len(X), -1)
    for layer in range(1, last):
        hidden = hidden @ params[f"W{layer}"] + params[f"b{layer}"]
        found.append(moments(hidden, 0))
        normal = (hidden - found[-1][0]) / np.sqrt(found[-1][1] + EPS)
        hidden = np.maximum(params[f"gamma{layer}"] * normal + params[f"beta{layer}"], 0)
    return found


def deep_loss(params: Params, X: Array, y: Array, axis: int | None, reg: float) -> float:
    """Softmax loss plus reg/2 times the squared weights."""
    weights = sum(float((v**2).sum()) for name, v in params.items() if name.startswith("W"))
    return softmax(deep_scores(params, X, axis), y)[0] + 0.5 * reg * weights


def deep_gradients(
    params: Params, X: Array, y: Array, axis: int | None, reg: float
) -> dict[str, Array]:
    """The central difference of the loss for every entry of every parameter."""
    moved = {name: value.copy() for name, value in params.items()}
    found: dict[str, Array] = {}
    for name, value in moved.items():
        slopes = np.zeros(value.shape)
        for place in np.ndindex(value.shape):
            sides = []
            for step in (STEP, -STEP):
                value[place] = params[name][place] + step
                sides.append(deep_loss(moved, X, y, axis, reg))
            value[place] = params[name][place]
            slopes[place] = (sides[0] - sides[1]) / (2 * STEP)
        found[name] = np.where(np.abs(slopes) < NOTHING, 0.0, slopes)
    return found
