"""The judge's own network of three layers: formulas that share no code with the reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Parameters = Mapping[str, Array]

LAYERS = (1, 2, 3)
BOTH_HIDDEN = (1, 2)


def cross_entropy(scores: Array, y: Array) -> tuple[float, Array]:
    """Mean cross-entropy of scores (N, C) for labels y (N,), and its gradient (N, C).

    Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.3.4.
    """
    shifted = scores - scores.max(axis=1)[:, None]
    log_sum = np.log(np.exp(shifted).sum(axis=1))[:, None]
    wanted = np.eye(scores.shape[1])[y]
    loss = float(((log_sum - shifted) * wanted).sum() / len(scores))
    return loss, (np.exp(shifted - log_sum) - wanted) / len(scores)


def scores(params: Parameters, X: Array, *, rectified: Sequence[int] = BOTH_HIDDEN) -> Array:
    """Scores (N, C); `rectified` are the layers that a ReLU follows."""
    return _outputs(params, X, rectified)[-1]


def loss(params: Parameters, X: Array, y: Array) -> float:
    """Mean cross-entropy of the network's scores."""
    return cross_entropy(scores(params, X), y)[0]


def gradients(
    params: Parameters, X: Array, y: Array, *, masked: Sequence[int] = BOTH_HIDDEN
) -> dict[str, Array]:
    """The gradient of every parameter.

    `masked` are the layers whose gradient is stopped where their output is not positive; other
    ones than the two hidden layers give the gradients of known mistakes.
    """
    outputs = _outputs(params, X, BOTH_HIDDEN)
    upstream = cross_entropy(outputs[-1], y)[1]
    found: dict[str, Array] = {}
    for layer in reversed(LAYERS):
        if layer in masked:
            upstream = np.where(outputs[layer] > 0, upstream, 0.0)
        found[f"W{layer}"] = outputs[layer - 1].T @ upstream
        found[f"b{layer}"] = np.ones(len(X)) @ upstream
        upstream = upstream @ params[f"W{layer}"].T
    return {name: found[name] for name in params}


def descent(params: Parameters, X: Array, y: Array, rate: float) -> Iterator[dict[str, Array]]:
    """Parameters after 1, 2, 3, ... updates on one and the same batch."""
    now = dict(params)
    while True:
        slope = gradients(now, X, y)
        now = {name: value - rate * slope[name] for name, value in now.items()}
        yield now


def random_parameters(
    rng: np.random.Generator, sizes: Sequence[int], scale: float = 0.5
) -> dict[str, Array]:
    """Weights (sizes[l-1], sizes[l]) and biases (sizes[l],), none of them trivial."""
    params: dict[str, Array] = {}
    for layer, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = scale * rng.standard_normal((inputs, outputs))
        params[f"b{layer}"] = scale * rng.standard_normal(outputs)
    return params


def _outputs(params: Parameters, X: Array, rectified: Sequence[int]) -> list[Array]:
    values = [X.reshape(len(X), -1)]
    for layer in LAYERS:
        out = values[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
        values.append(np.where(out > 0, out, 0.0) if layer in rectified else out)
    return values
