"""Grades the course's own code in this process, as if it had been handed in; nothing that trains.

For mutants of the reference, never for a submission: there is no sandbox. What students would be
told is as in earnest, diagnosis included.
"""

from __future__ import annotations

from autograder.assignment import Assignment
from autograder.judging.check import Check, load_checks
from autograder.results import CheckResult, Report, Status
from autograder.sandbox.transports import Transport
from autograder.submission import Submission

from .diagnosis import Diagnoser
from .outcomes import Outcome, outcome_of
from .seeds import Draws, written_seed
from .trusted import TrustedCode, trusted

_MET = frozenset({Status.PASSED, Status.PERSON})
_WITHOUT = Outcome(status=Status.SKIPPED)


def grade_without_sandbox(
    assignment: Assignment, submission: Submission, *, seed: int = 0
) -> Report:
    """The report on code of the course's own; what trains or lacks what it needs is skipped."""
    results: dict[str, CheckResult] = {}
    draws = Draws.of(submission, seed=seed)
    diagnoser = Diagnoser(assignment, draws)
    with trusted(assignment, submission.files) as code:
        for check in load_checks(assignment).values():
            needed = all(results[need].status in _MET for need in check.needs)
            ready = check.exact and needed
            outcome = _run(code, check, diagnoser, draws) if ready else _WITHOUT
            results[check.id] = _result(check, outcome)
    return Report(
        assignment=assignment.slug,
        student=submission.student,
        score=sum(result.score for result in results.values()),
        max_score=sum(result.max_score for result in results.values()),
        sandbox="none",
        seed=written_seed(seed),
        seconds=0.0,
        checks=tuple(results.values()),
    )


def _run(code: TrustedCode, check: Check, diagnoser: Diagnoser, draws: Draws) -> Outcome:
    recorders: list[Transport] = []

    def through(transport: Transport) -> Transport:
        recorders.append(diagnoser.recorder(check, transport))
        return recorders[0]

    error = code.run(check, draws, through=through)
    return diagnoser.named(outcome_of(error), error, check, recorders[0])


def _result(check: Check, outcome: Outcome) -> CheckResult:
    return CheckResult(
        id=check.id,
        name=check.summary,
        status=outcome.status,
        score=outcome.credit * check.points,
        max_score=check.points,
        bonus=check.bonus,
        rationale=outcome.rationale,
        help=outcome.help,
    )
