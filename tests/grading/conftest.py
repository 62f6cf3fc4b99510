"""A made-up assignment: one module with three parts, one notebook, and hidden checks."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import autograder
import autograder.checks
from autograder.assignment import Assignment, load_assignment
from autograder.grading import contents, grade_submission, slices
from autograder.results import Report
from autograder.sandbox.limits import Limits
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


TINY = Path(__file__).parent / "tiny"
SITE = """
import pathlib

import autograder.assignment
import autograder.checks

autograder.checks.__path__.insert(0, {checks!r})
autograder.assignment.load_assignment.__defaults__ = (pathlib.Path({root!r}),)
"""


@pytest.fixture
def assignment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assignment]:
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
    checks = tmp_path / "checks"
    shutil.copytree(TINY, checks / "tiny", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(autograder.checks, "__path__", [str(checks), *autograder.checks.__path__])
    forget_checks()
    yield load_assignment("tiny", tmp_path)
    forget_checks()


def forget_checks() -> None:
    """Let the made-up checks be imported anew, as another process would."""
    for name in [name for name in sys.modules if name.startswith("autograder.checks.tiny")]:
        del sys.modules[name]
    contents._checks.cache_clear()
    for cached in (slices._parsed, slices._whole, slices._beside):
        cached.cache_clear()
    importlib.invalidate_caches()


@pytest.fixture
def forget() -> Callable[[], None]:
    """See `forget_checks`."""
    return forget_checks


@pytest.fixture
def elsewhere(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment in which other Python processes know the made-up assignment, set here too."""
    site = assignment.root / "site"
    site.mkdir()
    checks, root = str(assignment.root / "checks"), str(assignment.root)
    (site / "sitecustomize.py").write_text(SITE.format(checks=checks, root=root))
    path = os.pathsep.join([str(site), str(Path(autograder.__file__).parent.parent)])
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return dict(os.environ)


@pytest.fixture
def right() -> dict[str, str]:
    """The files of a submission without a fault."""
    return dict(RIGHT)


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
