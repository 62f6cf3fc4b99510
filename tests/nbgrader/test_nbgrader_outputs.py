"""Outputs of grade cells, judged by nbgrader's own reading of them."""

from __future__ import annotations

import math
import re
import warnings

import msgspec
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.exhibit import Exhibit, OwnCode
from autograder.nbgrader_plugin.notes import (
    START_ID,
    note_on_files,
    say_where_to_start,
    where_to_start,
)
from autograder.nbgrader_plugin.outputs import WIDTH, outputs_for
from autograder.results import Report, Status

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from nbgrader.utils import determine_grade


def read_by_nbgrader(outputs, points):
    metadata = {"nbgrader": {"grade": True, "solution": False, "points": points}}
    return determine_grade(new_code_cell(outputs=outputs, metadata=metadata))


@pytest.mark.parametrize("score", [0.0, 5e-324, 1e-9, 0.1 + 0.2, 1.5, 2.9999999999999996, 3.0])
def test_nbgrader_reads_exactly_the_score(result, score):
    status = {0.0: Status.FAILED, 3.0: Status.PASSED}.get(score, Status.PARTIAL)
    outputs = outputs_for(result("second", status, score))
    assert read_by_nbgrader(outputs, 3.0) == (score, 3.0)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ERROR])
@pytest.mark.parametrize("score", [0.0, 1.0, 3.0])
def test_the_score_counts_whatever_the_status_says(result, status, score):
    outputs = outputs_for(result("second", status, score))
    assert read_by_nbgrader(outputs, 3.0) == (score, 3.0)


def test_nothing_is_ever_written_to_stderr(result):
    for status in (Status.PASSED, Status.PARTIAL, Status.FAILED):
        for output in outputs_for(result("second", status, 1.0)):
            assert output.get("name") != "stderr"


def test_a_failure_reads_as_what_happened_and_where_to_look(result):
    [output] = outputs_for(result("second", Status.FAILED))
    assert output.ename == "Failed"
    assert output.evalue == "second(2) returned <b>7</b>, expected 8."
    assert output.traceback == [
        "second returns a number. (failed: 0 of 3 points)",
        "second(2) returned <b>7</b>, expected 8.",
        "Look at second again.",
    ]


def test_no_line_of_a_finding_is_wider_than_a_page(result):
    long = msgspec.structs.replace(result("second", Status.FAILED), rationale="w x@y-z " * 60)
    [output] = outputs_for(long)
    assert max(map(len, output.traceback)) <= WIDTH
    assert " ".join(output.traceback).count("x@y-z") == 60


def test_what_stood_in_is_said_where_points_are_earned(result):
    said = "Marked with the course's `first` in place of yours."
    passed = msgspec.structs.replace(
        result("second", Status.PASSED, 3.0), rationale=said, help="", followed=("first",)
    )
    [output] = outputs_for(passed)
    assert output.text == f"second returns a number. (passed: 3 of 3 points)\n{said}\n"


def test_not_attempted_is_called_that(result):
    [output] = outputs_for(result("second", Status.NOT_ATTEMPTED))
    assert output.ename == "NotAttempted"


@pytest.mark.parametrize("score", [-1.0, 3.5, math.nan, math.inf])
def test_an_impossible_score_is_refused(result, score):
    with pytest.raises(ValueError, match=r"check 'second' has the score .* of 3\.0 points"):
        outputs_for(result("second", Status.PARTIAL, score))


def test_our_own_failure_is_never_an_output(result):
    with pytest.raises(ValueError, match="check 'second' was not graded: second"):
        outputs_for(result("second", Status.ERROR))


# Beside the finding -------------------------------------------------------------------------------

EVIL = "</pre><script>alert(1)</script>$\\href{javascript:x}{y}$"
CODE = OwnCode(path="pkg/work.py", start=3, text=f"def second(x):\n    return {EVIL}", marked=4)


def shown(result, status, score=0.0, *, try_again=False, **exhibit):
    one = msgspec.structs.replace(result("second", status, score), exhibit=Exhibit(**exhibit))
    return outputs_for(one, try_again=try_again)


@pytest.mark.parametrize("score", [0.0, 1.5])
def test_pictures_come_after_the_finding_and_leave_the_score(result, score):
    status = Status.PARTIAL if score else Status.FAILED
    outputs = shown(result, status, score, code=CODE)
    assert read_by_nbgrader(outputs, 3.0) == (score, 3.0)
    assert outputs[:-1] == outputs_for(result("second", status, score))
    assert (outputs[-1].output_type, list(outputs[-1].data)) == ("display_data", ["text/html"])


def test_the_students_code_is_escaped_and_no_formula_for_mathjax(result):
    page = shown(result, Status.FAILED, code=CODE, tryout=EVIL, try_again=True)[-1].data[
        "text/html"
    ]
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 2
    assert 'class="autograder-exhibit tex2jax_ignore mathjax_ignore"' in page
    assert "Your code: <code>pkg/work.py</code>, line 4" in page
    assert not re.search(r"\bon\w+=|javascript:(?!x)", page)


def test_the_call_is_there_where_the_course_hands_it_out(result):
    [_, output] = shown(result, Status.FAILED, tryout="print(1)", try_again=True)
    assert '<pre class="call" tabindex="0">print(1)</pre>' in output.data["text/html"]
    assert "try_second.py" in output.data["text/html"]
    assert len(shown(result, Status.FAILED, tryout="print(1)")) == 1
    assert len(shown(result, Status.FAILED, no_tryout="It trains.", try_again=True)) == 1


def test_the_first_cell_says_where_to_start(result):
    passed = msgspec.structs.replace(result("third", Status.PASSED, 1.0), rationale="")
    results = [
        passed,
        result("second", Status.SKIPPED),
        result("first", Status.FAILED),
    ]
    assert where_to_start(results) == (
        "**Where to start, by the grader**\n\n"
        "* Start here: [`first`](#first)\n"
        "* What builds on that: [`second`](#second)"
    )
    assert where_to_start([passed]) == ""


@pytest.mark.parametrize("minor", [4, 5])
def test_the_cell_stands_behind_a_note_and_names_what_is_in_this_notebook(result, minor):
    cell = new_code_cell(metadata={"nbgrader": {"grade_id": "first"}})
    notebook = new_notebook(cells=[note_on_files(["A file."]), cell])
    if minor == 4:
        notebook.nbformat_minor = 4
        for each in notebook.cells:
            del each["id"]
    checks = (result("first", Status.FAILED), result("second", Status.FAILED))
    report = Report(assignment="a", student="s", score=0, max_score=5, sandbox="process", seed=1,
                    seconds=1, checks=checks)  # fmt: skip
    say_where_to_start(notebook, report)
    nbformat.validate(notebook)
    [start] = [each for each in notebook.cells if each.source.startswith("**Where to start")]
    assert start.get("id") == (START_ID if minor == 5 else None)
    assert "(#first)" in start.source
    assert "second" not in start.source
    assert notebook.cells.index(start) == (1 if minor == 5 else 0)
