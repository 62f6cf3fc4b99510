"""Hidden tests of the network: parameters, scores, loss and gradients."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    as_array,
    as_number,
    expect_close,
    expect_number,
    expect_shape,
    expect_unchanged,
    floored_logarithms,
)
from autograder.judging.check import Finding, check
from autograder.judging.handed_in import assignment_of
from autograder.judging.own_forward import BothWays, Inputs, WayBack, or_of_own_forward
from autograder.sandbox.remote import Remote, Student, describe

from . import formulas
from .graded import sizes
from .network_hints import gradient_hints, loss_hints, score_hints, slope_hints

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

PYTORCH_SIZES = (784, 256, 256, 10)
# How far the spread of the weights may be from PyTorch's. He's is 2.4 times as large; a standard
# deviation of 0.01, 0.28 times PyTorch's for 256 inputs, reaches an accuracy of 0.62 in 20 epochs
# of 1,000 images of mnist8k, where PyTorch's reaches 0.88.
SMALLEST, LARGEST = 0.4, 5.0


@check("network_init", points=0.25)
def network_init(student: Student, rng: Generator) -> None:
    """Network has the parameters of 784-256-256-10, or of other sizes."""
    _expect_shapes(student.network.Network((30, 20, 15, 8)), (30, 20, 15, 8))
    _expect_shapes(student.network.Network(), PYTORCH_SIZES)


@check("initial_spread", points=0.25, needs="network_init")
def initial_spread(student: Student, rng: Generator) -> None:
    """The weights of Network are random, and of a size from which it can be trained."""
    for shape in dict.fromkeys((PYTORCH_SIZES, sizes(assignment_of(student)))):
        network = student.network.Network(shape)
        for layer, ends in enumerate(pairwise(shape), start=1):
            weight = expect_shape(f"params['W{layer}']", network.params[f"W{layer}"], ends)
            _expect_spread(f"W{layer}", weight, *ends)


@check("forward", points=0.5, needs="network_init")
def forward(student: Student, rng: Generator) -> None:
    """Network.forward returns the scores affine - ReLU - affine - ReLU - affine."""
    for shape, scale in (((6, 3, 4), 1), ((1, 12), 1), ((5, 12, 1, 1), 50)):
        params = formulas.random_parameters(rng, (12, 9, 7, 5))
        network = network_with(student, params)
        X = scale * rng.standard_normal(shape)
        sent = student.send(X, "X")
        expect_close(
            "scores",
            network.forward(sent),
            formulas.scores(params, X),
            hints=score_hints(params, X),
        )
        expect_unchanged("X", sent, X)


@check("cross_entropy", points=1)
def cross_entropy(student: Student, rng: Generator) -> None:
    """cross_entropy returns the mean of -ln(probability of the right class), and its gradient."""
    for rows, classes, drawn in ((6, 4, 4), (1, 3, 3), (5, 10, 9)):  # once without the last class
        scores, y = rng.standard_normal((rows, classes)), rng.integers(drawn, size=rows)
        sent = student.send(scores, "scores")
        loss, dscores = student.network.cross_entropy(sent, y)
        right_loss, right = formulas.cross_entropy(scores, y)
        expect_number("loss", loss, right_loss, hints=loss_hints(scores, y))
        expect_close("dscores", dscores, right, like="scores", hints=slope_hints(scores, y))
        expect_unchanged("scores", sent, scores)


@check("large_scores", points=0.5, needs="cross_entropy")
def large_scores(student: Student, rng: Generator) -> None:
    """cross_entropy stays finite and right for very large and very small scores."""
    # Last, rows so far apart that a maximum of all of them rounds the exponentials of others to 0.
    for offset, scale, apart in (
        (1e4, 1.0, 0.0),
        (-1e4, 1.0, 0.0),
        (0.0, 1e3, 0.0),
        (0.0, 1e3, 4e3),
    ):
        rows = apart * rng.permutation(4)[:, None]
        scores = offset + rows + scale * rng.standard_normal((4, 5))
        y = rng.integers(5, size=4)
        loss, dscores = student.network.cross_entropy(scores, y)
        right_loss, right = formulas.cross_entropy(scores, y)
        hints = Hints(
            mistakes=tuple(floored_logarithms(right[np.arange(4), y] * 4 + 1)),
            help="Look at two places: where exp may overflow, and where the logarithm may meet a "
            "probability that was rounded to 0.",
        )
        expect_number("loss", loss, right_loss, hints=hints)
        expect_close("dscores", dscores, right, like="scores", hints=Hints(help=hints.help))


@check("backward", points=1, needs=("forward", "cross_entropy"))
def backward(student: Student, rng: Generator) -> None:
    """Network.backward returns the loss and the gradient of every parameter."""
    for shape in ((7, 12), (1, 12), (4, 3, 2, 2)):
        params = formulas.random_parameters(rng, (12, 9, 7, 5))
        X, y = rng.standard_normal(shape), rng.integers(5, size=shape[0])
        network = network_with(student, params)
        network.backward(X[:1] + 1, y[:1])  # an update before; nothing of it may be left
        loss, grads = network.backward(X, y)
        with or_of_own_forward(student, _ways(student, params, X, y), rng):
            hints = loss_hints(formulas.scores(params, X), y)
            expect_number("loss", loss, formulas.loss(params, X, y), hints=hints)
            for name, right in formulas.gradients(params, X, y).items():
                expect_close(
                    f"grads['{name}']",
                    grads[name],
                    right,
                    like=name,
                    also_shapes=[(1, *right.shape)] if right.ndim == 1 else (),
                    hints=gradient_hints(params, X, y, name),
                )


def _ways(student: Student, params: dict[str, Array], X: Array, y: Array) -> WayBack:
    """The student's network and the right one, at any parameters, images and labels."""

    def network(at: Inputs) -> Remote:
        return network_with(student, {name: at[name] for name in params})

    def asked(at: Inputs) -> tuple[Remote, ...]:
        return tuple(network(at).backward(at["X"], at["y"]))

    return WayBack(
        own=BothWays(
            forward=lambda at: as_array("scores", network(at).forward(at["X"])),
            gradients=lambda at: {name: as_array(name, asked(at)[1][name]) for name in params},
            scalar=lambda at: as_number("loss", asked(at)[0]),
        ),
        right=BothWays(
            forward=lambda at: formulas.scores(at, at["X"]),
            gradients=lambda at: formulas.gradients(
                {name: at[name] for name in params}, at["X"], at["y"]
            ),
        ),
        at={**params, "X": X, "y": y},
        scalar=lambda at, out: float(formulas.cross_entropy(out, at["y"])[0]),
    )


