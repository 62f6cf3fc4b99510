"""One submission → one `Report`: load it into a worker, run every check, let nothing stop it."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

import numpy as np

from autograder.assignment import Assignment
from autograder.judging.attempts import all_parts
from autograder.judging.check import Check, load_checks
from autograder.judging.handed_in import Author, HandedIn
from autograder.results import CheckResult, Report, Status
from autograder.sandbox.levels import Level, get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.remote import Conversation, Student
from autograder.sandbox.session import LostError, SandboxError
from autograder.submission import Submission

from .diagnosis import Diagnoser
from .exposure import refuse_exposed
from .failures import Told, failure_of, log_failure
from .loading import Loaded, Plan, loaded, plan, read_release
from .manual import manual_parts
from .outcomes import Outcome, outcome_of
from .seeds import judge_rng, worker_seed

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
) -> Report:
    """Grade one submission in a sandbox of its own.

    Whatever the submission does, every check has a result. A sandbox that does not start gives
    checks of status `error`, never a lost score.

    Parameters
    ----------
    known : results by check id that still hold; those checks do not run, and where nothing is
        left to run, no sandbox starts.
    failed : is told each failure of a check or of the grader; the report has no traceback.

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
    grader = Grader(
        assignment, submission, release, get_level(level), limits or Limits(), seed, started, failed
    )
    results = grader.grade(checks, known)
    spent = time.monotonic() - started + sum(result.seconds for result in known.values())
    return Report(
        assignment=assignment.slug,
        student=submission.student,
        score=round(sum(result.score for result in results), 6),
        max_score=sum(check.counted for check in checks.values()),
        sandbox=level,
        seed=seed,
        seconds=round(spent, 3),
        checks=tuple(results),
        manual=manual_parts(assignment, release, submission, results, failed),
        problems=tuple(grader.unwritten),
    )


