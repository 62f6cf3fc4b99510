"""The judge's own networks: small, independent formulas that students' networks are held against.

Nothing here shares code with the reference solutions, so that one mistake cannot hide in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def softmax(x: Array, y: Array) -> tuple[float, Array]:
    """Mean cross-entropy of scores x (N, C) for labels y (N,), and its gradient (N, C).

    Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.3.4.
    """
    shifted = x - x.max(axis=1, keepdims=True)
    log_probability = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    chosen = np.eye(x.shape[1])[y]
    loss = -float((chosen * log_probability).sum()) / len(x)
    return loss, (np.exp(log_probability) - chosen) / len(x)


def svm(x: Array, y: Array) -> tuple[float, Array]:
    """Mean multiclass hinge loss with margin 1, and its gradient; shapes as in `softmax`.

    Weston and Watkins, *Multi-class support vector machines* (1998).
    """
    chosen = np.eye(x.shape[1])[y]
    margins = x - (x * chosen).sum(axis=1, keepdims=True) + 1 - chosen
    violated = (margins > 0) * (1 - chosen)
    gradient = violated - chosen * violated.sum(axis=1, keepdims=True)
    return float((margins * violated).sum()) / len(x), gradient / len(x)


def scores(params: Mapping[str, Array], X: Array) -> Array:
    """Scores (N, C) of affine layers W1, b1, ..., with a ReLU after each but the last."""
    return _activations(params, X)[-1]


def loss_and_gradients(
    params: Mapping[str, Array], X: Array, y: Array, reg: float
) -> tuple[float, dict[str, Array]]:
    """Softmax loss plus reg/2 times the squared weights, and the gradient of every parameter."""
    values = _activations(params, X)
    loss, upstream = softmax(values[-1], y)
    gradients: dict[str, Array] = {}
    for layer in range(len(params) // 2, 0, -1):
        weight = params[f"W{layer}"]
        loss += 0.5 * reg * float((weight**2).sum())
        gradients[f"W{layer}"] = values[layer - 1].T @ upstream + reg * weight
        gradients[f"b{layer}"] = upstream.sum(axis=0)
        if layer > 1:
            upstream = (upstream @ weight.T) * (values[layer - 1] > 0)
    return loss, gradients


def random_parameters(
    rng: np.random.Generator, sizes: Sequence[int], scale: float = 0.5
) -> dict[str, Array]:
    """Weights (sizes[i-1], sizes[i]) and biases (sizes[i],), none of them trivial."""
    params: dict[str, Array] = {}
    for layer, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = scale * rng.standard_normal((inputs, outputs))
        params[f"b{layer}"] = scale * rng.standard_normal(outputs)
    return params


def _activations(params: Mapping[str, Array], X: Array) -> list[Array]:
    values = [X.reshape(len(X), -1)]
    last = len(params) // 2
    for layer in range(1, last + 1):
        out = values[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
        values.append(out if layer == last else np.maximum(out, 0))
    return values
