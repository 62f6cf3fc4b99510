"""Rubrics of the questions that a person marks: each has one, of the right points and examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.grading.manual import own_lines
from autograder.judging.check import load_checks
from autograder.judging.written import suggest_written
from autograder.judging.written_questions import read_written

COURSE = shipped_course()
RUBRICS = sorted(COURSE.checks.glob("*/manual/*.toml"))
CELLS = {
    (slug, cell["metadata"]["nbgrader"]["grade_id"]): cell
    for slug in COURSE.slugs
    for path in (COURSE.assignments / slug).glob("*.ipynb")
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "markdown" and "nbgrader" in cell["metadata"]
}
IDS = [f"{path.parent.parent.name}-{path.stem}" for path in RUBRICS]


@pytest.mark.parametrize("path", RUBRICS, ids=IDS)
def test_a_rubric_has_the_points_of_its_cell_and_finds_nothing_in_the_stub(path: Path) -> None:
    cell = CELLS[path.parent.parent.name, path.stem]
    text = "".join(cell["source"])
    lines = suggest_written(own_lines(text, text), path)
    assert sum(line.points for line in lines) == cell["metadata"]["nbgrader"]["points"]
    assert not any(line.found for line in lines)


def test_every_question_that_a_person_marks_has_a_rubric() -> None:
    assert {(path.parent.parent.name, path.stem) for path in RUBRICS} == set(CELLS)


@pytest.mark.parametrize("path", RUBRICS, ids=IDS)
def test_one_example_finds_all_there_is_and_one_does_not(path: Path) -> None:
    plain = read_written(path).plain
    findable = {line["id"] for line in plain["rubric"] if line.get("evidence")}
    found = [set(graded["finds"]) for graded in plain["graded"]]
    assert findable in found
    assert any(one < findable for one in found)


def test_a_check_that_bears_on_a_rubric_exists() -> None:
    for path in RUBRICS:
        checks = load_checks(load_assignment(path.parent.parent.name, COURSE))
        for line in read_written(path).plain["rubric"]:
            named = {each["check"] for each in line.get("evidence", []) if "check" in each}
            assert named <= set(checks)
