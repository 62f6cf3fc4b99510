"""Runs known mistakes on the inputs of a check that failed, in a process of its own.

The course's own code runs here and never a student's, whose answers are data to compare with. What
is found is what gives the same answers, from first to last, and nothing else does.
"""

from __future__ import annotations

import base64
import pickle
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.assignment import Assignment
from autograder.judging.bounded import Verdict, serve_lines
from autograder.judging.check import Check, Finding, load_checks
from autograder.judging.groups import Groups, load_groups
from autograder.mutation import KINDS
from autograder.sandbox.faults import CodeRaised
from autograder.sandbox.messages import Request
from autograder.sandbox.recording import RaisedAnswer, Recorder, unpacked
from autograder.sandbox.transports import Transport
from autograder.sandbox.values import Packer
from autograder.solved import Solved, read_solved

from .alike import (
    alike,
    alike_but_for_signs,
    finite,
    raised_alike,
    said_alike,
    said_alike_but_for_numbers,
    telling,
    whole,
)
from .overtime import Overtime, overtime_ends
from .seeds import Draws
from .slips import Scope, ToldMistake, candidates, common, signs_are_free
from .trusted import Bench, bench

NOTHING: Verdict = {"said": [], "seconds": 0.0}
# Of the processor, for a check with one mistake. Some never end; the student's answers did.
MISTAKE_SECONDS = 0.5


def serve() -> None:
    """Answer the questions of `diagnosis` until there are no more."""
    serve_lines(_answered)


def _answered(question: Verdict) -> Verdict:
    assignment: Assignment = pickle.loads(base64.b64decode(question["assignment"]))
    solved, checks = read_solved(assignment), load_checks(assignment)
    failed = FailedCheck(
        check=checks[question["check"]],
        draws=Draws(**question["draws"]),
        answers=unpacked(base64.b64decode(question["answers"])),
        notebooks=question["notebooks"],
        rationale=question["rationale"],
    )
    if solved is None or not failed.worth_a_look:
        return NOTHING
    begun = time.process_time()
    with bench(assignment) as place:
        groups = load_groups(assignment)
        found = look(place, solved, failed, checks, groups, seconds=question["seconds"])
    return {
        "said": [slip.said for slip in found],
        "help": [slip.help for slip in found if slip.help],
        "sure": failed.sure,
        "raised": failed.raised,
        "seconds": time.process_time() - begun,
    }


@dataclass(frozen=True, kw_only=True)
class FailedCheck:
    """A check that failed, for whom, with which answers, and what it said (if it did).

    `signs_free`: equal answers may differ in the signs of columns or rows, as eigenvectors do.
    """

    check: Check
    draws: Draws
    answers: tuple[object, ...]
    notebooks: bool
    rationale: str = ""
    signs_free: bool = False

    @property
    def sure(self) -> bool:
        """Whether equal answers are hardly equal by chance."""
        return telling(self.answers)

    @property
    def raised(self) -> bool:
        """Whether it ended with an exception of the student's code."""
        return bool(self.answers) and isinstance(self.answers[-1], RaisedAnswer)

    @property
    def scope(self) -> Scope:
        """What else but the known mistakes of this check to look at."""
        if self.raised:
            return Scope.RAISED
        if not self.sure:
            return Scope.KNOWN
        return Scope.PLACES if whole(self.answers[-1]) else Scope.ANY

    @property
    def worth_a_look(self) -> bool:
        """Whether equal answers would say anything at all."""
        return self.sure or self.raised or (bool(self.answers) and not finite(self.answers[-1]))


def look(
    place: Bench,
    solved: Solved,
    failed: FailedCheck,
    checks: Mapping[str, Check],
    groups: Groups,
    *,
    seconds: float,
) -> tuple[ToldMistake, ...]:
    """The slips that give the answers of a failed check; none where others would do as well."""
    end = time.process_time() + seconds
    group = groups.of_check.get(failed.check.id)
    parts = {failed.check.id, *(group.checks if group else ())}
    failed = replace(failed, signs_free=signs_are_free(solved, place.release, parts))
    if _gives(place, solved.reference(), failed):
        return ()  # the check fails for something else than these answers
    kinds = candidates(
        solved,
        failed.check,
        checks,
        place.release,
        group=group.checks if group else (),
        scope=failed.scope,
    )
    others: list[tuple[ToldMistake, ...]] = []
    if failed.raised:  # several mistakes end in one exception: all of them have to be heard
        for kind in kinds:
            others += _found(place, kind, failed, end)
        return _one_or_two(others) if time.process_time() <= end else ()
    for kind in kinds:
        found = _found(place, kind, failed, end)
        if found:
            return _only(found)
        if time.process_time() > end:
            return ()
    return ()


