"""What wrong scores, losses and gradients of the network are known to come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, Mistake

from . import formulas

Array = np.ndarray[Any, np.dtype[Any]]


def score_hints(params: Mapping[str, Array], X: Array) -> Hints:
    """What wrong scores are known to come from."""
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


def loss_hints(scores: Array, y: Array) -> Hints:
    """What a wrong loss is known to come from."""
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


def slope_hints(scores: Array, y: Array) -> Hints:
    """What wrong gradients of the loss are known to come from."""
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


def gradient_hints(params: Mapping[str, Array], X: Array, y: Array, name: str) -> Hints:
    """What wrong gradients of a parameter are known to come from."""
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
