"""Hidden tests of whole networks: parameters, scores, loss and gradients."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    as_array,
    expect_close,
    expect_shape,
)
from autograder.judging.check import Finding, check, on
from autograder.sandbox.remote import Remote, Student, fetch

from .formulas import random_parameters, scores
from .network_hints import score_hints
from .network_losses import expect_loss, set_parameters

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("two_layer_init", points=1)
def two_layer_init(student: Student, rng: Generator) -> None:
    """TwoLayerNet starts from Gaussian weights of the given scale and zero biases."""
    for scale in (1e-3, 0.5):
        model = student.classifiers.fc_net.TwoLayerNet(
            input_dim=60, hidden_dim=50, num_classes=40, weight_scale=scale
        )
        _expect_initial(model, (60, 50, 40), scale)


@check("two_layer_scores", points=1, needs=("two_layer_init", "affine_relu"))
def two_layer_scores(student: Student, rng: Generator) -> None:
    """TwoLayerNet.loss without labels returns the scores affine - ReLU - affine."""
    sizes = (12, 9, 5)
    model = _two_layer_net(student, sizes)
    params = random_parameters(rng, sizes)
    set_parameters(model, params)
    for X in (rng.standard_normal((6, 12)), rng.standard_normal((1, 3, 4))):
        expect_close("scores", model.loss(X), scores(params, X), hints=score_hints(params, X))


@check("two_layer_loss", points=3, needs=("two_layer_scores", "softmax_loss"))
def two_layer_loss(student: Student, rng: Generator) -> None:
    """TwoLayerNet.loss with labels returns the regularised loss and every gradient."""
    sizes = (8, 7, 4)
    for reg in (0.0, 0.7):
        params = random_parameters(rng, sizes)
        expect_loss(student, partial(_two_layer_net, student, sizes, reg=reg), params, reg, rng)


@check("fc_net_init", points=1)
def fc_net_init(student: Student, rng: Generator) -> None:
    """FullyConnectedNet makes the parameters of any number of layers, in the asked dtype."""
    net = student.classifiers.fc_net.FullyConnectedNet
    for hidden, scale in (([50], 1e-2), ([60, 50, 40], 0.3), ([], 0.1)):
        with on(_kind(hidden)):
            model = net(hidden, input_dim=70, num_classes=30, weight_scale=scale)
            _expect_initial(model, (70, *hidden, 30), scale)
    for dtype in (np.float32, np.float64):
        model = net([5], input_dim=4, num_classes=3, dtype=dtype)
        _expect_type(fetch(model.params), dtype, names={"W1", "b1", "W2", "b2"})


@check("fc_net_scores", points=1, needs=("fc_net_init", "affine_relu"))
def fc_net_scores(student: Student, rng: Generator) -> None:
    """FullyConnectedNet.loss without labels returns the scores of any depth."""
    for sizes in ((12, 9, 5), (12, 8, 7, 6, 4), (12, 5)):
        with on(_kind(sizes[1:-1])):
            model = _fc_net(student, sizes)
            params = random_parameters(rng, sizes)
            set_parameters(model, params)
            X = rng.standard_normal((5, 3, 4))
            expect_close("scores", model.loss(X), scores(params, X), hints=score_hints(params, X))


@check("fc_net_loss", points=3, needs=("fc_net_scores", "softmax_loss"))
def fc_net_loss(student: Student, rng: Generator) -> None:
    """FullyConnectedNet.loss with labels returns loss and gradients at any depth."""
    for sizes, reg in (
        ((6, 5, 4), 0.0),
        ((7, 6, 5, 4), 0.9),
        ((6, 5, 5, 4, 3), 0.3),
        ((6, 4), 0.5),
    ):
        with on(_kind(sizes[1:-1])):
            params = random_parameters(rng, sizes, scale=0.7)
            expect_loss(student, partial(_fc_net, student, sizes, reg=reg), params, reg, rng)


def _kind(hidden: Sequence[int]) -> str:
    """How to call a network in a message."""
    if not hidden:
        return "a network without a hidden layer"
    return f"a network of {len(hidden)} hidden layer{'s' * (len(hidden) > 1)}"


def _two_layer_net(student: Student, sizes: tuple[int, int, int], reg: float = 0.0) -> Remote:
    inputs, hidden, classes = sizes
    return student.classifiers.fc_net.TwoLayerNet(
        input_dim=inputs, hidden_dim=hidden, num_classes=classes, reg=reg
    )


def _fc_net(student: Student, sizes: tuple[int, ...], reg: float = 0.0) -> Remote:
    inputs, *hidden, classes = sizes
    return student.classifiers.fc_net.FullyConnectedNet(
        hidden, input_dim=inputs, num_classes=classes, reg=reg, dtype=np.float64
    )


def _expect_initial(model: Remote, sizes: tuple[int, ...], scale: float) -> None:
    """Shapes, spread and zero biases; the spread of 1,200 draws or more is known to 5 sigma."""
    for layer, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        weight = expect_shape(f"W{layer}", model.params[f"W{layer}"], (inputs, outputs))
        spread = float(weight.std())
        if not abs(spread - scale) < 5 * scale / np.sqrt(2 * weight.size):
            raise Finding(
                f"`W{layer}` has a standard deviation of {spread:.3g}; weight_scale is {scale:g}."
                f"{_other_scale(weight, inputs, outputs) or _as_half_width(weight, scale)}",
                "The weights are standard normal numbers times weight_scale.",
            )
        if not abs(float(weight.mean())) < 5 * scale / np.sqrt(weight.size):
            raise Finding(f"`W{layer}` has the mean {weight.mean():.3g}, expected about 0.")
        bias = as_array(f"b{layer}", model.params[f"b{layer}"])
        if bias.shape not in ((outputs,), (1, outputs)):
            raise Finding(f"`b{layer}` has shape {bias.shape}, expected ({outputs},).")
        if bias.any():
            raise Finding(f"`b{layer}` does not start at 0.", "Only the weights are random.")


def _other_scale(weight: Array, inputs: int, outputs: int) -> str:
    """Which known scale the weights have instead, if any."""
    scales = {
        "sqrt(2 / inputs), as He proposed": np.sqrt(2 / inputs),
        "1 / sqrt(inputs)": np.sqrt(1 / inputs),
        "sqrt(2 / (inputs + outputs)), as Glorot proposed": np.sqrt(2 / (inputs + outputs)),
        "1": 1.0,
    }
    spread = float(weight.std())
    for name, scale in scales.items():
        if abs(spread - scale) < 5 * scale / np.sqrt(2 * weight.size):
            return f" It is {name}; weight_scale is not used."
    return ""


def _as_half_width(weight: Array, scale: float) -> str:
    """Whether the weights are spread evenly between minus and plus the scale."""
    if np.abs(weight).max() > scale or abs(float(weight.std()) * np.sqrt(3) / scale - 1) > 0.1:
        return ""
    return " All of them are between -weight_scale and weight_scale, as of a uniform distribution."


def _expect_type(params: object, dtype: type[np.floating[Any]], names: set[str]) -> None:
    """Every parameter of a small network has the type that was asked for, and there are no more."""
    if not isinstance(params, dict) or params.keys() != names:
        found = ", ".join(map(str, params)) if isinstance(params, dict) else type(params).__name__
        raise Finding(
            f"A network with one hidden layer has the params {found}; expected "
            f"{', '.join(sorted(names))}.",
            "The solver asks for a gradient of everything in `params`.",
        )
    for name, value in params.items():
        as_array(name, value)  # numbers, whatever their type is
        if (kind := np.asarray(value).dtype) != dtype:
            raise Finding(
                f"`{name}` is {kind} where `dtype` asks for {np.dtype(dtype)}.",
                "Turn every parameter into an array of `dtype` when it is made.",
            )