class Grader:
    """Runs the checks of one submission in order, with a new worker whenever one is lost."""

    def __init__(
        self,
        assignment: Assignment,
        submission: Submission,
        release: Mapping[str, bytes],
        level: Level,
        limits: Limits,
        seed: int,
        started: float,
        failed: Told,
    ) -> None:
        self._assignment = assignment
        self._failed = failed
        self._package = assignment.package
        self._notebooks = tuple(PurePosixPath(path).stem for path in assignment.notebooks)
        self._student = submission.student
        self._diagnoser = Diagnoser(assignment, seed=seed, student=submission.student)
        self._level = level
        self._limits = limits
        self._seed = seed
        self._end = started + limits.total_seconds
        self._plan: Plan = plan(release, submission, assignment.dataset)
        self._parts = all_parts(release)
        self._submitted = HandedIn(
            files=submission.files,
            release=release,
            assignment=assignment,
        )
        # Where no file could be read, the reason says more than "still to be written".
        self._unread = "" if submission.files else " ".join(submission.problems)
        self._reasons = {
            part: reason
            for path, reason in submission.unread.items()
            if path in release
            for part in all_parts({path: release[path]})
        }
        self.unwritten: Sequence[str] = ()
        self._worker: Loaded | None = None
        self._stack = contextlib.ExitStack()

    def grade(
        self, checks: Mapping[str, Check], known: Mapping[str, CheckResult] = NOTHING
    ) -> list[CheckResult]:
        """The results in the order of the checks; those that are known do not run."""
        results: dict[str, CheckResult] = {}
        with self._stack:
            for check in checks.values():
                if check.id in known:
                    results[check.id] = known[check.id]
                    logger.info("%s: %s is known from before", self._student, check.id)
                    continue
                begun = time.monotonic()
                outcome = self._decide(check, results)
                seconds = time.monotonic() - begun
                results[check.id] = _result(check, outcome, seconds)
                logger.info("%s: %s %s, %.2f s", self._student, check.id, outcome.status, seconds)
        return list(results.values())

    def _decide(self, check: Check, results: Mapping[str, CheckResult]) -> Outcome:
        met = {Status.PASSED, Status.PERSON}  # what may be right must not cost other points
        broken = [need for need in check.needs if results[need].status not in met]
        if broken:
            return self._without(check, broken[0], results[broken[0]])
        outcome = self._run(check)
        if outcome.status is Status.FAILED and (
            check.id in self._submitted.open_parts or self._unread
        ):
            return self._not_attempted(check.id)
        if outcome.status is Status.NOT_ATTEMPTED:
            return self._not_attempted(check.id)
        return outcome

    def _without(self, check: Check, need: str, result: CheckResult) -> Outcome:
        """A check whose need did not pass: left as it was, waiting, or our fault as well."""
        if result.status is Status.ERROR:
            return Outcome(status=Status.ERROR, rationale=f"It needs `{need}`, which has an error.")
        untouched = result.status is Status.NOT_ATTEMPTED and check.id not in self._parts
        if check.id in self._submitted.open_parts or untouched:
            return self._not_attempted(check.id if check.id in self._parts else need)
        return Outcome(status=Status.SKIPPED, rationale=f"It needs `{need}`, which did not pass.")

    def _run(self, check: Check) -> Outcome:
        if time.monotonic() > self._end:
            return Outcome(
                status=Status.FAILED,
                rationale=f"The submission has used up its {self._limits.total_seconds:g} s.",
            )
        for _ in range(2):  # a worker that an earlier check has left broken is replaced once
            try:
                return self._run_in(self._loaded(), check)
            except SandboxError as error:
                return self._outcome(check, error)
            except LostError:
                self._drop_worker()
        return Outcome(
            status=Status.FAILED,
            rationale="The submission's process ended before this check could begin.",
            help="Does the code call exit while it is imported, or start something that kills it?",
        )

    def _outcome(
        self, check: Check, error: Exception | None, problems: Sequence[str] = ()
    ) -> Outcome:
        """The outcome of what a check raised; a failure of ours is told to whoever can mend it."""
        outcome = outcome_of(error, problems)
        if error is not None and outcome.status is Status.ERROR:
            told = failure_of(error, self._assignment, student=self._student, check=check.id)
            self._failed(told)
        return outcome

    def _not_attempted(self, part: str) -> Outcome:
        stub = f"`TODO({part})` is still to be written."
        rationale = self._reasons.get(part) or self._unread or stub
        return Outcome(status=Status.NOT_ATTEMPTED, rationale=rationale)

    def _run_in(self, worker: Loaded, check: Check) -> Outcome:
        """Run one check. Raises `LostError` where the worker was lost before it began."""
        outcome: Outcome | None = None
        seed = worker_seed(self._seed, self._student, check.id)
        try:
            with worker.session.check(seed) as channel:
                deadline = min(time.monotonic() + check.seconds, self._end)
                transport = self._diagnoser.recorder(check, channel)
                conversation = Conversation(transport, deadline)
                student = Author(conversation, self._package, self._notebooks, self._submitted)
                error = _raised_by(check, student, judge_rng(self._seed, self._student, check.id))
                blamed = conversation.blame(error) if error is not None else None
                outcome = self._outcome(check, blamed, worker.problems)
            outcome = self._diagnoser.named(outcome, blamed, check, transport)
        except LostError:
            if outcome is None:
                raise
            self._drop_worker()
        return outcome

    def _loaded(self) -> Loaded:
        if self._worker is None:
            self._worker = self._stack.enter_context(
                loaded(self._level, self._limits, self._plan, end=self._end)
            )
            self.unwritten = self._worker.unwritten
        return self._worker

    def _drop_worker(self) -> None:
        logger.info("%s: the worker is lost; the next check gets a new one", self._student)
        self._stack.close()
        self._worker = None


def _raised_by(check: Check, student: Student, rng: np.random.Generator) -> Exception | None:
    try:
        check.run(student, rng)
    except LostError:
        raise
    except Exception as error:
        return error
    return None


def _result(check: Check, outcome: Outcome, seconds: float) -> CheckResult:
    return CheckResult(
        id=check.id,
        name=check.summary,
        status=outcome.status,
        score=round(outcome.credit * check.points, 6),
        max_score=check.points,
        bonus=check.bonus,
        rationale=outcome.rationale,
        help=outcome.help,
        seconds=round(seconds, 3),
    )
