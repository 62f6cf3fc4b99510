"""One submission → one `Report`: load it into a worker, run every check, let nothing stop it."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import msgspec

from autograder.assignment import Assignment
from autograder.judging.attempts import all_parts
from autograder.judging.check import Check, load_checks
from autograder.results import STILL_OPEN, CheckResult, Report, Status
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.memory_group import memory_bound
from autograder.submission import Submission

from .adopted import AdoptedGrader
from .confirmation import LOT, SHARE, confirmed
from .course_parts import CourseParts
from .elsewhere import written_elsewhere
from .exposure import refuse_exposed
from .failures import Told, log_failure
from .follow import FollowThrough
from .loading import read_release
from .manual import manual_parts
from .outcomes import Outcome
from .runs import GradingCase
from .seeds import Draws, written_seed

logger = logging.getLogger(__name__)

NOTHING: Mapping[str, CheckResult] = MappingProxyType({})


def grade_submission(
    assignment: Assignment,
    submission: Submission,
    *,
    level: str = "bubblewrap",
    seed: int = 0,
    limits: Limits | None = None,
    known: Mapping[str, CheckResult] = NOTHING,
    failed: Told = log_failure,
    confirm: float = SHARE,
) -> Report:
    """Grade one submission in a sandbox of its own.

    Whatever the submission does, every check has a result. A sandbox that does not start gives
    checks of status `error`, never a lost score.

    Parameters
    ----------
    known : results by check id that still hold; those checks do not run, and where nothing is
        left to run, no sandbox starts.
    failed : is told each failure of a check or of the grader; the report has no traceback.
    confirm : the share of submissions that are graded once more, with a process for every check.

    Raises
    ------
    UnknownLevelError, UnavailableLevelError, ExposedCourseError, NotBuiltError : before anything
        is graded.
    """
    started = time.monotonic()
    refuse_exposed(assignment.course)
    checks = load_checks(assignment)
    release = read_release(assignment)
    logger.info("%s: %s, level %s", submission.student, assignment.slug, level)
    for problem in submission.problems:
        logger.info("%s: %s", submission.student, problem)
    limits = limits or Limits()
    case = GradingCase(
        assignment=assignment,
        submission=submission,
        release=release,
        level=get_level(level),
        limits=limits,
        draws=Draws.of(submission, seed=seed),
        end=started + limits.total_seconds,
        failed=failed,
    )
    grader = Grader(case, checks) if assignment.adopted is None else AdoptedGrader(case, checks)
    results = grader.grade(known)
    if assignment.adopted is None and case.draws.lot(LOT) < confirm:
        results = _confirmed(case, checks, results, known)
    spent = time.monotonic() - started + sum(result.seconds for result in known.values())
    return Report(
        assignment=assignment.slug,
        student=submission.student,
        score=round(sum(result.score for result in results), 6),
        max_score=sum(check.counted for check in checks.values()),
        sandbox=level,
        memory=memory_bound(),
        seed=written_seed(seed),
        seconds=round(spent, 3),
        checks=tuple(results),
        manual=manual_parts(assignment, release, submission, results, failed),
        problems=tuple(str(problem) for problem in grader.unwritten),
    )


def _confirmed(
    case: GradingCase,
    checks: Mapping[str, Check],
    results: Sequence[CheckResult],
    known: Mapping[str, CheckResult],
) -> list[CheckResult]:
    """The results that a submission has in processes of their own as well."""
    logger.info("%s: every check once more, in a process of its own", case.student)
    limit = case.limits.total_seconds

    def again(trained: Mapping[str, CheckResult]) -> dict[str, CheckResult]:
        alone = replace(case, shares=False, end=time.monotonic() + limit)
        return {result.id: result for result in Grader(alone, checks).grade({**trained, **known})}

    return list(confirmed({result.id: result for result in results}, checks, again).values())


class Grader:
    """Decides the checks of one submission in their order."""

    def __init__(self, case: GradingCase, checks: Mapping[str, Check]) -> None:
        self._case = case
        self._checks = checks
        self._parts = all_parts(case.release)
        submission = case.submission
        # Where no file could be read, the reason says more than "still to be written".
        self._unread = "" if submission.files else " ".join(submission.problems)
        self._reasons = {
            part: reason
            for path, reason in submission.unread.items()
            if path in case.release
            for part in all_parts({path: case.release[path]})
        }
        self._course = CourseParts(case.assignment, case.level, case.limits, case.end)
        self._follow = FollowThrough(case, checks, self._course)

    @property
    def unwritten(self) -> Sequence[str]:
        """The files that could not be used where the code runs, a sentence each."""
        return self._follow.unwritten

    def grade(self, known: Mapping[str, CheckResult] = NOTHING) -> list[CheckResult]:
        """The results in the order of the checks; those that are known do not run."""
        results: dict[str, CheckResult] = {}
        student = self._case.student
        with contextlib.closing(self._course), contextlib.closing(self._follow):
            for check in self._checks.values():
                if check.id in known:
                    results[check.id] = known[check.id]
                    logger.info("%s: %s is known from before", student, check.id)
                    continue
                begun = time.monotonic()
                outcome = self._decide(check, results)
                seconds = time.monotonic() - begun
                results[check.id] = _result(check, outcome, seconds)
                logger.info("%s: %s %s, %.2f s", student, check.id, outcome.status, seconds)
        return list(results.values())

    def _decide(self, check: Check, results: Mapping[str, CheckResult]) -> Outcome:
        broken = self._follow.broken(check, results)
        if not broken:
            return self._own(check, self._follow.run(check, results))
        left = self._without(check, broken[0], results[broken[0]])
        if left.status is not Status.SKIPPED:
            return left
        followed = self._follow.outcome(check, results)
        return left if followed is None else self._own(check, followed)

    def _own(self, check: Check, outcome: Outcome) -> Outcome:
        """The outcome of a check that ran; what is still a stub has not failed."""
        open_stub = check.id in self._case.submitted.open_parts or self._unread
        if outcome.status is Status.NOT_ATTEMPTED or (
            outcome.status is Status.FAILED and open_stub
        ):
            return self._not_attempted(check.id)
        return outcome

    def _without(self, check: Check, need: str, result: CheckResult) -> Outcome:
        """A check whose need did not pass: left as it was, waiting, or our fault as well."""
        if result.status is Status.ERROR:
            return Outcome(status=Status.ERROR, rationale=f"It needs `{need}`, which has an error.")
        untouched = result.status is Status.NOT_ATTEMPTED and check.id not in self._parts
        if check.id in self._case.submitted.open_parts or untouched:
            return self._not_attempted(check.id if check.id in self._parts else need)
        return Outcome(status=Status.SKIPPED, rationale=f"It needs `{need}`, which did not pass.")

    def _not_attempted(self, part: str) -> Outcome:
        stub = f"`TODO({part})` {STILL_OPEN}"
        rationale = self._reasons.get(part) or self._unread or stub
        case = self._case
        elsewhere = written_elsewhere(part, case.release, case.submission.files)
        return Outcome(status=Status.NOT_ATTEMPTED, rationale=rationale, help=elsewhere)


def _result(check: Check, outcome: Outcome, seconds: float) -> CheckResult:
    return CheckResult(
        id=check.id,
        name=check.summary,
        status=outcome.status,
        score=round(outcome.credit * check.points, 6),
        max_score=check.points,
        bonus=check.bonus,
        followed=outcome.followed,
        usable=outcome.usable,
        rationale=outcome.rationale,
        help=outcome.help,
        seconds=round(seconds, 3),
        exhibit=outcome.exhibit or msgspec.UNSET,
        accuracy=msgspec.UNSET if outcome.accuracy is None else outcome.accuracy,
    )
