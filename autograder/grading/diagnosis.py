"""Names a mistake: the known ones run on the inputs of the check that failed.

Where one of them gives the answers that the student gave, its diagnosis is what the student is
told. It is the course's own code that runs here, never a student's. No outcome depends on it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.assignment import Assignment
from autograder.judging.check import DEFAULT_SECONDS, Check, Finding
from autograder.results import Status
from autograder.sandbox.messages import Request
from autograder.sandbox.recording import Recorder
from autograder.sandbox.remote import Transport
from autograder.sandbox.values import Packer
from autograder.solved import Solved, WrongSolution, read_solved

from .alike import alike, telling
from .outcomes import Outcome
from .trusted import ONE_AT_A_TIME, Bench, bench

logger = logging.getLogger(__name__)

CHECK_SECONDS = 0.5
SUBMISSION_SECONDS = 3.0

Mistakes = tuple[WrongSolution, ...]


class Diagnoser:
    """Names the mistakes of one submission, as long as its time lasts.

    Parameters
    ----------
    checks : all of the assignment, by id.
    seed, student : those whose draws its checks have.
    """

    def __init__(
        self, assignment: Assignment, checks: Mapping[str, Check], *, seed: int, student: str
    ) -> None:
        self._assignment = assignment
        self._checks = checks
        self._seed = seed
        self._student = student
        self._left = SUBMISSION_SECONDS

    def recorder(self, check: Check, transport: Transport) -> Transport:
        """What a check talks through, so that it can be diagnosed if it fails."""
        return Recorder(transport) if check.seconds <= DEFAULT_SECONDS else transport

    def named(
        self, outcome: Outcome, error: Exception | None, check: Check, transport: Transport
    ) -> Outcome:
        """The outcome with the name of the mistake, where one is found; else as it is."""
        found = isinstance(error, Finding) and not error.named
        if outcome.status is not Status.FAILED or not found or not isinstance(transport, Recorder):
            return outcome
        try:
            with ONE_AT_A_TIME:
                mistakes = self._mistakes(check, transport)
        except Exception:  # whatever it is, the outcome stands
            logger.exception("%s: %s could not be diagnosed", self._student, check.id)
            return outcome
        return _told(outcome, mistakes)

    def _mistakes(self, check: Check, recorder: Recorder) -> Mistakes:
        """The mistakes that give these answers; none where there are none, or others as well."""
        solved, answers = read_solved(self._assignment), recorder.answers()
        if solved is None or not telling(answers):
            return ()
        with bench(self._assignment) as place:
            replay = _Replay(
                place, solved, check, answers, recorder.notebooks, self._seed, self._student
            )
            if replay.gives(
                ()
            ):  # the check does not fail for these answers, but for something else
                return ()
            begun = time.monotonic()
            end = begun + min(CHECK_SECONDS, self._left)
            try:
                return _only(_tried(_candidates(check, self._checks, solved), replay, end))
            finally:
                self._left -= time.monotonic() - begun


def _candidates(
    check: Check, checks: Mapping[str, Check], solved: Solved
) -> Iterator[Sequence[Mistakes]]:
    """The mistakes that a check is known to find, those of what it needs, then two at once."""
    needs = _all_needs(check, checks)
    known = [mistake for mistake in solved.mistakes if mistake.diagnosis]
    own = [mistake for mistake in known if check.id in mistake.loses]
    before = [one for one in known if one not in own and needs.intersection(one.loses)]
    yield [(mistake,) for mistake in own]
    yield [(mistake,) for mistake in before]
    yield [(one, other) for number, one in enumerate(own) for other in own[:number]]


def _tried(
    candidates: Iterator[Sequence[Mistakes]], replay: _Replay, end: float
) -> Sequence[Mistakes]:
    """Those of the first kind in which some give the answers; none where time runs out before."""
    for kind in candidates:
        found = []
        for mistakes in kind:
            if time.monotonic() > end:
                return ()  # another might fit as well
            if replay.gives(mistakes):
                found.append(mistakes)
        if found:
            return found
    return ()


def _only(found: Sequence[Mistakes]) -> Mistakes:
    """The mistakes, where all that were found have one diagnosis."""
    said = {tuple(mistake.diagnosis for mistake in mistakes) for mistakes in found}
    return found[0] if len(said) == 1 else ()


def _told(outcome: Outcome, mistakes: Mistakes) -> Outcome:
    said = [one.diagnosis for one in mistakes if one.diagnosis not in outcome.rationale]
    helps = [mistake.help for mistake in mistakes if mistake.help]
    return replace(
        outcome,
        rationale=" ".join([*said, outcome.rationale]),
        help=" ".join(helps) or outcome.help,
    )


class _Replay:
    """A check that failed, with the answers which it got, to be held against known mistakes."""

    def __init__(
        self,
        place: Bench,
        solved: Solved,
        check: Check,
        answers: Sequence[object],
        notebooks: bool,
        seed: int,
        student: str,
    ) -> None:
        self._place = place
        self._solved = solved
        self._check = check
        self._answers = answers
        self._notebooks = notebooks
        self._seed = seed
        self._student = student

    def gives(self, mistakes: Mistakes) -> bool:
        """Whether these mistakes give the answers, and fail where they did."""
        compared: list[_Compared] = []

        def through(transport: Transport) -> Transport:
            compared.append(_Compared(transport, self._answers))
            return compared[0]

        try:
            files = self._solved.with_mistakes(*mistakes)
        except ValueError:  # two that change the same lines
            return False
        with self._place.holding(files, notebooks=self._notebooks) as code:
            error = code.run(self._check, seed=self._seed, student=self._student, through=through)
        return isinstance(error, Finding) and compared[0].whole


class _Differs(Exception):  # noqa: N818 - what was looked for, not an error
    """An answer is another one than the student's."""


class _Compared:
    """A `Transport` that ends the check at the first answer that is not the student's."""

    def __init__(self, transport: Transport, answers: Sequence[object]) -> None:
        self._recorder = Recorder(transport)
        self._answers = answers
        self._met = 0

    @property
    def whole(self) -> bool:
        """Whether every answer of the student's was met."""
        return self._met == len(self._answers)

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        """See `Transport.send`."""
        self._recorder.send(message, packer, deadline)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        """See `Transport.receive`. Raises `_Differs`."""
        received = self._recorder.receive(deadline)
        if self._recorder.count > self._met:
            if self.whole or not alike(self._answers[self._met], self._recorder.latest()):
                raise _Differs
            self._met += 1
        return received


def _all_needs(check: Check, checks: Mapping[str, Check]) -> frozenset[str]:
    """The ids of the checks that one needs, directly or by way of others."""
    found: set[str] = set()
    left = list(check.needs)
    while left:
        need = left.pop()
        if need not in found:
            found.add(need)
            left.extend(checks[need].needs)
    return frozenset(found)
