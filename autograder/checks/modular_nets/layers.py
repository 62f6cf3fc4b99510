"""Hidden tests of the single layers of a fully connected network, and of layers in a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_shape,
    expect_unchanged,
)
from autograder.judging.check import Finding, check
from autograder.sandbox.faults import CodeRaised
from autograder.sandbox.remote import Remote, Student

from .formulas import gelu, gelu_slope, random_layers
from .networks import expect_gradients

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
    for shape in ((4, 3, 2), (1, 2, 3, 4)):
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
        layer, w, _ = _fc(student, rng, inputs, outputs)
        x, dprev = rng.standard_normal((rows, inputs)), rng.standard_normal((rows, outputs))
        layer.forward(x)
        sent = student.send(dprev, "dprev")
        dx = layer.backward(sent)
        factors = {float(rows): "the number of rows"} if rows > 1 else {}
        hints = Hints(help="Each entry of feat reaches the output through one row of w.")
        expect_close("dfeat", dx, dprev @ w.T, like="feat", hints=hints)
        help = "Sum over the rows of feat and dprev; the 1/N of a mean loss is in `dprev` already."
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
    expect_close("dfeat", layer.backward(sent), dprev * gelu_slope(x), like="feat", hints=hints)
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


@check("dropout_forward", points=2)
def dropout_forward(student: Student, rng: Generator) -> None:
    """dropout.forward keeps entries with probability keep_prob and divides them by it."""
    x = 5 + rng.uniform(-1, 1, size=(150, 200))
    for keep in (0.25, 0.8):
        layer = student.mlp.layer_utils.dropout(keep)
        sent = student.send(x, "feat")
        _expect_dropped(expect_shape("out", layer.forward(sent, True), x.shape), x, keep)
        same = Hints(
            mistakes=[Mistake(value=keep * x, rationale="it is multiplied by keep_prob.")],
            help="When the network is used, with is_training=False, nothing is done.",
        )
        expect_close("out", layer.forward(sent, False), x, hints=same)
        expect_unchanged("feat", sent, x)


@check("dropout_backward", points=2, needs="dropout_forward")
def dropout_backward(student: Student, rng: Generator) -> None:
    """dropout.backward sends the gradient through what was kept, and scales it alike."""
    x, dprev = 5 + rng.uniform(-1, 1, size=(20, 30)), rng.standard_normal((20, 30))
    for keep in (0.3, 0.75):
        layer = student.mlp.layer_utils.dropout(keep)
        out = expect_shape("out", layer.forward(x, True), x.shape)
        sent = student.send(dprev, "dprev")
        mask = out != 0
        hints = Hints(
            mistakes=[
                Mistake(value=dprev * mask, rationale="it is not divided by keep_prob."),
                Mistake(value=dprev, rationale="what was dropped gets a gradient as well."),
                Mistake(
                    value=dprev * mask / (1 - keep),
                    rationale="it is divided by the probability of dropping.",
                ),
            ],
            help="The output is mask * feat / keep_prob; keep the mask of the last forward.",
        )
        expect_close("dfeat", layer.backward(sent), dprev * mask / keep, hints=hints)
        expect_unchanged("dprev", sent, dprev)
        layer.forward(x, False)
        used = Hints(help="After a forward with is_training=False nothing was dropped.")
        expect_close("dfeat", layer.backward(dprev), dprev, hints=used)


@check("dropout_off", points=1, needs="dropout_backward")
def dropout_off(student: Student, rng: Generator) -> None:
    """dropout with keep_prob 0 or 1 does nothing, in training as well."""
    x, dprev = rng.standard_normal((6, 7)), rng.standard_normal((6, 7))
    for keep in (0, 1):
        layer = student.mlp.layer_utils.dropout(keep)
        help = f"By definition keep_prob={keep} means that there is no dropout."
        mistakes = [Mistake(value=np.zeros_like(x), rationale="everything is dropped.")]
        hints = Hints(mistakes=mistakes, help=help)
        for name, value, right in (
            ("out", layer.forward(x, True), x),
            ("dfeat", layer.backward(dprev), dprev),
        ):
            if not np.isfinite(as_array(name, value, help=help)).all():
                raise Finding(f"With keep_prob={keep} `{name}` is not finite.", help)
            expect_close(name, value, right, hints=hints)


@check("sequential", points=2, needs=("fc_backward", "gelu_backward"))
def sequential(student: Student, rng: Generator) -> None:
    """sequential.backward walks the layers from the last to the first."""
    layers = student.mlp.layer_utils
    right = random_layers(rng, 4, 4, 4)
    net = student.sequential.sequential(
        layers.fc(4, 4, name="first"), layers.gelu(), layers.fc(4, 4, name="second")
    )
    values = right.named("first", "second")
    for name, value in values.items():
        net.assign(name, value)
    x, dprev = rng.standard_normal((5, 4)), rng.standard_normal((5, 4))
    expect_close("out", net.forward(x), right.scores(x))
    gradients, dx = right.gradients(x, dprev)
    hints = Hints(help="Give each layer's result to the layer before it; return the last result.")
    expect_close("din", net.backward(dprev), dx, like="feat", hints=hints)
    expect_gradients(net, gradients.named("first", "second"), hints=hints)
    for name, value in values.items():
        expect_close(f"get_params({name!r})", net.get_params(name), value)


def _fc(student: Student, rng: Generator, inputs: int, outputs: int) -> tuple[Remote, Array, Array]:
    layer = student.mlp.layer_utils.fc(inputs, outputs, name="fc")
    w, b = rng.standard_normal((inputs, outputs)), rng.standard_normal(outputs)
    layer.params["fc_w"] = w
    layer.params["fc_b"] = b
    return layer, w, b


def _stop_at_overflow(student: Student) -> None:
    """Let NumPy raise in this check's own process where it would only warn of an overflow."""
    student.module("numpy").seterr(over="raise", invalid="raise", divide="raise")


def _expect_dropped(out: Array, x: Array, keep: float) -> None:
    kept = out != 0
    share = float(kept.mean())
    margin = 5 * np.sqrt(keep * (1 - keep) / x.size)
    if abs(share - (1 - keep)) <= margin:
        raise Finding(
            f"With keep_prob={keep:g}, {share:.0%} of the entries are kept: keeping and dropping "
            "are exchanged.",
            "`keep_prob` is the probability that an entry stays.",
        )
    if not abs(share - keep) <= margin:
        raise Finding(
            f"With keep_prob={keep:g}, {share:.1%} of the entries are kept in training.",
            "An entry is kept where its own uniform random number is below keep_prob.",
        )
    if (kept == kept[0]).all() or (kept == kept[:, :1]).all():
        raise Finding(
            "Whole rows or columns are dropped together.",
            "Every entry needs a random number of its own: an array of the shape of `feat`.",
        )
    _expect_scaled(out[kept] / x[kept], keep)


def _expect_scaled(ratio: Array, keep: float) -> None:
    known = {
        1.0: "The kept entries are not divided by keep_prob.",
        1 / (1 - keep): "The kept entries are divided by the probability of dropping.",
        keep: "The kept entries are multiplied by keep_prob; they should be divided by it.",
    }
    if np.allclose(ratio, 1 / keep, rtol=1e-4):
        return
    help = "Dividing by keep_prob leaves the mean as it was, in expectation."
    for factor, rationale in known.items():
        if np.allclose(ratio, factor, rtol=1e-4):
            raise Finding(rationale, help)
    raise Finding(
        f"With keep_prob={keep:g} the kept entries are multiplied by {np.median(ratio):.4g}, "
        f"expected {1 / keep:.4g}.",
        help,
    )
