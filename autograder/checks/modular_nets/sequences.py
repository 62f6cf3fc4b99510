"""The hidden test of layers in a row."""

from __future__ import annotations

import numpy as np

from autograder.judging.arrays import Hints, expect_close
from autograder.judging.check import check
from autograder.sandbox.remote import Student

from .formulas import random_layers
from .networks import expect_gradients

Generator = np.random.Generator


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
