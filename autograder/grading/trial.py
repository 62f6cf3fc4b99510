"""What the hidden tests say of mutants of the course's own code, each in a child of this process.

A mutant is trusted as its reference is: it means no harm. It may loop, recurse or fill the memory,
so its child has bounds. Never for anything that a student has written. Needs `os.fork`.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import select
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NoReturn

from autograder.assignment import Assignment, load_assignment
from autograder.course import Course
from autograder.judging.check import Check, load_checks
from autograder.results import Status

from .outcomes import outcome_of
from .seeds import Draws
from .trusted import TrustedCode, trusted

CPU_SECONDS = 5  # all exact checks of a reference take less than one
WALL_SECONDS = 300.0  # for one that waits; a busy machine must not pass for a mistake
MEMORY = 3 << 30


class Noticed(StrEnum):
    """How a trial ended: which kind of sign the hidden tests gave, if they gave one."""

    LOST = "a check did not pass"
    ENDED = "the process did not end in time, or died"
    SURVIVED = "every check passed"
    ERROR = "a check failed by itself"


@dataclass(frozen=True, kw_only=True)
class MutantTrial:
    """How one mutant fared; `check` and `said` are those of the check that noticed it."""

    noticed: Noticed
    check: str = ""
    said: str = ""

    @property
    def survived(self) -> bool:
        """Whether every check passed."""
        return self.noticed is Noticed.SURVIVED

    @property
    def failed(self) -> str:
        """The check that failed by itself, and what it said; empty where none did."""
        return f"{self.check}: {self.said}" if self.noticed is Noticed.ERROR else ""


def try_mutants(
    slug: str,
    course: Course,
    cases: Sequence[tuple[Mapping[str, bytes], Sequence[str]]],
    *,
    seed: int = 0,
) -> list[MutantTrial]:
    """Try mutants one after the other; those of one part are best tried together.

    All exact checks are asked, and those that train only by name. The check that noticed the mutant
    before is asked early, for it often notices the next one too.

    Parameters
    ----------
    cases : each all editable files, and the ids of checks: exact ones are asked first, those that
        train last.
    """
    assignment = load_assignment(slug, course)
    checks = load_checks(assignment)
    if cases:
        with trusted(assignment, cases[0][0]):  # what is read once is read before any fork
            pass
    return list(_tried(assignment, checks, cases, seed))


def _tried(
    assignment: Assignment,
    checks: Mapping[str, Check],
    cases: Iterable[tuple[Mapping[str, bytes], Sequence[str]]],
    seed: int,
) -> Iterator[MutantTrial]:
    latest: list[str] = []
    for files, named in cases:
        trial = _in_child(assignment, files, _asked(checks, named, latest), seed)
        if trial.check:
            latest = [trial.check, *(id for id in latest if id != trial.check)]
        yield trial


def _asked(checks: Mapping[str, Check], named: Sequence[str], latest: Sequence[str]) -> list[Check]:
    """The checks in the order in which a mutant meets them."""
    exact = [id for id, check in checks.items() if not check.trains]
    first = [id for id in (*named, *latest) if id in exact]
    last = [id for id in named if id in checks and id not in exact]
    return [checks[id] for id in dict.fromkeys((*first, *exact, *last))]


def _in_child(
    assignment: Assignment, files: Mapping[str, bytes], asked: Sequence[Check], seed: int
) -> MutantTrial:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _serve(write, assignment, files, asked, seed)
    os.close(write)
    with os.fdopen(read, "rb", buffering=0) as pipe:
        answer = _read(pipe.fileno(), time.monotonic() + WALL_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return pickle.loads(answer) if answer else MutantTrial(noticed=Noticed.ENDED)


def _read(pipe: int, deadline: float) -> bytes:
    """All that a child writes before it ends; nothing where it does not end in time."""
    found = b""
    while select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
        part = os.read(pipe, 1 << 16)
        if not part:
            return found
        found += part
    return b""


def _serve(
    pipe: int, assignment: Assignment, files: Mapping[str, bytes], asked: Sequence[Check], seed: int
) -> NoReturn:
    """Be the child: try, answer, end without tidying up after the parent's objects."""
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        with trusted(assignment, files) as code:
            trial = _trial(code, asked, seed)
        os.write(pipe, pickle.dumps(trial))
    finally:
        os._exit(0)


def _trial(code: TrustedCode, asked: Sequence[Check], seed: int) -> MutantTrial:
    for check in asked:
        patient = replace(check, seconds=WALL_SECONDS)
        error = code.run(patient, Draws(seed=seed, student="mutant"))
        outcome = outcome_of(error)
        if outcome.status is not Status.PASSED:
            broken = outcome.status is Status.ERROR
            said = " ".join(f"{outcome.rationale} {outcome.help}".split())
            noticed = Noticed.ERROR if broken else Noticed.LOST
            return MutantTrial(noticed=noticed, check=check.id, said=said)
    return MutantTrial(noticed=Noticed.SURVIVED)
