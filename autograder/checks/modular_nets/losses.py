"""Hidden tests of the softmax and the cross-entropy."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    as_number,
    expect_close,
    expect_number,
    expect_unchanged,
    floored_logarithms,
)
from autograder.judging.check import check
from autograder.judging.own_forward import BothWays, Inputs, WayBack, or_of_own_forward
from autograder.sandbox.remote import Remote, Student

from .formulas import cross_entropies
from .formulas import softmax as probabilities

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("softmax", points=1)
def softmax(student: Student, rng: Generator) -> None:
    """softmax gives the probabilities of every row."""
    for shape in ((5, 4), (4, 4), (1, 6)):
        x = rng.standard_normal(shape)
        sent = student.send(x, "feat")
        powers = np.exp(x)
        shifted = powers / powers.max(axis=1, keepdims=True)
        hints = Hints(
            mistakes=[
                Mistake(value=powers / powers.sum(), rationale="it is divided by the sum of all."),
                Mistake(value=powers / powers.sum(axis=0), rationale="the columns add up to 1."),
                Mistake(value=shifted / shifted.sum(axis=0), rationale="the columns add up to 1."),
                Mistake(value=np.log(probabilities(x)), rationale="it is the logarithm."),
            ],
            help="Each row is divided by its own sum; keepdims=True keeps the shapes apart.",
        )
        out = student.mlp.layer_utils.softmax(sent)
        expect_close("probabilities", out, probabilities(x), hints=hints)
        expect_unchanged("feat", sent, x)


@check("softmax_stability", points=1, needs="softmax")
def softmax_stability(student: Student, rng: Generator) -> None:
    """softmax is right for very large and very small scores."""
    for shift in (1e3, 1e4, -1e4):
        x = shift + _coarse(rng.standard_normal((4, 5)))
        hints = Hints(
            help="Can exp overflow, or can every exp of a row be rounded to 0? A number that is "
            "subtracted from a whole row changes no probability."
        )
        out = student.mlp.layer_utils.softmax(x)
        expect_close("probabilities", out, probabilities(x), hints=hints)


@check("cross_entropy_forward", points=2, needs="softmax")
def cross_entropy_forward(student: Student, rng: Generator) -> None:
    """cross_entropy.forward is the mean of -ln(probability of the label)."""
    for rows, classes in ((6, 4), (1, 3), (5, 7)):
        x, y = rng.standard_normal((rows, classes)), rng.integers(classes, size=rows)
        sent = student.send(x, "feat")
        losses = cross_entropies(x, y)
        picked = Mistake(
            value=float(-np.mean(x[np.arange(rows), y])), rationale="the softmax is not taken."
        )
        base = Mistake(
            value=float(losses.mean() / np.log(2)), rationale="it is the logarithm to base 2."
        )
        factors = {float(rows): "the number of rows"} if rows > 1 else {}
        hints = Hints(
            mistakes=[base, picked],
            factors=factors,
            help="By default it is the mean over the rows of -ln(probability of the label).",
        )
        loss = student.mlp.layer_utils.cross_entropy().forward(sent, y)
        expect_number("loss", loss, float(losses.mean()), hints=hints)
        expect_unchanged("feat", sent, x)


@check("cross_entropy_backward", points=2, needs="cross_entropy_forward")
def cross_entropy_backward(student: Student, rng: Generator) -> None:
    """cross_entropy.backward is the gradient of the mean loss."""
    for rows, classes in ((6, 4), (1, 3), (5, 5)):
        x, y = rng.standard_normal((rows, classes)), rng.integers(classes, size=rows)
        loss = student.mlp.layer_utils.cross_entropy()
        loss.forward(x, y)
        right = _gradient(x, y) / rows
        hints = _gradient_hints(x, y)
        first, second = loss.backward(), loss.backward()
        with or_of_own_forward(student, _ways(student, x, y), rng):
            expect_close("dfeat", first, right, like="feat", hints=hints)
            expect_close("the second dfeat", second, right, like="feat", hints=hints)


def _ways(student: Student, x: Array, y: Array) -> WayBack:
    """The mean loss of any scores and labels, and its gradient."""

    def losses(at: Inputs) -> tuple[Remote, Remote]:
        loss = student.mlp.layer_utils.cross_entropy()
        return loss, loss.forward(at["feat"], at["labels"])

    def own_gradients(at: Inputs) -> dict[str, Array]:
        loss, _ = losses(at)
        first, second = (as_array("dfeat", loss.backward()) for _ in range(2))
        return {"feat": expect_close("dfeat", second, first)}

    return WayBack(
        own=BothWays(
            forward=lambda at: np.asarray(as_number("loss", losses(at)[1])),
            gradients=own_gradients,
        ),
        right=BothWays(
            forward=lambda at: np.asarray(cross_entropies(at["feat"], at["labels"]).mean()),
            gradients=lambda at: {"feat": _gradient(at["feat"], at["labels"]) / len(x)},
        ),
        at={"feat": x, "labels": y},
        scalar=lambda at, out: float(out),
    )


@check("cross_entropy_stability", points=1, needs=("cross_entropy_backward", "softmax_stability"))
def cross_entropy_stability(student: Student, rng: Generator) -> None:
    """cross_entropy is finite and right where probabilities are rounded to 0."""
    for spread in (1e2, 1e4):
        x = _coarse(spread * rng.standard_normal((6, 5)))
        y = np.argmin(x, axis=1)
        loss = student.mlp.layer_utils.cross_entropy()
        help = "Where is the logarithm taken? A probability may have been rounded to 0 by then."
        expected = float(cross_entropies(x, y).mean())
        floored = tuple(floored_logarithms(probabilities(x)[np.arange(len(x)), y]))
        hints = Hints(mistakes=floored, help=help)
        expect_number("loss", loss.forward(x, y), expected, hints=hints)
        expect_close("dfeat", loss.backward(), _gradient(x, y) / len(x), hints=Hints(help=help))


@check("cross_entropy_sum", points=1, needs="cross_entropy_backward")
def cross_entropy_sum(student: Student, rng: Generator) -> None:
    """cross_entropy(size_average=False) is the sum over the examples, and so is its gradient."""
    x, y = rng.standard_normal((7, 4)), rng.integers(4, size=7)
    loss = student.mlp.layer_utils.cross_entropy(size_average=False)
    total = float(cross_entropies(x, y).sum())
    ignored = "size_average=False is ignored: it is divided by the number of rows."
    mistakes = [Mistake(value=total / 7, rationale=ignored)]
    help = "With size_average=False nothing is divided by N, in either direction."
    got = loss.forward(x, y)
    expect_number("loss", got, total, hints=Hints(mistakes=mistakes, help=help))
    right = _gradient(x, y)
    mistakes = [Mistake(value=right / 7, rationale=ignored)]
    expect_close("dfeat", loss.backward(), right, hints=Hints(mistakes=mistakes, help=help))


def _coarse(x: Array) -> Array:
    """Rounded to what float32 can tell apart at 10,000, so that it is as right as float64."""
    rounded: Array = np.round(64 * x) / 64
    return rounded


def _gradient(x: Array, y: Array) -> Array:
    """The gradient of the summed loss."""
    gradient: Array = probabilities(x) - np.eye(x.shape[1])[y]
    return gradient


def _gradient_hints(x: Array, y: Array) -> Hints:
    rows = len(x)
    replaced = probabilities(x)
    replaced[np.arange(rows), y] = 1
    rule = "Row i is the probabilities with 1 subtracted at the label, divided by N."
    return Hints(
        mistakes=[
            Mistake(
                value=replaced / rows,
                rationale="the entry of the label is set to 1 where 1 is subtracted.",
                help=rule,
            ),
            Mistake(
                value=probabilities(x) / rows,
                rationale="nothing is subtracted at the label.",
                help=rule,
            ),
        ],
        factors={float(rows): "the number of rows"} if rows > 1 else {},
        help=rule,
    )
