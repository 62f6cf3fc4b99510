"""Our hidden tests of the benchmark's notebook: what its check cells compute, in the judge.

Sizes and comparisons are those of the cells, one for one; the inputs are drawn for each student.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    as_array,
    expect_close,
    expect_number,
    expect_shape,
    expect_unchanged,
)
from autograder.judging.check import Finding, check
from autograder.sandbox.remote import Remote, Student

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

SHAPES = {"W1": (6, 8), "b1": (8,), "W2": (8, 4), "b2": (4,)}


@check("affine_forward", points=1)
def affine_forward(student: Student, rng: Generator) -> None:
    """affine_forward multiplies and adds, for examples of any shape."""
    for shape in ((4, 2, 3), (1, 6)):
        x, w, b = rng.normal(size=shape), rng.normal(size=(6, 5)), rng.normal(size=5)
        out, _ = student.notebook().affine_forward(x, w, b)
        expect_close("out", out, x.reshape(len(x), 6).dot(w) + b)


@check("affine_backward", points=1)
def affine_backward(student: Student, rng: Generator) -> None:
    """affine_backward returns the gradients of x, w and b."""
    x, w, b = rng.normal(size=(4, 2, 3)), rng.normal(size=(6, 5)), rng.normal(size=5)
    dout = rng.normal(size=(4, 5))
    _, cache = student.notebook().affine_forward(x, w, b)
    dx, dw, db = student.notebook().affine_backward(dout, cache)
    expect_close("dx", dx, dout.dot(w.T).reshape(x.shape), like="x")
    expect_close("dw", dw, x.reshape(4, 6).T.dot(dout), like="w")
    expect_close("db", db, np.ones(4).dot(dout), like="b")


@check("relu_forward", points=1)
def relu_forward(student: Student, rng: Generator) -> None:
    """relu_forward lets positive numbers pass, and leaves its input as it is."""
    x = rng.normal(size=(5, 7))
    sent = student.send(x, "x")
    out, _ = student.notebook().relu_forward(sent)
    expect_close("out", out, np.where(x > 0, x, 0), like="x")
    expect_unchanged("x", sent, x)


@check("relu_backward", points=1)
def relu_backward(student: Student, rng: Generator) -> None:
    """relu_backward lets gradients pass where the input was positive."""
    x, dout = rng.normal(size=(5, 7)), rng.normal(size=(5, 7))
    _, cache = student.notebook().relu_forward(x)
    dx = student.notebook().relu_backward(dout, cache)
    expect_close("dx", dx, np.where(x > 0, dout, 0), like="x")


@check("softmax_loss", points=1)
def softmax_loss(student: Student, rng: Generator) -> None:
    """softmax_loss returns loss and gradient, for large scores too."""
    for scale in (1.0, 1000.0):
        x, y = scale * rng.normal(size=(6, 4)), rng.integers(4, size=6)
        loss, dx = student.notebook().softmax_loss(x, y)
        z = x - x.max(axis=1)[:, None]
        p = np.exp(z) / np.exp(z).sum(axis=1)[:, None]
        expect_number("loss", loss, np.mean(np.log(np.exp(z).sum(axis=1)) - z[range(6), y]))
        expect_close("dx", dx, (p - np.eye(4)[y]) / 6, like="x")


@check("two_layer_init", points=1)
def two_layer_init(student: Student, rng: Generator) -> None:
    """TwoLayerNet draws weights of the given scale, and biases of 0."""
    net = student.notebook().TwoLayerNet(500, 60, 7, weight_scale=0.02)
    for name, shape in {"W1": (500, 60), "b1": (60,), "W2": (60, 7), "b2": (7,)}.items():
        value = as_array(name, net.params[name])
        expect_shape(name, value, shape)
        if name.startswith("b") and np.any(value):
            raise Finding(f"`{name}` is not 0.")
        if name == "W1" and not abs(value.std() - 0.02) < 0.002:
            raise Finding(f"`W1` has the standard deviation {value.std():.3g}, not 0.02.")


@check("two_layer_scores", points=1)
def two_layer_scores(student: Student, rng: Generator) -> None:
    """TwoLayerNet.loss without labels returns the scores."""
    net, params = _net(student, rng, 0.0)
    X = rng.normal(size=(5, 6))
    hidden = np.maximum(X.dot(params["W1"]) + params["b1"], 0)
    expect_close("scores", net.loss(X), hidden.dot(params["W2"]) + params["b2"])


@check("two_layer_loss", points=1)
def two_layer_loss(student: Student, rng: Generator) -> None:
    """TwoLayerNet.loss returns the loss and its gradients."""
    for reg in (0.0, 0.7):
        net, params = _net(student, rng, reg)
        X, y = rng.normal(size=(5, 6)), rng.integers(4, size=5)
        loss, grads = net.loss(X, y)
        right, slopes = _loss(params, X, y, reg)
        expect_number("loss", loss, right)
        for name, slope in slopes.items():
            expect_close(f'grads["{name}"]', grads[name], slope, like=name)


@check("sgd", points=1)
def sgd(student: Student, rng: Generator) -> None:
    """sgd takes a step against the gradient."""
    w, dw = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    expect_close("sgd(w, dw, 0.1)", student.notebook().sgd(w, dw, 0.1), w - 0.1 * dw, like="w")


def _net(student: Student, rng: Generator, reg: float) -> tuple[Remote, dict[str, Array]]:
    net = student.notebook().TwoLayerNet(6, 8, 4, reg=reg)
    params = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}
    for name, value in params.items():
        net.params[name] = value
    return net, params


def _loss(
    params: dict[str, Array], X: Array, y: Array, reg: float
) -> tuple[float, dict[str, Array]]:
    W1, W2 = params["W1"], params["W2"]
    hidden = np.maximum(X.dot(W1) + params["b1"], 0)
    z = hidden.dot(W2) + params["b2"]
    z = z - z.max(axis=1)[:, None]
    p = np.exp(z) / np.exp(z).sum(axis=1)[:, None]
    loss = -np.mean(np.log(p[range(5), y])) + 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    up = (p - np.eye(4)[y]) / 5
    back = up.dot(W2.T) * (hidden > 0)
    slopes = {"W2": hidden.T.dot(up) + reg * W2, "b2": up.sum(axis=0)}
    return float(loss), slopes | {"W1": X.T.dot(back) + reg * W1, "b1": back.sum(axis=0)}
