"""The judge's own layers and optimisers, against which students' modules are held.

Written for clearness, with loops, and apart from the reference solutions, so that one mistake
cannot hide in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

ROOT = float(np.sqrt(2 / np.pi))


def gelu(x: Array) -> Array:
    """The tanh form of x Phi(x); Hendrycks and Gimpel, *Gaussian error linear units* (2016)."""
    activated: Array = x / (1 + np.exp(-2 * _gelu_inner(x)))
    return activated


def gelu_slope(x: Array) -> Array:
    """The derivative of `gelu`, from the logistic function of twice the inner polynomial."""
    share: Array = 1 / (1 + np.exp(-2 * _gelu_inner(x)))
    inner_slope = ROOT * (1 + 3 * 0.044715 * x * x)
    slope: Array = share + 2 * x * share * (1 - share) * inner_slope
    return slope


def _gelu_inner(x: Array) -> Array:
    # beyond 10 the logistic function is 0 or 1 in float64, and a larger cube would overflow it
    x = np.clip(x, -10, 10)
    inner: Array = ROOT * (x + 0.044715 * x * x * x)  # NumPy takes powers slowly
    return inner


def softmax(scores: Array) -> Array:
    """Probabilities of each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def cross_entropies(scores: Array, labels: Array) -> Array:
    """The loss of each row, of shape (N,)."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    chosen = (shifted * np.eye(scores.shape[1])[labels]).sum(axis=1)
    losses: Array = np.log(np.exp(shifted).sum(axis=1)) - chosen
    return losses


@dataclass(frozen=True, kw_only=True)
class TwoLayers:
    """fc - gelu - fc on rows x (N, D): what it computes and all its gradients."""

    w1: Array
    b1: Array
    w2: Array
    b2: Array

    def scores(self, x: Array) -> Array:
        """Scores (N, C)."""
        return gelu(x @ self.w1 + self.b1) @ self.w2 + self.b2

    def gradients(self, x: Array, upstream: Array) -> tuple[TwoLayers, Array]:
        """The gradients of the four parameters, and that of x, for the gradient of the scores."""
        before = x @ self.w1 + self.b1
        inner = (upstream @ self.w2.T) * gelu_slope(before)
        mine = TwoLayers(
            w1=x.T @ inner,
            b1=inner.sum(axis=0),
            w2=gelu(before).T @ upstream,
            b2=upstream.sum(axis=0),
        )
        return mine, inner @ self.w1.T

    def named(self, first: str = "fc1", second: str = "fc2") -> dict[str, Array]:
        """The parameters by the names that `sequential` uses."""
        values = (self.w1, self.b1, self.w2, self.b2)
        names = (f"{first}_w", f"{first}_b", f"{second}_w", f"{second}_b")
        return dict(zip(names, values, strict=True))


def random_layers(
    rng: np.random.Generator, inputs: int, hidden: int, outputs: int, scale: float = 0.6
) -> TwoLayers:
    """Parameters none of which is trivial."""
    return TwoLayers(
        w1=scale * rng.standard_normal((inputs, hidden)),
        b1=scale * rng.standard_normal(hidden),
        w2=scale * rng.standard_normal((hidden, outputs)),
        b2=scale * rng.standard_normal(outputs),
    )


def convolve(x: Array, w: Array, b: Array, stride: int, padding: int) -> Array:
    """Images x (N, H, W, C) under filters w (k, k, C, F), not flipped."""
    padded = pad(x, padding)
    size = w.shape[0]
    down = (padded.shape[1] - size) // stride + 1
    across = (padded.shape[2] - size) // stride + 1
    out = np.empty((len(x), down, across, w.shape[3]))
    for i, j in np.ndindex(down, across):
        window = _window(padded, i * stride, j * stride, size)
        out[:, i, j] = np.einsum("nyxc,yxcf->nf", window, w) + b
    return out


def convolution_gradients(
    x: Array, w: Array, upstream: Array, stride: int, padding: int, *, scatter_stride: int = 0
) -> tuple[Array, Array]:
    """Gradients of x and w; `scatter_stride` puts the windows of x at another, wrong stride."""
    padded, size = pad(x, padding), w.shape[0]
    dx, dw = np.zeros_like(padded), np.zeros_like(w)
    step = scatter_stride or stride
    for i, j in np.ndindex(upstream.shape[1:3]):
        window = _window(padded, i * stride, j * stride, size)
        dw += np.einsum("nyxc,nf->yxcf", window, upstream[:, i, j])
        part = np.einsum("nf,yxcf->nyxc", upstream[:, i, j], w)
        _window(dx, i * step, j * step, size)[...] += part
    return crop(dx, padding), dw


def pool(x: Array, size: int, stride: int) -> Array:
    """The largest value of each window of x (N, H, W, C)."""
    down, across = ((side - size) // stride + 1 for side in x.shape[1:3])
    out = np.empty((len(x), down, across, x.shape[3]))
    for i, j in np.ndindex(down, across):
        out[:, i, j] = _window(x, i * stride, j * stride, size).max(axis=(1, 2))
    return out


def pool_gradient(x: Array, upstream: Array, size: int, stride: int) -> Array:
    """The gradient of x; where values are equal in a window, each of them gets it."""
    dx = np.zeros_like(x)
    for i, j in np.ndindex(upstream.shape[1:3]):
        window = _window(x, i * stride, j * stride, size)
        largest = window == window.max(axis=(1, 2), keepdims=True)
        part = largest * upstream[:, i : i + 1, j : j + 1]
        _window(dx, i * stride, j * stride, size)[...] += part
    return dx


def batch_norm(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Every feature, an entry of the last axis, with mean `beta` and deviation `gamma`."""
    return np.asarray(gamma * _normal(x, eps) + beta)


