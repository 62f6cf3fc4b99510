"""Checks of functions, a class of layers, and a notebook."""

import numpy as np

from autograder.judging.arrays import expect_close, expect_number, expect_unchanged
from autograder.judging.check import check


@check("scale_forward", points=2)
def scale_forward(student, rng):
    """scale_forward multiplies."""
    x, w = rng.standard_normal(3), 2.0
    sent = student.send(x, "x")
    expect_close("out", student.layers.scale_forward(sent, w)[0], x * w)
    expect_unchanged("x", sent, x)


@check("scale_backward", points=2, needs="scale_forward")
def scale_backward(student, rng):
    """scale_backward is its gradient."""
    x, dout = rng.standard_normal(3), rng.standard_normal(3)
    _, cache = student.layers.scale_forward(x, 3.0)
    expect_close("dx", student.layers.scale_backward(dout, cache), 3 * dout)


@check("scale_twice", points=1, needs="scale_backward")
def scale_twice(student, rng):
    """scale_forward can be called twice."""
    x = rng.standard_normal(3)
    for w in (2.0, 4.0):
        expect_close("out", student.layers.scale_forward(x, w)[0], w * x)


@check("shift", points=1)
def shift(student, rng):
    """shift adds 1."""
    x = rng.standard_normal(3)
    expect_close("out", student.layers.shift(x), x + 1)


@check("layer", points=2)
def layer(student, rng):
    """Layer multiplies, and keeps the gradient of its weight."""
    x, dout = rng.standard_normal(3), rng.standard_normal(3)
    one = student.layers.Layer(2.0)
    expect_close("out", one.forward(x), 2 * x)
    expect_close("dx", one.backward(dout), 2 * dout)
    expect_close("grads['w']", one.grads["w"], np.dot(x, dout))


@check("mean", points=1)
def mean(student, rng):
    """mean is the mean."""
    x = rng.standard_normal(5)
    expect_number("mean", student.notebook().mean(x), x.mean())


@check("chain", points=3, needs=("scale_backward", "shift"))
def chain(student, rng):
    """chain_forward and chain_backward are shift after scale."""
    x, dout = rng.standard_normal(4), rng.standard_normal(4)
    out, cache = student.chain.chain_forward(x, 2.0)
    expect_close("out", out, 2 * x + 1)
    expect_close("dx", student.chain.chain_backward(dout, cache), 2 * dout)


@check("net", points=2, needs="layer")
def net(student, rng):
    """Net trains its layer's weight."""
    one = student.chain.Net(2.0)
    x = rng.standard_normal(4)
    for _ in range(3):
        one.step(x)
    expect_number("w", one.layer.params["w"], 2 - 3 * 0.1 * float(np.dot(x, x)))


@check("built", points=1)
def built(student, rng):
    """Built makes two layers."""
    found = student.chain.Built(3.0)
    expect_number("w", found.layers[1].params["w"], 6.0)


@check("train", points=2, needs=("net", "built"))
def train(student, rng):
    """train takes steps, and says what came of them."""
    x, net = rng.standard_normal(4), student.chain.Net(2.0)
    right = 2 - 2 * 0.1 * float(np.dot(x, x))
    expect_number("w", student.chain.train(net, x, student.chain.Built(1.0)), right + 2)
    expect_number("w", net.layer.params["w"], right)


@check("spread", points=2, needs="mean")
def spread(student, rng):
    """spread is the mean distance from the mean."""
    x = rng.standard_normal(5)
    expect_number("spread", student.notebook().spread(x), np.abs(x - x.mean()).mean())


@check("either", points=1)
def either(student, rng):
    """either is the mean or the spread, whichever the student likes."""
    x = rng.standard_normal(5)
    expect_number("either", student.notebook().either(x), x.mean())


@check("all_three", points=1, needs=("scale_backward", "shift", "layer"))
def all_three(student, rng):
    """all_three needs three parts."""
    expect_number("value", student.chain.all_three(2.0), 5.0)


@check("fixed", points=1, needs="chain")
def fixed(student, rng):
    """Everything together, with nothing of its own."""
    out, _ = student.chain.chain_forward(rng.standard_normal(2), 0.0)
    expect_close("out", out, np.ones(2))
