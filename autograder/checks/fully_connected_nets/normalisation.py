"""Hidden tests of batch and layer normalisation, which differ in the axis that means go over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_unchanged,
)
from autograder.judging.check import check, on
from autograder.judging.own_forward import (
    Inputs,
    WayBack,
    of_functions,
    or_of_own_forward,
    upstream,
)
from autograder.sandbox.remote import Remote, Student

from .normalised import (
    BATCH,
    LARGE,
    ROW,
    SMALL,
    Normalisation,
    Way,
    as_computed,
    forward_hints,
    is_unbiased,
    normalised,
    right_ways,
    way_taken,
)

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

SHAPES = ((8, 5), (4, 6))
KNOWN = "mean and variance are treated as fixed numbers; they depend on x."


@check("batchnorm_forward", points=2, bonus=True)
def batchnorm_forward(student: Student, rng: Generator) -> None:
    """batchnorm_forward normalises every feature over the batch in training."""
    for shape, eps in zip(SHAPES, (SMALL, LARGE), strict=True):
        case = Normalisation.draw(rng, shape, eps=eps, axis=BATCH)
        x = student.send(case.x, "x")
        param = {"mode": "train", "eps": eps}
        out, _ = student.normalisation.batchnorm_forward(x, case.gamma, case.beta, param)
        expect_close("out", out, case.out, like="x", hints=forward_hints(case))
        expect_unchanged("x", x, case.x)


@check("batchnorm_running", points=2, needs="batchnorm_forward", bonus=True)
def batchnorm_running(student: Student, rng: Generator) -> None:
    """batchnorm_forward keeps running statistics, and uses them in testing."""
    for keep in (0.9, 0.6):
        _expect_running(student, rng, keep)


@check("batchnorm_backward", points=3, needs="batchnorm_forward", bonus=True)
def batchnorm_backward(student: Student, rng: Generator) -> None:
    """batchnorm_backward gives the gradients of x, gamma and beta."""
    for shape, eps in zip(SHAPES, (SMALL, LARGE), strict=True):
        case = Normalisation.draw(rng, shape, eps=eps, axis=BATCH)
        _expect_gradients(student, "batchnorm", case, {"mode": "train", "eps": eps}, rng)


@check("layernorm_forward", points=1, bonus=True)
def layernorm_forward(student: Student, rng: Generator) -> None:
    """layernorm_forward normalises every example over its features."""
    for shape, eps in zip((*SHAPES, (1, 7)), (SMALL, LARGE, SMALL), strict=True):
        case = Normalisation.draw(rng, shape, eps=eps, axis=ROW)
        x = student.send(case.x, "x")
        out, _ = student.normalisation.layernorm_forward(x, case.gamma, case.beta, {"eps": eps})
        expect_close("out", out, case.out, like="x", hints=forward_hints(case))
        expect_unchanged("x", x, case.x)


@check("layernorm_backward", points=2, needs="layernorm_forward", bonus=True)
def layernorm_backward(student: Student, rng: Generator) -> None:
    """layernorm_backward gives the gradients of x, gamma and beta."""
    for shape, eps in zip(SHAPES, (SMALL, LARGE), strict=True):
        case = Normalisation.draw(rng, shape, eps=eps, axis=ROW)
        _expect_gradients(student, "layernorm", case, {"eps": eps}, rng)


def _expect_gradients(
    student: Student, name: str, case: Normalisation, param: Mapping[str, object], rng: Generator
) -> None:
    """The way back through the student's own forward step."""
    dout: Array = np.asarray(rng.standard_normal(case.x.shape))
    sent = student.send(dout, "dout")

    def forward(at: Inputs) -> Remote:
        function: Remote = getattr(student.normalisation, f"{name}_forward")
        return function(at["x"], at["gamma"], at["beta"], dict(param))

    backward = getattr(student.normalisation, f"{name}_backward")
    out, cache = forward(case.inputs)
    found = tuple(backward(sent, cache))
    way = WayBack(
        own=of_functions(forward, backward, dout, tuple(case.inputs)),
        right=right_ways(case, dout),
        at=case.inputs,
        scalar=upstream(dout),
    )
    with or_of_own_forward(student, way, rng):
        _expect_values(found, as_array("out", out), case, dout)
    expect_unchanged("dout", sent, dout)