def _one_or_two(found: list[tuple[ToldMistake, ...]]) -> tuple[ToldMistake, ...]:
    """Single mistakes that end in one exception, each once; none where they are three or more.

    Where one has a name, a small edit counts if it may be another one: a transposed matrix.
    """
    single = [mistakes[0] for mistakes in found if len(mistakes) == 1]
    if any(not mistake.kind for mistake in single):
        turned = KINDS["transpose"].sentence
        single = [mistake for mistake in single if mistake.kind in ("", turned)]
    different = {mistake.said: mistake for mistake in single}
    return tuple(different.values()) if len(different) <= 2 else ()


def _only(found: list[tuple[ToldMistake, ...]]) -> tuple[ToldMistake, ...]:
    """The mistakes, where all that were found say one thing; of small edits what they share."""
    said = {tuple(mistake.said for mistake in mistakes) for mistakes in found}
    if len(said) == 1:
        return found[0]
    if any(len(mistakes) > 1 for mistakes in found):
        return ()
    return common([mistakes[0] for mistakes in found])


def _found(
    place: Bench,
    kind: Iterator[tuple[tuple[ToldMistake, ...], Mapping[str, bytes]]],
    failed: FailedCheck,
    end: float,
) -> list[tuple[ToldMistake, ...]]:
    """Those of one kind that give the answers; none where time is up before all were tried."""
    found = []
    for slips, files in kind:
        if time.process_time() > end:
            return []
        if _gives(place, files, failed):
            found.append(slips)
    return found


def _gives(place: Bench, files: Mapping[str, bytes], failed: FailedCheck) -> bool:
    """Whether a solution gives these answers, and fails where the student's did."""
    compared: list[_Compared] = []

    def through(transport: Transport) -> Transport:
        compared.append(_Compared(transport, failed.answers, signs_free=failed.signs_free))
        return compared[0]

    error: BaseException | None
    with place.holding(files, notebooks=failed.notebooks) as code:
        try:
            with overtime_ends(MISTAKE_SECONDS):
                error = code.run(failed.check, failed.draws, through=through)
        except Overtime as over:
            error = over
    if not compared[0].whole:
        return False
    if failed.raised:
        return isinstance(error, CodeRaised)
    # What it says may rest on more than the answers, such as on how many there are.
    same = said_alike_but_for_numbers if failed.signs_free else said_alike
    return isinstance(error, Finding) and (
        not failed.rationale or same(failed.rationale, error.rationale)
    )


class _Differs(Exception):  # noqa: N818 - what was looked for, not an error
    """An answer is another one than the student's."""


class _Compared:
    """A `Transport` that ends the check at the first answer that is not the student's."""

    def __init__(
        self, transport: Transport, answers: Sequence[object], *, signs_free: bool
    ) -> None:
        self._recorder = Recorder(transport)
        self._answers = answers
        self._signs_free = signs_free
        self._met = 0

    @property
    def whole(self) -> bool:
        """Whether every answer of the student's was met."""
        return self._met == len(self._answers)

    @property
    def behind(self) -> Transport:
        """See `Listening`."""
        return self._recorder

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        """See `Transport.send`."""
        self._recorder.send(message, packer, deadline)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        """See `Transport.receive`. Raises `_Differs`."""
        received = self._recorder.receive(deadline)
        if self._recorder.count > self._met:
            if self.whole or not self._same(self._recorder.latest()):
                raise _Differs
            self._met += 1
        return received

    def _same(self, answer: object) -> bool:
        """Whether this is the next answer; of an exception that was asked for, the type counts."""
        wanted = self._answers[self._met]
        if isinstance(wanted, RaisedAnswer) and isinstance(answer, RaisedAnswer):
            last = self._met == len(self._answers) - 1
            return raised_alike(wanted, answer) if last else wanted.name == answer.name
        if self._signs_free and alike_but_for_signs(wanted, answer):
            return True
        return alike(wanted, answer)
