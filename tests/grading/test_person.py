"""Checks that a person has to decide: no error, no lost score elsewhere, and no final report."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.assignment import Assignment
from autograder.grading import grade_submission
from autograder.grading.outcomes import outcome_of
from autograder.judging.check import Check, PersonNeeded, check
from autograder.results import Status
from autograder.sandbox.remote import Student
from autograder.submission import Submission


@check("close", points=2)
def close(student: Student, rng: np.random.Generator) -> None:
    """It may be right."""
    raise PersonNeeded("Within 1e-05 of it.")


@check("after", points=1, needs="close")
def after(student: Student, rng: np.random.Generator) -> None:
    """It needs what may be right."""


def test_what_needs_it_runs_all_the_same(
    assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, Check] = {one.id: one for one in (close, after)}
    monkeypatch.setattr("autograder.grading.one.load_checks", lambda assignment: made)
    report = grade_submission(assignment, Submission(student="ada", files={}))
    found = {result.id: (result.status, result.score) for result in report.checks}
    assert found == {"close": (Status.PERSON, 0.0), "after": (Status.PASSED, 1.0)}
    assert not report.is_final
    assert not report.failed_to_grade


def test_it_is_said_that_nothing_is_decided() -> None:
    outcome = outcome_of(PersonNeeded("Within 1e-05 of it."))
    assert (outcome.status, outcome.credit) == (Status.PERSON, 0.0)
    assert outcome.rationale == "Within 1e-05 of it."
    assert outcome.help == ("A person decides; until then it counts 0, and the score is not final.")
