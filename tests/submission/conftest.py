"""The assignment `tiny`: two modules, one notebook and five checks worth ten points."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.assignment import Assignment, load_assignment

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


def _write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def make_tiny(root: Path) -> Assignment:
    """Write the assignment's folders under `root`."""
    settings = 'title = "Tiny"\nsummary = "Made up"\npackage = "nn"\ndataset = "digits"\n'
    source = {"assignment.toml": settings, "lessons/tiny.py": ""}
    _write(root / "solutions/tiny", source | {"modules/nn/layers.py": "", "modules/nn/loss.py": ""})
    notebook = tiny_notebook("answer = ...  # TODO(answer)", _todo("triple"))
    released = {"nn/__init__.py": "", "tiny.ipynb": json.dumps(notebook)}
    modules = {"nn/layers.py": _todo("double", "negate"), "nn/loss.py": _todo("square")}
    _write(root / "assignments/tiny", released | modules)
    return load_assignment("tiny", root)


def load_tiny_checks() -> ModuleType:
    """The module of hidden checks, under the name that the grader knows."""
    place = Path(__file__).with_name("tiny_checks.py")
    spec = importlib.util.spec_from_file_location("autograder.checks.tiny", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assignment]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "autograder.checks.tiny", load_tiny_checks())
        yield make_tiny(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def right() -> dict[str, bytes]:
    return right_files()


@pytest.fixture(scope="session")
def solved() -> dict[str, Any]:
    return solved_notebook()
