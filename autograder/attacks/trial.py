"""One attack against one level: hand it in, grade it as a class is graded, look for harm."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files
from autograder.course import Course
from autograder.grading import grade_submission
from autograder.grading.diagnosis import start_diagnosing
from autograder.reports import student_page
from autograder.results import Report, Status
from autograder.route import SubmissionRoute
from autograder.sandbox.levels import make_ready
from autograder.sandbox.limits import MIB, Limits
from autograder.submission import Submission

from .bait import Bait
from .corpus import Attack
from .handing_in import HONEST, STUDENT, hand_in, hand_in_second
from .programs import NoResultError
from .sending import EMAIL, Arrival, Trip, send

UNCONTAINED = "process"  # the level at which an attack can do to the machine what it tries
SEED = 0x5EED_0F_A77AC5_0F_128_B1F5_0F_5EC2E7
SLACK = 30.0  # seconds beyond the budget that starting and stopping may take
CLEAN = "found []"
WRONG = b"\n\ndef relu_backward(dout, cache):\n    return dout\n"
# Small, so that what exhausts them is over soon.
LIMITS = Limits(
    memory=1024 * MIB, disk=64 * MIB, total_seconds=20.0, load_seconds=10.0, cell_seconds=5.0
)


class AttackEnd(StrEnum):
    """How an attack ended."""

    HELD = "held"
    GOT_THROUGH = "got through"
    NOT_TRIED = "not tried"


class AttackTrial(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one attack at one level; `harms` says each thing that should not be."""

    attack: str
    family: str
    level: str
    route: SubmissionRoute = SubmissionRoute.DIRECT
    end: AttackEnd
    harms: tuple[str, ...] = ()
    score: float = 0.0
    seconds: float = 0.0
    expected: bool = True

    def __str__(self) -> str:
        mark = "ok    " if self.expected else "BROKEN"
        lines = "".join(f"\n       {harm}" for harm in self.harms)
        route = "" if self.route is SubmissionRoute.DIRECT else f" through {self.route}"
        return f"{mark} {self.family} {self.attack} at {self.level}{route}: {self.end}{lines}"


def try_attack(
    attack: Attack,
    assignment: Assignment,
    *,
    level: str,
    route: SubmissionRoute = SubmissionRoute.DIRECT,
) -> AttackTrial:
    """Run one attack. At the level `process` only one that is marked harmless is run.

    An attack is expected to be held, except at the levels which `open_at` names.

    Raises
    ------
    UnknownLevelError, UnavailableLevelError, NotBuiltError : before anything is run.
    """
    trial = AttackTrial(
        attack=attack.name, family=attack.family, level=level, route=route, end=AttackEnd.HELD
    )
    if level == UNCONTAINED and not attack.harmless:
        return replace(trial, end=AttackEnd.NOT_TRIED)
    if route is SubmissionRoute.DIRECT:
        if assignment.adopted is None:
            _warm(assignment.course, assignment.slug, level)
        make_ready(level)  # its open files are none that the attack has left
        start_diagnosing()  # likewise
    begun = time.monotonic()
    with (
        Bait(assignment, beside=attack.beside) as bait,
        tempfile.TemporaryDirectory(prefix="attack-") as place,
    ):
        limits = limits_of(attack)
        trip = Trip(assignment=assignment, level=level, seed=SEED, limits=limits, place=Path(place))
        handed_in = Path(place, "handed in")
        handed_in.mkdir()
        graded = _Graded(attack, bait, handed_in, trip, route)
        harms = tuple(graded.harms())
    seconds = round(time.monotonic() - begun, 2)
    end = AttackEnd.GOT_THROUGH if harms else AttackEnd.HELD
    expected = not harms or level in attack.open_at
    return replace(
        trial, end=end, harms=harms, score=graded.score, seconds=seconds, expected=expected
    )


@cache
def _warm(course: Course, slug: str, level: str) -> None:
    """Grade right and wrong answers once, so that what is opened for all submissions is open."""
    assignment = load_assignment(slug, course)
    files = reference_files(assignment)
    wrong = {**files, "nn/layers.py": files["nn/layers.py"] + WRONG}
    for student, handed_in in (("first", files), ("next", wrong)):
        submission = Submission(student=student, files=handed_in)
        grade_submission(assignment, submission, level=level, limits=LIMITS)


