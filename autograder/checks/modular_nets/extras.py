"""Hidden tests of filter pictures, and of the confusion matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.answers import expect_choice
from autograder.judging.arrays import Hints, Mistake, as_array, expect_close
from autograder.judging.check import Finding, check
from autograder.sandbox.remote import Student

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


def _stretched(pictures: Array) -> Array:
    """Each picture (N, k, k, C) by itself from 0 to 1."""
    low = pictures.min(axis=(1, 2, 3), keepdims=True)
    stretched: Array = (pictures - low) / (pictures.max(axis=(1, 2, 3), keepdims=True) - low)
    return stretched
