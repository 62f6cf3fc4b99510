"""Does nbgrader record what was graded in parallel before, without grading it again?"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from autograder.assignment import load_assignment
from autograder.course import read_course
from autograder.grading import (
    Conditions,
    Processes,
    grade_class,
    grade_submission,
    report_path,
    runs,
)
from autograder.grading.store import write_report
from autograder.results import Report
from autograder.submission import find_submissions

LEVEL = "process"
SEED = 11
CHECKS = '''
from autograder.judging.arrays import expect_number
from autograder.judging.check import check


@check("first", points=2)
def first(student, rng):
    """first returns a number."""
    expect_number("first", student.work.first(), 1.0)


@check("second", points=3)
def second(student, rng):
    """second returns a number."""
    expect_number("second", student.work.second(), 2.0)


@check("third", points=1, needs="second")
def third(student, rng):
    """third returns a number."""
    expect_number("third", student.work.third(), 3.0)
'''
WORK = "def first(): return 1\ndef second(): return {}\ndef third(): return 3\n"
SCORES = {
    "ann": {"first": 2.0, "second": 3.0, "third": 1.0, "explain": 0.0},
    "ben": {"first": 2.0, "second": 0.0, "third": 0.0, "explain": 0.0},
}


class Unwanted:
    """What grades, where nothing should be graded."""

    def __deepcopy__(self, memo: object) -> Unwanted:
        return self

    def __call__(self, *args: object, **options: object) -> Report:
        raise AssertionError("graded once more")


@pytest.fixture
def graded(course) -> list[Report]:
    """A course whose class of two `autograder grade` has graded, and the reports of that."""
    (course.root / "checks" / "tiny.py").write_text(CHECKS)
    course.config.GradeInSandbox.update(grade=Unwanted(), seed=SEED, level=LEVEL)
    for student, value in {"ann": "2", "ben": "3"}.items():
        submitted = course.submit(student)
        (submitted / "pkg" / "work.py").write_text(WORK.format(value))
    assignment = load_assignment("tiny", read_course(course.root))
    found = find_submissions(course.root / "submitted", assignment)
    return grade_class(
        Conditions(assignment=assignment, level=LEVEL, seed=SEED),
        found,
        out=course.root / "grades",
        place=Processes(1),
    )


def test_results_are_recorded_as_they_are(
    course, graded: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "loaded", None)  # there is no sandbox to be had
    written = [path.stat().st_mtime_ns for path in sorted((course.root / "grades/tiny").iterdir())]
    assert course.autograde()["success"]
    for report in graded:
        assert course.scores(report.student) == SCORES[report.student]
        assert {result.id: result.score for result in report.checks} == {
            name: score for name, score in SCORES[report.student].items() if name != "explain"
        }
    after = [path.stat().st_mtime_ns for path in sorted((course.root / "grades/tiny").iterdir())]
    assert after == written


def test_a_second_submission_is_graded_alone(course, graded: list[Report]) -> None:
    asked = []

    class Counting(Unwanted):
        def __call__(self, assignment, submission, **options):
            asked.append((submission.student, sorted(options)))
            return grade_submission(assignment, submission, **options)

    course.config.GradeInSandbox.grade = Counting()
    (course.root / "submitted/ben/tiny/pkg/work.py").write_text(WORK.format("2"))
    assert course.autograde()["success"]
    assert asked == [("ben", ["level", "seed"])]
    assert course.scores("ben") == SCORES["ann"]
    stored = report_path(course.root / "grades", "tiny", "ben")
    assert Report.from_json(stored.read_bytes()).key


def test_what_holds_of_a_result_is_given_to_the_grader(course, graded: list[Report]) -> None:
    report = next(report for report in graded if report.student == "ann")
    first = msgspec.structs.replace(report.checks[0], key="0" * 32)
    old = msgspec.structs.replace(report, key="0" * 32, checks=(first, *report.checks[1:]))
    write_report(old, course.root / "grades", seed=SEED)
    known = []

    class Counting(Unwanted):
        def __call__(self, assignment, submission, **options):
            known.extend(options["known"])
            return grade_submission(assignment, submission, **options)

    course.config.GradeInSandbox.grade = Counting()
    assert course.autograde()["success"]
    assert known == ["second", "third"]
    assert course.scores("ann") == SCORES["ann"]


def test_an_instructor_may_insist(course, graded: list[Report]) -> None:
    asked = []

    class Counting(Unwanted):
        def __call__(self, assignment, submission, **options):
            asked.append((submission.student, sorted(options)))
            return grade_submission(assignment, submission, **options)

    course.config.GradeInSandbox.update(grade=Counting(), fresh=True)
    assert course.autograde()["success"]
    assert asked == [("ann", ["level", "seed"]), ("ben", ["level", "seed"])]


def test_an_error_in_the_store_is_graded_again(course, graded: list[Report]) -> None:
    path = Path(report_path(course.root / "grades", "tiny", "ann"))
    broken = path.read_text().replace('"passed"', '"error"').replace('"score": 2.0', '"score": 0.0')
    broken = broken.replace('"score": 3.0', '"score": 0.0').replace('"score": 1.0', '"score": 0.0')
    path.write_text(broken.replace('"score": 6.0', '"score": 0.0'))
    course.config.GradeInSandbox.grade = grade_submission
    assert course.autograde()["success"]
    assert course.scores("ann") == SCORES["ann"]
