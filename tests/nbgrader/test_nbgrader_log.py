"""What the grader logs, tracebacks of its own bugs with it, is in nbgrader's log as well."""

from __future__ import annotations

import logging

from autograder.logs import OURS
from autograder.results import CheckResult, Report

OUR_BUG = logging.getLogger("autograder.grading.failures")


def test_a_bug_of_ours_is_in_nbgraders_log(course):
    honest = course.grader

    def grade(assignment, submission, **options) -> Report:
        OUR_BUG.error("=== ann, check `first`\nchecks/tiny.py:3: KeyError")
        return honest(assignment, submission, **options)

    course.config.GradeInSandbox.grade = grade
    course.submit("ann")
    outcome = course.autograde()
    assert outcome["success"]
    lines = [line.strip() for line in outcome["log"].splitlines()]
    assert "checks/tiny.py:3: KeyError" in lines
    handlers = [type(handler) for handler in OURS.handlers]
    assert handlers == [logging.NullHandler]


def test_files_that_could_not_be_written_are_warned_of(course, result):
    def grade(assignment, submission, **options) -> Report:
        checks: tuple[CheckResult, ...] = course.grader(assignment, submission, **options).checks
        return Report(
            assignment=assignment.slug,
            student=submission.student,
            score=6.0,
            max_score=6.0,
            sandbox="process",
            seed=0,
            seconds=0.0,
            checks=checks,
            problems=("`a.py` could not be written.",),
        )

    course.config.GradeInSandbox.grade = grade
    course.submit("ann")
    assert "ann: `a.py` could not be written." in course.autograde()["log"]
