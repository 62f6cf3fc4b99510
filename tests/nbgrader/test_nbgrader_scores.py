"""What `nbgrader autograde` records: our checks' scores, and nothing that a student forged."""

from __future__ import annotations

import json

from nbformat.v4 import new_code_cell, new_output

ALL = {"first": 2.0, "second": 3.0, "third": 1.0, "explain": 0.0}
NONE_PASSED = {
    "first": ("failed", 0.0),
    "second": ("not attempted", 0.0),
    "third": ("skipped", 0.0),
}
NOTHING = {"first": 0.0, "second": 0.0, "third": 0.0, "explain": 0.0}


def forged_outputs():
    """What would earn full credit if nbgrader saw it."""
    return [new_output("execute_result", data={"text/plain": "2.0"}, execution_count=1)]


def cell_named(notebook, name):
    return next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def test_passed_partial_and_failed_checks_get_their_scores(course):
    course.submit("ann", plan={"second": ("partial", 0.7), "third": ("failed", 0.0)})
    assert course.autograde()["success"]
    assert course.scores("ann") == {"first": 2.0, "second": 0.7, "third": 0.0, "explain": 0.0}


def test_a_score_with_many_digits_is_recorded_to_the_last(course):
    course.submit("ann", plan={"second": ("partial", 3 * 0.1)})
    course.autograde()
    assert course.scores("ann")["second"] == 3 * 0.1


def test_not_attempted_and_skipped_checks_get_zero(course):
    course.submit("ann", plan=NONE_PASSED)
    course.autograde()
    assert course.scores("ann") == NOTHING


def test_a_students_notebook_is_not_run_on_the_host(course):
    notebook = course.released()
    proof = course.root / "proof"
    code = f"open({str(proof)!r}, 'w').close()"
    notebook.cells.insert(0, new_code_cell(code))
    course.submit("ann", notebook=notebook)
    assert course.autograde()["success"]
    assert not proof.exists()


def test_a_submission_is_graded_once_for_all_its_notebooks(course):
    second = course.root / "assignments" / "tiny" / "more.ipynb"
    second.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    folder = course.submit("ann")
    (folder / "more.ipynb").write_bytes(second.read_bytes())
    assert course.autograde()["success"]
    assert len(course.grader.graded) == 1


def test_the_files_graded_are_those_handed_in(course):
    folder = course.submit("ann")
    (folder / "pkg" / "given.py").write_text("GIVEN = 'edited'\n")
    course.autograde()
    [submission] = course.grader.graded
    assert submission.student == "ann"
    assert submission.files["pkg/given.py"] == b"GIVEN = 'edited'\n"


def test_the_students_module_is_kept_and_a_given_file_is_restored(course):
    folder = course.submit("ann", plan={"third": ("failed", 0.0)})
    (folder / "pkg" / "given.py").write_text("GIVEN = 'edited'\n")
    course.autograde()
    graded = course.root / "autograded" / "ann" / "tiny" / "pkg"
    assert json.loads((graded / "work.py").read_text()) == {"third": ["failed", 0.0]}
    assert (graded / "given.py").read_text() == "GIVEN = 1\n"


def test_forged_outputs_in_every_cell_count_for_nothing(course):
    notebook = course.released()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = forged_outputs()
    course.submit("eve", notebook=notebook, plan=NONE_PASSED)
    course.autograde()
    assert course.scores("eve") == NOTHING


def test_an_old_error_in_a_cell_costs_nothing(course):
    notebook = course.released()
    stale = [
        new_output("error", ename="E", evalue="e", traceback=[]),
        new_output("stream", name="stderr", text="a warning"),
    ]
    cell_named(notebook, "first").outputs = stale
    course.submit("ann", notebook=notebook)
    course.autograde()
    assert course.scores("ann") == ALL


def test_no_execute_keeps_no_forged_output(course):
    notebook = course.released()
    cell_named(notebook, "first").outputs = forged_outputs()
    course.submit("eve", notebook=notebook, plan=NONE_PASSED)
    # What the flag --no-execute sets.
    course.config.Execute.enabled = False
    course.config.ClearOutput.enabled = False
    course.autograde()
    assert course.scores("eve") == NOTHING


def test_editing_a_grade_cell_changes_nothing(course):
    notebook = course.released()
    cell = cell_named(notebook, "first")
    cell.source = "2.0"
    cell.metadata.tags = ["skip-execution", "remove-cell"]
    cell.metadata.nbgrader.update(points=1000, solution=True, locked=False, checksum="0")
    course.submit("eve", notebook=notebook, plan=NONE_PASSED)
    course.autograde()
    assert course.scores("eve") == NOTHING
    restored = cell_named(course.autograded("eve"), "first")
    assert restored.source == "assert first() is not None"
    assert "tags" not in restored.metadata


def test_retyping_a_grade_cell_changes_nothing(course):
    notebook = course.released()
    cell = cell_named(notebook, "first")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]
    cell.metadata.nbgrader.cell_type = "markdown"
    course.submit("eve", notebook=notebook, plan=NONE_PASSED)
    course.autograde()
    assert course.scores("eve") == NOTHING
    assert course.to_be_graded_by_hand("eve") == set()


def test_deleting_every_cell_changes_no_score(course):
    notebook = course.released()
    notebook.cells = []
    course.submit("ann", notebook=notebook, plan={"second": ("failed", 0.0)})
    assert course.autograde()["success"]
    assert course.scores("ann") == {**ALL, "second": 0.0}


def test_a_deleted_grade_cell_comes_back_where_it_was(course):
    notebook = course.released()
    notebook.cells = [
        cell for cell in notebook.cells if cell.id not in ("solution-first", "first", "third")
    ]
    course.submit("ann", notebook=notebook)
    course.autograde()
    names = [cell.id for cell in course.autograded("ann").cells if cell.id in ALL]
    assert names == ["first", "second", "third", "explain"]
    assert course.scores("ann") == ALL


def test_two_cells_of_one_id_are_one_cell_for_the_grader(course):
    notebook = course.released()
    copy = cell_named(course.released(), "first")
    copy.update(id="copy", outputs=forged_outputs())
    notebook.cells.insert(0, copy)
    course.submit("eve", notebook=notebook, plan=NONE_PASSED)
    assert course.autograde()["success"]
    assert course.scores("eve") == NOTHING


def test_an_invented_grade_cell_is_an_ordinary_cell(course):
    notebook = course.released()
    invented = cell_named(course.released(), "first")
    invented.update(id="bonus")
    invented.metadata.nbgrader.grade_id = "bonus"
    notebook.cells.append(invented)
    course.submit("eve", notebook=notebook)
    assert course.autograde()["success"]
    assert course.scores("eve") == ALL


def test_a_written_answer_waits_for_a_person(course):
    notebook = course.released()
    cell_named(notebook, "explain").source = "Because the gradients vanish."
    course.submit("ann", notebook=notebook)
    course.autograde()
    assert course.scores("ann")["explain"] is None
    assert course.to_be_graded_by_hand("ann") == {"explain"}
    assert cell_named(course.autograded("ann"), "explain").source == "Because the gradients vanish."


def test_a_score_given_by_hand_survives_a_second_run(course):
    course.submit("ann", plan={"first": ("failed", 0.0)})
    course.autograde()
    with course.gradebook() as gradebook:
        gradebook.find_grade("first", "tiny", "tiny", "ann").manual_score = 1.5
        gradebook.db.commit()
    course.config.Autograde.force = True
    assert course.autograde()["success"]
    with course.gradebook() as gradebook:
        assert gradebook.find_grade("first", "tiny", "tiny", "ann").score == 1.5
