"""A made-up assignment whose parts build on one another, its solution, and how it is graded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.grading import grade_submission
from autograder.results import CheckResult, Report
from autograder.sandbox.limits import Limits
from autograder.solved import SCHEMA, Solved, solved_file
from autograder.submission import Submission

CHECKS = Path(__file__).parent / "chained"
LAYERS = """
import numpy as np


def scale_forward(x, w):
    return x * w, (x, w)


def scale_backward(dout, cache):
    x, w = cache
    return dout * w


def shift(x):
    return x + 1


class Layer:
    def __init__(self, w):
        self.params = {"w": w}
        self.grads = {}
        self.meta = None

    def forward(self, x):
        self.meta = x
        return x * self.params["w"]

    def backward(self, dout):
        self.grads["w"] = np.dot(self.meta, dout)
        return dout * self.params["w"]
"""
CHAIN = """
from .layers import *


def chain_forward(x, w):
    out, cache = scale_forward(x, w)
    return shift(out), cache


def chain_backward(dout, cache):
    return scale_backward(dout, cache)


class Net:
    def __init__(self, w):
        self.layer = Layer(w)

    def step(self, x):
        self.layer.forward(x)
        self.layer.backward(x)
        self.layer.params["w"] -= 0.1 * self.layer.grads["w"]


class Built:
    def __init__(self, w):
        self.layers = [Layer(w), Layer(2 * w)]


def train(net, x, built):
    for _ in range(2):
        net.step(x)
    return net.layer.params["w"] + built.layers[1].params["w"]


def all_three(x):
    out, cache = scale_forward(x, 1.0)
    return shift(Layer(1.0).forward(scale_backward(out, cache))) + out
"""
MEAN = "def mean(x):\n    return sum(x) / len(x)"
EITHER = "def either(x):\n    return mean(x)"
SPREAD = "def spread(x):\n    return mean(abs(x - mean(x)))"


def notebook(*cells: str) -> str:
    """A notebook of code cells."""
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": one} for one in cells]
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


RIGHT = {
    "nn/layers.py": LAYERS,
    "nn/chain.py": CHAIN,
    "lesson.ipynb": notebook("import numpy as np", MEAN, SPREAD, EITHER),
}


def stubs(*parts: str) -> str:
    """A module of functions that are still to be written."""
    stub = 'def {part}(*args):\n    raise NotImplementedError("TODO({part})")\n'
    return "\n\n".join(stub.format(part=part) for part in parts)


LAYER_STUB = """

class Layer:
    def __init__(self, w):
        self.params = {"w": w}
        self.grads = {}
        self.meta = None

    def forward(self, x):
        raise NotImplementedError("TODO(layer)")

    def backward(self, dout):
        raise NotImplementedError("TODO(layer)")
"""
RELEASED = {
    "nn/__init__.py": "",
    "nn/layers.py": stubs("scale_forward", "scale_backward", "shift") + LAYER_STUB,
    "nn/chain.py": stubs("chain", "net", "built", "train", "all_three"),
    "lesson.ipynb": notebook(
        "mean = ...  # TODO(mean)", "spread = ...  # TODO(spread)", "either = ...  # TODO(either)"
    ),
}
Graded = Callable[..., Report]


@pytest.fixture
def course(tmp_path: Path, write_release: Callable[..., Assignment]) -> Assignment:
    """The assignment, with its solution beside the hidden tests."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKS, tmp_path / "checks" / "chained", ignore=ignored)
    assignment = write_release(tmp_path, "chained", RELEASED)
    solved = Solved(schema=SCHEMA, slug="chained", files=RIGHT, mistakes=())
    solved_file(assignment).write_bytes(msgspec.json.encode(solved))
    return assignment


@pytest.fixture
def graded(course: Assignment, level_name: str) -> Graded:
    """Grade the right submission after replacing texts in it; `share` is follow-through's."""

    def grade(
        *edits: tuple[str, str], files: Mapping[str, str] | None = None, share: float = 1.0
    ) -> Report:
        texts = {**RIGHT, **(files or {})}
        for old, new in edits:
            changed = {path: text.replace(old, new) for path, text in texts.items()}
            assert changed != texts
            texts = changed
        shared = replace(course.course, follow_through=share)
        return grade_submission(
            replace(course, course=shared),
            Submission(student="ada", files={path: text.encode() for path, text in texts.items()}),
            level=level_name,
            seed=5,
            limits=Limits(cell_seconds=5),
        )

    return grade


@pytest.fixture
def lost() -> Callable[[Report], dict[str, float]]:
    """The checks of a report that lost points, with how many."""
    return lambda report: {
        one.id: one.max_score - one.score for one in report.checks if one.score < one.max_score
    }


@pytest.fixture
def result() -> Callable[[Report, str], CheckResult]:
    """The result of a check."""
    return lambda report, id: next(one for one in report.checks if one.id == id)