def network_with(student: Student, params: Mapping[str, Array]) -> Remote:
    """A student's network with these parameters; biases get the shape that theirs have."""
    sizes = (len(params["W1"]), *(len(params[f"b{layer}"]) for layer in formulas.LAYERS))
    network = student.network.Network(sizes)
    for name, value in params.items():
        copy = value.copy()  # updates in place must not reach the judge's own
        network.params[name] = copy.reshape(_own_shape(name, network.params[name], copy))
    return network


def _own_shape(name: str, own: Remote, like: Array) -> tuple[int, ...]:
    """The shape that a parameter has with the student, if it is that of as many numbers.

    What was drawn is not fetched where its shape is the right one: it differs from run to run, and
    the answers of two runs are compared.
    """
    if describe(own) != f"array of shape {like.shape}":
        there = as_array(name, own)
        if there.size == like.size:
            return tuple(there.shape)
    return tuple(like.shape)


def parameters_of(network: Remote, like: Mapping[str, Array]) -> dict[str, Array]:
    """The network's parameters in the shapes of `like`.

    Raises
    ------
    Finding : for one that has another number of elements now.
    """
    found = {}
    for name, value in like.items():
        now = as_array(f"params['{name}']", network.params[name])
        if now.size != value.size:
            raise Finding(f"`params['{name}']` has shape {now.shape}, expected {value.shape}.")
        found[name] = now.reshape(value.shape)
    return found


def _expect_shapes(network: Remote, sizes: tuple[int, ...]) -> None:
    for layer, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        expect_shape(f"params['W{layer}']", network.params[f"W{layer}"], (inputs, outputs))
        bias = as_array(f"params['b{layer}']", network.params[f"b{layer}"])
        if bias.shape not in ((outputs,), (1, outputs)):
            raise Finding(
                f"With sizes {sizes}, `params['b{layer}']` has shape {bias.shape}, "
                f"expected ({outputs},)."
            )


def _expect_spread(name: str, weight: Array, inputs: int, outputs: int) -> None:
    spread, usual = float(weight.std()), float(1 / np.sqrt(3 * inputs))
    if np.ptp(weight, axis=1).min() == 0:
        raise Finding(
            f"`params['{name}']` has the same number for every unit of the layer.",
            "Units that start alike get the same gradients and stay alike: draw at random.",
        )
    if not SMALLEST * usual < spread < LARGEST * usual:
        size = "small" if spread < usual else "large"
        rule = _other_bound(spread, inputs, outputs)
        raise Finding(
            f"`params['{name}']` of {inputs} inputs has a standard deviation of {spread:.3g}, too "
            f"{size} to train from; PyTorch's has {usual:.3g}.{rule}",
            "PyTorch draws uniformly between -1/sqrt(n) and 1/sqrt(n) for n inputs.",
        )


def _other_bound(spread: float, inputs: int, outputs: int) -> str:
    """Which other rule gives this spread, if one does; the weights are too many for chance."""
    rules = {
        f" It is that of the bound 1/sqrt({outputs}): {outputs} is the number of outputs.": (
            1 / np.sqrt(3 * outputs)
        ),
        f" It is that of the bound 1/{inputs}: the root is missing.": 1 / (np.sqrt(3) * inputs),
        " It is that of numbers between -1 and 1.": 1 / np.sqrt(3),
        " It is that of numbers between 0 and 1.": 1 / np.sqrt(12),
        " It is that of standard normal numbers.": 1.0,
    }
    return next((said for said, rule in rules.items() if np.isclose(spread, rule, rtol=0.02)), "")
