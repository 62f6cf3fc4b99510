"""The worker that holds the course's parts, and answers a student's stand-ins from there.

It has no tests and no student's code, runs in a sandbox of its own, and its child ends with the
check. The judge hands messages on without looking into them.
"""

from __future__ import annotations

import ast
import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from autograder.assignment import Assignment
from autograder.sandbox.faults import CodeRaised, Ended
from autograder.sandbox.levels import Level
from autograder.sandbox.limits import Limits
from autograder.sandbox.messages import (
    Callback,
    CallbackAnswer,
    CoursePart,
    Fetched,
    Kept,
    KeptMany,
    Perform,
    Raised,
    Refused,
    Relay,
    Relayed,
    Reply,
)
from autograder.sandbox.plain import Scalar
from autograder.sandbox.session import CheckChannel, LostError
from autograder.sandbox.theirs import TheirError
from autograder.sandbox.transports import Exchange
from autograder.sandbox.values import Packer, WireError
from autograder.solved import read_solved
from autograder.submission import Submission

from .definitions import definitions
from .loading import Loaded, loaded, read_release
from .planning import Plan, plan

logger = logging.getLogger(__name__)

MOST_CALLS = 200_000
TOO_MANY = "it called the course's parts more than {most:,} times"
NO_ANSWER = "the course's part did not answer ({reason})"
NO_REPLY = "what was asked has another kind of answer"
UNKNOWN_PART = "a call back for a part that is not replaced"


@dataclass
class Budget:
    """How often a submission may call the course's parts, over all its checks."""

    calls: int

    def spend(self) -> None:
        """Count one call. Raises `Ended`."""
        self.calls -= 1
        if self.calls < 0:
            raise Ended("a part of the course", TOO_MANY.format(most=MOST_CALLS))


class PartAnswers:
    """Answers the stand-ins of one check, by what runs in the course's worker.

    `failed` says why there was a call without a value; then the check may have failed for that.
    `lost` is whether the worker is of no more use.
    """

    def __init__(
        self, channel: CheckChannel, parts: Sequence[CoursePart], deadline: float, budget: Budget
    ) -> None:
        self._channel = channel
        self._parts = parts
        self._deadline = deadline
        self._budget = budget
        self.failed = ""
        self.lost = False
        self._theirs: Raised | None = None

    def answer(
        self, callback: Callback, block: memoryview, ask: Exchange
    ) -> tuple[CallbackAnswer, Packer]:
        """See `Answers`. Raises `WireError` for what makes no sense, and `TimeoutError`."""
        if not 0 <= callback.target < len(self._parts):
            raise WireError(UNKNOWN_PART)
        part = self._parts[callback.target]
        reply, block = self._performed(part, callback, block, ask)
        if isinstance(reply, CallbackAnswer):
            return reply, _same(block)
        name = reply.name if isinstance(reply, Raised) else "TypeError"
        if name == TheirError.__name__ and self._theirs is not None:
            raise CodeRaised(part.name, self._theirs)
        self.failed = NO_ANSWER.format(reason=name)
        return CallbackAnswer(Scalar(None), raised=name), Packer()

    def _performed(
        self, part: CoursePart, callback: Callback, block: memoryview, ask: Exchange
    ) -> tuple[Reply, memoryview]:
        """What the course's worker replies; what it asks of the student's objects is passed on."""
        message: Perform | Relayed = Perform(
            part, callback.args, callback.kwargs, callback.state, callback.dropped
        )
        while True:
            self._budget.spend()
            reply, block = self._exchange(part, message, block)
            if not isinstance(reply, Relay):
                return reply, block
            found, block = ask(reply.request, _same(block))
            if isinstance(found, Raised):
                self._theirs = found
            if not isinstance(found, Kept | KeptMany | Fetched | Raised | Refused):
                raise WireError(NO_REPLY)
            message = Relayed(found)

    def _exchange(
        self, part: CoursePart, message: Perform | Relayed, block: memoryview
    ) -> tuple[Reply, memoryview]:
        try:
            self._channel.send(message, _same(block), self._deadline)
            return self._channel.receive(self._deadline)
        except TimeoutError:
            raise
        except (WireError, LostError) as error:
            self.failed, self.lost = NO_ANSWER.format(reason=error), True
            raise Ended(part.name, self.failed) from error


def course_plan(assignment: Assignment) -> Plan | None:
    """What is loaded of the course's solution: its modules, and what its notebooks define.

    None where no solution was built.
    """
    solved = read_solved(assignment)
    if solved is None:
        return None
    course = Submission(student="", files=solved.reference())
    planned = plan(read_release(assignment), course, assignment.dataset)
    cells = tuple(
        (notebook, ast.unparse(statement))
        for notebook, source in planned.cells
        for statement in definitions(source)
    )
    return replace(planned, cells=cells)


class CourseParts:
    """The course's worker of one submission: started when first needed, and anew if it is lost.

    Parameters
    ----------
    assignment : whose solution it is.
    limits : the student's; it may use half as much memory.
    end : when all has to be done, a time of `time.monotonic`.
    """

    def __init__(self, assignment: Assignment, level: Level, limits: Limits, end: float) -> None:
        self._assignment = assignment
        self._level = level
        self._limits = msgspec.structs.replace(limits, memory=limits.memory // 2)
        self._end = end
        self._budget = Budget(MOST_CALLS)
        self._stack = contextlib.ExitStack()
        self._worker: Loaded | None = None

    @contextlib.contextmanager
    def check(
        self, parts: Sequence[CoursePart], seed: int, deadline: float
    ) -> Iterator[PartAnswers]:
        """Answers for one check. Raises `SandboxError` where no sandbox starts."""
        with contextlib.ExitStack() as child:
            channel = child.enter_context(self._loaded().session.check(seed))
            answers = PartAnswers(channel, parts, deadline, self._budget)
            try:
                yield answers
            finally:
                self._end_child(child, lost=answers.lost)

    def _end_child(self, child: contextlib.ExitStack, *, lost: bool) -> None:
        try:
            child.close()
        except LostError:
            lost = True
        if lost:
            self.close()

    @cached_property
    def _plan(self) -> Plan | None:
        return course_plan(self._assignment)

    @property
    def there(self) -> bool:
        """Whether there is a solution to take parts from."""
        return self._plan is not None

    def _loaded(self) -> Loaded:
        if self._worker is None:
            assert self._plan is not None
            self._worker = self._stack.enter_context(
                loaded(self._level, self._limits, self._plan, end=self._end)
            )
        return self._worker

    def close(self) -> None:
        """End the worker."""
        self._stack.close()
        self._worker = None


def _same(block: memoryview) -> Packer:
    """The arrays of one message as they came, for the next."""
    packer = Packer()
    packer.blocks.append(block)
    return packer
