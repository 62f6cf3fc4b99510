"""Hidden tests of filter pictures and of the extra credit."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.answers import expect_choice
from autograder.judging.arrays import Hints, Mistake, as_array, expect_close, expect_unchanged
from autograder.judging.check import Finding, check
from autograder.sandbox.remote import Remote, Student

from .networks import with_kept_axes

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("filter_pictures", points=2)
def filter_pictures(student: Student, rng: Generator) -> None:
    """filter_pictures makes one picture from 0 to 1 of every filter."""
    function = student.notebook("cnn").filter_pictures
    for size, channels, filters in ((5, 3, 7), (3, 1, 4)):
        scales = rng.uniform(0.1, 9, size=filters)
        w = scales * rng.standard_normal((size, size, channels, filters))
        pictures = np.moveaxis(w, -1, 0)
        right = _stretched(pictures)
        hints = Hints(
            mistakes=[
                Mistake(
                    value=(pictures - w.min()) / (w.max() - w.min()),
                    rationale="all filters share one scale; each should have its own.",
                ),
                Mistake(value=pictures, rationale="the values are not brought between 0 and 1."),
                Mistake(
                    value=_stretched(w.reshape(filters, size, size, channels)),
                    rationale="reshape mixes the filters up; an axis has to move to the front.",
                ),
            ],
            help="Move the last axis to the front; then (v - smallest) / (largest - smallest).",
        )
        expect_close("pictures", function(w), right, hints=hints)
    flat = as_array("pictures", function(np.full((3, 3, 3, 2), 0.5)))
    if not flat.size or not np.isfinite(flat).all() or flat.min() < 0 or flat.max() > 1:
        raise Finding(
            "A filter whose entries are all equal gives values that are not between 0 and 1.",
            "There the largest value minus the smallest is 0.",
        )


@check("filter_reading", points=1)
def filter_reading(student: Student, rng: Generator) -> None:
    """filter_reading says what the pictures of first-layer filters can show."""
    options = {
        "a": "What does a filter answer whose one side is bright and whose other side is dark?",
        "b": "What does a filter answer whose colour differs from grey, on a grey image?",
        "c": "How many pixels does one output of the first layer see?",
        "d": "Would such a filter answer differently to different images?",
    }
    answer = student.notebook("cnn").filter_reading
    expect_choice("filter_reading", answer, {"a", "b"}, options=options)


@check("confusion_matrix", points=2, bonus=True)
def confusion_matrix(student: Student, rng: Generator) -> None:
    """confusion_matrix counts true classes in rows and predictions in columns."""
    for classes, count in ((4, 60), (6, 5)):
        labels, predictions = rng.integers(classes, size=(2, count))
        right = np.zeros((classes, classes))
        for i, j in zip(labels, predictions, strict=True):
            right[i, j] += 1
        hints = Hints(
            mistakes=[
                Mistake(
                    value=(right > 0).astype(float),
                    rationale="pairs that occur more than once are counted once.",
                    help="`matrix[labels, predictions] += 1` counts each pair once; see np.add.at.",
                )
            ],
            help="matrix[i, j] counts class i predicted as class j, for all num_classes classes.",
        )
        got = student.analysis.confusion_matrix(labels, predictions, classes)
        expect_close("matrix", got, right, hints=hints)


@check("batch_norm_forward", points=2, bonus=True)
def batch_norm_forward(student: Student, rng: Generator) -> None:
    """batch_norm.forward normalises every feature over the batch."""
    for shape in ((8, 5), (3, 4, 2, 5)):
        layer, gamma, beta = _batch_norm(student, rng, 5)
        x = 3 * rng.standard_normal(shape) + 2
        sent = student.send(x, "feat")
        mean, var, axes = _statistics(x)
        centred = x - mean
        hints = Hints(
            mistakes=[
                Mistake(
                    value=gamma * centred / (var + 1e-5) + beta,
                    rationale="it is divided by the variance, not by its root.",
                ),
                Mistake(
                    value=gamma * centred / np.sqrt(x.var(axis=axes, ddof=1) + 1e-5) + beta,
                    rationale="the variance is divided by one less than the number of values.",
                ),
                Mistake(
                    value=centred / np.sqrt(var + 1e-5), rationale="gamma and beta are not used."
                ),
            ],
            help="A feature is an entry of the last axis; mean and var go over all other axes.",
        )
        right = gamma * centred / np.sqrt(var + 1e-5) + beta
        expect_close("out", layer.forward(sent, True), right, hints=hints)
        expect_unchanged("feat", sent, x)


@check("batch_norm_running", points=1, needs="batch_norm_forward", bonus=True)
def batch_norm_running(student: Student, rng: Generator) -> None:
    """batch_norm keeps running statistics and uses them outside of training."""
    layer, gamma, beta = _batch_norm(student, rng, 4)
    mean, var, deviation = np.zeros(4), np.ones(4), np.ones(4)
    for _ in range(3):
        x = 2 * rng.standard_normal((10, 4)) + 5
        layer.forward(x, True)
        mean = 0.9 * mean + 0.1 * x.mean(axis=0)
        var = 0.9 * var + 0.1 * x.var(axis=0)
        deviation = 0.9 * deviation + 0.1 * x.std(axis=0)
    x = 2 * rng.standard_normal((6, 4)) + 5
    start = gamma * x / np.sqrt(1 + 1e-5) + beta
    stored = gamma * (x - mean) / np.sqrt(deviation + 1e-5) + beta
    batch = gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5) + beta
    hints = Hints(
        mistakes=[
            Mistake(value=start, rationale="the running statistics are computed and discarded."),
            Mistake(value=stored, rationale="running_var holds deviations, not variances."),
            Mistake(value=batch, rationale="the statistics of the batch are used in testing too."),
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
    for shape in ((8, 5), (3, 4, 2, 5)):
        layer, gamma, _ = _batch_norm(student, rng, 5)
        x, dprev = 3 * rng.standard_normal(shape) + 2, rng.standard_normal(shape)
        layer.forward(x, True)
        mean, var, axes = _statistics(x)
        normal = (x - mean) / np.sqrt(var + 1e-5)
        inner = gamma * dprev
        outer = inner - inner.mean(axis=axes) - normal * (inner * normal).mean(axis=axes)
        fixed = Mistake(
            value=inner / np.sqrt(var + 1e-5),
            rationale="mean and variance are treated as fixed numbers; they depend on the input.",
        )
        half = Mistake(
            value=(inner - inner.mean(axis=axes)) / np.sqrt(var + 1e-5),
            rationale="the way through the variance is missing.",
        )
        hints = Hints(mistakes=[fixed, half], help="Three ways lead from x to the output.")
        dfeat = layer.backward(dprev)
        expect_close("dfeat", dfeat, outer / np.sqrt(var + 1e-5), like="feat", hints=hints)
        for name, right in (("beta", dprev), ("gamma", dprev * normal)):
            summed = right.sum(axis=axes)
            got = layer.grads[f"bn_{name}"]
            shapes = with_kept_axes(summed)
            expect_close(f"grads['bn_{name}']", got, summed, also_shapes=shapes)


@check("label_noise", points=2, bonus=True)
def label_noise(student: Student, rng: Generator) -> None:
    """noisy_labels makes exactly the asked share of the labels wrong."""
    labels = rng.integers(5, size=400)
    for fraction in (0.0, 0.2, 1.0):
        sent = student.send(labels, "labels")
        noisy = as_array("noisy", student.analysis.noisy_labels(sent, fraction, 5, seed=3))
        _expect_noise(noisy, labels, fraction)
        expect_unchanged("labels", sent, labels)


def _stretched(pictures: Array) -> Array:
    """Each picture (N, k, k, C) by itself from 0 to 1."""
    low = pictures.min(axis=(1, 2, 3), keepdims=True)
    stretched: Array = (pictures - low) / (pictures.max(axis=(1, 2, 3), keepdims=True) - low)
    return stretched


def _expect_noise(noisy: Array, labels: Array, fraction: float) -> None:
    if noisy.shape != labels.shape or not np.isin(noisy, np.arange(5)).all():
        raise Finding("The labels have another shape, or are not the classes 0 to 4.")
    wrong, asked = int(np.sum(noisy != labels)), round(fraction * len(labels))
    if wrong != asked:
        raise Finding(
            f"With fraction={fraction:g}, {wrong} of {len(labels)} labels are wrong, "
            f"expected {asked}.",
            "Are places drawn without repetition, and new labels only among the wrong ones?",
        )
    shifts = np.bincount((noisy - labels).astype(int) % 5, minlength=5)[1:]
    if asked and shifts.min() < asked / 40:
        raise Finding("The wrong labels are not drawn from all the other classes.")


def _batch_norm(student: Student, rng: Generator, features: int) -> tuple[Remote, Array, Array]:
    layer = student.cnn.batch_norm.batch_norm(features, name="bn")
    gamma, beta = rng.uniform(0.5, 2, size=features), rng.standard_normal(features)
    layer.params["bn_gamma"] = gamma
    layer.params["bn_beta"] = beta
    return layer, gamma, beta


def _statistics(x: Array) -> tuple[Array, Array, tuple[int, ...]]:
    axes = tuple(range(x.ndim - 1))
    return x.mean(axis=axes), x.var(axis=axes), axes
