"""A small network of the student's layers, for checks of what changes parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, expect_close
from autograder.sandbox.remote import Remote, Student

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator
Params = dict[str, Array]

SHAPES: Mapping[str, tuple[int, ...]] = {
    "one_w": (4, 3),
    "one_b": (3,),
    "two_w": (3, 5),
    "two_b": (5,),
}


def build_net(student: Student, rng: Generator) -> tuple[Remote, Params, Params]:
    """fc - gelu - fc with random parameters and gradients, and both of them."""
    layers = student.mlp.layer_utils
    net = student.sequential.sequential(
        layers.fc(4, 3, name="one"), layers.gelu(), layers.fc(3, 5, name="two")
    )
    values, gradients = random_parameters(rng), random_parameters(rng)
    for name, value in values.items():
        net.assign(name, value)
    set_gradients(net, gradients)
    return net, values, gradients


def random_parameters(rng: Generator) -> Params:
    """No entry is close to 0, where the sign is not sure and Adam divides by little."""
    return {
        name: rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.2, 2, size=shape)
        for name, shape in SHAPES.items()
    }


def set_gradients(net: Remote, gradients: Params) -> None:
    """Put gradients where `backward` would leave them."""
    first, _, last = net.layers
    for layer, names in ((first, ("one_w", "one_b")), (last, ("two_w", "two_b"))):
        for name in names:
            layer.grads[name] = gradients[name]


def with_kept_axes(gradient: Array) -> list[tuple[int, ...]]:
    """Shapes that sums over a batch have with ``keepdims=True``, of rows or of images."""
    return [(1,) * axes + gradient.shape for axes in (1, 3)]


def expect_gradients(net: Remote, right: Params, *, hints: Hints | None = None) -> None:
    """Require the gradients of parameters; those of biases (M,) may have kept their axes."""
    for name, gradient in right.items():
        row = with_kept_axes(gradient) if gradient.ndim == 1 else []
        got = net.get_grads(name)
        expect_close(f"the gradient of {name}", got, gradient, also_shapes=row, hints=hints)
