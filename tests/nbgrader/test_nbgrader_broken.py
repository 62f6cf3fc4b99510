"""Broken submissions and our own failures: no student is lost, no class stops."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from autograder.nbgrader_plugin.exporter import BROKEN, MISSING
from autograder.nbgrader_plugin.notes import NOTE
from autograder.nbgrader_plugin.reading import BrokenNotebookError, read_notebook

pytestmark = pytest.mark.long

ALL = {"first": 2.0, "second": 3.0, "third": 1.0, "explain": 0.0}

# Read by nobody: `Submission.problems` says why.
ILLEGIBLE = {
    "empty": (b"", "`tiny.ipynb` is empty: hand in the file that you worked on."),
    "not JSON": (b"{", "it is not JSON (line 1: expecting property name"),
    "not UTF-8": (b'{"a": "\xff"}', "it is JSON, but has no cells."),
    "a list": (b"[]", "it is JSON, but has no cells."),
    "no cells": (b'{"nbformat": 4}', "it is JSON, but has no cells."),
    "deep": (b"[" * 100_000, "it is JSON that no program could read."),
    "from the future": (b'{"nbformat": 9}', "it is JSON, but has no cells."),
    "odd old format": (b'{"nbformat": 3, "worksheets": 7}', "it is JSON, but has no cells."),
}
# Has something in the place of cells, which only reading the whole notebook shows.
BROKEN_FILES = {
    "cells of text": (b'{"nbformat": 4, "cells": ["a"]}', "it has no list of cells."),
    "odd old cells": (
        b'{"nbformat": 3, "worksheets": [{"cells": [7]}]}',
        "The notebook is in format 3,",
    ),
}


@pytest.mark.parametrize("name", [*ILLEGIBLE, *BROKEN_FILES])
def test_a_broken_notebook_is_replaced_and_the_modules_still_count(course, name):
    content, reason = (ILLEGIBLE | BROKEN_FILES)[name]
    course.submit("ann", notebook=content, plan={"second": ("failed", 0.0)})
    outcome = course.autograde()
    assert outcome["success"], outcome
    assert course.scores("ann") == {**ALL, "second": 0.0}
    note = course.autograded("ann").cells[0].source
    assert note.startswith(NOTE)
    said = MISSING.format(name="tiny") if name in ILLEGIBLE else BROKEN.split("{reason}")[1]
    assert said in note
    assert reason in note


def test_a_missing_notebook_is_replaced_and_the_modules_still_count(course):
    folder = course.submit("ann", plan={"second": ("failed", 0.0)})
    course.submit("bob")
    (folder / "tiny.ipynb").unlink()
    assert course.autograde()["success"]
    assert course.scores("ann") == {**ALL, "second": 0.0}
    assert course.scores("bob") == ALL
    missing = MISSING.format(name="tiny")
    note = f"{NOTE}{missing}\n\n`tiny.ipynb` was not handed in."
    assert course.autograded("ann").cells[0].source == note


def test_a_renamed_notebook_does_not_lose_the_student(course):
    folder = course.submit("ann")
    (folder / "tiny.ipynb").rename(folder / "tiny (1).ipynb")
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL
    assert "tiny (1).ipynb" in course.autograded("ann").cells[0].source


def test_an_empty_folder_gets_a_report_too(course):
    shutil.rmtree(course.submit("ann"))
    (course.root / "submitted" / "ann" / "tiny").mkdir()
    course.submit("bob")
    assert course.autograde()["success"]
    assert [s.files for s in course.grader.graded if s.student == "ann"] == [{}]


@pytest.mark.parametrize("schema", [0, 1, 2, 99, "x"])
def test_another_schema_version_does_not_stop_the_class(course, schema):
    notebook = course.released()
    for cell in notebook.cells[2:]:
        cell.metadata.nbgrader.schema_version = schema
    course.submit("ann", notebook=notebook)
    course.submit("bob")
    assert course.autograde()["success"]
    assert course.scores("ann") == course.scores("bob") == ALL


@pytest.mark.parametrize(
    "metadata", [None, [], "text", {"nbgrader": 1}, {"nbgrader": {"grade_id": ["first"]}}]
)
def test_odd_metadata_does_not_lose_the_student(course, metadata):
    notebook = course.released()
    for cell in notebook.cells:
        cell["metadata"] = metadata
    del notebook["metadata"]
    course.submit("ann", notebook=json.dumps(notebook).encode())
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL


def test_odd_cells_do_not_lose_the_student(course):
    odd = [{}, {"cell_type": 3}, {"cell_type": "code", "source": 5, "outputs": 1}]
    odd += [{"cell_type": "markdown", "source": ["a", 1], "attachments": 4, "id": "!"}]
    odd += [{"cell_type": "markdown", "source": "half a pair: \ud800"}]
    course.submit("ann", notebook=json.dumps({"nbformat": 4, "cells": odd}).encode())
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL


def test_a_notebook_of_format_3_is_read(course):
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "old"},
        "worksheets": [
            {"metadata": {}, "cells": [{"cell_type": "markdown", "source": "old words"}]}
        ],
    }
    course.submit("ann", notebook=json.dumps(old).encode())
    assert course.autograde()["success"]
    assert "old words" in [cell.source for cell in course.autograded("ann").cells]


def test_another_kernel_makes_no_difference(course):
    notebook = course.released()
    notebook.metadata.kernelspec = {"name": "julia-1.6", "display_name": "Julia"}
    course.submit("ann", notebook=notebook)
    assert course.autograde()["success"]
    assert course.autograded("ann").metadata.kernelspec.name == "python3"


def test_links_pipes_and_misplaced_folders_do_not_lose_the_student(course):
    folder = course.submit("ann")
    secret = course.root / "secret.txt"
    secret.write_text("not the student's")
    (folder / "dangling").symlink_to("/nowhere/at/all")
    (folder / "leak [1].txt").symlink_to(secret)
    os.mkfifo(folder / "pipe")
    (folder / "pkg" / "given.py").mkdir()
    (folder / "pkg" / "given.py" / "inside.txt").touch()
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL
    graded = course.root / "autograded" / "ann" / "tiny"
    names = {path.relative_to(graded).as_posix() for path in graded.rglob("*")}
    assert names == {"pkg", "pkg/given.py", "pkg/work.py", "release.json", "tiny.ipynb"}


def test_a_file_where_a_folder_should_be_does_not_lose_the_student(course):
    folder = course.submit("ann")
    shutil.rmtree(folder / "pkg")
    (folder / "pkg").write_text("a file")
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL


def test_a_folder_where_the_notebook_should_be_does_not_lose_the_student(course):
    folder = course.submit("ann")
    (folder / "tiny.ipynb").unlink()
    (folder / "tiny.ipynb").mkdir()
    (folder / "tiny.ipynb" / "inside.txt").touch()
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL


def test_a_linked_notebook_is_not_followed(course):
    folder = course.submit("ann")
    (folder / "tiny.ipynb").rename(course.root / "elsewhere.ipynb")
    (folder / "tiny.ipynb").symlink_to(course.root / "elsewhere.ipynb")
    assert course.autograde()["success"]
    assert "`tiny.ipynb` is a symbolic link" in course.autograded("ann").cells[0].source


def test_our_own_failure_records_no_score_and_the_others_are_graded(course):
    course.submit("ann", plan={"second": ("error", 0.0)})
    course.submit("bob")
    outcome = course.autograde()
    assert not outcome["success"]
    assert (
        "ann: the grader itself failed, which is not the student's fault:"
        " second: second(2) returned <b>7</b>, expected 8. No score was recorded; what nbgrader"
        " had entered was withdrawn. When the cause is mended, run"
        " `nbgrader autograde tiny --student ann`."
    ) in outcome["log"]
    assert set(course.scores("ann").values()) == {None}
    assert course.to_be_graded_by_hand("ann") == set(ALL)
    assert course.scores("bob") == ALL


def test_our_own_failure_takes_no_score_of_an_earlier_run_away(course):
    folder = course.submit("ann", plan={"third": ("failed", 0.0)})
    assert course.autograde()["success"]
    earlier = course.scores("ann")
    kept = (course.root / "grades" / "tiny" / "ann.json").read_bytes()
    (folder / "pkg" / "work.py").write_text(json.dumps({"second": ("error", 0.0)}))
    course.config.Autograde.force = True
    outcome = course.autograde(student_id="ann")
    assert not outcome["success"]
    assert (
        "No score was recorded; those of an earlier run stay, and the submission is marked as one"
        " to look at."
    ) in outcome["log"]
    assert course.scores("ann") == {**earlier, "explain": None}
    assert course.to_be_graded_by_hand("ann") == set(ALL)
    assert (course.root / "grades" / "tiny" / "ann.json").read_bytes() == kept


def test_our_own_failure_leaves_no_zero_for_a_missing_notebook(course):
    folder = course.submit("ann", plan={"second": ("error", 0.0)})
    (folder / "tiny.ipynb").unlink()
    course.submit("bob")
    course.autograde()
    assert set(course.scores("ann").values()) == {None}


def test_a_grader_that_crashes_records_no_score_and_the_others_are_graded(course):
    course.submit("ann").joinpath("pkg", "work.py").write_text("not JSON: our grader crashes")
    course.submit("bob")
    outcome = course.autograde()
    assert "JSONDecodeError" in outcome["log"]
    assert set(course.scores("ann").values()) == {None}
    assert course.scores("bob") == ALL


def test_after_a_failure_the_next_run_grades_the_student(course):
    folder = course.submit("ann", plan={"second": ("error", 0.0)})
    course.autograde()
    (folder / "pkg" / "work.py").write_text("{}")
    assert course.autograde(student_id="ann")["success"]
    assert course.scores("ann") == ALL
    assert course.to_be_graded_by_hand("ann") == set()


def test_an_old_notebook_whose_version_is_no_number_is_broken():
    """nbformat asserts that it is one."""
    content = b'{"nbformat": 3, "nbformat_minor": null, "metadata": null, "worksheets": []}'
    with pytest.raises(BrokenNotebookError, match="in format 3, which cannot be converted"):
        read_notebook(content)
