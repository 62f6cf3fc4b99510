"""The judge's own network of three layers: formulas that share no code with the reference.

Several networks can be computed side by side: then parameters, rows and labels all have one axis
more in front, and so have the results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Parameters = Mapping[str, Array]

LAYERS = (1, 2, 3)
BOTH_HIDDEN = (1, 2)


def cross_entropy(scores: Array, y: Array) -> tuple[Any, Array]:
    """Mean cross-entropy of scores (N, C) for labels y (N,), and its gradient (N, C).

    Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.3.4.
    """
    rows, classes = scores.shape[-2:]
    shifted = scores - scores.max(axis=-1)[..., None]
    log_sum = np.log(np.exp(shifted).sum(axis=-1))[..., None]
    wanted = np.eye(classes)[y]
    loss = ((log_sum - shifted) * wanted).sum(axis=(-2, -1)) / rows
    return loss, (np.exp(shifted - log_sum) - wanted) / rows


def scores(params: Parameters, X: Array, *, rectified: Sequence[int] = BOTH_HIDDEN) -> Array:
    """Scores (N, C); `rectified` are the layers that a ReLU follows."""
    return _outputs(params, X, rectified)[-1]


def loss(params: Parameters, X: Array, y: Array) -> Any:
    """Mean cross-entropy of the network's scores."""
    return cross_entropy(scores(params, X), y)[0]


def gradients(
    params: Parameters, X: Array, y: Array, *, masked: Sequence[int] = BOTH_HIDDEN
) -> dict[str, Array]:
    """The gradient of every parameter.

    `masked` are the layers whose gradient is stopped where their output is not positive; other
    ones than the two hidden layers give the gradients of known mistakes.
    """
    return loss_and_gradients(params, X, y, masked=masked)[1]


def loss_and_gradients(
    params: Parameters, X: Array, y: Array, *, masked: Sequence[int] = BOTH_HIDDEN
) -> tuple[Any, dict[str, Array]]:
    """The mean cross-entropy, and what `gradients` gives."""
    outputs = _outputs(params, X, BOTH_HIDDEN)
    mean, upstream = cross_entropy(outputs[-1], y)
    found: dict[str, Array] = {}
    for layer in reversed(LAYERS):
        if layer in masked:
            upstream = np.where(outputs[layer] > 0, upstream, 0.0)
        found[f"W{layer}"] = np.swapaxes(outputs[layer - 1], -1, -2) @ upstream
        found[f"b{layer}"] = upstream.sum(axis=-2)
        upstream = upstream @ np.swapaxes(params[f"W{layer}"], -1, -2)
    return mean, {name: found[name] for name in params}


def descent(params: Parameters, X: Array, y: Array, rate: float) -> Iterator[dict[str, Array]]:
    """Parameters after 1, 2, 3, ... updates on one and the same batch."""
    now = dict(params)
    while True:
        now = moved(now, gradients(now, X, y), rate)
        yield now


def moved(params: Parameters, slopes: Parameters, rate: float) -> dict[str, Array]:
    """The parameters after one step against these gradients."""
    return {name: value - rate * slopes[name] for name, value in params.items()}


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
    side_by_side = params["W1"].ndim > 2
    values = [X if side_by_side else X.reshape(len(X), -1)]
    for layer in LAYERS:
        out = values[-1] @ params[f"W{layer}"] + params[f"b{layer}"][..., None, :]
        values.append(np.where(out > 0, out, 0.0) if layer in rectified else out)
    return values
