"""Hidden tests of batch normalisation, for extra credit."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, Mistake, expect_close, expect_unchanged
from autograder.judging.check import check
from autograder.judging.own_forward import (
    BothWays,
    Inputs,
    WayBack,
    of_layer,
    or_of_own_forward,
    upstream,
)
from autograder.sandbox.remote import Remote, Student

from .formulas import batch_norm, batch_norm_gradients
from .networks import with_kept_axes

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("batch_norm_forward", points=2, bonus=True)
def batch_norm_forward(student: Student, rng: Generator) -> None:
    """batch_norm.forward normalises every feature over the batch."""
    for shape, eps in (((8, 5), 1e-5), ((3, 4, 2, 5), 0.5)):
        layer, gamma, beta = _batch_norm(student, rng, 5, eps=eps)
        x = 3 * rng.standard_normal(shape) + 2
        sent = student.send(x, "feat")
        mean, var, axes = _statistics(x)
        centred = x - mean
        hints = Hints(
            mistakes=[
                Mistake(
                    value=gamma * centred / (var + eps) + beta,
                    rationale="it is divided by the variance, not by its root.",
                ),
                Mistake(
                    value=gamma * centred / np.sqrt(x.var(axis=axes, ddof=1) + eps) + beta,
                    rationale="the variance is divided by one less than the number of values.",
                ),
                Mistake(
                    value=centred / np.sqrt(var + eps), rationale="gamma and beta are not used."
                ),
                Mistake(
                    value=gamma * centred / (np.sqrt(var) + eps) + beta,
                    rationale="`eps` is added to the root; it belongs under it.",
                ),
                Mistake(
                    value=gamma * centred / np.sqrt(var + 1e-5) + beta,
                    rationale="`eps` is a fixed number, not that of the constructor.",
                ),
            ],
            help="A feature is an entry of the last axis; mean and var go over all other axes.",
        )
        right = gamma * centred / np.sqrt(var + eps) + beta
        expect_close("out", layer.forward(sent, True), right, hints=hints)
        expect_unchanged("feat", sent, x)


@check("batch_norm_running", points=1, needs="batch_norm_forward", bonus=True)
def batch_norm_running(student: Student, rng: Generator) -> None:
    """batch_norm keeps running statistics and uses them outside of training."""
    for keep in (0.9, 0.6):
        _expect_running(student, rng, keep)


def _expect_running(student: Student, rng: Generator, keep: float) -> None:
    """What `forward` returns outside of training, after three batches with this momentum."""
    layer, gamma, beta = _batch_norm(student, rng, 4, momentum=keep)
    batches = [2 * rng.standard_normal((10, 4)) + 5 for _ in range(3)]
    for batch in batches:
        layer.forward(batch, True)
    mean, var, deviation = _running(batches, keep)
    x = 2 * rng.standard_normal((6, 4)) + 5
    start = gamma * x / np.sqrt(1 + 1e-5) + beta
    stored = gamma * (x - mean) / np.sqrt(deviation + 1e-5) + beta
    of_batch = gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5) + beta
    usual_mean, usual_var, _ = _running(batches, 0.9)
    usual = gamma * (x - usual_mean) / np.sqrt(usual_var + 1e-5) + beta
    hints = Hints(
        mistakes=[
            Mistake(value=start, rationale="the running statistics are computed and discarded."),
            Mistake(value=stored, rationale="running_var holds deviations, not variances."),
            Mistake(
                value=of_batch, rationale="the statistics of the batch are used in testing too."
            ),
            Mistake(
                value=usual, rationale="`momentum` is a fixed number, not that of the constructor."
            ),
        ],
        help="Look at how both running statistics are updated, and at what is used in testing.",
    )
    out = layer.forward(x, False)
    right = gamma * (x - mean) / np.sqrt(var + 1e-5) + beta
    expect_close("out without training", out, right, hints=hints)
    expect_close("out without training, again", layer.forward(x, False), right, hints=hints)


@check("batch_norm_backward", points=2, needs="batch_norm_forward", bonus=True)
def batch_norm_backward(student: Student, rng: Generator) -> None:
    """batch_norm.backward gives the gradients of gamma, beta and the input."""
    for shape, eps in (((8, 5), 1e-5), ((3, 4, 2, 5), 0.5)):
        layer, gamma, beta = _batch_norm(student, rng, 5, eps=eps)
        x, dprev = 3 * rng.standard_normal(shape) + 2, rng.standard_normal(shape)
        layer.forward(x[:2] - 1, True)  # an update before; nothing of it may be left
        layer.backward(dprev[:2] + 1)
        layer.forward(x, True)
        sent = student.send(dprev, "dprev")
        dfeat = layer.backward(sent)
        given = {"feat": x, "gamma": gamma, "beta": beta}
        with or_of_own_forward(student, _ways(student, given, dprev, eps), rng):
            _expect_values(layer, dfeat, given, dprev, eps)
        expect_unchanged("dprev", sent, dprev)


def _expect_values(layer: Remote, dfeat: Remote, given: Inputs, dprev: Array, eps: float) -> None:
    """The gradients that `backward` has given and stored."""
    right = batch_norm_gradients(given["feat"], given["gamma"], dprev, eps)
    _, var, axes = _statistics(given["feat"])
    inner = given["gamma"] * dprev
    fixed = Mistake(
        value=inner / np.sqrt(var + eps),
        rationale="mean and variance are treated as fixed numbers; they depend on the input.",
    )
    half = Mistake(
        value=(inner - inner.mean(axis=axes)) / np.sqrt(var + eps),
        rationale="the way through the variance is missing.",
    )
    hints = Hints(mistakes=[fixed, half], help="Three ways lead from x to the output.")
    expect_close("dfeat", dfeat, right[0], like="feat", hints=hints)
    for name, summed in (("beta", right[2]), ("gamma", right[1])):
        got, shapes = layer.grads[f"bn_{name}"], with_kept_axes(summed)
        expect_close(f"grads['bn_{name}']", got, summed, also_shapes=shapes)


def _ways(student: Student, given: Inputs, dprev: Array, eps: float) -> WayBack:
    def made(at: Inputs) -> tuple[Remote, Remote]:
        layer = student.cnn.batch_norm.batch_norm(len(at["gamma"]), name="bn", eps=eps)
        layer.params["bn_gamma"] = at["gamma"]
        layer.params["bn_beta"] = at["beta"]
        return layer, layer.forward(at["feat"], True)

    def gradients(at: Inputs) -> dict[str, Array]:
        found = batch_norm_gradients(at["feat"], at["gamma"], dprev, eps)
        return dict(zip(("feat", "gamma", "beta"), found, strict=True))

    return WayBack(
        own=of_layer(made, dprev, {"gamma": "bn_gamma", "beta": "bn_beta"}),
        right=BothWays(
            forward=lambda at: batch_norm(at["feat"], at["gamma"], at["beta"], eps),
            gradients=gradients,
        ),
        at=given,
        scalar=upstream(dprev),
    )


def _batch_norm(
    student: Student, rng: Generator, features: int, **settings: float
) -> tuple[Remote, Array, Array]:
    layer = student.cnn.batch_norm.batch_norm(features, name="bn", **settings)
    gamma, beta = rng.uniform(0.5, 2, size=features), rng.standard_normal(features)
    layer.params["bn_gamma"] = gamma
    layer.params["bn_beta"] = beta
    return layer, gamma, beta


def _running(batches: list[Array], keep: float) -> tuple[Array, Array, Array]:
    """The running mean, variance and (for a mistake) standard deviation after these batches."""
    mean, var, deviation = np.zeros(4), np.ones(4), np.ones(4)
    for x in batches:
        mean = keep * mean + (1 - keep) * x.mean(axis=0)
        var = keep * var + (1 - keep) * x.var(axis=0)
        deviation = keep * deviation + (1 - keep) * x.std(axis=0)
    return mean, var, deviation


def _statistics(x: Array) -> tuple[Array, Array, tuple[int, ...]]:
    axes = tuple(range(x.ndim - 1))
    return x.mean(axis=axes), x.var(axis=axes), axes
