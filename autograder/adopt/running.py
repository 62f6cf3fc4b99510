"""Runs an adopted notebook: its tests in one sandbox, the student's code in another.

A cell that hangs or ends a process is left out, and the cells before it run once more in new
processes: it costs its own points and no others.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.sandbox.adopted.binding import parsed, reads
from autograder.sandbox.adopted.messages import (
    Contract,
    Did,
    DidRaise,
    Do,
    FromJudge,
    FromStudent,
    RunLocked,
    RunSolution,
    RunTest,
    Verdict,
)
from autograder.sandbox.level import Level
from autograder.sandbox.limits import Limits
from autograder.sandbox.patience import Patience
from autograder.sandbox.plain import Items, Scalar
from autograder.sandbox.session import LostError, SandboxError, Session
from autograder.sandbox.values import WireError
from autograder.sandbox.wire import Channel

from .source import CellKind, CourseFiles, Step

logger = logging.getLogger(__name__)

TIMES = 5.0  # as long as the reference solution takes
BEGIN_SECONDS = 60.0
MAX_RESTARTS = 40
SEED = 0
OUT_OF_TIME = "The cell did not end within {seconds:g} s."
ENDED = "The process of the student's code ended ({reason})."
NOT_BEGUN = "the sandboxes of an adopted notebook did not begin: {error}"
NO_TIME = "The submission has used up its time."


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """How cells ended: test cells by id, and each cell of the student's that failed, by place."""

    tests: Mapping[str, Verdict]
    failed: Mapping[int, Verdict] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


class _CellLostError(Exception):
    """A cell has ended or stalled the processes that it ran in."""

    def __init__(self, place: int, verdict: Verdict) -> None:
        super().__init__(place, verdict)
        self.place = place
        self.verdict = verdict


@dataclass(frozen=True, kw_only=True)
class NotebookRun:
    """One run of a notebook.

    Attributes
    ----------
    steps : the cells in order.
    extra : files of the student's, by path.
    allowed : by test cell, the uses of the student's objects that it needs; None finds them out.
    skipped : test cells that do not run.
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

    def outside(self) -> Outcomes:
        """The verdicts of test cells that run beside the judge."""
        return _Runner(self).run(_Outside)

    def inside(self) -> Outcomes:
        """The verdicts of test cells that run in the student's interpreter, as nbgrader does it."""
        return _Runner(self).run(_Inside)


class _Runner:
    """Runs the steps, and anew without those that were lost."""

    def __init__(self, run: NotebookRun) -> None:
        self._run = run
        self._lost: dict[int, Verdict] = {}
        self._tests: dict[str, Verdict] = {}
        self._failed: dict[int, Verdict] = {}
        self._seconds: dict[str, float] = {}

    def run(self, kind: type[_Outside | _Inside]) -> Outcomes:
        for _ in range(MAX_RESTARTS):
            if time.monotonic() > self._run.end:
                break
            try:
                with contextlib.closing(kind(self._run)) as place:
                    _begin(place)
                    self._run_all(place)
                break
            except _CellLostError as lost:
                self._lost[lost.place] = lost.verdict
                self._keep(lost.place, lost.verdict)
                logger.info("cell %d is lost: %s", lost.place, lost.verdict.message)
        for number, step in enumerate(self._run.steps):
            if step.kind is CellKind.TEST and step.id not in self._run.skipped:
                self._tests.setdefault(step.id, self._lost.get(number, _out_of_time(NO_TIME)))
        return Outcomes(tests=self._tests, failed=self._failed, seconds=self._seconds)

    def _run_all(self, place: _Outside | _Inside) -> None:
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


def _begin(place: _Outside | _Inside) -> None:
    """Start the processes. Raises `SandboxError`: no cell has run yet that could have hung."""
    try:
        place.begin()
    except (LostError, _CellLostError) as error:
        raise SandboxError(NOT_BEGUN.format(error=error)) from error


class _Places:
    """What both ways share: a session with the student's files, and deadlines."""

    def __init__(self, run: NotebookRun) -> None:
        self._run = run
        self._stack = contextlib.ExitStack()

    def close(self) -> None:
        """End the processes."""
        self._stack.close()

    def _session(self, files: Mapping[str, bytes]) -> Session:
        session = self._stack.enter_context(Session(self._run.level, self._run.limits))
        session.write_files(files, time.monotonic() + BEGIN_SECONDS)
        return session

    def _pair(self) -> tuple[socket.socket, socket.socket]:
        pair = socket.socketpair()
        for stream in pair:
            self._stack.callback(stream.close)
        return pair

    def _deadline(self) -> float:
        return min(self._run.end, time.monotonic() + self._run.course.seconds)

    def _slow(self) -> Verdict:
        return _out_of_time(OUT_OF_TIME.format(seconds=self._run.course.seconds))


