"""A student's convolutional network, trained by the judge: for layers that are right and slow.

Reads the architecture and the initial parameters off the student's model. Layers, loop and
optimisers of the student's have checks of their own; nothing of them runs here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.arrays import as_array, as_number
from autograder.judging.check import Finding, NotAttempted
from autograder.sandbox.faults import Fault
from autograder.sandbox.remote import Remote, describe, fetch

from .formulas import softmax
from .own_layers import Affine, Convolution, Gelu, OwnLayer, Pooling, Rows
from .pictures import Pictures

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

MOST_PRODUCTS = 1e12  # of numbers, in all convolutions of a training: two minutes, or less
MOST_NUMBERS = 1 << 26  # in the windows of one batch: 256 MB
PARTS = 200  # images at a time, where nothing is learned
MOST_PIXELS = 64  # in strides, windows and borders
BETAS, TINY = (0.9, 0.999), 1e-8


@dataclass(frozen=True, kw_only=True)
class OwnNetwork:
    """Layers in a row."""

    layers: tuple[OwnLayer, ...]

    def forward(self, x: Array) -> Array:
        """Scores (N, C)."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: Array) -> None:
        """Fill the gradients of all layers."""
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)

    def share_right(self, images: Array, labels: Array) -> float:
        """The share of images whose highest score is at the label."""
        parts = [slice(start, start + PARTS) for start in range(0, len(images), PARTS)]
        right = [self.forward(images[part]).argmax(axis=1) == labels[part] for part in parts]
        return float(np.mean(np.concatenate(right)))

    def values(self) -> list[dict[str, Array]]:
        """Copies of all parameters."""
        return [{name: v.copy() for name, v in layer.params.items()} for layer in self.layers]


def read_network(model: Remote, data: Pictures, chosen: Mapping[str, Any]) -> OwnNetwork | None:
    """The judge's copy of a student's network; None for one that it cannot or should not train.

    It knows the layers of the assignment but dropout and batch norm, and takes what trains in
    about two minutes.
    """
    try:
        layers = tuple(_layer(layer) for layer in model.net.layers)
        layers[0].first = True
        network = OwnNetwork(layers=layers)
        scores = network.forward(data.train[0][:1])
    except (Fault, Finding, NotAttempted, _UnknownLayer, ValueError, IndexError, MemoryError):
        return None
    convolutions = [layer for layer in layers if isinstance(layer, Convolution)]
    numbers = max((layer.numbers for layer in convolutions), default=0)
    products = 3 * sum(layer.products for layer in convolutions) * len(data.train[0])
    fits = (
        scores.shape == (1, data.classes)
        and numbers * max(chosen["batch_size"], PARTS) <= MOST_NUMBERS
    )
    return network if fits and products * chosen["epochs"] <= MOST_PRODUCTS else None


def train_network(
    network: OwnNetwork, data: Pictures, chosen: Mapping[str, Any], rng: Generator
) -> None:
    """Do what `train_net` does, with the same settings: the parameters of the best epoch stay."""
    images, labels = data.train
    batch = min(int(chosen["batch_size"]), len(images))
    optimiser = _Optimiser(chosen)
    best, kept = -1.0, network.values()
    for _ in range(int(chosen["epochs"])):
        order = rng.permutation(len(images))
        for start in range(0, len(images) - batch + 1, batch):
            rows = order[start : start + batch]
            scores = network.forward(images[rows])
            upstream = softmax(scores)
            upstream[np.arange(batch), labels[rows]] -= 1
            network.backward(upstream / batch)
            optimiser.step(network.layers)
        reached = network.share_right(*data.val)
        if reached > best:
            best, kept = reached, network.values()
    for layer, values in zip(network.layers, kept, strict=True):
        layer.params = values


class _Optimiser:
    """SGD or Adam with the settings of a student's."""

    def __init__(self, chosen: Mapping[str, Any]) -> None:
        self._adam = chosen["optimizer"] == "Adam"
        self._rate = float(chosen["learning_rate"])
        self._decay = float(chosen.get("lr_decay", 1.0))
        self._every = chosen.get("lr_decay_every", 1000)
        self._moments: dict[tuple[int, str], tuple[Array, Array]] = {}
        self._steps = 0

    def step(self, layers: Sequence[OwnLayer]) -> None:
        self._steps += 1
        for number, layer in enumerate(layers):
            for name, gradient in layer.grads.items():
                change = self._adapted((number, name), gradient) if self._adam else gradient
                layer.params[name] -= np.float32(self._rate) * change
        if self._steps % self._every == 0:
            self._rate *= self._decay

    def _adapted(self, key: tuple[int, str], gradient: Array) -> Array:
        mean, square = self._moments.get(key, (np.zeros_like(gradient),) * 2)
        mean = BETAS[0] * mean + (1 - BETAS[0]) * gradient
        square = BETAS[1] * square + (1 - BETAS[1]) * gradient**2
        self._moments[key] = mean, square
        unbiased = mean / (1 - BETAS[0] ** self._steps), square / (1 - BETAS[1] ** self._steps)
        adapted: Array = unbiased[0] / (np.sqrt(unbiased[1]) + TINY)
        return adapted


class _UnknownLayer(Exception):  # noqa: N818 - makes None
    """A layer that the judge does not have."""


def _layer(layer: Remote) -> OwnLayer:
    match describe(layer):
        case "ConvLayer2D":
            w, b = _parameters(layer, 4)
            return Convolution(_whole(layer, "stride"), _whole(layer, "padding"), w=w, b=b)
        case "MaxPoolingLayer":
            return Pooling(_whole(layer, "pool_size"), _whole(layer, "stride"))
        case "fc":
            w, b = _parameters(layer, 2)
            return Affine(w=w, b=b)
        case "gelu":
            return Gelu()
        case "flatten":
            return Rows()
    raise _UnknownLayer


def _parameters(layer: Remote, dimensions: int) -> tuple[Array, Array]:
    w = as_array("w", layer.params[fetch(layer.w_name)])
    b = as_array("b", layer.params[fetch(layer.b_name)]).reshape(-1)
    if w.ndim != dimensions or b.shape != w.shape[-1:]:
        raise _UnknownLayer
    return w, b


def _whole(layer: Remote, name: str) -> int:
    number = as_number(name, getattr(layer, name))
    if not 0 <= number <= MOST_PIXELS or number != int(number):
        raise _UnknownLayer
    return int(number)
