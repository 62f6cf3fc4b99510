"""The repository's own assignments: current, and without a line of a solution or hidden test."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder.checks
from autograder.assignment import Assignment, list_assignments
from autograder.authoring import stale
from autograder.authoring.audit import solution_lines
from autograder.authoring.source import read_source

CHECKS = Path(autograder.checks.__file__).parent
MIN_HIDDEN = 20
COMMON = ("import ", "from ", "def ", "class ", "#", "@")

every_assignment = pytest.mark.parametrize("assignment", list_assignments(), ids=lambda a: a.slug)


@every_assignment
def test_the_release_is_current(assignment: Assignment) -> None:
    assert stale(assignment) == "", f"run `autograder build {assignment.slug}`"


@every_assignment
def test_the_release_has_no_line_of_its_solution(assignment: Assignment) -> None:
    source = read_source(assignment)
    shown = {line.strip() for _, marked in source.marked() for line in marked.outside}
    secret = {line for _, _, line in solution_lines(source)} - shown
    assert secret, "there is nothing to look for"
    assert sorted(secret & released_lines(assignment)) == []


@every_assignment
def test_the_release_has_no_line_of_a_hidden_test(assignment: Assignment) -> None:
    secret = set(hidden_lines())
    assert secret, "there is nothing to look for"
    assert sorted(secret & released_lines(assignment)) == []


def released_lines(assignment: Assignment) -> set[str]:
    """Every line in `assignments/<slug>/`, as a person reads it."""
    paths = [path for path in assignment.release.rglob("*") if path.is_file()]
    assert paths, f"run `autograder build {assignment.slug}`"
    return {line.strip() for path in paths for line in read(path).splitlines()}


def read(path: Path) -> str:
    text = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix != ".ipynb":
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def hidden_lines() -> Iterator[str]:
    """The telling lines of all hidden tests, whichever assignment they belong to."""
    for path in CHECKS.rglob("*.py"):
        lines = code_lines(path.read_text(encoding="utf-8"))
        yield from (line.strip() for line in lines if is_telling(line))


def code_lines(text: str) -> Iterator[str]:
    """The lines of a module's statements, without imports."""
    lines = text.splitlines()
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            yield from lines[statement.lineno - 1 : statement.end_lineno]


def is_telling(line: str) -> bool:
    return len(line.strip()) >= MIN_HIDDEN and not line.strip().startswith(COMMON)


def test_what_counts_as_a_telling_line() -> None:
    text = "import numpy\n\n\ndef f(x):\n    x = 1\n    assert x is not None, 'secret'\n"
    assert [line for line in code_lines(text) if is_telling(line)] == [
        "    assert x is not None, 'secret'"
    ]


def test_a_notebook_is_read_as_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"source": ['say("a")\n', "b"]}, {"source": "c"}]}))
    assert read(path) == 'say("a")\nb\nc'
