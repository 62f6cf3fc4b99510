"""Hidden tests of the fully connected models: what they compute, and their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    as_arrays,
    expect_close,
    expect_shape,
)
from autograder.judging.check import Finding, check
from autograder.judging.gradients import expect_gradient
from autograder.sandbox.remote import Remote, Student

from .formulas import TwoLayers, gelu, gelu_slope, random_layers
from .networks import expect_gradients

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("fc_gelu", points=2, needs=("sequential", "flatten_backward"))
def fc_gelu(student: Student, rng: Generator) -> None:
    """TestFCGeLU is flatten - fc - gelu, forward and backward."""
    model = student.mlp.fully_conn.TestFCGeLU()
    x, dprev = rng.standard_normal((3, 5, 3)), rng.standard_normal((3, 5))
    w, b = rng.standard_normal((15, 5)), rng.standard_normal(5)
    assign(model, {"fc1_w": w, "fc1_b": b})
    rows = x.reshape(3, 15)
    before = rows @ w + b
    hints = Hints(
        mistakes=[Mistake(value=before, rationale="there is no gelu after the fc layer.")],
        help="The layers are flatten(), fc(15, 5, name='fc1') and gelu().",
    )
    expect_close("out", model.forward(x), gelu(before), hints=hints)
    inner = dprev * gelu_slope(before)
    expect_close("din", model.backward(dprev), (inner @ w.T).reshape(x.shape), like="feat")
    expect_gradients(model.net, {"fc1_w": rows.T @ inner, "fc1_b": inner.sum(axis=0)})


@check("small_network", points=2, needs="sequential")
def small_network(student: Student, rng: Generator) -> None:
    """SmallFullyConnectedNetwork is fc - gelu - fc of the stated sizes."""
    model = student.mlp.fully_conn.SmallFullyConnectedNetwork()
    for name, shape in (("fc1", (4, 30)), ("fc2", (30, 7))):
        expect_initial(model, name, shape, 0.02)
    _expect_two_layers(model, random_layers(rng, 4, 30, 7), ("fc1", "fc2"), (5, 4), rng)


@check("dropout_net", points=1, needs=("sequential", "dropout_off"))
def dropout_net(student: Student, rng: Generator) -> None:
    """DropoutNet's gradients are those of its own output, with and without dropout."""
    for keep in (0, 0.3, 0.6):
        model = student.mlp.fully_conn.DropoutNet(keep)
        x, weights = rng.standard_normal((4, 15)), rng.standard_normal((4, 10))
        value = as_array("params['fc2_w']", model.net.get_params("fc2_w"))
        expect_shape("out", model.forward(x, True, seed=11), (4, 10))
        model.backward(weights)
        gradient = expect_shape("grads['fc2_w']", model.net.get_grads("fc2_w"), value.shape)

        def total(
            at: Array, model: Remote = model, x: Array = x, weights: Array = weights
        ) -> float:
            model.net.assign("fc2_w", at)
            out = expect_shape("out", model.forward(x, True, seed=11), (4, 10))
            return float(np.sum(out * weights))

        own = "the network's own output"
        help = "Does each layer pass its gradient on, and does one seed drop the same entries?"
        expect_gradient(
            "grads['fc2_w']", gradient, total, value, rng, of=own, help=help, directions=1
        )


@check("tiny_net", points=2, needs=("sequential", "flatten_backward"))
def tiny_net(student: Student, rng: Generator) -> None:
    """TinyNet is flatten - fc - gelu - fc of any size."""
    for shape, hidden, classes in (((3, 4, 2), 9, 5), ((11,), 7, 3)):
        inputs = int(np.prod(shape))
        model = student.mlp.fully_conn.TinyNet(
            inputs, hidden_dim=hidden, num_classes=classes, dtype=np.float64
        )
        names = _names_by_shape(model, inputs, hidden, classes)
        expect_drawn(model)
        right = random_layers(rng, inputs, hidden, classes)
        _expect_two_layers(model, right, names, (6, *shape), rng)


def assign(model: Remote, params: dict[str, Array]) -> None:
    """Give the model's parameters these values."""
    for name, value in params.items():
        model.net.assign(name, value)


def expect_initial(model: Remote, name: str, shape: tuple[int, ...], scale: float) -> None:
    """Shapes, spread and zero biases of one layer; the spread is known to 5 sigma."""
    weight = expect_shape(f"{name}_w", model.net.get_params(f"{name}_w"), shape)
    bias = expect_shape(f"{name}_b", model.net.get_params(f"{name}_b"), shape[-1:])
    spread = float(weight.std())
    if not abs(spread - scale) < 5 * scale / np.sqrt(2 * weight.size):
        raise Finding(
            f"`{name}_w` has a standard deviation of {spread:.3g}, expected about {scale:g}.",
            "It is the layer's `init_scale`.",
        )
    if bias.any():
        raise Finding(f"`{name}_b` does not start at 0.", "Only the weights are random.")


def expect_drawn(model: Remote) -> None:
    """The weights of a new model are random numbers, whatever their size is."""
    for name, array in as_arrays("params", model.net.params).items():
        if array.ndim > 1 and array.size and np.ptp(array) == 0:
            raise Finding(
                f"All entries of the parameter {name} of a new model are equal.",
                "Do the initial weights come out as whole numbers, or have they a standard "
                "deviation of 0?",
            )


def _expect_two_layers(
    model: Remote,
    right: TwoLayers,
    names: tuple[str, str],
    shape: tuple[int, ...],
    rng: Generator,
) -> None:
    values = right.named(*names)
    assign(model, values)
    x = rng.standard_normal(shape)
    rows = x.reshape(len(x), -1)
    scores = right.scores(rows)
    linear = (rows @ right.w1 + right.b1) @ right.w2 + right.b2
    hints = Hints(
        mistakes=[
            Mistake(value=linear, rationale="there is no gelu between the fc layers."),
            Mistake(value=gelu(scores), rationale="a gelu follows the last layer too."),
        ],
        help="The layers are fc, gelu and fc, in this order.",
    )
    expect_close("scores", model.forward(x, False), scores, hints=hints)
    dprev = np.asarray(rng.standard_normal(scores.shape))
    gradients, dx = right.gradients(rows, dprev)
    expect_close("din", model.backward(dprev), dx.reshape(x.shape), like="feat")
    expect_gradients(model.net, gradients.named(*names))


def _names_by_shape(model: Remote, inputs: int, hidden: int, classes: int) -> tuple[str, str]:
    """What a student has called the two fc layers."""
    shapes = {name: value.shape for name, value in as_arrays("params", model.net.params).items()}
    found = []
    for shape in ((inputs, hidden), (hidden, classes)):
        names = [name for name in shapes if shapes[name] == shape]
        if not names:
            raise Finding(
                f"TinyNet({inputs}, {hidden}, {classes}) has parameters of the shapes "
                f"{sorted(shapes.values())}; one of shape {shape} is missing.",
                "All sizes come from the arguments.",
            )
        found.append(names[0].removesuffix("_w"))
    return found[0], found[1]
