"""Checks share a process while they pass; a failure counts in a clean process alone."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.grading import grade_submission
from autograder.grading.confirmation import confirmed
from autograder.judging.check import load_checks
from autograder.results import CheckResult, Report, Status
from autograder.sandbox.session import Session
from autograder.submission import Submission

from .conftest import RIGHT

Grade = Callable[..., Report]

STATE = """
import os
import time

called = []


def double(x):
    called.append(x)
    return 2 * x


def negate(x):
"""
BESIDE = {
    "wrong": "    return x if called else -x\n",
    "raises": "    return -x / (not called)\n",
    "ends": "    return os._exit(0) if called else -x\n",
    "hangs": "    time.sleep(60 if called else 0)\n    return -x\n",
    "adds up": "    called.append(x)\n    return -x if len(called) < 2 else called\n",
}
MADE_UP_FOR = "    return -x if called else x\n"


@pytest.fixture
def graded(assignment: Assignment, level_name: str) -> Grade:
    def grade(negate: str, *, confirm: float = 0.0) -> Report:
        files = {**RIGHT, "nn/layers.py": STATE + negate}
        submission = Submission(student="ada", files={p: t.encode() for p, t in files.items()})
        return grade_submission(assignment, submission, level=level_name, seed=5, confirm=confirm)

    return grade


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds of the children that were forked."""
    found: list[int] = []
    begin = Session.begin

    def begun(session: Session, seed: int, theirs: object) -> None:
        found.append(seed)
        begin(session, seed, theirs)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "begin", begun)
    return found


def statuses(report: Report) -> dict[str, str]:
    return {check.id: check.status.value for check in report.checks}


def test_checks_that_pass_share_one_process(graded: Grade, forks: list[int]) -> None:
    assert graded("    return -x\n").score == 7
    assert len(forks) == 1


def test_a_confirmed_submission_is_also_graded_with_a_process_for_each(
    graded: Grade, forks: list[int]
) -> None:
    assert graded("    return -x\n", confirm=1.0).score == 7
    assert len(forks) == 1 + 4
    assert len(set(forks[1:])) == 4


@pytest.mark.parametrize("negate", BESIDE.values(), ids=BESIDE)
def test_what_fails_beside_others_alone_has_not_failed(graded: Grade, negate: str) -> None:
    assert set(statuses(graded(negate)).values()) == {"passed"}


def test_a_failure_is_judged_in_a_clean_process(graded: Grade, forks: list[int]) -> None:
    report = graded("    return len(called) + 5.0\n")
    negate = next(check for check in report.checks if check.id == "negate")
    assert "gives `out` that is -5 times the right value" in negate.rationale  # nothing is called
    assert len(forks) == 3  # the shared one, the clean one, and one for what comes after


def test_what_passes_beside_others_alone_is_left_to_a_person(graded: Grade) -> None:
    assert statuses(graded(MADE_UP_FOR))["negate"] == "passed"
    report = graded(MADE_UP_FOR, confirm=1.0)
    found = next(check for check in report.checks if check.id == "negate")
    assert (found.status.value, found.score) == ("error", 0)
    assert found.rationale.startswith(
        "Beside other checks it passes; in a process of its own it is `failed`: "
    )
    assert found.rationale.endswith("makes up for it; a person should look at it.")
    assert {status for id, status in statuses(report).items() if id != "negate"} == {"passed"}


def test_what_does_not_differ_twice_is_no_difference(assignment: Assignment) -> None:
    """Code may draw without a seed, and a machine may be busy."""
    checks = load_checks(assignment)
    results = {
        id: CheckResult(
            id=id, name="", status=Status.PASSED, score=one.points, max_score=one.points
        )
        for id, one in checks.items()
    }
    failed = msgspec.structs.replace(results["negate"], status=Status.FAILED, score=0.0)
    alone = iter([{**results, "negate": failed}, results])
    assert confirmed(results, checks, lambda known: next(alone)) == results


def test_who_is_confirmed_is_drawn_by_the_secret(
    assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.grading import one

    asked: list[str] = []

    def noted(case: object, checks: object, results: list[object], known: object) -> list[object]:
        asked.append(case.student)  # type: ignore[attr-defined]
        return results

    monkeypatch.setattr(one, "_confirmed", noted)
    for number in range(60):
        submission = Submission(student=f"s{number}", files={})
        grade_submission(assignment, submission, seed=1 << 100, confirm=0.2)
    assert 3 <= len(asked) <= 25
