"""Extra credit in nbgrader: a cell worth 0 points, and what was earned beside its score."""

from __future__ import annotations

import msgspec
import nbformat
import pytest

from autograder.nbgrader_plugin.outputs import outputs_for
from autograder.results import Status


@pytest.fixture
def extra(course):
    """The course, where `third` is extra credit in the checks, the release and the results."""
    checks = course.root / "checks" / "tiny.py"
    counted, bonus = '"third", points=1.0,', '"third", points=1.0, bonus=True,'
    checks.write_text(checks.read_text().replace(counted, bonus))
    path = course.root / "assignments" / "tiny" / "tiny.ipynb"
    released = nbformat.read(path, as_version=4)
    for cell in released.cells:
        if cell.get("id") == "third":
            cell.metadata.nbgrader.points = 0
    nbformat.write(released, path)

    def grade(*given, **options):
        report = course.grader(*given, **options)
        results = [
            msgspec.structs.replace(result, bonus=result.id == "third") for result in report.checks
        ]
        return msgspec.structs.replace(
            report, checks=tuple(results), max_score=report.max_score - 1
        )

    course.config.GradeInSandbox.grade = grade
    return course


def _in_gradebook(course, student):
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission("tiny", student)
        grade = gradebook.find_grade("third", "tiny", "tiny", student)
        return submission.score, submission.max_score, grade.auto_score, grade.extra_credit


def test_extra_credit_is_on_top_of_the_maximum(extra):
    extra.submit("ann")
    extra.submit("bob", plan={"third": ("failed", 0.0)})
    extra.submit("cal", plan={"third": ("partial", 0.5), "first": ("failed", 0.0)})
    assert extra.autograde()["success"]
    assert _in_gradebook(extra, "ann") == (6.0, 9.0, 0.0, 1.0)  # 4 of the 9 are left to a person
    assert _in_gradebook(extra, "bob") == (5.0, 9.0, 0.0, 0.0)
    assert _in_gradebook(extra, "cal") == (3.5, 9.0, 0.0, 0.5)


def test_a_person_may_give_another_extra_credit(extra):
    extra.submit("ann")
    extra.autograde()
    with extra.gradebook() as gradebook:
        grade = gradebook.find_grade("third", "tiny", "tiny", "ann")
        grade.manual_score, grade.extra_credit = 0.0, 7.0
        gradebook.db.commit()
    extra.autograde()
    assert _in_gradebook(extra, "ann")[3] == 7.0


def test_the_cell_says_that_it_is_extra_credit(result):
    partial = msgspec.structs.replace(result("second", Status.PARTIAL, 1.5), bonus=True)
    [output] = outputs_for(partial)
    assert output.output_type == "stream"
    assert "(partial: 1.5 of 3 points of extra credit)" in output.text
    failed = msgspec.structs.replace(result("second", Status.FAILED), bonus=True)
    [output] = outputs_for(failed)
    assert output.output_type == "error"


def test_a_release_that_counts_extra_credit_is_refused(course, extra):
    path = course.root / "assignments" / "tiny" / "tiny.ipynb"
    released = nbformat.read(path, as_version=4)
    for cell in released.cells:
        if cell.get("id") == "third":
            cell.metadata.nbgrader.points = 1
    nbformat.write(released, path)
    course.submit("ann")
    outcome = course.autograde()
    assert not outcome["success"]
    assert "`third` is worth 0 points, not 1." in outcome["error"] + outcome["log"]
