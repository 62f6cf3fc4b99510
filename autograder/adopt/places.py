"""The processes in which the cells of an adopted notebook run: two sandboxes, or one.

Every cell has its time, and one that ends or stalls them is named.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

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
from autograder.sandbox.patience import Patience
from autograder.sandbox.plain import Items, Scalar, Value
from autograder.sandbox.session import LostError, SandboxError, Session
from autograder.sandbox.values import WireError
from autograder.sandbox.wire import Channel

from .source import CellKind, Step

if TYPE_CHECKING:
    from .running import NotebookRun

BEGIN_SECONDS = 60.0
SEED = 0
OUT_OF_TIME = "The cell did not end within {seconds:g} s."
ENDED = "The process of the student's code ended ({reason})."
NOT_BEGUN = "the sandboxes of an adopted notebook did not begin: {error}"


class CellLostError(Exception):
    """A cell has ended or stalled the processes that it ran in."""

    def __init__(self, place: int, verdict: Verdict) -> None:
        super().__init__(place, verdict)
        self.place = place
        self.verdict = verdict


def begin(place: Outside | Inside) -> None:
    """Start the processes. Raises `SandboxError`: no cell has run yet that could have hung."""
    try:
        place.begin()
    except (LostError, CellLostError) as error:
        raise SandboxError(NOT_BEGUN.format(error=error)) from error


def patience_from_now(waited: Callable[[], float]) -> Patience:
    """Patience for one cell: what the cells before it have waited does not count again."""
    before = waited()
    return Patience(lambda: max(waited() - before, 0.0))


class Places:
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
        return out_of_time(OUT_OF_TIME.format(seconds=self._run.course.seconds))


class Outside(Places):
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
        """Run one cell. Raises `CellLostError`."""
        run = self._run
        match step.kind:
            case CellKind.SOLUTION:
                return self._ask(number, RunSolution(step.source, step.reference))
            case CellKind.LOCKED:
                return self._ask(number, RunLocked(step.source, step.both))
        allowed = None if run.allowed is None else list(run.allowed.get(step.id, ()))
        names, keeps = list(run.course.hidden_names), step.id in run.keeping
        return self._ask(number, RunTest(step.source, allowed, names, keeps))

    def _ask(self, number: int, order: Contract | RunSolution | RunLocked | RunTest) -> Verdict:
        self._channel.patience = patience_from_now(self._waited)
        deadline = self._deadline()
        try:
            self._channel.send(order, None, deadline)
            verdict: Verdict = self._channel.receive(deadline)[0]
        except TimeoutError:
            raise CellLostError(number, self._slow()) from None
        except (WireError, LostError) as error:
            raise CellLostError(number, _ended(str(error))) from error
        if verdict.lost:
            raise CellLostError(number, _ended(verdict.lost))
        return verdict

    def _waited(self) -> float:
        return self._student.waited() + self._judge.waited()


class Inside(Places):
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
        """Run one cell. Raises `CellLostError`."""
        if step.kind is CellKind.LOCKED and not step.both:
            return Verdict(True)  # an unlocked cell, which runs as the student has left it
        op = "test" if step.kind is CellKind.TEST else "cell"
        reply = self.ask(number, op, step.source)
        if isinstance(reply, Did):
            value = reply.value.value if isinstance(reply.value, Scalar) else None
            score = float(value) if isinstance(value, int | float) else None
            return Verdict(True, score=score)
        if isinstance(reply, DidRaise):
            name = (reply.classes or ["Exception"])[0].rpartition(".")[2]
            return Verdict(False, error=name, message=f"{name}: {reply.message}"[:500])
        return Verdict(False, error="RuntimeError", message="input() has nobody to ask.")

    def ask(self, number: int, op: str, source: str) -> Any:
        """Have the student's side do something with a cell. Raises `CellLostError`."""
        self._channel.patience = patience_from_now(self._session_.waited)
        deadline = self._deadline()
        try:
            self._channel.send(Do(op, Items("list", [Scalar(source)])), None, deadline)
            return self._channel.receive(deadline)[0]
        except TimeoutError:
            raise CellLostError(number, self._slow()) from None
        except (WireError, LostError) as error:
            raise CellLostError(number, _ended(str(error))) from error


def shown_by(run: NotebookRun) -> Iterator[Value | None]:
    """What each cell of a notebook shows; None, and no more, where one is lost."""
    with contextlib.closing(Inside(run)) as place:
        begin(place)
        for number, step in enumerate(run.steps):
            try:
                reply = place.ask(number, "show", step.source)
            except CellLostError:
                yield None
                return
            yield reply.value if isinstance(reply, Did) else Items("list", [])


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


def out_of_time(message: str) -> Verdict:
    return Verdict(False, error="OutOfTime", message=message, lost="time")
