"""Hidden tests of the two networks: values, elbows, features."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    is_close,
)
from autograder.judging.check import Finding, check
from autograder.sandbox.remote import Remote, Student

from . import formulas

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

FAR = np.arange(-40, 41, 8)  # whole numbers, and large inputs for the units


@check("shallow_predict", points=2)
def shallow_predict(student: Student, rng: Generator) -> None:
    """shallow.predict gives the values of a network with one hidden layer."""
    for hidden, count in ((5, 12), (8, 1), (1, 6)):
        params = formulas.random_shallow(rng, hidden)
        _expect_values(student.shallow, params, rng.uniform(-2, 2, size=count))
    _expect_values(student.shallow, formulas.random_shallow(rng, 4), FAR)


@check("elbows", points=2)
def elbows(student: Student, rng: Generator) -> None:
    """elbows gives the x at which each unit switches."""
    for hidden in (6, 1):
        params = formulas.random_shallow(rng, hidden)
        slopes, biases = params["W1"][0], params["b1"]
        wrong = [
            (biases / slopes, "the sign is wrong: solve x W1 + b1 = 0."),
            (-slopes / biases, "it is upside down: solve x W1 + b1 = 0 for x."),
            (-biases, "the slope W1 is not used: solve x W1 + b1 = 0."),
            (-biases / params["W2"][:, 0], "it divides by W2; the elbow is where W1 x + b1 = 0."),
        ]
        hints = Hints(
            mistakes=[Mistake(value=value, rationale=text) for value, text in wrong],
            help="At which x is the input of the unit's ReLU exactly 0?",
        )
        positions = student.shallow.elbows(params)
        expect_close(
            "positions", positions, -biases / slopes, also_shapes=[(1, hidden)], hints=hints
        )


@check("elbows_flat", points=1, needs="elbows")
def elbows_flat(student: Student, rng: Generator) -> None:
    """elbows gives NaN for units whose slope is 0, and the others are right as before."""
    params = formulas.random_shallow(rng, 5)
    params["W1"][0, [1, 3]] = 0.0
    params["b1"][3] = 0.0
    positions = as_array("positions", student.shallow.elbows(params)).reshape(-1)
    if positions.shape != (5,):
        raise Finding(f"`elbows` gives {positions.size} positions for 5 units.")
    if not np.isnan(positions[[1, 3]]).all():
        raise Finding(
            f"For units with W1 = 0 `elbows` gives {positions[1]:g} and {positions[3]:g}, "
            "expected NaN.",
            "Such a unit is on everywhere or off everywhere, whatever its b1 is.",
        )
    steep = [0, 2, 4]
    expect_close("positions", positions[steep], -params["b1"][steep] / params["W1"][0, steep])


@check("shallow_features", points=4, needs="shallow_predict")
def shallow_features(student: Student, rng: Generator) -> None:
    """shallow.features is the derivative of every value by every parameter."""
    for hidden, count, reach in ((5, 9, 2.0), (4, 30, 2.0), (3, 20, 40.0)):
        params = formulas.random_shallow(rng, hidden)
        x = formulas.points_off_elbows(params, rng, count, reach=reach)
        _expect_features(student.shallow, params, x, _shallow_mistakes(params, x))


@check("single_point", points=1, needs="shallow_features")
def single_point(student: Student, rng: Generator) -> None:
    """shallow.features works for one point, and for one unit."""
    for hidden, count in ((4, 1), (1, 5), (1, 1)):
        params = formulas.random_shallow(rng, hidden)
        x = formulas.points_off_elbows(params, rng, count)
        _expect_features(student.shallow, params, x, [])


@check("deep_predict", points=2)
def deep_predict(student: Student, rng: Generator) -> None:
    """deep.predict gives the values of a network with two hidden layers."""
    for hidden, count in ((5, 12), (6, 1), (1, 4)):
        params = formulas.random_deep(rng, hidden)
        _expect_values(student.deep, params, rng.uniform(-2, 2, size=count))
    _expect_values(student.deep, formulas.random_deep(rng, 4), FAR)


@check("deep_features", points=5, needs="deep_predict")
def deep_features(student: Student, rng: Generator) -> None:
    """deep.features is the derivative of every value by every parameter of both hidden layers."""
    for hidden, count, reach in ((4, 9, 2.0), (3, 40, 2.0), (5, 1, 2.0), (4, 20, 40.0)):
        params = formulas.random_deep(rng, hidden)
        x = formulas.points_off_elbows(params, rng, count, margin=0.01, reach=reach)
        _expect_features(student.deep, params, x, _deep_mistakes(params, x))


def _expect_values(module: Remote, params: dict[str, Array], x: Array) -> None:
    right = formulas.predict(params, x)
    last = len(params) // 2
    wrong: list[tuple[Callable[[], Array], str]] = [
        (partial(formulas.predict, params, x, rectified=()), "there is no ReLU."),
        (lambda: np.maximum(right, 0), "a ReLU follows the last layer too."),
    ]
    for layer in range(1, last + 1):
        name = f"b{layer}"
        without = {**params, name: np.zeros_like(params[name])}
        wrong.append((partial(formulas.predict, without, x), f"the bias {name} is not added."))
    if last == 3:
        wrong.append(
            (partial(formulas.predict, params, x, rectified=(1,)), "the second ReLU is missing.")
        )
    hints = Hints(
        mistakes=[Mistake(value=value, rationale=text) for value, text in wrong],
        help="Every layer multiplies by W and adds b; a ReLU follows each but the last.",
    )
    expect_close(
        "values", module.predict(params, x), right, like="x", also_shapes=[(len(x), 1)], hints=hints
    )


def _expect_features(
    module: Remote,
    params: dict[str, Array],
    x: Array,
    mistakes: list[Mistake],
) -> None:
    got = module.features(params, x)
    right = formulas.features(params, x)
    matrix = as_array("matrix", got)
    help = "Column p is the derivative of the values by entry p of pack(params)."
    if matrix.shape == right.shape:
        wrong = [
            name
            for name, columns in formulas.blocks(params).items()
            if not is_close(np.nan_to_num(matrix[:, columns]), right[:, columns])
        ]
        help = f"{help} Wrong are the columns of {', '.join(wrong)}."
    expect_close("matrix", got, right, hints=Hints(mistakes=mistakes, help=help))


def _shallow_mistakes(params: dict[str, Array], x: Array) -> list[Mistake]:
    right, hidden = formulas.features(params, x), len(params["b1"])
    first, second = slice(0, hidden), slice(hidden, 2 * hidden)
    no_x, no_weight, linear = right.copy(), right.copy(), right.copy()
    no_x[:, first] = right[:, second]
    no_weight[:, first] /= params["W2"][:, 0]
    no_weight[:, second] /= params["W2"][:, 0]
    linear[:, 2 * hidden : 3 * hidden] = np.outer(x, params["W1"]) + params["b1"]
    no_mask = partial(formulas.features, params, x, masked=())
    by_kind = [*range(hidden), *range(2 * hidden, 3 * hidden), *range(hidden, 2 * hidden), -1]
    wrong: list[tuple[Callable[[], Array] | Array, str]] = [
        (no_mask, "the derivatives by W1 and b1 pass the ReLU everywhere: its mask is missing."),
        (no_weight, "the derivatives by W1 and b1 lack the factor W2."),
        (no_x, "the derivative by W1 lacks the factor x."),
        (linear, "the derivative by W2 is the unit's input; it should be its output."),
        (right[:, by_kind], "the columns are in the order W1, W2, b1, b2, not as `pack` has them."),
    ]
    return [Mistake(value=value, rationale=text) for value, text in wrong]


def _deep_mistakes(params: dict[str, Array], x: Array) -> list[Mistake]:
    right, hidden = formulas.features(params, x), len(params["b1"])
    weights = formulas.blocks(params)["W2"]
    turned = right.copy()
    grid = right[:, weights].reshape(len(x), hidden, hidden)
    turned[:, weights] = grid.transpose(0, 2, 1).reshape(len(x), -1)

    def not_transposed() -> Array:
        wrong = right.copy()
        upstream = right[:, formulas.blocks(params)["b2"]]
        on = np.outer(x, params["W1"]) + params["b1"] > 0
        wrong[:, formulas.blocks(params)["b1"]] = on * (upstream @ params["W2"])
        wrong[:, formulas.blocks(params)["W1"]] = x[:, None] * on * (upstream @ params["W2"])
        return wrong

    without = partial(formulas.features, params, x)
    wrong: list[tuple[Callable[[], Array] | Array, str]] = [
        (partial(without, masked=(1,)), "the mask of the second ReLU is missing."),
        (partial(without, masked=(2,)), "the mask of the first ReLU is missing."),
        (partial(without, masked=()), "the masks of both ReLUs are missing."),
        (not_transposed, "going back through W2, it is not transposed."),
        (turned, "the columns of W2 are in the order of its columns; `pack` goes row after row."),
    ]
    return [Mistake(value=value, rationale=text) for value, text in wrong]
