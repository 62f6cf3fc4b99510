"""The repository's own assignments: current, and without a line of a solution or hidden test."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import RELEASE, Assignment
from autograder.authoring import (
    read_assignment,
    source_slugs,
    stale,
)
from autograder.authoring.audit import solution_lines
from autograder.authoring.source import read_source
from autograder.course import shipped_course

pytestmark = pytest.mark.long

COURSE = shipped_course()
ASSIGNMENTS = [read_assignment(slug, COURSE) for slug in source_slugs(COURSE)]
PUBLIC = Path(__file__).with_name("public_lines.txt")
MIN_HIDDEN = 20
COMMON = ("import ", "from ", "def ", "class ", "#", "@")

every_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda a: a.slug)


@every_assignment
def test_the_release_is_current(assignment: Assignment) -> None:
    assert stale(assignment) == "", f"run `autograder build {assignment.slug}`"


@every_assignment
def test_the_release_has_no_line_of_its_solution(assignment: Assignment) -> None:
    secret = set(secret_lines(assignment))
    assert secret, "there is nothing to look for"
    assert sorted(secret & released_lines(assignment)) == []


@every_assignment
def test_no_other_release_has_a_line_of_its_solution(assignment: Assignment) -> None:
    secret = {line for line in secret_lines(assignment) if len(line) >= MIN_HIDDEN}
    for other in ASSIGNMENTS:
        if other != assignment and other.release.exists():
            assert sorted(secret & released_lines(other, but=RELEASE)) == [], other.slug


@every_assignment
def test_the_release_has_no_line_of_a_hidden_test(assignment: Assignment) -> None:
    secret = set(hidden_lines()) - set(PUBLIC.read_text(encoding="utf-8").splitlines())
    assert secret, "there is nothing to look for"
    found = sorted(secret & released_lines(assignment))
    assert found == [], f"take them out of one of the two; if they are no secret, see {PUBLIC.name}"


def test_public_lines_are_those_of_hidden_tests() -> None:
    lines = PUBLIC.read_text(encoding="utf-8").splitlines()
    public = [line for line in lines if not line.startswith("#")]
    assert public == sorted(set(public))
    assert [line for line in public if line not in set(hidden_lines())] == []


def secret_lines(assignment: Assignment) -> Iterator[str]:
    """The lines of an assignment's solution regions that its source shows nowhere else."""
    source = read_source(assignment)
    shown = {line.strip() for _, marked in source.marked() for line in marked.outside}
    yield from (line for _, _, line in solution_lines(source) if line not in shown)


def released_lines(assignment: Assignment, *, but: str = "") -> set[str]:
    """Every line in `assignments/<slug>/`, as a person reads it, but for the files of one name."""
    paths = [path for path in assignment.release.rglob("*") if path.is_file() and path.name != but]
    assert paths, f"run `autograder build {assignment.slug}`"
    return {line.strip() for path in paths for line in read(path).splitlines()}


def read(path: Path) -> str:
    text = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix != ".ipynb":
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def hidden_lines() -> Iterator[str]:
    """The telling lines of all hidden tests, whichever assignment they belong to."""
    for path in COURSE.checks.rglob("*.py"):
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