def _expect_values(found: tuple[Remote, ...], out: Array, case: Normalisation, dout: Array) -> None:
    """The gradients through what the student's own forward step has computed."""
    dx, dgamma, dbeta = found
    (z, deviation), g = as_computed(case, out), case.gamma * dout
    mean = g.mean(axis=case.axis, keepdims=True)
    through = z * (g * z).mean(axis=case.axis, keepdims=True)
    wrong = {
        KNOWN: g / deviation,
        "the part that comes through the variance is missing.": (g - mean) / deviation,
        "the part that comes through the mean is missing.": (g - through) / deviation,
        "gamma is missing.": (
            dout
            - dout.mean(axis=case.axis, keepdims=True)
            - z * (dout * z).mean(axis=case.axis, keepdims=True)
        )
        / deviation,
        "it is not divided by the deviation.": g - mean - through,
        "the means go over the wrong axis.": (
            g
            - g.mean(axis=1 - case.axis, keepdims=True)
            - z * (g * z).mean(axis=1 - case.axis, keepdims=True)
        )
        / deviation,
    }
    hints = Hints(
        mistakes=[Mistake(value=value, rationale=text) for text, value in wrong.items()],
        help="x reaches the output directly, through the mean, and through the variance.",
    )
    expect_close("dx", dx, (g - mean - through) / deviation, like="x", hints=hints)
    kept = [(1, case.x.shape[1])]
    for name, got, value in (("dgamma", dgamma, np.asarray(dout * z)), ("dbeta", dbeta, dout)):
        rows = {float(len(value)): "the number of rows"}
        by_input = [Mistake(value=(dout * case.x).sum(axis=0), rationale="it is summed with x; "
                            "gamma multiplies the normalised x.")]  # fmt: skip
        said = Hints(
            mistakes=by_input if name == "dgamma" else (),
            factors=rows,
            help="gamma and beta have one entry for each feature, and every row uses them.",
        )
        of = name.removeprefix("d")
        expect_close(name, got, value.sum(axis=0), like=of, also_shapes=kept, hints=said)


def _expect_running(student: Student, rng: Generator, keep: float) -> None:
    """What comes out in testing, after three batches with this momentum."""
    gamma, beta = rng.uniform(0.5, 2, size=4), rng.standard_normal(4)
    param = student.send({"mode": "train", "momentum": keep}, "bn_param")
    batches = [2 * rng.standard_normal((10, 4)) + 5 for _ in range(3)]
    outs = [
        student.normalisation.batchnorm_forward(batch, gamma, beta, param)[0] for batch in batches
    ]
    param["mode"] = "test"
    x = 2 * rng.standard_normal((6, 4)) + 5
    first = as_array("out", outs[0])
    way: Way = normalised
    ddof = 0
    if first.shape == batches[0].shape:  # what went wrong there has been said, and cost its points
        way = way_taken(batches[0], gamma, beta, first)
        ddof = int(is_unbiased(batches[0], gamma, beta, first))

    def tested(mean: Array, var: Array) -> Array:
        return way(x, mean, var, gamma, beta)

    mean, var, deviation = _running(batches, keep, ddof)
    swapped_mean, swapped_var, _ = _running(batches, 1 - keep, ddof)
    usual_mean, usual_var, _ = _running(batches, 0.9, ddof)
    last = batches[-1]
    wrong = {
        "the running statistics are computed and not stored in `bn_param`.": tested(
            np.zeros(4), np.ones(4)
        ),
        "running_var holds deviations, not variances.": tested(mean, deviation),
        "the statistics of the batch are used in testing, too.": tested(x.mean(0), x.var(0)),
        "the running values are those of the last batch only.": tested(last.mean(0), last.var(0)),
        "`momentum` and 1 - momentum are exchanged.": tested(swapped_mean, swapped_var),
        "`momentum` is a fixed number, not that of `bn_param`.": tested(usual_mean, usual_var),
        "only the running mean is updated.": tested(mean, np.ones(4)),
    }
    hints = Hints(
        mistakes=[Mistake(value=value, rationale=text) for text, value in wrong.items()],
        help="running <- momentum * running + (1 - momentum) * batch, for mean and variance.",
    )
    for again in ("testing, after three batches", "testing once more, which updates nothing"):
        with on(again):
            out, _ = student.normalisation.batchnorm_forward(x, gamma, beta, param)
            expect_close("out", out, tested(mean, var), like="x", hints=hints)
    with on("testing with one example"):
        out, _ = student.normalisation.batchnorm_forward(x[:1], gamma, beta, param)
        expect_close("out", out, tested(mean, var)[:1], like="x")


def _running(batches: list[Array], keep: float, ddof: int) -> tuple[Array, Array, Array]:
    """The running mean, variance and (for a mistake) deviation after these batches."""
    mean, var, deviation = np.zeros(4), np.ones(4), np.ones(4)
    for x in batches:
        mean = keep * mean + (1 - keep) * x.mean(axis=0)
        var = keep * var + (1 - keep) * x.var(axis=0, ddof=ddof)
        deviation = keep * deviation + (1 - keep) * x.std(axis=0)
    return mean, var, deviation