class _Outside(_Places):
    """The student's code in one sandbox, the course's tests in another, and a line between."""

    def begin(self) -> None:
        """Start both sides. Raises `LostError`, `SandboxError`."""
        run = self._run
        self._student = self._session({**run.extra, **run.course.files})
        self._judge = self._session({**run.course.files, **run.course.hidden})
        theirs, judges = self._pair()
        ours, graders = self._pair()
        self._student.begin_adopted(SEED, theirs, judges=False)
        self._judge.begin_adopted(SEED, graders, judges, judges=True)
        for session in (self._student, self._judge):
            session.settle()
        for stream in (theirs, judges, graders):
            stream.close()
        self._channel = Channel(ours, FromJudge)
        self._ask(-1, _contract(run))

    def step(self, number: int, step: Step) -> Verdict:
        """Run one cell. Raises `_CellLostError`."""
        run = self._run
        match step.kind:
            case CellKind.SOLUTION:
                return self._ask(number, RunSolution(step.source, step.reference))
            case CellKind.LOCKED:
                return self._ask(number, RunLocked(step.source, step.both))
        allowed = None if run.allowed is None else list(run.allowed.get(step.id, ()))
        return self._ask(number, RunTest(step.source, allowed, list(run.course.hidden_names)))

    def _ask(self, number: int, order: Contract | RunSolution | RunLocked | RunTest) -> Verdict:
        self._channel.patience = Patience(self._waited)
        deadline = self._deadline()
        try:
            self._channel.send(order, None, deadline)
            verdict: Verdict = self._channel.receive(deadline)[0]
        except TimeoutError:
            raise _CellLostError(number, self._slow()) from None
        except (WireError, LostError) as error:
            raise _CellLostError(number, _ended(str(error))) from error
        if verdict.lost:
            raise _CellLostError(number, _ended(verdict.lost))
        return verdict

    def _waited(self) -> float:
        return self._student.waited() + self._judge.waited()


class _Inside(_Places):
    """Everything in one sandbox and one interpreter."""

    def begin(self) -> None:
        """Start the one side. Raises `LostError`, `SandboxError`."""
        run = self._run
        self._session_ = self._session({**run.extra, **run.course.files, **run.course.hidden})
        ours, theirs = self._pair()
        self._session_.begin_adopted(SEED, theirs, judges=False)
        self._session_.settle()
        theirs.close()
        self._channel = Channel(ours, FromStudent)

    def step(self, number: int, step: Step) -> Verdict:
        """Run one cell. Raises `_CellLostError`."""
        if step.kind is CellKind.LOCKED and not step.both:
            return Verdict(True)  # an unlocked cell, which runs as the student has left it
        op = "test" if step.kind is CellKind.TEST else "cell"
        self._channel.patience = Patience(self._session_.waited)
        deadline = self._deadline()
        try:
            self._channel.send(Do(op, Items("list", [Scalar(step.source)])), None, deadline)
            reply = self._channel.receive(deadline)[0]
        except TimeoutError:
            raise _CellLostError(number, self._slow()) from None
        except (WireError, LostError) as error:
            raise _CellLostError(number, _ended(str(error))) from error
        if isinstance(reply, Did):
            value = reply.value.value if isinstance(reply.value, Scalar) else None
            score = float(value) if isinstance(value, int | float) else None
            return Verdict(True, score=score)
        if isinstance(reply, DidRaise):
            name = (reply.classes or ["Exception"])[0].rpartition(".")[2]
            return Verdict(False, error=name, message=f"{name}: {reply.message}"[:500])
        return Verdict(False, error="RuntimeError", message="input() has nobody to ask.")


def _contract(run: NotebookRun) -> Contract:
    """The names that the course's cells read, which tests may set for them.

    What a student's own cells read is left out: it might be the name of an expected value.
    """
    found: set[str] = set()
    for step in run.steps:
        source = step.source if step.kind is CellKind.LOCKED else step.reference or ""
        tree = parsed(source) if step.kind is not CellKind.TEST else None
        found |= reads(tree) if tree is not None else set()
    return Contract(sorted(found), [])


def _ended(reason: str) -> Verdict:
    return Verdict(False, error="Ended", message=ENDED.format(reason=reason), lost=reason)


def _out_of_time(message: str) -> Verdict:
    return Verdict(False, error="OutOfTime", message=message, lost="time")
