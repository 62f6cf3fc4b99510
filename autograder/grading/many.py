"""A class → its `Report`s: each written as soon as it is there, none graded twice, nobody lost."""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path

from autograder.results import Report
from autograder.submission import Submission

from .exposure import exposed_results
from .failures import Failure, failure_of, log_path, write_failures
from .keys import Conditions, KeyMaker, Keys, keyed
from .origins import refuse_to_replace, with_origin
from .places import Place, Processes, Workers
from .store import NotWrittenError, Stored, look_up, record, remove_parts
from .task import (
    Graded,
    SchedulerLostError,
    StopsClassError,
    WorkerKilledError,
    failed_report,
)

logger = logging.getLogger(__name__)

CODE_CHANGED = (
    "The grader's own files were changed while it ran. The results of {student} and others may mix"
    " old and new; run the same command again to grade those anew."
)


def _ignore(_: object) -> None:
    """What is done with reports and notices that nobody asked for."""


def _nothing() -> None:
    """What is done at the beginning where nobody asked for it."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Who is told what while a class is graded; called in the caller's thread alone.

    Attributes
    ----------
    begins : once, when nothing more stands in the way of grading.
    graded : each report, in the order in which they are done.
    reused : each report that was taken from the folder of results, before anything is graded.
    notice : sentences for the instructor.
    failed : each failure of ours; all of them are in ``OUT/SLUG/errors.log`` as well.
    """

    begins: Callable[[], None] = _nothing
    graded: Callable[[Report], None] = _ignore
    reused: Callable[[Report], None] = _ignore
    notice: Callable[[str], None] = _ignore
    failed: Callable[[Failure], None] = _ignore


SILENT = Listener()
THIS_MACHINE = Processes()


def grade_class(
    conditions: Conditions,
    submissions: Sequence[Submission],
    *,
    out: Path,
    place: Place = THIS_MACHINE,
    listener: Listener = SILENT,
    fresh: bool = False,
) -> list[Report]:
    """Grade every submission and write ``OUT/SLUG/STUDENT.json`` as each one is done.

    What is in `out` already and still holds is not graded again: a report whose submission,
    checks, data, seed, level and limits are the same, and of other reports the checks of which
    the same is true. So a run that was interrupted goes on where it stopped.

    Parameters
    ----------
    conditions : the assignment, the sandbox level, the seed and the limits.
    place : where to grade: `Processes`, `Lent` or `Scheduler`.
    listener : who is told what happens.
    fresh : grade everything, whatever `out` has.

    Returns
    -------
    The reports in the order of `submissions`. A failure of the grader itself gives that student
    checks of status `error`.

    Raises
    ------
    UnknownLevelError, UnavailableLevelError, NotBuiltError, MissingDataError, ClusterError :
        before anything is graded.
    NotWrittenError : a result cannot be kept; those before it are.
    """
    place.look(conditions)
    run = _Run(conditions, out, listener)
    waiting = run.look_up(submissions, fresh=fresh)
    if waiting:
        if exposed := exposed_results(out / conditions.assignment.slug, conditions.level):
            listener.notice(exposed)
        opened = place.opened(conditions, run.fingerprint, len(waiting), listener.notice)
        with opened as workers:
            listener.begins()
            run.grade(waiting, workers)
    else:
        listener.begins()
    return [run.reports[number] for number in range(len(submissions))]


@dataclass(frozen=True)
class _Waiting:
    """A submission that is to be graded, its place in the class, and what is known of it."""

    number: int
    submission: Submission
    keys: Keys
    stored: Stored