def batch_norm_gradients(
    x: Array, gamma: Array, upstream: Array, eps: float
) -> tuple[Array, Array, Array]:
    """Gradients of x, gamma and beta."""
    axes = tuple(range(x.ndim - 1))
    normal, inner = _normal(x, eps), gamma * upstream
    outer = inner - inner.mean(axis=axes) - normal * (inner * normal).mean(axis=axes)
    dx = outer / np.sqrt(x.var(axis=axes) + eps)
    return dx, (upstream * normal).sum(axis=axes), upstream.sum(axis=axes)


def _normal(x: Array, eps: float) -> Array:
    axes = tuple(range(x.ndim - 1))
    return np.asarray((x - x.mean(axis=axes)) / np.sqrt(x.var(axis=axes) + eps))


def pad(x: Array, padding: int) -> Array:
    """Zeros around images (N, H, W, C)."""
    return np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))


def crop(x: Array, padding: int) -> Array:
    """What `pad` added is taken away."""
    return x[:, padding : x.shape[1] - padding, padding : x.shape[2] - padding]


def _window(x: Array, top: int, left: int, size: int) -> Array:
    return x[:, top : top + size, left : left + size]


def adam(
    value: Array,
    gradients: Sequence[Array],
    *,
    lr: float,
    betas: tuple[float, float],
    weight_decay: float = 0.0,
    counts: Sequence[float] = (),
    eps: float = 1e-8,
    start: Mapping[str, Array] | None = None,
) -> list[Array]:
    """The parameter after each step of Adam; Kingma and Ba, *Adam* (2015), algorithm 1.

    Parameters
    ----------
    weight_decay : its share of the parameter is subtracted in each step, apart from the gradient;
        Loshchilov and Hutter, *Decoupled weight decay regularization* (2019).
    counts : t of each step; 1, 2, 3, ... by default; infinity leaves out the bias correction.
    eps : is added to the root of v.
    start : ``m`` and ``v`` before the first step; zeros by default.
    """
    beta1, beta2 = betas
    mean = start["m"] if start else np.zeros_like(value)
    square = start["v"] if start else np.zeros_like(value)
    history = []
    for step, gradient in enumerate(gradients):
        t = counts[step] if counts else step + 1
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        first, second = mean / (1 - beta1**t), square / (1 - beta2**t)
        value = value - lr * first / (np.sqrt(second) + eps) - weight_decay * value
        history.append(value)
    return history
