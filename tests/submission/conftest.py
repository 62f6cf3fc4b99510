"""The assignment `tiny`: two modules, one notebook and five checks worth ten points."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment

POINTS = {"double": 2, "negate": 3, "square": 2, "answer": 1, "triple": 2}


def _todo(*names: str) -> str:
    """A module or cell in which each function is still to be written."""
    return "\n\n".join(
        f'def {name}(x):\n    raise NotImplementedError("TODO({name})")\n' for name in names
    )


def _marks(name: str, *, grade: bool, points: int = 0) -> dict[str, Any]:
    flags = {"grade": grade, "solution": not grade, "locked": grade, "task": False}
    facts = {"schema_version": 3, "grade_id": name, **flags}
    return {"nbgrader": facts | ({"points": points} if grade else {})}


def tiny_notebook(answer: str, triple: str) -> dict[str, Any]:
    """The notebook with these two cells of the student's, as Jupyter writes it."""
    own = {"solution-answer": answer, "solution-triple": triple}
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Tiny", "id": "title"}
    ]
    for name, source in own.items():
        cells.append(_code(name, source, _marks(name, grade=False)))
    for name, points in POINTS.items():
        marks = _marks(name, grade=True, points=points)
        cells.append(_code(name, f"# The check `{name}` decides.", marks))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _code(name: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    facts = {"cell_type": "code", "execution_count": None, "outputs": [], "id": name}
    return {**facts, "metadata": metadata, "source": lines}


def solved_notebook() -> dict[str, Any]:
    return tiny_notebook("answer = 42", "def triple(x):\n    return 3 * x")


def right_files() -> dict[str, bytes]:
    """A submission with full marks; its comments are not ASCII."""
    return {
        "nn/layers.py": "# Übung von Zoé\ndef double(x):\n    return 2 * x\n\n\n"
        "def negate(x):\n    return -x\n".encode(),
        "nn/loss.py": b"def square(x):\n    return x**2\n",
        "tiny.ipynb": json.dumps(solved_notebook(), indent=1).encode(),
    }


def released_files() -> dict[str, str]:
    """What students get."""
    notebook = tiny_notebook("answer = ...  # TODO(answer)", _todo("triple"))
    return {
        "nn/__init__.py": "",
        "nn/layers.py": _todo("double", "negate"),
        "nn/loss.py": _todo("square"),
        "tiny.ipynb": json.dumps(notebook),
    }


@pytest.fixture(scope="module")
def tiny(
    tmp_path_factory: pytest.TempPathFactory,
    write_files: Callable[..., None],
    write_release: Callable[..., Assignment],
) -> Assignment:
    root = tmp_path_factory.mktemp("course")
    checks = Path(__file__).with_name("tiny_checks.py").read_bytes()
    write_files(root / "checks", {"tiny.py": checks})
    return write_release(root, "tiny", released_files())


@pytest.fixture(scope="session")
def right() -> dict[str, bytes]:
    return right_files()


@pytest.fixture(scope="session")
def solved() -> dict[str, Any]:
    return solved_notebook()