class _Graded:
    """An attack that is being graded, once; its marks are asked for and its traces looked for."""

    def __init__(
        self, attack: Attack, bait: Bait, place: Path, trip: Trip, route: SubmissionRoute
    ) -> None:
        self._attack = attack
        self._bait = bait
        self._place = place
        self._trip = trip
        self._route = route
        self.score = 0.0

    def harms(self) -> Iterator[str]:
        """Everything that is not as it should be."""
        words = self._bait.words(student_id(STUDENT, self._route))
        path = hand_in(self._attack, self._trip.assignment, words, self._place)
        _forget_peak()
        open_files, threads, memory = _open_files(), threading.active_count(), _peak_memory()
        try:
            arrival = self._sent(path)
        except NoResultError as error:
            yield str(error)
            return
        grown = (_peak_memory() - memory) / MIB
        self.score = arrival.report.score
        yield from harms_seen(self._attack, arrival, self._trip.limits, self._bait)
        yield from self._second(arrival.report, words)
        yield from self._bait.traces()
        if self._route is not SubmissionRoute.DIRECT:
            return  # the judge was another process
        if grown > self._attack.expect.judge_mib:
            yield f"the judge has grown by {grown:.0f} MiB"
        if _open_files() > open_files:
            yield f"the judge has {_open_files() - open_files} more open files"
        if threading.active_count() > threads:
            yield f"the judge has {threading.active_count() - threads} more threads"

    def _sent(self, path: Path) -> Arrival:
        with tempfile.TemporaryDirectory(dir=self._place.parent) as folder:
            return send(self._route, path, dataclasses.replace(self._trip, place=Path(folder)))

    def _second(self, first: Report, words: Mapping[str, str]) -> Iterator[str]:
        if self._attack.second:
            words = {**words, "@TOLD@": _told(first).encode().hex()}
            path = hand_in_second(self._attack, self._trip.assignment, words, self._place)
            yield from second_harms(self._attack, self._sent(path).report)


def student_id(name: str, route: SubmissionRoute) -> str:
    """Who hands in, as the grader knows it.

    >>> student_id("ada", SubmissionRoute.GRADESCOPE)
    'ada@example.edu'
    """
    return EMAIL.format(name) if route is SubmissionRoute.GRADESCOPE else name


def harms_seen(attack: Attack, arrival: Arrival, limits: Limits, bait: Bait) -> Iterator[str]:
    """What is wrong with what came back from an attack: marks, secrets, markup."""
    report, problems = arrival.report, arrival.problems
    yield from _marks(attack, report, problems)
    if report.seconds > limits.total_seconds + SLACK:
        yield f"grading took {report.seconds:.0f} s of {limits.total_seconds:g} s"
    yield from arrival.odd
    yield from bait.secrets_in(f"{report.to_json().decode()} {problems} {arrival.shown}")
    page = student_page(report, title="", problems=problems) + arrival.shown
    if f"<b id={bait.token}>" in page:
        yield "markup of the student's is part of the page with the results"


def second_harms(attack: Attack, report: Report) -> Iterator[str]:
    """What the submission graded next found, or whether it still has its marks."""
    if attack.second == HONEST:
        if report.checks[0].status is not Status.PASSED:
            yield f"the honest student after it lost points: {_shortly(report)}"
    elif CLEAN not in report.checks[0].rationale:
        yield f"its friend found something: {_shortly(report)}"


def _marks(attack: Attack, report: Report, problems: Sequence[str]) -> Iterator[str]:
    expect = attack.expect
    told = _told(report)
    if report.score != expect.score:
        yield f"it has {report.score:g} points, and {expect.score:g} are deserved"
    if attack.base == "release":
        odd = {result.status for result in report.checks} - {*expect.statuses}
        if odd - {Status.PASSED} or (odd and not expect.score):
            yield f"there are checks with the status {', '.join(sorted(odd))}"
    elif report.failed_to_grade:
        yield "there are checks with the status error"
    for result in report.checks:
        if result.id in expect.lost and result.status is Status.PASSED:
            yield f"the check {result.id} passed"
    for text in (*expect.says, *([CLEAN] if attack.collects else [])):
        if not any(part in told for part in text.split("|")):
            yield f"nobody is told {text!r}, but: {_shortly(report)}"
    for text in expect.never:
        if text in told:
            yield f"somebody is told {text!r}: {_shortly(report)}"
    for text in expect.problems:
        if text not in " ".join(problems):
            yield f"no remark on the files says {text!r}, but: {problems}"


def limits_of(attack: Attack) -> Limits:
    """The limits that an attack is tried at, its own over those of all."""
    own = {name: int(n) if float(n).is_integer() and "seconds" not in name else n
           for name, n in attack.limits.items()}  # fmt: skip
    return replace(LIMITS, **own)


def _told(report: Report) -> str:
    return " ".join(f"{result.rationale} {result.help}" for result in report.checks)


def _shortly(report: Report) -> str:
    said = [result.rationale for result in report.checks if result.rationale]
    return " / ".join(said)[:300]


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _forget_peak() -> None:
    """Let the kernel forget this process's peak of memory."""
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def _peak_memory() -> int:
    """The largest amount of memory that this process has had since it was last forgotten."""
    with open("/proc/self/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return int(fields["VmHWM"].split()[0]) << 10
