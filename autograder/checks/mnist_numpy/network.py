"""Hidden tests of the network: parameters, scores, loss and gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_number,
    expect_shape,
    expect_unchanged,
    floored_logarithms,
)
from autograder.judging.check import Finding, check
from autograder.judging.handed_in import assignment_of
from autograder.sandbox.remote import Remote, Student, describe

from . import formulas
from .graded import sizes

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
            hints=_score_hints(params, X),
        )
        expect_unchanged("X", sent, X)


@check("cross_entropy", points=1)
def cross_entropy(student: Student, rng: Generator) -> None:
    """cross_entropy returns the mean of -ln(probability of the right class), and its gradient."""
    for rows, classes in ((6, 4), (1, 3), (5, 10)):
        scores, y = rng.standard_normal((rows, classes)), rng.integers(classes, size=rows)
        sent = student.send(scores, "scores")
        loss, dscores = student.network.cross_entropy(sent, y)
        right_loss, right = formulas.cross_entropy(scores, y)
        expect_number("loss", loss, right_loss, hints=_loss_hints(scores, y))
        expect_close("dscores", dscores, right, like="scores", hints=_slope_hints(scores, y))
        expect_unchanged("scores", sent, scores)


@check("large_scores", points=0.5, needs="cross_entropy")
def large_scores(student: Student, rng: Generator) -> None:
    """cross_entropy stays finite and right for very large and very small scores."""
    for offset, scale in ((1e4, 1.0), (-1e4, 1.0), (0.0, 1e3)):
        scores = offset + scale * rng.standard_normal((4, 5))
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
        hints = _loss_hints(formulas.scores(params, X), y)
        expect_number("loss", loss, formulas.loss(params, X, y), hints=hints)
        for name, right in formulas.gradients(params, X, y).items():
            expect_close(
                f"grads['{name}']",
                grads[name],
                right,
                like=name,
                also_shapes=[(1, *right.shape)] if right.ndim == 1 else (),
                hints=_gradient_hints(params, X, y, name),
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


def _score_hints(params: Mapping[str, Array], X: Array) -> Hints:
    right = formulas.scores(params, X)
    shares = np.exp(right - right.max(axis=1, keepdims=True))
    no_bias = {name: value if name[0] == "W" else 0 * value for name, value in params.items()}
    wrong: list[tuple[Callable[[], Array] | Array, str]] = [
        (np.maximum(right, 0), "a ReLU follows the last layer too."),
        (shares / shares.sum(axis=1, keepdims=True), "they are probabilities, after a softmax."),
        (partial(formulas.scores, params, X, rectified=()), "there is no ReLU between the layers."),
        (partial(formulas.scores, params, X, rectified=(1,)), "the second ReLU is missing."),
        (partial(formulas.scores, params, X, rectified=(2,)), "the first ReLU is missing."),
        (partial(formulas.scores, no_bias, X), "the biases are not added."),
    ]
    for name in ("b1", "b2", "b3"):
        without = {**params, name: 0 * params[name]}
        wrong.append((partial(formulas.scores, without, X), f"the biases {name} are not added."))
    return Hints(
        mistakes=[Mistake(value=value, rationale=rationale) for value, rationale in wrong],
        help="Every layer multiplies by W and adds b; a ReLU follows the two hidden layers.",
    )


def _loss_hints(scores: Array, y: Array) -> Hints:
    right, rows = formulas.cross_entropy(scores, y)[0], len(scores)
    natural = "PyTorch's cross-entropy has the natural logarithm, `np.log`."
    mistakes = [
        Mistake(value=right / np.log(2), rationale="it is the logarithm to base 2.", help=natural),
        Mistake(
            value=right / np.log(10), rationale="it is the logarithm to base 10.", help=natural
        ),
        Mistake(
            value=lambda: formulas.cross_entropy(np.maximum(scores, 0), y)[0],
            rationale="it is the loss of scores that went through a ReLU.",
            help="No ReLU follows the output layer: negative scores count as they are.",
        ),
        Mistake(
            value=right / scores.shape[1],
            rationale="the mean is taken over rows and classes.",
            help="Only the right class of each row adds to the sum; divide by the rows.",
        ),
    ]
    return Hints(
        mistakes=mistakes,
        factors={float(rows): "the number of rows"} if rows > 1 else {},
        help="The loss is the mean over the rows of -ln(probability of the right class).",
    )


def _slope_hints(scores: Array, y: Array) -> Hints:
    rows = len(scores)
    right = formulas.cross_entropy(scores, y)[1]
    wanted = np.eye(scores.shape[1])[y]
    replaced = np.where(wanted > 0, 1.0, right * rows)
    rule = "Row i is the probabilities with 1 subtracted at the right class, divided by N."
    stopped = "the ReLU's mask is applied to the scores; no ReLU follows the output layer."
    wrong = [
        (np.where(scores > 0, right, 0.0), stopped),
        (np.where(scores > 0, right * rows, 0.0), stopped),
        (replaced, "the entry of the right class is set to 1 where 1 is subtracted."),
        (replaced / rows, "the entry of the right class is set to 1 where 1 is subtracted."),
        (right + wanted / rows, "nothing is subtracted at the right class."),
        (right * rows + wanted, "nothing is subtracted at the right class."),
    ]
    factors = {1 / np.log(2): "1/ln 2, the factor of a logarithm to base 2"}
    if rows > 1:
        factors[float(rows)] = "the number of rows"
    return Hints(
        mistakes=[Mistake(value=v, rationale=rationale, help=rule) for v, rationale in wrong],
        factors=factors,
        help=rule,
    )


def _gradient_hints(params: Mapping[str, Array], X: Array, y: Array, name: str) -> Hints:
    wrong = [
        ((1, 2, 3), "the ReLU's mask is applied to the output layer, which has no ReLU."),
        ((), "the gradient passes both ReLUs everywhere: their masks are missing."),
        ((2,), "the mask of the first ReLU is missing."),
        ((1,), "the mask of the second ReLU is missing."),
    ]

    def mistaken(masked: tuple[int, ...]) -> Array:
        return formulas.gradients(params, X, y, masked=masked)[name]

    return Hints(
        mistakes=[
            Mistake(value=partial(mistaken, masked), rationale=rationale)
            for masked, rationale in wrong
        ],
        factors={float(len(X)): "the number of rows"} if len(X) > 1 else {},
        help="Look at each layer in turn, from the loss back to the first, and at its ReLU.",
    )
