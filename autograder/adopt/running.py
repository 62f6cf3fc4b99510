"""Runs an adopted notebook: its tests in one sandbox, the student's code in another.

A cell that hangs or ends a process is left out, and the cells before it run once more in new
processes: it costs its own points and no others.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.sandbox.adopted.messages import Verdict
from autograder.sandbox.level import Level
from autograder.sandbox.limits import Limits

from .places import CellLostError, Inside, Outside, begin, out_of_time
from .source import CellKind, CourseFiles, Step

logger = logging.getLogger(__name__)

TIMES = 5.0  # as long as the reference solution takes
MAX_RESTARTS = 40
NO_TIME = "The submission has used up its time."


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """How cells ended: test cells by id, and each cell of the student's that failed, by place."""

    tests: Mapping[str, Verdict]
    failed: Mapping[int, Verdict] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NotebookRun:
    """One run of a notebook.

    Attributes
    ----------
    steps : the cells in order.
    extra : files of the student's, by path.
    allowed : by test cell, the uses of the student's objects that it needs; None finds them out.
    skipped : test cells that do not run.
    keeping : test cells whose data stay as they are where the reference solution changes none.
    end : when all has to be done, a time of `time.monotonic`.
    """

    course: CourseFiles
    level: Level
    limits: Limits
    steps: Sequence[Step]
    end: float
    extra: Mapping[str, bytes] = field(default_factory=dict)
    allowed: Mapping[str, Sequence[str]] | None = None
    skipped: frozenset[str] = frozenset()
    keeping: frozenset[str] = frozenset()

    def outside(self) -> Outcomes:
        """The verdicts of test cells that run beside the judge.

        A solution that changes the test's data where the reference changes none has to pass with
        these changes, as in plain execution, and without them: it may alter what is expected.
        """
        found = _Runner(self).run(Outside)
        doubtful = {id for id, one in found.tests.items() if one.passed and one.is_doubtful}
        if not doubtful:
            return found
        again = _Runner(replace(self, keeping=frozenset(doubtful))).run(Outside).tests
        kept = {
            id for id in doubtful if again[id].passed and again[id].score == found.tests[id].score
        }
        return replace(found, tests={**found.tests, **{id: again[id] for id in doubtful - kept}})

    def inside(self) -> Outcomes:
        """The verdicts of test cells that run in the student's interpreter, as nbgrader does it."""
        return _Runner(self).run(Inside)


class _Runner:
    """Runs the steps, and anew without those that were lost."""

    def __init__(self, run: NotebookRun) -> None:
        self._run = run
        self._lost: dict[int, Verdict] = {}
        self._tests: dict[str, Verdict] = {}
        self._failed: dict[int, Verdict] = {}
        self._seconds: dict[str, float] = {}

    def run(self, kind: type[Outside | Inside]) -> Outcomes:
        for _ in range(MAX_RESTARTS):
            if time.monotonic() > self._run.end:
                break
            try:
                with contextlib.closing(kind(self._run)) as place:
                    begin(place)
                    self._run_all(place)
                break
            except CellLostError as lost:
                self._lost[lost.place] = lost.verdict
                self._keep(lost.place, lost.verdict)
                logger.info("cell %d is lost: %s", lost.place, lost.verdict.message)
        for number, step in enumerate(self._run.steps):
            if step.kind is CellKind.TEST and step.id not in self._run.skipped:
                self._tests.setdefault(step.id, self._lost.get(number, out_of_time(NO_TIME)))
        return Outcomes(tests=self._tests, failed=self._failed, seconds=self._seconds)

    def _run_all(self, place: Outside | Inside) -> None:
        for number, step in enumerate(self._run.steps):
            if number in self._lost or step.id in self._run.skipped:
                continue
            if time.monotonic() > self._run.end:
                return
            begun = time.monotonic()
            self._keep(number, place.step(number, step))
            self._seconds[step.id] = round(time.monotonic() - begun, 3)

    def _keep(self, number: int, verdict: Verdict) -> None:
        """The first verdict stays: what ran before a cell that was lost has been decided."""
        step = self._run.steps[number]
        if step.kind is CellKind.TEST:
            self._tests.setdefault(step.id, verdict)
        elif not verdict.passed:
            self._failed.setdefault(number, verdict)
