"""Known mistakes in networks, as wrong values of scores, losses and gradients, and what to say."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, Mistake

from .formulas import scores

Array = np.ndarray[Any, np.dtype[Any]]

LOSS_RULE = "The loss is the softmax loss plus reg/2 times the sum of all squared weights."
BACKWARD = (
    "Look at each layer in turn, from the loss back to the first, and then at the regulariser."
)


def score_hints(params: dict[str, Array], X: Array) -> Hints:
    """What wrong scores may be: a ReLU too many or none, a softmax, biases left out."""
    right = scores(params, X)
    shares = np.exp(right - right.max(axis=1, keepdims=True))
    linear = X.reshape(len(X), -1)
    for layer in range(1, len(params) // 2 + 1):
        linear = linear @ params[f"W{layer}"] + params[f"b{layer}"]
    biases = [name for name in params if name.startswith("b")]
    left_out = {f"the biases `{name}` are not added.": [name] for name in biases}
    left_out["no biases are added."] = biases
    return Hints(
        mistakes=[
            Mistake(value=np.maximum(right, 0), rationale="a ReLU follows the last layer too."),
            Mistake(value=linear, rationale="there is no ReLU between the layers."),
            Mistake(
                value=shares / shares.sum(axis=1, keepdims=True),
                rationale="they are probabilities, after a softmax.",
            ),
            *(
                Mistake(value=partial(_without, params, X, names), rationale=rationale)
                for rationale, names in left_out.items()
            ),
        ],
        help="Every layer multiplies by W and adds b; a ReLU follows each but the last.",
    )


def _without(params: dict[str, Array], X: Array, names: list[str]) -> Array:
    """The scores where these biases count as zero."""
    return scores({**params, **{name: np.zeros_like(params[name]) for name in names}}, X)


def loss_hints(params: dict[str, Array], right: float, reg: float, rows: int) -> Hints:
    """What a wrong loss may be: another regulariser, or a sum over the rows for their mean."""
    weights = sum(float((v**2).sum()) for name, v in params.items() if name.startswith("W"))
    biases = sum(float((v**2).sum()) for name, v in params.items() if name.startswith("b"))
    if reg == 0:
        penalty = Mistake(
            value=right + 0.5 * weights, rationale="the weights are penalised although reg is 0."
        )
        return Hints(
            mistakes=[penalty], factors={float(rows): "the number of rows"}, help=LOSS_RULE
        )
    half = 0.5 * reg * weights
    return Hints(
        mistakes=[
            Mistake(value=right - half, rationale="the regulariser is missing."),
            Mistake(value=right + half, rationale="the regulariser lacks its factor 1/2."),
            Mistake(
                value=right + 0.5 * reg * biases, rationale="the biases are regularised as well."
            ),
            Mistake(
                value=rows * (right - half) + half,
                rationale="the softmax loss is the sum over the rows, not their mean.",
            ),
        ],
        help=LOSS_RULE,
    )


def gradient_hints(name: str, value: Array, right: Array, reg: float, rows: int) -> Hints:
    """What a wrong gradient of the parameter `name` may be, whose own value is `value`."""
    factors = {float(rows): "the number of rows"}
    if name.startswith("b"):
        own = [Mistake(value=right + reg * value, rationale="the biases are regularised.")]
        return Hints(mistakes=own if reg else (), factors=factors, help=BACKWARD)
    if reg == 0:
        own = [
            Mistake(
                value=right + value,
                rationale="it contains W itself, although reg is 0.",
                help="The regulariser's gradient is reg * W.",
            )
        ]
        return Hints(mistakes=own, factors=factors, help=BACKWARD)
    return Hints(
        mistakes=[
            Mistake(value=right - reg * value, rationale="the regulariser's gradient is missing."),
            Mistake(
                value=right + reg * value, rationale="the regulariser's gradient counts twice."
            ),
            Mistake(
                value=right - 0.5 * reg * value,
                rationale="the regulariser's gradient is half of what it should be.",
            ),
            Mistake(
                value=right + (1 - reg) * value, rationale="the regulariser's gradient ignores reg."
            ),
        ],
        help=BACKWARD,
    )
