"""Runs single checks of one submission in its worker, which is started anew whenever it is lost."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from autograder.assignment import Assignment
from autograder.errors import exit_error
from autograder.exhibit import Reached
from autograder.judging.check import Check
from autograder.judging.handed_in import Author, HandedIn
from autograder.results import Status
from autograder.sandbox.levels import Level
from autograder.sandbox.limits import Limits
from autograder.sandbox.messages import CoursePart, Raised, StandIn
from autograder.sandbox.remote import Conversation
from autograder.sandbox.session import LostError, SandboxError
from autograder.sandbox.tracing import Tracer
from autograder.submission import Submission

from .children import Children
from .course_parts import CourseParts, PartAnswers
from .diagnosis import Diagnoser
from .exhibits import exhibit_of
from .failures import Told, failure_of
from .loading import Loaded, loaded
from .outcomes import Outcome, outcome_of
from .planning import Plan, plan
from .seeds import Draws
from .whose_fault import settled

logger = logging.getLogger(__name__)

PUT_IN_PLACE = "putting the course's parts in place"
BESIDE_OTHERS = 2.0  # seconds for a check that shares a process; then it gets one of its own
USED_UP = "The submission has used up its {seconds:g} s."


@dataclass(frozen=True, kw_only=True)
class CheckRan:
    """What a check has raised, or the accuracy that it has measured; often neither."""

    error: Exception | None = None
    accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class GradingCase:
    """One submission, and under which conditions it is graded.

    Attributes
    ----------
    release : the released files by path, as they were built.
    draws : where the inputs of its checks come from.
    end : when all has to be done, a time of `time.monotonic`.
    failed : is told each failure of a check or of the grader.
    shares : whether checks may share a process while they pass.
    """

    assignment: Assignment
    submission: Submission
    release: Mapping[str, bytes]
    level: Level
    limits: Limits
    draws: Draws
    end: float
    failed: Told
    shares: bool = True

    @property
    def student(self) -> str:
        """Whose it is."""
        return self.submission.student

    @cached_property
    def plan(self) -> Plan:
        """What of it is loaded."""
        return plan(self.release, self.submission, self.assignment.dataset)

    @cached_property
    def submitted(self) -> HandedIn:
        """What checks may know of its files."""
        return HandedIn(
            files=self.submission.files,
            release=self.release,
            assignment=self.assignment,
            lot=self.draws.lot,
        )


class Runs:
    """Runs checks of one submission, with a new worker whenever one is lost.

    Parameters
    ----------
    planned : what of the submission is loaded.
    course : the worker of the course's parts.
    diagnoser : names the mistake where a check fails.
    """

    def __init__(
        self, case: GradingCase, planned: Plan, course: CourseParts, diagnoser: Diagnoser
    ) -> None:
        self._case = case
        self._plan = planned
        self._course = course
        self._diagnoser = diagnoser
        self._notebooks = tuple(PurePosixPath(path).stem for path in case.assignment.notebooks)
        self.unwritten: Sequence[str] = ()
        self._worker: Loaded | None = None
        self._children: Children | None = None
        self._stack = contextlib.ExitStack()

    def run(self, check: Check, parts: Sequence[CoursePart] = ()) -> Outcome:
        """Run one check, with the course's parts in the place of the student's own."""
        if time.monotonic() > self._case.end:
            total = self._case.limits.total_seconds
            return Outcome(status=Status.FAILED, rationale=USED_UP.format(seconds=total))
        for _ in range(2):  # a worker that an earlier check has left broken is replaced once
            try:
                worker = self._loaded()
                if not parts and self._passes_beside_others(check):
                    return outcome_of(None)
                return self._run_in(worker, check, parts)
            except SandboxError as error:
                return self._outcome(check, error)
            except LostError:
                self._drop_worker()
        return Outcome(
            status=Status.FAILED,
            rationale="The submission's process ended before this check could begin.",
            help="Does the code call exit while it is imported, or start something that kills it?",
        )

    def not_imported(self) -> Mapping[str, Raised | None]:
        """The modules that could not be imported, with what they raised; None: lost the worker."""
        try:
            return self._loaded().not_imported
        except LostError:  # the code ended it, or used up the time, while it was loaded anew
            self._drop_worker()
            return {}
        except SandboxError:
            return {}

    def _run_in(self, worker: Loaded, check: Check, parts: Sequence[CoursePart]) -> Outcome:
        """Run one check in a clean child.

        Raises `LostError` where the worker was lost before it began.
        """
        assert self._children is not None
        outcome: Outcome | None = None
        seed = self._case.draws.worker_seed(check.id)
        deadline = min(time.monotonic() + check.seconds, self._case.end)
        try:
            with self._answers(parts, seed, deadline) as answers:
                channel = self._children.clean(seed)
                # A known mistake in a part that is replaced is none of this answer's.
                transport = channel if parts else self._diagnoser.recorder(check, channel)
                tracer = Tracer(transport)
                conversation = Conversation(tracer, deadline, answers)
                ran = self._ran(check, conversation, parts)
                blamed = self._blamed(ran.error, check, conversation)
                outcome = self._outcome(check, blamed, worker.problems)
                outcome = self._with_exhibit(outcome, check, blamed, tracer, parts)
                outcome = replace(outcome, accuracy=ran.accuracy)
                if answers is not None and answers.failed:
                    outcome = replace(outcome, unanswered=answers.failed)
                if not parts and outcome.status is Status.PASSED and check.exact:
                    self._children.keep()
                else:
                    self._children.end()
            outcome = self._diagnoser.named(outcome, blamed, check, transport)
        except LostError:
            if outcome is None:
                raise
            self._drop_worker()
        return outcome

    def _passes_beside_others(self, check: Check) -> bool:
        """Whether a check passes in the child that others have passed in; if not, it is ended.

        Raises `LostError`.
        """
        assert self._children is not None
        if not (check.exact and self._case.shares):
            return False
        channel = self._children.shared(self._case.draws.worker_seed(check.id))
        if channel is None:
            return False
        seconds = min(check.seconds, BESIDE_OTHERS)
        conversation = Conversation(channel, min(time.monotonic() + seconds, self._case.end))
        if self._ran(check, conversation, ()).error is None:
            return True
        self._children.end()
        return False

    @contextlib.contextmanager
    def _answers(
        self, parts: Sequence[CoursePart], seed: int, deadline: float
    ) -> Iterator[PartAnswers | None]:
        if not parts:
            yield None
            return
        with self._course.check(parts, seed, deadline) as answers:
            yield answers

    def _ran(
        self, check: Check, conversation: Conversation, parts: Sequence[CoursePart]
    ) -> CheckRan:
        case = self._case
        student = Author(conversation, case.assignment.package, self._notebooks, case.submitted)
        try:
            if parts:
                conversation.ask(StandIn(list(parts)), PUT_IN_PLACE)
            measured = check.run(student, case.draws.inputs(check.id))
        except LostError:
            raise
        except SystemExit as error:
            return CheckRan(error=exit_error(error))
        except Exception as error:
            return CheckRan(error=error)
        return CheckRan(accuracy=measured.reached if isinstance(measured, Reached) else None)

    def _blamed(
        self, error: Exception | None, check: Check, conversation: Conversation
    ) -> Exception | None:
        """What a check has raised, as what it is: a mistake of the check's or of the answer's."""
        if error is None:
            return None
        case = self._case
        return settled(
            conversation.blame(error),
            check,
            case.assignment,
            after=conversation.latest,
            draws=case.draws,
        )

    def _outcome(
        self, check: Check, error: Exception | None, problems: Sequence[str] = ()
    ) -> Outcome:
        """The outcome of what a check raised; a failure of ours is told to whoever can mend it."""
        outcome = outcome_of(error, problems)
        if error is not None and outcome.status is Status.ERROR:
            student = self._case.student
            told = failure_of(error, self._case.assignment, student=student, check=check.id)
            self._case.failed(told)
        return outcome

    def _with_exhibit(
        self,
        outcome: Outcome,
        check: Check,
        error: Exception | None,
        tracer: Tracer,
        parts: Sequence[CoursePart],
    ) -> Outcome:
        """The outcome with what a page shows of a failure."""
        if outcome.status not in (Status.FAILED, Status.PARTIAL):
            return outcome
        found = exhibit_of(check, error, tracer, submitted=self._case.submitted, parts=parts)
        return replace(outcome, exhibit=found)

    def _loaded(self) -> Loaded:
        if self._worker is None:
            case = self._case
            self._worker = self._stack.enter_context(
                loaded(case.level, case.limits, self._plan, end=case.end)
            )
            self._children = Children(self._worker.session)
            self._stack.callback(self._children.drop)
            self.unwritten = self._worker.unwritten
        return self._worker

    def _drop_worker(self) -> None:
        logger.info("%s: the worker is lost; the next check gets a new one", self._case.student)
        self.close()

    def close(self) -> None:
        """End the worker."""
        self._stack.close()
        self._worker = self._children = None
