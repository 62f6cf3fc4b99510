"""Where a class is graded: in processes of this machine, on an executor, or on a cluster.

Knows how submissions get to a grader, not which ones there are nor what becomes of the reports.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from autograder.assignment import Assignment
from autograder.cores import available_cores
from autograder.data.places import require
from autograder.data.registry import DATASETS
from autograder.errors import UserError
from autograder.judging.check import Check, load_checks, place_in
from autograder.results import CheckResult
from autograder.sandbox.levels import get_level
from autograder.submission import Submission

from .contents import Fingerprint
from .exposure import refuse_exposed
from .keys import Conditions
from .loading import read_release
from .pool import GraderPool
from .task import Graded, StopsClassError, grade_safely

logger = logging.getLogger(__name__)

T = TypeVar("T")

NO_DASK = (
    "Grading on a cluster needs the Python package {name}, which is not installed. Run"
    " `pip install 'numpy-autograder[cluster]'`, here and on the workers."
)
BROKEN = "{place}:{line}: the hidden tests cannot be loaded: {reason}"
_AHEAD = 2  # submissions that wait for each grader, so that none waits for us


class BrokenChecksError(UserError, ValueError):
    """The hidden tests of an assignment cannot be loaded; the message has file and line."""


class Workers(Protocol):
    """Where submissions are graded, while it is open."""

    @property
    def window(self) -> int:
        """How many submissions are there at a time, those included that wait."""

    def submit(self, submission: Submission, known: Mapping[str, CheckResult]) -> Future[Graded]:
        """Begin to grade a submission."""


class Place(Protocol):
    """Where a class may be graded."""

    def look(self, conditions: Conditions) -> None:
        """Raise what can be known to go wrong before anything is graded."""

    def opened(
        self,
        conditions: Conditions,
        fingerprint: Fingerprint,
        waiting: int,
        notice: Callable[[str], None],
    ) -> AbstractContextManager[Workers]:
        """The workers for so many submissions; `notice` takes sentences for the instructor."""


@dataclass(frozen=True)
class Processes:
    """Graders on this machine, each a process; by default one for each core.

    One job is done in this process itself, so that an interruption reaches it.
    """

    jobs: int | None = None

    def look(self, conditions: Conditions) -> None:
        """Raise `UnknownLevelError`, `UnavailableLevelError`, `ExposedCourseError` or
        `NotBuiltError` or `MissingDataError`."""
        _look_here(conditions)

    @contextlib.contextmanager
    def opened(
        self,
        conditions: Conditions,
        fingerprint: Fingerprint,
        waiting: int,
        notice: Callable[[str], None],
    ) -> Iterator[Workers]:
        """See `Place`."""
        jobs = min(self.jobs or available_cores(), waiting)
        level = get_level(conditions.level)
        logger.info("%d to grade, %d at a time, level %s", waiting, jobs, level.name)
        logger.info("level %s protects %s", level.name, level.protects)
        if jobs == 1:
            yield _OnExecutor(_Inline(), conditions, window=1)
            return
        with GraderPool(jobs, conditions.level) as pool:
            yield _OnExecutor(pool, conditions, window=jobs * _AHEAD)


@dataclass(frozen=True)
class Lent:
    """An executor of `concurrent.futures` that belongs to the caller, with so many workers."""

    executor: Executor
    jobs: int = 1

    def look(self, conditions: Conditions) -> None:
        """Raise `UnknownLevelError`, `UnavailableLevelError`, `ExposedCourseError` or
        `NotBuiltError` or `MissingDataError`."""
        _look_here(conditions)

    @contextlib.contextmanager
    def opened(
        self,
        conditions: Conditions,
        fingerprint: Fingerprint,
        waiting: int,
        notice: Callable[[str], None],
    ) -> Iterator[Workers]:
        """See `Place`."""
        yield _OnExecutor(self.executor, conditions, window=self.jobs * _AHEAD)


@dataclass(frozen=True)
class Scheduler:
    """The workers of the dask scheduler at an address, such as ``tcp://host:8786``."""

    address: str

    def look(self, conditions: Conditions) -> None:
        """Raise nothing: whether the level is there is for the workers to say."""

    @contextlib.contextmanager
    def opened(
        self,
        conditions: Conditions,
        fingerprint: Fingerprint,
        waiting: int,
        notice: Callable[[str], None],
    ) -> Iterator[Workers]:
        """See `Place`. Raises `ClusterError`, or `StopsClassError` where dask is missing."""
        try:  # dask is an extra, and slow to import
            from .cluster import connected
        except ModuleNotFoundError as error:
            raise StopsClassError(NO_DASK.format(name=error.name)) from error
        with connected(self.address, conditions, fingerprint, notice) as cluster:
            yield cluster


def _look_here(conditions: Conditions) -> None:
    get_level(conditions.level)
    refuse_exposed(conditions.assignment.course)
    read_release(conditions.assignment)
    loaded_checks(conditions.assignment)
    dataset = DATASETS.get(conditions.assignment.dataset)
    if dataset is not None and dataset.downloads:
        require(dataset)


def loaded_checks(assignment: Assignment) -> Mapping[str, Check]:
    """The hidden tests by id.

    Raises
    ------
    BrokenChecksError : once, and not a failure for each submission.
    """
    try:
        return load_checks(assignment)
    except UserError:
        raise
    except Exception as error:  # any that the author's code may raise
        place, line = place_in(assignment.course.checks, error) or (assignment.checks_folder, 1)
        reason = f"{type(error).__name__}: {error}"
        shown = assignment.course.shown(place)
        raise BrokenChecksError(BROKEN.format(place=shown, line=line, reason=reason)) from error


@dataclass(frozen=True)
class _OnExecutor:
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
