"""Hidden tests of max pooling: the basic case first, then one trait at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_unchanged,
)
from autograder.judging.check import Finding, check
from autograder.judging.own_forward import (
    BothWays,
    Inputs,
    WayBack,
    of_layer,
    or_of_own_forward,
    upstream,
)
from autograder.sandbox.remote import Remote, Student

from .formulas import pool, pool_gradient

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("maxpool_forward", points=3)
def maxpool_forward(student: Student, rng: Generator) -> None:
    """MaxPoolingLayer.forward takes the largest value of each window."""
    x = rng.standard_normal((3, 6, 6, 2)) - 3
    sent = student.send(x, "feat")
    blocks = x.reshape(3, 3, 2, 3, 2, 2)
    hints = Hints(
        mistakes=[
            Mistake(value=np.maximum(pool(x, 2, 2), 0), rationale="0 counts as one of the values."),
            Mistake(value=blocks.mean(axis=(2, 4)), rationale="it is the mean, not the maximum."),
            Mistake(
                value=np.broadcast_to(pool(x, 2, 2).max(axis=3, keepdims=True), (3, 3, 3, 2)),
                rationale="the maximum is taken over the channels as well.",
            ),
        ],
        help="Every image and every channel is pooled by itself.",
    )
    out = student.cnn.layer_utils.MaxPoolingLayer(2, 2).forward(sent)
    expect_close("out", out, pool(x, 2, 2), hints=hints)
    expect_unchanged("feat", sent, x)


@check("maxpool_backward", points=3, needs="maxpool_forward")
def maxpool_backward(student: Student, rng: Generator) -> None:
    """MaxPoolingLayer.backward sends each gradient to the largest entry of its window."""
    x, dprev = rng.standard_normal((3, 6, 6, 2)), rng.standard_normal((3, 3, 3, 2))
    layer = student.cnn.layer_utils.MaxPoolingLayer(2, 2)
    layer.forward(x[:2] - 1)  # an update before; nothing of it may be left
    layer.backward(dprev[:2] + 1)
    layer.forward(x)
    sent = student.send(dprev, "dprev")
    spread = np.repeat(np.repeat(dprev, 2, axis=1), 2, axis=2)
    hints = Hints(
        mistakes=[
            Mistake(value=spread, rationale="every entry of a window gets the gradient."),
            Mistake(value=spread / 4, rationale="the gradient is shared, as for a mean."),
            Mistake(
                value=(pool_gradient(x, np.ones_like(dprev), 2, 2)),
                rationale="it is the mask of the maxima; it is not multiplied by `dprev`.",
            ),
        ],
        help="Where is the maximum of each window? Only that entry changes the output.",
    )
    dfeat = layer.backward(sent)
    with or_of_own_forward(student, _ways(student, x, dprev), rng):
        expect_close("dfeat", dfeat, pool_gradient(x, dprev, 2, 2), hints=hints)
    expect_unchanged("dprev", sent, dprev)


def _ways(student: Student, x: Array, dprev: Array) -> WayBack:
    def made(at: Inputs) -> tuple[Remote, Remote]:
        layer = student.cnn.layer_utils.MaxPoolingLayer(2, 2)
        return layer, layer.forward(at["feat"])

    right = BothWays(
        forward=lambda at: pool(at["feat"], 2, 2),
        gradients=lambda at: {"feat": pool_gradient(at["feat"], dprev, 2, 2)},
    )
    own = of_layer(made, dprev, {})
    return WayBack(own=own, right=right, at={"feat": x}, scalar=upstream(dprev))


@check("maxpool_overlap", points=1, needs="maxpool_backward")
def maxpool_overlap(student: Student, rng: Generator) -> None:
    """MaxPoolingLayer takes windows that overlap or leave pixels over, and any image."""
    for shape, size, stride in (((2, 7, 7, 2), 3, 1), ((1, 8, 5, 3), 3, 2), ((2, 5, 6, 1), 2, 3)):
        x = rng.standard_normal(shape)
        layer = student.cnn.layer_utils.MaxPoolingLayer(size, stride)
        right = pool(x, size, stride)
        expect_close("out", layer.forward(x), right)
        dprev = np.asarray(rng.standard_normal(right.shape))
        _expect_summed(layer.backward(dprev), x, dprev, size, stride)


@check("maxpool_ties", points=1, needs="maxpool_backward")
def maxpool_ties(student: Student, rng: Generator) -> None:
    """MaxPoolingLayer.backward gives equal entries of a window either all or one gradient."""
    x = np.zeros((2, 4, 4, 2))
    dprev = rng.uniform(1, 2, size=(2, 2, 2, 2))
    layer = student.cnn.layer_utils.MaxPoolingLayer(2, 2)
    layer.forward(x)
    got = _wrong_at_ties(layer.backward(dprev), dprev)
    if got:
        raise Finding(got, "One entry of a window may get it, or all that are equally large.")


def _wrong_at_ties(dfeat: object, dprev: Array) -> str:
    """What is wrong with the gradient where all entries are equal; empty if nothing is."""
    got = as_array("dfeat", dfeat)
    if got.shape != (2, 4, 4, 2):
        return f"`dfeat` has shape {got.shape}, expected (2, 4, 4, 2)."
    windows = got.reshape(2, 2, 2, 2, 2, 2).transpose(0, 1, 3, 5, 2, 4).reshape(-1, 4)
    upstream = dprev.reshape(-1, 1)
    one = (np.isclose(windows, upstream) | (windows == 0)) & (windows != 0)
    whole = np.isclose(windows, upstream) | (windows == 0)
    shared = np.isclose(windows, upstream / 4).all()
    if (whole.all() and one.any(axis=1).all()) or shared:
        return ""
    return "Where all entries of a window are equal, the gradient is lost or counted wrongly."


def _expect_summed(dfeat: Any, x: Array, dprev: Array, size: int, stride: int) -> None:
    """Require the gradient; say so if it is wrong only where an entry wins several windows."""
    right = pool_gradient(x, dprev, size, stride)
    often = pool_gradient(x, np.ones_like(dprev), size, stride) > 1
    overwritten = Mistake(
        value=lambda: np.where(often, as_array("dfeat", dfeat), right),
        rationale="windows that overlap overwrite each other's gradients.",
    )
    help = "An entry that is the largest of several windows gets the sum of their gradients."
    hints = Hints(mistakes=[overwritten], help=help)
    expect_close("dfeat", dfeat, right, like="feat", hints=hints)
