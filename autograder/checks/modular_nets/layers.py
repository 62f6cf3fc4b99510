"""Hidden tests of the single layers of a fully connected network."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
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
from autograder.sandbox.faults import CodeRaised
from autograder.sandbox.remote import Remote, Student

from .formulas import gelu, gelu_slope

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("flatten", points=1)
def flatten(student: Student, rng: Generator) -> None:
    """flatten.forward makes one row of every example."""
    for shape in ((4, 3, 2), (1, 2, 3, 4), (5, 7)):
        x = rng.standard_normal(shape)
        sent = student.send(x, "feat")
        out = student.mlp.layer_utils.flatten().forward(sent)
        hints = Hints(help="The first axis counts the examples and stays; the others become one.")
        expect_close("out", out, x.reshape(len(x), -1), hints=hints)
        expect_unchanged("feat", sent, x)


@check("flatten_backward", points=1, needs="flatten")
def flatten_backward(student: Student, rng: Generator) -> None:
    """flatten.backward gives a gradient the shape of the input."""
    layer = student.mlp.layer_utils.flatten()
    for shape in ((4, 3, 2), (1, 2, 3, 4), (2, 5, 2, 3)):
        x = rng.standard_normal(shape)
        layer.forward(x)
        dprev = rng.standard_normal((len(x), x[0].size))
        hints = Hints(help="`forward` has to note the shape that it was given.")
        expect_close("dfeat", layer.backward(dprev), dprev.reshape(shape), like="feat", hints=hints)


@check("fc_forward", points=2)
def fc_forward(student: Student, rng: Generator) -> None:
    """fc.forward returns feat w + b."""
    for rows, inputs, outputs in ((4, 5, 3), (1, 3, 6), (3, 4, 4)):
        layer, w, b = _fc(student, rng, inputs, outputs)
        x = rng.standard_normal((rows, inputs))
        sent = student.send(x, "feat")
        hints = Hints(
            mistakes=[Mistake(value=x @ w, rationale="the bias is not added.")],
            help="feat w + b, with `self.params[self.w_name]` and `self.params[self.b_name]`.",
        )
        expect_close("out", layer.forward(sent), x @ w + b, hints=hints)
        expect_unchanged("feat", sent, x)


@check("fc_backward", points=2, needs="fc_forward")
def fc_backward(student: Student, rng: Generator) -> None:
    """fc.backward stores the gradients of w and b and returns that of its input."""
    for rows, inputs, outputs in ((4, 5, 3), (1, 3, 6), (3, 4, 4)):
        layer, w, bias = _fc(student, rng, inputs, outputs)
        x, dprev = rng.standard_normal((rows, inputs)), rng.standard_normal((rows, outputs))
        _pass_another_batch(layer, rng, (2, inputs), (2, outputs))
        layer.forward(x)
        sent = student.send(dprev, "dprev")
        dx = layer.backward(sent)
        factors = {float(rows): "the number of rows"} if rows > 1 else {}
        hints = Hints(help="Each entry of feat reaches the output through one row of w.")
        with or_of_own_forward(student, _fc_ways(student, x, w, bias, dprev), rng):
            expect_close("dfeat", dx, dprev @ w.T, like="feat", hints=hints)
            help = (
                "Sum over the rows of feat and dprev; the 1/N of a mean loss is in `dprev` already."
            )
            hints = Hints(factors=factors, help=help)
            expect_close("grads['fc_w']", layer.grads["fc_w"], x.T @ dprev, like="w", hints=hints)
            shapes = [(1, outputs)]
            db = layer.grads["fc_b"]
            expect_close("grads['fc_b']", db, dprev.sum(axis=0), also_shapes=shapes, hints=hints)
        expect_unchanged("dprev", sent, dprev)


@check("gelu_forward", points=2)
def gelu_forward(student: Student, rng: Generator) -> None:
    """gelu.forward is the tanh form of the GeLU."""
    x = 2 * rng.standard_normal((5, 6))
    sent = student.send(x, "feat")
    half, slope = 0.5 * x, np.sqrt(2 / np.pi)
    hints = Hints(
        mistakes=[
            Mistake(value=np.maximum(x, 0), rationale="it is the ReLU."),
            Mistake(
                value=half * (1 + np.tanh(slope * x + 0.044715 * x**3)),
                rationale="sqrt(2/pi) multiplies x only; it belongs to the cube as well.",
            ),
            Mistake(
                value=half * (1 + np.tanh(slope * (x + 0.044715 * x**2))),
                rationale="it has x squared where the formula has x cubed.",
            ),
            Mistake(
                value=x / (1 + np.exp(-1.702 * x)),
                rationale="it is another approximation, x sigmoid(1.702 x); use the tanh form.",
            ),
        ],
        help="gelu(x) = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).",
    )
    expect_close("out", student.mlp.layer_utils.gelu().forward(sent), gelu(x), hints=hints)
    expect_unchanged("feat", sent, x)


@check("gelu_backward", points=2, needs="gelu_forward")
def gelu_backward(student: Student, rng: Generator) -> None:
    """gelu.backward multiplies by the derivative of the tanh form."""
    x, dprev = 2 * rng.standard_normal((5, 6)), rng.standard_normal((5, 6))
    layer = student.mlp.layer_utils.gelu()
    _pass_another_batch(layer, rng, (2, 6), (2, 6))
    layer.forward(x)
    sent = student.send(dprev, "dprev")
    tanh = 2 * gelu(x) / x - 1
    hints = Hints(
        mistakes=[
            Mistake(value=gelu_slope(x), rationale="it is not multiplied by `dprev`."),
            Mistake(
                value=dprev * 0.5 * (1 + tanh),
                rationale="the product rule has a second term: x/2 times the derivative of tanh.",
            ),
            Mistake(
                value=dprev * (0.5 * (1 + tanh) + 0.5 * x * (1 - tanh**2)),
                rationale="the derivative of sqrt(2/pi) (x + 0.044715 x^3) is missing.",
            ),
            Mistake(value=dprev * (x > 0), rationale="it is the derivative of the ReLU."),
        ],
        help="Product rule, then chain rule: the derivative of tanh(u) is 1 - tanh(u)^2 times u'.",
    )
    dfeat = layer.backward(sent)
    with or_of_own_forward(student, _gelu_ways(student, x, dprev), rng):
        expect_close("dfeat", dfeat, dprev * gelu_slope(x), like="feat", hints=hints)
    expect_unchanged("dprev", sent, dprev)


@check("gelu_large_inputs", points=1, needs="gelu_backward")
def gelu_large_inputs(student: Student, rng: Generator) -> None:
    """gelu is right for inputs of size 1000, and nothing overflows on the way."""
    x = rng.choice([-1.0, 1.0], size=(4, 5)) * rng.uniform(30, 1000, size=(4, 5))
    layer = student.mlp.layer_utils.gelu()
    help = "Which functions overflow for large inputs? tanh does not; exp and cosh do."
    _stop_at_overflow(student)
    try:
        out = layer.forward(x)
        dx = layer.backward(np.ones_like(x))
    except CodeRaised as fault:
        if not fault.error.is_a("FloatingPointError"):
            raise
        place = f" ({fault.error.file}, line {fault.error.line})" if fault.error.file else ""
        raise Finding(f"With inputs of size 1000: {fault.error.message}{place}.", help) from fault
    expect_close("out", out, gelu(x), hints=Hints(help=help))
    expect_close("dfeat", dx, gelu_slope(x), hints=Hints(help=help))


def _fc_ways(student: Student, x: Array, w: Array, b: Array, dprev: Array) -> WayBack:
    def made(at: Inputs) -> tuple[Remote, Remote]:
        layer = student.mlp.layer_utils.fc(*w.shape, name="fc")
        layer.params["fc_w"] = at["w"]
        layer.params["fc_b"] = at["b"]
        return layer, layer.forward(at["feat"])

    right = BothWays(
        forward=lambda at: at["feat"] @ at["w"] + at["b"],
        gradients=lambda at: {
            "feat": dprev @ at["w"].T,
            "w": at["feat"].T @ dprev,
            "b": dprev.sum(axis=0),
        },
    )
    own = of_layer(made, dprev, {"w": "fc_w", "b": "fc_b"})
    at = {"feat": x, "w": w, "b": b}
    return WayBack(own=own, right=right, at=at, scalar=upstream(dprev))


def _gelu_ways(student: Student, x: Array, dprev: Array) -> WayBack:
    def made(at: Inputs) -> tuple[Remote, Remote]:
        layer = student.mlp.layer_utils.gelu()
        return layer, layer.forward(at["feat"])

    right = BothWays(
        forward=lambda at: gelu(at["feat"]),
        gradients=lambda at: {"feat": dprev * gelu_slope(at["feat"])},
    )
    own = of_layer(made, dprev, {})
    return WayBack(own=own, right=right, at={"feat": x}, scalar=upstream(dprev))


def _fc(student: Student, rng: Generator, inputs: int, outputs: int) -> tuple[Remote, Array, Array]:
    layer = student.mlp.layer_utils.fc(inputs, outputs, name="fc")
    w, b = rng.standard_normal((inputs, outputs)), rng.standard_normal(outputs)
    layer.params["fc_w"] = w
    layer.params["fc_b"] = b
    return layer, w, b


def _pass_another_batch(
    layer: Remote, rng: Generator, inputs: tuple[int, ...], outputs: tuple[int, ...]
) -> None:
    """Forward and backward, as in the update before; nothing of it may be left."""
    layer.forward(rng.standard_normal(inputs))
    layer.backward(rng.standard_normal(outputs))


def _stop_at_overflow(student: Student) -> None:
    """Let NumPy raise in this check's own process where it would only warn of an overflow."""
    student.module("numpy").seterr(over="raise", invalid="raise", divide="raise")
