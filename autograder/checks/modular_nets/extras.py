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
        scales[0] = 0.05  # its entries are less than 1 apart
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
        layer, gamma, _ = _batch_norm(student, rng, 5, eps=eps)
        x, dprev = 3 * rng.standard_normal(shape) + 2, rng.standard_normal(shape)
        layer.forward(x[:2] - 1, True)  # an update before; nothing of it may be left
        layer.backward(dprev[:2] + 1)
        layer.forward(x, True)
        mean, var, axes = _statistics(x)
        normal = (x - mean) / np.sqrt(var + eps)
        inner = gamma * dprev
        outer = inner - inner.mean(axis=axes) - normal * (inner * normal).mean(axis=axes)
        fixed = Mistake(
            value=inner / np.sqrt(var + eps),
            rationale="mean and variance are treated as fixed numbers; they depend on the input.",
        )
        half = Mistake(
            value=(inner - inner.mean(axis=axes)) / np.sqrt(var + eps),
            rationale="the way through the variance is missing.",
        )
        hints = Hints(mistakes=[fixed, half], help="Three ways lead from x to the output.")
        sent = student.send(dprev, "dprev")
        dfeat = layer.backward(sent)
        expect_close("dfeat", dfeat, outer / np.sqrt(var + eps), like="feat", hints=hints)
        for name, right in (("beta", dprev), ("gamma", dprev * normal)):
            summed = right.sum(axis=axes)
            got = layer.grads[f"bn_{name}"]
            shapes = with_kept_axes(summed)
            expect_close(f"grads['bn_{name}']", got, summed, also_shapes=shapes)
        expect_unchanged("dprev", sent, dprev)


@check("label_noise", points=2, bonus=True)
def label_noise(student: Student, rng: Generator) -> None:
    """noisy_labels makes exactly the asked share of the labels wrong."""
    for fraction in (0.0, 0.2, 1.0):
        labels = rng.integers(5, size=400)
        sent = student.send(labels, "labels")
        noisy = as_array("noisy", student.analysis.noisy_labels(sent, fraction, 5, seed=3))
        _expect_noise(noisy, labels, fraction)
        expect_unchanged("labels", sent, labels)
    first, again, other = (
        as_array("noisy", student.analysis.noisy_labels(labels, 0.2, 5, seed=seed))
        for seed in (3, 3, 4)
    )
    if (first != again).any():
        raise Finding(
            "Two calls with the same `seed` give different labels.",
            "All random numbers come from one generator, which is made with `seed` in each call.",
        )
    if (first == other).all():
        raise Finding("Two seeds give the same labels.", "Is `seed` used, or a number of your own?")


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
    _expect_spread_out(noisy != labels)
    shifts = np.bincount((noisy - labels).astype(int) % 5, minlength=5)[1:]
    if asked and shifts.min() < asked / 40:
        raise Finding("The wrong labels are not drawn from all the other classes.")


def _expect_spread_out(wrong: Array) -> None:
    """Of 80 wrong labels among 400, 40 are in the first half, with a standard deviation of 4."""
    early, late = int(wrong[:200].sum()), int(wrong[200:].sum())
    if early + late < len(wrong) and max(early, late) > 3 * min(early, late) + 10:
        raise Finding(
            f"{early} of the wrong labels are in the first half of the examples, {late} in the "
            "second.",
            "The examples are drawn at random, not taken from the front.",
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
