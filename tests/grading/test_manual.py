"""Cells that a person marks: what is found in them, and that nothing can go wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.grading.manual import manual_parts
from autograder.results import CheckResult, ManualPart, Status
from autograder.submission import Submission

RUBRIC = """
id = "why"
title = "Why."
[symbols]
a = {scalar = "real"}
b = {scalar = "real"}
[answer]
kind = "rubric"
[[rubric]]
id = "sum"
points = 1
text = "the sum"
evidence = [{formula = "a + b"}, {words = [["plus"]]}]
[[rubric]]
id = "code"
points = 1
text = "that the code agrees"
evidence = [{check = "add"}]
[[rubric]]
id = "picture"
points = 1
text = "the picture"
[[graded]]
answer = "$b + a$"
finds = ["sum"]
"""
ADD = CheckResult(id="add", name="It adds.", status=Status.PASSED, score=1, max_score=1)


def text_cell(id: str, source: str, points: float = 3) -> dict[str, object]:
    marks = {"grade": True, "solution": True, "grade_id": id, "points": points}
    return {"cell_type": "markdown", "metadata": {"nbgrader": marks}, "source": [source]}


def notebook(*cells: dict[str, object]) -> bytes:
    return json.dumps({"cells": cells}).encode()


RELEASE = {"lesson.ipynb": notebook(text_cell("why", "*Write here.*"), text_cell("how", "?", 2))}


@pytest.fixture
def tiny(tmp_path: Path, write_release: Callable[..., Assignment]) -> Assignment:
    """An assignment with one rubric beside its checks."""
    tiny = write_release(tmp_path, "tiny", RELEASE)
    tiny.rubrics.mkdir(parents=True)
    (tiny.rubrics / "why.toml").write_text(RUBRIC, encoding="utf-8")
    return tiny


def parts(tiny: Assignment, *cells: dict[str, object]) -> list[ManualPart]:
    files = {"lesson.ipynb": notebook(*cells)}
    return list(manual_parts(tiny, RELEASE, Submission(student="ada", files=files), [ADD]))


def test_what_is_found_is_suggested_line_by_line(tiny: Assignment) -> None:
    why, how = parts(tiny, text_cell("why", "It is $b + a$."), text_cell("how", "So."))
    assert why.suggested == 2
    assert why.summary == (
        "Suggested 2 of 3: found the sum (`b + a`); that the code agrees (the check `add` passed);"
        " left to a person: the picture."
    )
    assert [line.found for line in why.lines] == [True, True, None]
    assert how == ManualPart(
        id="how",
        max_points=2,
        answered=True,
        summary="There is no suggestion for this question.",
    )


def test_what_was_not_written_is_said_to_be_so(tiny: Assignment) -> None:
    for cell in (text_cell("why", "*Write here.* "), text_cell("why", " "), text_cell("who", "x")):
        part = parts(tiny, cell)[0]
        assert (part.answered, part.suggested) == (False, None)
        assert part.summary == "Nothing was written."


def test_the_last_of_several_cells_counts_and_the_cells_own_id_will_do(tiny: Assignment) -> None:
    moved = {"cell_type": "markdown", "id": "why", "metadata": {}, "source": "$a+b$"}
    assert parts(tiny, text_cell("why", "No."), moved)[0].lines[0].found


@pytest.mark.parametrize("content", [b"", b"[]", b'{"cells": [3]}', b'{"cells": [{"cell_type":'])
def test_a_broken_notebook_has_nothing_written_in_it(tiny: Assignment, content: bytes) -> None:
    submission = Submission(student="ada", files={"lesson.ipynb": content})
    assert not any(part.answered for part in manual_parts(tiny, RELEASE, submission, []))


def test_characters_that_no_file_can_hold_do_no_harm(tiny: Assignment) -> None:
    part = parts(tiny, text_cell("why", "It is a plus b \ud800 \x1b."))[0]
    assert (
        part.lines[0].because
        == "“It is a plus b \N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}.”"
    )
    assert msgspec.json.encode(part)


def test_a_rubric_at_fault_costs_nothing_but_the_suggestion(tiny: Assignment) -> None:
    rubric = tiny.rubrics / "why.toml"
    rubric.write_text(RUBRIC.replace('formula = "a + b"', 'formula = "a + c"'), encoding="utf-8")
    part = parts(tiny, text_cell("why", "It is $b + a$."))[0]
    assert part.suggested is None
    assert part.summary.startswith("No suggestion: ")
