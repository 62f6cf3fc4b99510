"""A made-up assignment: one module with three parts, one notebook, and hidden checks."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.grading import grade_submission
from autograder.judging.arrays import expect_close, expect_number
from autograder.judging.check import check
from autograder.results import Report
from autograder.sandbox.limits import Limits
from autograder.sandbox.remote import Student
from autograder.submission import Submission

MODULE = """
def double(x):
    raise NotImplementedError("TODO(double)")


def negate(x):
    raise NotImplementedError("TODO(negate)")
"""
RIGHT = {
    "nn/__init__.py": "",
    "nn/layers.py": "def double(x):\n    return 2 * x\n\n\ndef negate(x):\n    return -x\n",
}


def notebook(*cells: str | dict) -> str:
    """A notebook of code cells; a dictionary gives metadata and source."""
    made = []
    for cell in cells:
        given = {"source": cell} if isinstance(cell, str) else cell
        made.append({"cell_type": "code", "metadata": {}, "outputs": [], **given})
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


GRADE_CELL = {
    "source": "assert double(1) == 2",
    "metadata": {"nbgrader": {"grade": True, "solution": False, "grade_id": "double"}},
}
DEMO_CELL = {"source": "raise RuntimeError('demo')", "metadata": {"autograder": {"demo": True}}}
RELEASED_NOTEBOOK = notebook("answer = ...  # TODO(answer)", GRADE_CELL, DEMO_CELL)
RIGHT["lesson.ipynb"] = notebook("answer = 42", GRADE_CELL, DEMO_CELL)


@check("double", points=2, seconds=1)
def double(student: Student, rng: np.random.Generator) -> None:
    """double doubles."""
    x = rng.standard_normal(3)
    expect_close("out", student.layers.double(x), 2 * x)


@check("double_again", points=1, needs="double")
def double_again(student: Student, rng: np.random.Generator) -> None:
    """double doubles negative numbers."""
    expect_number("out", student.layers.double(-1.0), -2.0)


@check("negate", points=3, needs="double")
def negate(student: Student, rng: np.random.Generator) -> None:
    """negate negates."""
    expect_number("out", student.layers.negate(1.0), -1.0)


@check("answer", points=1)
def answer(student: Student, rng: np.random.Generator) -> None:
    """The answer is known."""
    expect_number("answer", student.notebook().answer, 42.0)


@pytest.fixture
def assignment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assignment:
    source = tmp_path / "solutions" / "tiny"
    (source / "lessons").mkdir(parents=True)
    (source / "lessons" / "lesson.py").write_text("")
    (source / "assignment.toml").write_text(
        'title = "Tiny"\nsummary = "Made up"\npackage = "nn"\ndataset = "none"\n'
    )
    release = tmp_path / "assignments" / "tiny"
    (release / "nn").mkdir(parents=True)
    (release / "nn" / "__init__.py").write_text("")
    (release / "nn" / "layers.py").write_text(MODULE)
    (release / "nn" / "given.py").write_text("WHOSE = 'ours'\n")
    (release / "lesson.ipynb").write_text(RELEASED_NOTEBOOK)
    checks = ModuleType("autograder.checks.tiny")
    checks.__file__ = str(tmp_path / "checks" / "__init__.py")
    for one in (double, double_again, negate, answer):
        setattr(checks, one.id, one)
    monkeypatch.setitem(sys.modules, checks.__name__, checks)
    return load_assignment("tiny", tmp_path)


@pytest.fixture
def grade(assignment: Assignment, level_name: str) -> Callable[..., Report]:
    """Grade the right submission with some files replaced (or, by None, left out)."""

    def graded(changes: dict[str, str | None] | None = None, **limits: float) -> Report:
        texts = {**RIGHT, **(changes or {})}
        files = {path: text.encode() for path, text in texts.items() if text is not None}
        return grade_submission(
            assignment,
            Submission(student="ada", files=files),
            level=level_name,
            seed=5,
            limits=Limits(cell_seconds=1, **limits),
        )

    return graded