class _Run:
    """One class on its way: what is done, and where it is written."""

    def __init__(self, conditions: Conditions, out: Path, listener: Listener) -> None:
        self.conditions = conditions
        self.listener = listener
        self.reports: dict[int, Report] = {}
        self._key_maker: KeyMaker = conditions.key_maker()
        self.fingerprint = self._key_maker.fingerprint
        self._out = out
        self._log = log_path(out, conditions.assignment.slug)
        self._warned = False

    def look_up(self, submissions: Sequence[Submission], *, fresh: bool) -> list[_Waiting]:
        """Take what holds from the store; the rest in the order in which it is best begun."""
        waiting = []
        found = [(submission, self._key_maker.keys(submission)) for submission in submissions]
        looked_up = [self._stored(submission, keys) for submission, keys in found]
        self._refuse_to_replace(submissions, looked_up)
        remove_parts(self._out / self.conditions.assignment.slug)
        self._log.unlink(missing_ok=True)
        for number, ((submission, keys), stored) in enumerate(zip(found, looked_up, strict=True)):
            if stored.report is not None and not fresh:
                self.reports[number] = self._seen_again(stored.report, submission)
                logger.info("%s: the result that is there still holds", submission.student)
                self.listener.reused(self.reports[number])
            else:
                known = Stored(seconds=stored.seconds) if fresh else stored
                waiting.append(_Waiting(number, submission, keys, known))
        return _longest_first(waiting)

    def _refuse_to_replace(
        self, submissions: Sequence[Submission], looked_up: Sequence[Stored]
    ) -> None:
        changed = {
            submission.student: stored.place
            for submission, stored in zip(submissions, looked_up, strict=True)
            if stored.report is None and stored.place is not None
        }
        by_student = {submission.student: submission for submission in submissions}
        folder = self._out / self.conditions.assignment.slug
        refuse_to_replace(changed, by_student, folder)

    def _seen_again(self, report: Report, submission: Submission) -> Report:
        """A report that holds, with where its files were found this time."""
        now = with_origin(report, submission)
        if now != report:
            self._record(now)
        return now

    def _stored(self, submission: Submission, keys: Keys) -> Stored:
        slug, limits = self.conditions.assignment.slug, self.conditions.limits
        seed = self.conditions.seed
        stored = look_up(self._out, slug, submission.student, keys, limits, seed=seed)
        if stored.notice:
            self.listener.notice(stored.notice)
        return stored

    def grade(self, waiting: Sequence[_Waiting], workers: Workers) -> None:
        """Grade what waits, and write each report as it is done."""
        suspects: list[_Waiting] = []
        self._drain(deque(waiting), workers, suspects)
        for one in suspects:  # now each is alone, and the fault its own
            self._drain(deque([one]), workers, None)

    def _drain(
        self, queue: deque[_Waiting], workers: Workers, suspects: list[_Waiting] | None
    ) -> None:
        running: dict[Future[Graded], _Waiting] = {}
        try:
            while queue or running:
                while queue and len(running) < workers.window:
                    one = queue.popleft()
                    running[workers.submit(one.submission, one.stored.known)] = one
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in sorted(done, key=lambda future: running[future].number):
                    if suspects is not None and isinstance(future.exception(), WorkerKilledError):
                        suspects.append(running[future])
                    else:
                        self._finish(running[future], future)
                    del running[future]
        except BaseException:
            self._keep_finished(running)
            raise

    def _finish(self, one: _Waiting, future: Future[Graded]) -> None:
        graded = self._graded(one, future)
        report = self._report(one, graded)
        self._record(report)
        write_failures(graded.failures, self._log)
        self.reports[one.number] = report
        self.listener.graded(report)
        for failure in graded.failures:
            self.listener.failed(failure)

    def _graded(self, one: _Waiting, future: Future[Graded]) -> Graded:
        error = future.exception()
        if isinstance(error, StopsClassError | SchedulerLostError):
            raise error
        if error is None:
            return future.result()
        student, about = one.submission.student, self.conditions
        return Graded(
            report=failed_report(about, one.submission, error),
            fingerprint=None,
            failures=(failure_of(error, about.assignment, student=student),),
        )

    def _report(self, one: _Waiting, graded: Graded) -> Report:
        report = with_origin(graded.report, one.submission)
        if graded.fingerprint == self.fingerprint:
            return keyed(report, one.keys)
        if graded.fingerprint is not None and not self._warned:
            self._warned = True
            self.listener.notice(CODE_CHANGED.format(student=one.submission.student))
        return report

    def _record(self, report: Report) -> None:
        record(report, self._out, seed=self.conditions.seed, notice=self.listener.notice)

    def _keep_finished(self, running: Mapping[Future[Graded], _Waiting]) -> None:
        """Write what was done when the run was stopped, and let go of the rest."""
        for future, one in running.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                with contextlib.suppress(NotWrittenError):
                    self._record(self._report(one, future.result()))
            else:
                future.cancel()


def _longest_first(waiting: Sequence[_Waiting]) -> list[_Waiting]:
    """Those that took long before are begun first, so that none is left over at the end.

    A submission without a history may be as long as any.
    """
    known = [one.stored.seconds for one in waiting if one.stored.seconds is not None]
    unknown = max(known, default=0.0)

    def seconds(one: _Waiting) -> float:
        return unknown if one.stored.seconds is None else one.stored.seconds

    return sorted(waiting, key=seconds, reverse=True)
