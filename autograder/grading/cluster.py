"""Grading on a dask cluster: submissions go out as bytes, reports come back as JSON.

The workers have the package, the released folders and the data themselves, and have to have the
same; results are written by the caller alone. Needs the extra ``[cluster]``.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import dask
import distributed
from distributed.scheduler import KilledWorker

from autograder.assignment import Assignment, load_assignment
from autograder.course import SETTINGS, find_course, read_course
from autograder.results import CheckResult, Report
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

from .contents import Fingerprint, fingerprint
from .failures import Failure
from .keys import Conditions
from .task import (
    Graded,
    SchedulerLostError,
    StopsClassError,
    WorkerKilledError,
    grade_safely,
)

_Client: Any = distributed.Client  # its methods have no annotations

CONNECT_SECONDS = 8
LOOK_SECONDS = 5.0
_AHEAD = 2  # submissions that wait for each thread of the cluster

UNREACHABLE = (
    "No dask scheduler answers at {address} ({reason}). Start one with `dask scheduler`, check the"
    " address and the firewall, or leave --scheduler out to grade on this machine."
)
NO_WORKER = "The scheduler at {address} has no worker yet; grading begins when one arrives."
BROKEN_WORKER = (
    "The worker {worker} cannot grade: {reason}. Install the same version of autograder there, with"
    " the released folders and the data of the assignment, and run the same command again."
)
OTHER_WORKER = (
    "The worker {worker} would not grade as this machine does: {differences}. Make them equal, then"
    " run the same command again; results that are finished are kept."
)
LOST = (
    "The connection to the scheduler at {address} was lost. Results that are finished are kept; run"
    " the same command again to go on."
)
KILLED = "the workers that had this submission ended unexpectedly, one after the other"
_PARTS = {
    "code": "the source of the grader",
    "checks": "the hidden tests",
    "release": "the released folder",
    "data": "the data set",
}


class ClusterError(StopsClassError):
    """The cluster cannot be used as it is; the message says what to do."""


@contextlib.contextmanager
def connected(
    address: str, conditions: Conditions, ours: Fingerprint, notice: Callable[[str], None]
) -> Iterator[Cluster]:
    """A cluster whose workers have been found to be like this machine.

    Raises
    ------
    ClusterError : nothing answers at the address, or a worker has something else than we have.
    """
    quiet = {"distributed.admin.large-graph-warning-threshold": "1 TiB"}
    with dask.config.set(quiet), _client(address) as client:
        if not client.nthreads():
            notice(NO_WORKER.format(address=address))
            client.wait_for_workers(1)
        _compare(client, conditions, ours)
        yield Cluster(client, address, conditions, ours)


class Cluster:
    """Grades submissions on the workers of a client."""

    def __init__(
        self,
        client: Any,
        address: str,
        conditions: Conditions,
        ours: Fingerprint,
    ) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._address = address
        self._conditions = conditions
        self._ours = ours
        self._threads = 0
        self._next_look = 0.0

    @property
    def window(self) -> int:
        """How many submissions the scheduler is given at a time; workers come and go."""
        if time.monotonic() >= self._next_look:
            with self._reachable():
                self._threads = sum(self._client.nthreads().values())
            self._next_look = time.monotonic() + LOOK_SECONDS
        return max(self._threads, 1) * _AHEAD

    def submit(self, submission: Submission, known: Mapping[str, CheckResult]) -> Future[Graded]:
        """Begin to grade a submission somewhere."""
        about = self._conditions
        graded: Future[Graded] = Future()
        with self._reachable():
            remote = self._executor.submit(
                grade_here,
                about.assignment.slug,
                str(about.assignment.course.root),
                about.level,
                about.seed,
                about.limits,
                submission,
                dict(known),
            )
        remote.add_done_callback(lambda remote: self._take(remote, graded))
        graded.add_done_callback(lambda graded: graded.cancelled() and remote.cancel())
        return graded

    @contextlib.contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:  # what dask raises depends on when it notices
            raise SchedulerLostError(LOST.format(address=self._address)) from error

    def _take(self, remote: Future[Any], graded: Future[Graded]) -> None:
        if not graded.set_running_or_notify_cancel():
            return
        if remote.cancelled():
            graded.set_exception(SchedulerLostError(LOST.format(address=self._address)))
        elif (error := remote.exception()) is not None:
            graded.set_exception(_explained(error))
        else:
            worker, json, theirs, failures = remote.result()
            differences = theirs.differences(self._ours) if theirs is not None else {}
            if differences:
                graded.set_exception(_other(worker, differences))
            else:
                report = Report.from_json(json)
                graded.set_result(Graded(report=report, fingerprint=theirs, failures=failures))


def grade_here(
    slug: str,
    root: str,
    level: str,
    seed: int,
    limits: Limits,
    submission: Submission,
    known: Mapping[str, CheckResult],
) -> tuple[str, bytes, Fingerprint | None, tuple[Failure, ...]]:
    """On a worker: grade a submission.

    The worker's address, the report's JSON, what the worker is, and what failed on our side.
    """
    assignment = assignment_here(slug, root)
    conditions = Conditions(assignment=assignment, level=level, seed=seed, limits=limits)
    graded = grade_safely(conditions, submission, known)
    address = distributed.get_worker().address
    return address, graded.report.to_json(), graded.fingerprint, graded.failures


def look_here(slug: str, root: str, level: str) -> Fingerprint:
    """On a worker: what it is. Raises what grading would raise before it begins."""
    get_level(level)
    return fingerprint(assignment_here(slug, root))


def assignment_here(slug: str, root: str) -> Assignment:
    """On a worker: the assignment of the course at `root`, or of the worker's own course.

    A worker whose disk has the course elsewhere finds it as every command does, for example by
    the variable AUTOGRADER_COURSE. Whether it is the same is seen by its fingerprint.
    """
    place = Path(root)
    return load_assignment(
        slug, read_course(place) if (place / SETTINGS).is_file() else find_course()
    )


def _client(address: str) -> Any:
    try:
        return _Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ClusterError(UNREACHABLE.format(address=address, reason=reason)) from error


def _compare(client: Any, conditions: Conditions, ours: Fingerprint) -> None:
    answers = client.run(
        look_here,
        conditions.assignment.slug,
        str(conditions.assignment.course.root),
        conditions.level,
        on_error="return",
    )
    for worker, answer in sorted(answers.items()):
        if isinstance(answer, BaseException):
            reason = f"{type(answer).__name__}: {answer}"
            raise ClusterError(BROKEN_WORKER.format(worker=worker, reason=reason)) from answer
        if differences := answer.differences(ours):
            raise _other(worker, differences)


def _explained(error: BaseException) -> BaseException:
    """An error of a worker, whose own grading raises none."""
    if isinstance(error, KilledWorker):
        return WorkerKilledError(KILLED)
    if isinstance(error, ImportError):
        return ClusterError(BROKEN_WORKER.format(worker="that joined last", reason=error))
    return error


def _other(worker: str, differences: Mapping[str, tuple[str, str]]) -> ClusterError:
    said = [
        f"{_PARTS[name]} differs" if name in _PARTS else f"{name} is {theirs}, here {ours}"
        for name, (theirs, ours) in differences.items()
    ]
    return ClusterError(OTHER_WORKER.format(worker=worker, differences="; ".join(said)))
