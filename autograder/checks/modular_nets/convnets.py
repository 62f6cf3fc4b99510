"""Hidden tests of the convolutional models, and of training one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.exhibit import Reached
from autograder.judging.arrays import Hints, as_array, expect_close, expect_shape
from autograder.judging.check import Finding, check
from autograder.judging.gradients import expect_gradient
from autograder.judging.handed_in import assignment_of
from autograder.sandbox.remote import Remote, Student, describe

from .formulas import convolution_gradients, convolve, pool, pool_gradient
from .models import assign, expect_drawn, expect_initial
from .own_network import read_network, train_network
from .pictures import Labelled, Pictures, draw_pictures
from .training import chosen_settings, expect_held_back, expect_reached, time_for, train

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

# The share of the check's time that the student's own training may take; if it is slower, the judge
# trains the network.
PATIENCE = 0.5


@check(
    "test_cnn",
    points=2,
    needs=("sequential", "flatten_backward", "conv_backward_no_padding", "maxpool_backward"),
)
def test_cnn(student: Student, rng: Generator) -> None:
    """TestCNN is convolution - max pooling - flatten - fc of the stated sizes."""
    model = student.cnn.cnn_models.TestCNN()
    expect_initial(model, "conv1", (3, 3, 3, 3), 0.02)
    expect_initial(model, "fc1", (27, 5), 0.02)
    params = {
        "conv1_w": rng.standard_normal((3, 3, 3, 3)),
        "conv1_b": rng.standard_normal(3),
        "fc1_w": rng.standard_normal((27, 5)),
        "fc1_b": rng.standard_normal(5),
    }
    assign(model, params)
    x, dprev = rng.standard_normal((4, 8, 8, 3)), rng.standard_normal((4, 5))
    maps = convolve(x, params["conv1_w"], params["conv1_b"], 1, 0)
    rows = pool(maps, 2, 2).reshape(4, 27)
    help = "ConvLayer2D(3, 3, 3), MaxPoolingLayer(2, 2), flatten(), fc(27, 5)."
    scores = rows @ params["fc1_w"] + params["fc1_b"]
    expect_close("scores", model.forward(x, True, seed=11), scores, hints=Hints(help=help))
    model.backward(dprev)
    expect_close("grads['fc1_w']", model.net.get_grads("fc1_w"), rows.T @ dprev)
    inner = pool_gradient(maps, (dprev @ params["fc1_w"].T).reshape(4, 3, 3, 3), 2, 2)
    _, right = convolution_gradients(x, params["conv1_w"], inner, 1, 0)
    expect_close("grads['conv1_w']", model.net.get_grads("conv1_w"), right)


@check(
    "small_cnn",
    points=3,
    needs=("test_cnn", "conv_backward_strides", "conv_backward_shapes", "maxpool_overlap"),
    seconds=60,
)
def small_cnn(student: Student, rng: Generator) -> None:
    """SmallConvolutionalNetwork takes images of any size, and its gradients fit its output."""
    for shape, classes in (((16, 16, 3), 10), ((21, 13, 1), 4)):
        model = student.cnn.cnn_models.SmallConvolutionalNetwork(shape, classes, dtype=np.float64)
        _expect_few_layers(model)
        expect_drawn(model)
        x, dprev = rng.standard_normal((3, *shape)), rng.standard_normal((3, classes))
        expect_shape("scores", model.forward(x, True, seed=11), (3, classes))
        model.backward(dprev)
        _expect_own_gradient(model, "conv1_w", x, dprev, rng)


@check("cnn_training", points=5, needs=("train_net", "small_cnn"), seconds=time_for("cnn"))
def cnn_training(student: Student, rng: Generator) -> Reached:
    """With your settings, SmallConvolutionalNetwork reaches the required accuracy."""
    assignment = assignment_of(student)
    settings = assignment.settings
    chosen = chosen_settings(
        "cnn_settings",
        student.notebook("cnn").cnn_settings,
        ("optimizer", "learning_rate"),
        max_epochs=settings["max_epochs"],
    )
    data = draw_pictures(assignment.dataset, settings["cnn"]["images"], rng)
    needed = assignment.threshold("cnn_graded")
    model = student.cnn.cnn_models.SmallConvolutionalNetwork(data.shape, data.classes)
    optimiser = _optimiser(student, model, chosen)
    if _seconds(student, data, chosen) > PATIENCE * settings["cnn"]["seconds"]:
        network = read_network(model, data, chosen)
        if network is not None:
            train_network(network, data, chosen, rng)
            share = network.share_right(*data.test)
            return expect_reached(share, needed, classes=data.classes)
    results = train(student, model, optimiser, data, chosen)
    return expect_held_back(model, data, needed, results)


def _seconds(student: Student, data: Pictures, chosen: Mapping[str, Any]) -> float:
    """How long the student's own training will take, from one update of a network like theirs."""
    model = student.cnn.cnn_models.SmallConvolutionalNetwork(data.shape, data.classes)
    batch = min(int(chosen["batch_size"]), len(data.train[0]))
    few = replace(data, train=_first(data.train, batch), val=_first(data.val, 1))
    started = time.monotonic()
    train(student, model, _optimiser(student, model, chosen), few, {**chosen, "epochs": 1})
    update = time.monotonic() - started
    return update * (len(data.train[0]) // batch) * float(chosen["epochs"])


def _first(part: Labelled, count: int) -> Labelled:
    return part[0][:count], part[1][:count]


def _optimiser(student: Student, model: Remote, chosen: Mapping[str, Any]) -> Remote:
    name = chosen["optimizer"]
    if isinstance(name, str) and name == "Adam":
        return student.optim.Adam(model.net, chosen["learning_rate"])
    if isinstance(name, str) and name == "SGD":
        return student.optim.SGD(model.net, chosen["learning_rate"])
    raise Finding(f"`cnn_settings` has the optimizer {name!r}; there are 'SGD' and 'Adam'.")


def _expect_own_gradient(model: Remote, name: str, x: Array, dprev: Array, rng: Generator) -> None:
    """Require that the gradient of one parameter fits the model's own output."""
    value = as_array(f"params[{name!r}]", model.net.get_params(name))
    gradient = expect_shape(f"grads[{name!r}]", model.net.get_grads(name), value.shape)

    def total(at: Array) -> float:
        model.net.assign(name, at)
        out = expect_shape("scores", model.forward(x, True, seed=11), dprev.shape)
        return float(np.sum(out * dprev))

    expect_gradient(
        f"grads[{name!r}]",
        gradient,
        total,
        value,
        rng,
        of="the model's own output",
        help="Does every layer pass the gradient on to the one before it?",
        directions=2,
    )


def _expect_few_layers(model: Remote) -> None:
    kinds = [describe(layer) for layer in model.net.layers]
    counts = {kind: kinds.count(kind) for kind in ("ConvLayer2D", "MaxPoolingLayer")}
    if counts["ConvLayer2D"] not in (1, 2) or counts["MaxPoolingLayer"] > 2:
        raise Finding(
            f"The network has {counts['ConvLayer2D']} convolutions and "
            f"{counts['MaxPoolingLayer']} max poolings; one or two, and at most two, are asked for."
        )
