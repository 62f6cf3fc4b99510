"""Hidden tests of single layers and losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    expect_close,
    expect_number,
    expect_unchanged,
    floored_logarithms,
)
from autograder.judging.check import check
from autograder.judging.own_forward import (
    BothWays,
    WayBack,
    of_functions,
    or_of_own_forward,
    upstream,
)
from autograder.sandbox.remote import Student

from .formulas import softmax, svm

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("affine_forward", points=2)
def affine_forward(student: Student, rng: Generator) -> None:
    """affine_forward flattens each input to a row and returns x w + b."""
    for shape, outputs in (((4, 2, 3), 5), ((1, 7), 3), ((3, 2, 2, 2), 1)):
        x, w, b = _affine_inputs(rng, shape, outputs)
        sent = [student.send(value, name) for name, value in (("x", x), ("w", w), ("b", b))]
        out, _ = student.layers.affine_forward(*sent)
        rows = x.reshape(len(x), -1)
        hints = Hints(
            mistakes=[Mistake(value=rows @ w, rationale="the bias `b` is not added.")],
            help="Each of the N inputs is one row of length D; the result is rows @ w + b.",
        )
        expect_close("out", out, rows @ w + b, hints=hints)
        for name, value, original in zip("xwb", sent, (x, w, b), strict=True):
            expect_unchanged(name, value, original)


@check("affine_backward", points=2, needs="affine_forward")
def affine_backward(student: Student, rng: Generator) -> None:
    """affine_backward returns the gradients of x, w and b."""
    for shape, outputs in (((4, 2, 3), 5), ((3, 4), 3), ((1, 6), 2)):
        x, w, b = _affine_inputs(rng, shape, outputs)
        dout = rng.standard_normal((len(x), outputs))
        _, cache = student.layers.affine_forward(x, w, b)
        sent = student.send(dout, "dout")
        dx, dw, db = student.layers.affine_backward(sent, cache)
        rows = x.reshape(len(x), -1)
        factors = {float(len(x)): "the number of rows"} if len(x) > 1 else {}
        with or_of_own_forward(student, _affine_ways(student, x, w, b, dout), rng):
            expect_close(
                "dx",
                dx,
                (dout @ w.T).reshape(x.shape),
                like="x",
                hints=Hints(
                    factors=factors, help="Each entry of x reaches the output through one row of w."
                ),
            )
            expect_close(
                "dw",
                dw,
                rows.T @ dout,
                like="w",
                hints=Hints(
                    factors=factors,
                    help="Which product of rows (N, D) and dout (N, M) has w's shape?",
                ),
            )
            expect_close(
                "db",
                db,
                dout.sum(axis=0),
                like="b",
                also_shapes=[(1, outputs)],
                hints=Hints(
                    factors=factors,
                    help="b is added to each row: what does one entry of it change?",
                ),
            )
        expect_unchanged("dout", sent, dout)


@check("relu_forward", points=1)
def relu_forward(student: Student, rng: Generator) -> None:
    """relu_forward keeps positive values and replaces the others by 0."""
    for scale in (1, 100):
        x = scale * rng.standard_normal((4, 6))
        sent = student.send(x, "x")
        out, _ = student.layers.relu_forward(sent)
        hints = Hints(
            mistakes=[
                Mistake(value=np.abs(x), rationale="it is the absolute value of x."),
                Mistake(value=np.minimum(x, 0), rationale="it keeps the negative values."),
                Mistake(value=(x > 0).astype(float), rationale="it is the mask, not the values."),
                Mistake(value=np.clip(x, 0, 6), rationale="it is cut off at 6."),
            ],
            help="ReLU(x) is the larger of 0 and x, entry by entry.",
        )
        expect_close("out", out, np.maximum(x, 0), like="x", hints=hints)
        expect_unchanged("x", sent, x)


@check("relu_backward", points=1, needs="relu_forward")
def relu_backward(student: Student, rng: Generator) -> None:
    """relu_backward lets the gradient through where the input was positive."""
    x, dout = rng.standard_normal((5, 4)), rng.standard_normal((5, 4))
    _, cache = student.layers.relu_forward(x)
    sent = student.send(dout, "dout")
    hints = Hints(
        mistakes=[
            Mistake(
                value=np.where(dout > 0, dout, 0),
                rationale="the mask is taken from `dout`, not from the input `x`.",
                help="Whether the gradient passes depends on the sign that x had.",
            ),
            Mistake(value=(x > 0).astype(float), rationale="it is not multiplied by `dout`."),
            Mistake(value=dout, rationale="the gradient passes everywhere."),
        ],
        help="The derivative of max(0, x) is 1 where x > 0 and 0 where x < 0.",
    )
    dx = student.layers.relu_backward(sent, cache)
    with or_of_own_forward(student, _relu_ways(student, x, dout), rng):
        expect_close("dx", dx, np.where(x > 0, dout, 0), like="x", hints=hints)
    expect_unchanged("dout", sent, dout)


def _affine_ways(student: Student, x: Array, w: Array, b: Array, dout: Array) -> WayBack:
    layers, names = student.layers, ("x", "w", "b")
    right = BothWays(
        forward=lambda at: at["x"].reshape(len(x), -1) @ at["w"] + at["b"],
        gradients=lambda at: {
            "x": (dout @ at["w"].T).reshape(x.shape),
            "w": at["x"].reshape(len(x), -1).T @ dout,
            "b": dout.sum(axis=0),
        },
    )
    return WayBack(
        own=of_functions(
            lambda at: layers.affine_forward(at["x"], at["w"], at["b"]),
            layers.affine_backward,
            dout,
            names,
        ),
        right=right,
        at=dict(zip(names, (x, w, b), strict=True)),
        scalar=upstream(dout),
    )


def _relu_ways(student: Student, x: Array, dout: Array) -> WayBack:
    layers = student.layers
    right = BothWays(
        forward=lambda at: np.maximum(at["x"], 0),
        gradients=lambda at: {"x": np.where(at["x"] > 0, dout, 0)},
    )
    own = of_functions(lambda at: layers.relu_forward(at["x"]), layers.relu_backward, dout, ("x",))
    return WayBack(own=own, right=right, at={"x": x}, scalar=upstream(dout))


@check("affine_relu", points=1, needs=("affine_backward", "relu_backward"))
def affine_relu(student: Student, rng: Generator) -> None:
    """affine_relu_forward and affine_relu_backward chain the two layers."""
    x, w, b = _affine_inputs(rng, (3, 2, 4), 6)
    dout = rng.standard_normal((3, 6))
    rows = x.reshape(3, -1)
    scores = rows @ w + b
    out, cache = student.layer_utils.affine_relu_forward(x, w, b)
    forward = Hints(
        mistakes=[Mistake(value=scores, rationale="the ReLU is missing.")],
        help="First the affine layer, then the ReLU.",
    )
    expect_close("out", out, np.maximum(scores, 0), hints=forward)
    dx, dw, db = student.layer_utils.affine_relu_backward(dout, cache)
    inner = np.where(scores > 0, dout, 0)
    backward = Hints(help="Backward passes through the ReLU first, then through the affine layer.")
    expect_close("dx", dx, (inner @ w.T).reshape(x.shape), like="x", hints=backward)
    expect_close("dw", dw, rows.T @ inner, like="w", hints=backward)
    expect_close("db", db, inner.sum(axis=0), like="b", also_shapes=[(1, 6)], hints=backward)


def _affine_inputs(
    rng: Generator, shape: tuple[int, ...], outputs: int
) -> tuple[Array, Array, Array]:
    inputs = int(np.prod(shape[1:]))
    return (
        rng.standard_normal(shape),
        rng.standard_normal((inputs, outputs)),
        rng.standard_normal(outputs),
    )


@check("softmax_loss", points=2)
def softmax_loss(student: Student, rng: Generator) -> None:
    """softmax_loss returns the mean cross-entropy and its gradient."""
    for rows, classes in ((6, 4), (1, 3), (5, 7)):
        x, y = rng.standard_normal((rows, classes)), rng.integers(classes, size=rows)
        sent = student.send(x, "x")
        loss, dx = student.layers.softmax_loss(sent, y)
        right_loss, right_dx = softmax(x, y)
        factors = {float(classes): "the number of classes"}
        factors |= {float(rows): "the number of rows"} if rows > 1 else {}
        help = "The loss is the mean over the rows of -ln(probability of the right class)."
        base_two = Mistake(value=right_loss / np.log(2), rationale="it is the logarithm to base 2.")
        hints = Hints(mistakes=[base_two], factors=factors, help=help)
        expect_number("loss", loss, right_loss, hints=hints)
        expect_close("dx", dx, right_dx, like="x", hints=_softmax_gradient_hints(x, y, factors))
        expect_unchanged("x", sent, x)


def _softmax_gradient_hints(x: Array, y: Array, factors: dict[float, str]) -> Hints:
    rows = len(x)
    probabilities = softmax(x, y)[1] * rows
    probabilities[np.arange(rows), y] += 1
    replaced = probabilities.copy()
    replaced[np.arange(rows), y] = 1
    rule = "Row i of dx is the probabilities with 1 subtracted at the right class, over N."
    return Hints(
        mistakes=[
            Mistake(
                value=value,
                rationale="the entry of the right class is set to 1; "
                "1 should be subtracted from it.",
                help=rule,
            )
            for value in (replaced, replaced / rows)
        ]
        + [
            Mistake(value=value, rationale="nothing is subtracted at the right class.", help=rule)
            for value in (probabilities, probabilities / rows)
        ],
        factors=factors,
        help=rule,
    )


@check("softmax_stability", points=1, needs="softmax_loss")
def softmax_stability(student: Student, rng: Generator) -> None:
    """softmax_loss stays finite and right for scores that are very large or far apart."""
    for shift, spread in ((1e3, 1), (-1e4, 1), (0, 1e3), (1e4, 1e4)):
        x = shift + spread * rng.standard_normal((4, 5))
        y = rng.integers(5, size=4)
        loss, dx = student.layers.softmax_loss(x, y)
        right_loss, right_dx = softmax(x, y)
        chosen = right_dx[np.arange(4), y] * 4 + 1
        hints = Hints(
            mistakes=tuple(floored_logarithms(chosen)),
            help="Look at two places: where exp may overflow, and where the logarithm may meet a "
            "probability that was rounded to 0.",
        )
        expect_number("loss", loss, right_loss, hints=hints)
        expect_close("dx", dx, right_dx, like="x", hints=hints)


@check("svm_loss", points=2)
def svm_loss(student: Student, rng: Generator) -> None:
    """svm_loss returns the mean multiclass hinge loss and its gradient."""
    for rows, classes, scale in ((6, 4, 1), (1, 3, 1), (5, 7, 10)):
        x, y = scale * rng.standard_normal((rows, classes)), rng.integers(classes, size=rows)
        sent = student.send(x, "x")
        loss, dx = student.layers.svm_loss(sent, y)
        right_loss, right_dx = svm(x, y)
        factors = {float(rows): "the number of rows"} if rows > 1 else {}
        counted = Mistake(value=right_loss + 1, rationale="the right class is counted as well.")
        help = "Sum max(0, s_j - s_y + 1) over the wrong classes j; take the mean over the rows."
        rule = "A margin above 0 adds 1/N at its class and takes 1/N off at the right class."
        expect_number(
            "loss", loss, right_loss, hints=Hints(mistakes=[counted], factors=factors, help=help)
        )
        expect_close("dx", dx, right_dx, like="x", hints=Hints(factors=factors, help=rule))
        expect_unchanged("x", sent, x)
