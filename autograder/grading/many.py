"""A class → its `Report`s: each written as soon as it is there, none graded twice, nobody lost."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from autograder.assignment import Assignment
from autograder.cores import available_cores
from autograder.results import CheckResult, Report
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

from .keys import Conditions, Keyring, Keys, keyed
from .pool import GraderPool
from .store import NotWrittenError, Stored, look_up, remove_parts, write_report
from .task import (
    Graded,
    SchedulerLostError,
    StopsClassError,
    WorkerKilledError,
    failed_report,
    grade_safely,
)

T = TypeVar("T")

CODE_CHANGED = (
    "The grader's own files were changed while it ran. The results of {student} and others may mix"
    " old and new; run the same command again to grade those anew."
)
NO_DASK = (
    "Grading on a cluster needs the Python package {name}, which is not installed. Run"
    " `pip install 'autograder[cluster]'`, here and on the workers."
)
_AHEAD = 2  # submissions that wait for each grader, so that none waits for us


def _ignore(_: object) -> None:
    """What is done with reports and notices that nobody asked for."""


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who is told what while a class is graded; always called in the caller's thread.

    Attributes
    ----------
    graded : each report, in the order in which they are done.
    reused : each report that was taken from the folder of results, before anything is graded.
    notice : sentences for the instructor.
    """

    graded: Callable[[Report], None] = _ignore
    reused: Callable[[Report], None] = _ignore
    notice: Callable[[str], None] = _ignore


def grade_class(
    assignment: Assignment,
    submissions: Sequence[Submission],
    *,
    out: Path,
    seed: int,
    jobs: int | None = None,
    level: str = "bubblewrap",
    limits: Limits | None = None,
    fresh: bool = False,
    on_report: Callable[[Report], None] = _ignore,
    on_reused: Callable[[Report], None] = _ignore,
    on_notice: Callable[[str], None] = _ignore,
    executor: Executor | None = None,
    scheduler: str | None = None,
) -> list[Report]:
    """Grade every submission and write ``OUT/SLUG/STUDENT.json`` as each one is done.

    What is in `out` already and still holds is not graded again: a report whose submission,
    checks, data, seed, level and limits are the same, and of other reports the checks of which
    the same is true. So a run that was interrupted goes on where it stopped.

    Parameters
    ----------
    jobs : graders at a time, each a process; the number of cores by default.
    fresh : grade everything, whatever `out` has.
    on_report, on_reused, on_notice : see `Audience`.
    executor : where to run instead of processes of our own.
    scheduler : the address of a dask scheduler to run on instead.

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
    conditions = Conditions(
        assignment=assignment, level=level, seed=seed, limits=limits or Limits()
    )
    if scheduler is None:
        get_level(level)
    audience = Audience(graded=on_report, reused=on_reused, notice=on_notice)
    run = _Run(conditions, out, audience)
    waiting = run.look_up(submissions, fresh=fresh)
    if waiting:
        jobs = min(jobs or available_cores(), len(waiting))
        with _workers(run, jobs, executor, scheduler) as workers:
            run.grade(waiting, workers)
    return [run.reports[number] for number in range(len(submissions))]


class Workers(Protocol):
    """Where submissions are graded."""

    @property
    def window(self) -> int:
        """How many submissions are there at a time, those included that wait."""

    def submit(self, submission: Submission, known: Mapping[str, CheckResult]) -> Future[Graded]:
        """Begin to grade a submission."""


@dataclass(frozen=True)
class _Local:
    """Any executor of `concurrent.futures`."""

    executor: Executor
    conditions: Conditions
    window: int

    def submit(self, submission: Submission, known: Mapping[str, CheckResult]) -> Future[Graded]:
        return self.executor.submit(grade_safely, self.conditions, submission, dict(known))


class _Inline(Executor):
    """Runs each call at once in this thread, so that an interrupt reaches it."""

    def submit(self, function: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        future.set_result(function(*args, **kwargs))
        return future


@contextlib.contextmanager
def _workers(
    run: _Run, jobs: int, executor: Executor | None, scheduler: str | None
) -> Iterator[Workers]:
    if scheduler is not None:
        try:  # dask is an extra, and slow to import
            from .cluster import connected
        except ModuleNotFoundError as error:
            raise StopsClassError(NO_DASK.format(name=error.name)) from error
        with connected(scheduler, run.conditions, run.fingerprint, run.audience.notice) as cluster:
            yield cluster
    elif executor is not None:
        yield _Local(executor, run.conditions, window=jobs * _AHEAD)
    elif jobs == 1:
        yield _Local(_Inline(), run.conditions, window=1)
    else:
        with GraderPool(jobs, run.conditions.level) as pool:
            yield _Local(pool, run.conditions, window=jobs * _AHEAD)


@dataclass(frozen=True)
class _Waiting:
    """A submission that is to be graded, its place in the class, and what is known of it."""

    number: int
    submission: Submission
    keys: Keys
    stored: Stored


class _Run:
    """One class on its way: what is done, and where it is written."""

    def __init__(self, conditions: Conditions, out: Path, audience: Audience) -> None:
        self.conditions = conditions
        self.audience = audience
        self.reports: dict[int, Report] = {}
        self._keyring: Keyring = conditions.keyring()
        self.fingerprint = self._keyring.fingerprint
        self._out = out
        self._warned = False

    def look_up(self, submissions: Sequence[Submission], *, fresh: bool) -> list[_Waiting]:
        """Take what holds from the store; the rest in the order in which it is best begun."""
        waiting = []
        remove_parts(self._out / self.conditions.assignment.slug)
        for number, submission in enumerate(submissions):
            keys = self._keyring.keys(submission)
            stored = self._stored(submission, keys)
            if stored.report is not None and not fresh:
                self.reports[number] = stored.report
                self.audience.reused(stored.report)
            else:
                known = Stored(seconds=stored.seconds) if fresh else stored
                waiting.append(_Waiting(number, submission, keys, known))
        return _longest_first(waiting)

    def _stored(self, submission: Submission, keys: Keys) -> Stored:
        slug, limits = self.conditions.assignment.slug, self.conditions.limits
        stored = look_up(self._out, slug, submission.student, keys, limits)
        if stored.notice:
            self.audience.notice(stored.notice)
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
        report = self._report(one, future)
        write_report(report, self._out)
        self.reports[one.number] = report
        self.audience.graded(report)

    def _report(self, one: _Waiting, future: Future[Graded]) -> Report:
        error = future.exception()
        if isinstance(error, StopsClassError | SchedulerLostError):
            raise error
        if error is not None:
            return failed_report(self.conditions, one.submission, error)
        graded = future.result()
        if graded.fingerprint == self.fingerprint:
            return keyed(graded.report, one.keys)
        if graded.fingerprint is not None and not self._warned:
            self._warned = True
            self.audience.notice(CODE_CHANGED.format(student=one.submission.student))
        return graded.report

    def _keep_finished(self, running: Mapping[Future[Graded], _Waiting]) -> None:
        """Write what was done when the run was stopped, and let go of the rest."""
        for future, one in running.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                with contextlib.suppress(NotWrittenError):
                    write_report(self._report(one, future), self._out)
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
