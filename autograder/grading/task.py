"""One submission as a call to a grader wherever it runs: a report comes back, whatever happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.errors import UserError
from autograder.judging.check import load_checks
from autograder.results import CheckResult, Report, Status
from autograder.submission import Submission

from .contents import Fingerprint, fingerprint
from .failures import Failure, failure_of, log_failure
from .keys import Conditions
from .memory import give_back_free_memory
from .one import grade_submission
from .outcomes import OUR_BUG, clean, failed_because
from .seeds import written_seed


class StopsClassError(UserError, RuntimeError):
    """No further submission can be graded; the message says what the user has to mend."""


class SchedulerLostError(ConnectionError):
    """Where the class is graded cannot be reached any more."""


class WorkerKilledError(RuntimeError):
    """Workers ended while they had this submission, and perhaps others that are to blame."""


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A report, and what the grader that made it was made of; None where it could not tell.

    `failures` are those of ours, for whoever can mend them.
    """

    report: Report
    fingerprint: Fingerprint | None
    failures: tuple[Failure, ...] = ()


def grade_safely(
    conditions: Conditions, submission: Submission, known: Mapping[str, CheckResult]
) -> Graded:
    """Grade one submission; a failure of ours becomes a report that says so."""
    failures: list[Failure] = []

    def failed(failure: Failure) -> None:
        log_failure(failure)
        failures.append(failure)

    try:
        report = grade_submission(
            conditions.assignment,
            submission,
            level=conditions.level,
            seed=conditions.seed,
            limits=conditions.limits,
            known=known,
            failed=failed,
        )
        found: Fingerprint | None = fingerprint(conditions.assignment)
    except Exception as error:
        failed(failure_of(error, conditions.assignment, student=submission.student))
        report, found = failed_report(conditions, submission, error), None
    finally:
        give_back_free_memory()
    return Graded(report=report, fingerprint=found, failures=tuple(failures))


def failed_report(conditions: Conditions, submission: Submission, error: BaseException) -> Report:
    """A report in which every check has the status `error`, and nobody has lost a point."""
    results = tuple(
        CheckResult(
            id=check.id,
            name=check.summary,
            status=Status.ERROR,
            score=0.0,
            max_score=check.points,
            bonus=check.bonus,
            rationale=clean(failed_because(error)),
            help=OUR_BUG,
        )
        for check in load_checks(conditions.assignment).values()
    )
    return Report(
        assignment=conditions.assignment.slug,
        student=submission.student,
        score=0.0,
        max_score=sum(result.max_score for result in results if not result.bonus),
        sandbox=conditions.level,
        seed=written_seed(conditions.seed),
        seconds=0.0,
        checks=results,
    )
