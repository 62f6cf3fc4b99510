"""The demo shows what it says: each made-up student gets what this one deserves."""

import re
import tempfile
from pathlib import Path

import pytest
from rich.console import Console

import autograder.demo
from autograder.assignment import load_assignment
from autograder.demo import JOBS, MISTAKES, SLUG, VARIANT, make_class, show_demo
from autograder.grading import Processes
from autograder.reports.wording import verdict
from autograder.results import Report, Status

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def students():
    return {student.name: student for student in make_class(load_assignment(SLUG))}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The demo leaves its pages behind for people to read; here pytest clears them away."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_the_class(students):
    assert list(students) == [
        *("ada", "boris", "clara", "deniz", "emil", "farah", "goran", "hedy", "ivan")
    ]
    assert all(student.did for student in students.values())
    assert len({tuple(sorted(student.files.items())) for student in students.values()}) == 9


def test_mistakes_and_variant_are_described_by_their_authors(students):
    source = load_assignment(SLUG).source
    for student, name in MISTAKES.items():
        text = (source / "mutants" / f"{name}.toml").read_text("utf-8")
        assert f'description = "{students[student].did}"' in text
    text = (source / "variants" / f"{VARIANT}.toml").read_text("utf-8")
    assert students["ivan"].did.removeprefix("right, but unusual: ") in text


def test_what_is_shown_without_grading(students, monkeypatch, capsys):
    def grade_class(conditions, submissions, *, out, place, listener):
        assert (place, conditions.level) == (Processes(JOBS), "process")
        for one in submissions:
            assert one.problems == ()
            assert one.files == {
                path: data
                for path, data in students[one.student].files.items()
                if path in one.files
            }
        return [
            Report(
                assignment=SLUG,
                student=one.student,
                score=0,
                max_score=0,
                sandbox=conditions.level,
                seed=conditions.seed,
                seconds=0,
                checks=(),
            )
            for one in submissions
        ]

    monkeypatch.setattr(autograder.demo, "grade_class", grade_class)
    monkeypatch.setattr(autograder.demo, "Console", lambda: Console(width=250))
    show_demo(level="process")
    shown = capsys.readouterr().out
    assert "Grading 9 made-up students of fully_connected_nets, 2 at a time." in shown
    assert all(f"{name} " in shown for name in students)
    assert "imports a missing package" in shown
    assert re.search(r"Graded in \d+ s in the sandbox `process`\. All findings, as pages:\n", shown)
    index = shown.split()[-1]
    assert students["boris"].did in Path(index).read_text("utf-8")


def test_everyone_gets_what_they_deserve(capsys):
    reports = {report.student: report for report in show_demo()}
    full = sum(check.max_score for check in reports["ada"].checks)  # with the extra credit
    assert [reports[name].score for name in ("ada", "ivan", "emil", "hedy")] == [full, full, 0, 0]
    assert {check.status for check in reports["emil"].checks} == {Status.NOT_ATTEMPTED}
    assert "the right class is set to 1" in verdict(reports["boris"])
    assert "'hidden_scores' is not defined" in verdict(reports["clara"])
    assert "the regulariser's gradient is missing" in verdict(reports["deniz"])
    assert "No module named 'torch'" in verdict(reports["farah"])
    lost = [check for check in reports["goran"].checks if check.status is not Status.PASSED]
    assert [check.id for check in lost] == ["svm_loss"]
    assert "did not finish in the time" in lost[0].rationale
    assert not any(report.failed_to_grade for report in reports.values())
