"""One attack against one level: hand it in, grade it as a class is graded, look for harm."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files
from autograder.course import Course
from autograder.grading import grade_submission
from autograder.grading.diagnosis import start_diagnosing
from autograder.reports import student_page
from autograder.results import Report, Status
from autograder.sandbox.levels import make_ready
from autograder.sandbox.limits import MIB, Limits
from autograder.submission import Submission, find_submissions

from .bait import Bait
from .corpus import Attack
from .handing_in import HONEST, hand_in, hand_in_second

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
    end: AttackEnd
    harms: tuple[str, ...] = ()
    score: float = 0.0
    seconds: float = 0.0
    expected: bool = True

    def __str__(self) -> str:
        mark = "ok    " if self.expected else "BROKEN"
        lines = "".join(f"\n       {harm}" for harm in self.harms)
        return f"{mark} {self.family} {self.attack} at {self.level}: {self.end}{lines}"


def try_attack(attack: Attack, assignment: Assignment, *, level: str) -> AttackTrial:
    """Run one attack. At the level `process` only one that is marked harmless is run.

    An attack is expected to be held, except at the levels which `open_at` names.

    Raises
    ------
    UnknownLevelError, UnavailableLevelError, NotBuiltError : before anything is run.
    """
    if level == UNCONTAINED and not attack.harmless:
        return _trial(attack, level, AttackEnd.NOT_TRIED)
    _warm(assignment.course, assignment.slug, level)
    make_ready(level)  # its open files are none that the attack has left
    start_diagnosing()  # likewise
    begun = time.monotonic()
    with (
        Bait(assignment, beside=attack.beside) as bait,
        tempfile.TemporaryDirectory(prefix="attack-") as place,
    ):
        graded = _Graded(attack, assignment, level, bait, Path(place))
        harms = tuple(graded.harms())
    seconds = round(time.monotonic() - begun, 2)
    end = AttackEnd.GOT_THROUGH if harms else AttackEnd.HELD
    return _trial(attack, level, end, harms=harms, score=graded.score, seconds=seconds)


@cache
def _warm(course: Course, slug: str, level: str) -> None:
    """Grade right and wrong answers once, so that what is opened for all submissions is open."""
    assignment = load_assignment(slug, course)
    files = reference_files(assignment)
    grade_submission(
        assignment, Submission(student="first", files=files), level=level, limits=LIMITS
    )
    wrong = {**files, "nn/layers.py": files["nn/layers.py"] + WRONG}
    grade_submission(
        assignment, Submission(student="next", files=wrong), level=level, limits=LIMITS
    )


def _trial(
    attack: Attack,
    level: str,
    end: AttackEnd,
    *,
    harms: tuple[str, ...] = (),
    score: float = 0.0,
    seconds: float = 0.0,
) -> AttackTrial:
    return AttackTrial(
        attack=attack.name,
        family=attack.family,
        level=level,
        end=end,
        harms=harms,
        score=score,
        seconds=seconds,
        expected=end is not AttackEnd.GOT_THROUGH or level in attack.open_at,
    )


class _Graded:
    """An attack that is being graded, once; its marks are asked for and its traces looked for."""

    def __init__(
        self, attack: Attack, assignment: Assignment, level: str, bait: Bait, place: Path
    ) -> None:
        self._attack = attack
        self._assignment = assignment
        self._level = level
        self._bait = bait
        self._place = place
        self._limits = msgspec.structs.replace(LIMITS, **_whole(attack.limits))
        self.score = 0.0

    def harms(self) -> Iterator[str]:
        """Everything that is not as it should be."""
        path = hand_in(self._attack, self._assignment, self._bait.words(), self._place)
        _forget_peak()
        open_files, threads, memory = _open_files(), threading.active_count(), _peak_memory()
        submission, report = self._grade(path)
        grown = (_peak_memory() - memory) / MIB
        self.score = report.score
        yield from self._marks(report, submission)
        yield from self._second(report)
        page = student_page(report, title="", problems=submission.problems)
        told = f"{report.to_json().decode()} {submission.problems}"
        yield from self._bait.harms(told)
        if f"<b id={self._bait.token}>" in page:
            yield "markup of the student's is part of the page with the results"
        if grown > self._attack.expect.judge_mib:
            yield f"the judge has grown by {grown:.0f} MiB"
        if _open_files() > open_files:
            yield f"the judge has {_open_files() - open_files} more open files"
        if threading.active_count() > threads:
            yield f"the judge has {threading.active_count() - threads} more threads"

    def _grade(self, path: Path) -> tuple[Submission, Report]:
        found = find_submissions(path, self._assignment)
        report = grade_submission(
            self._assignment, found[0], level=self._level, seed=SEED, limits=self._limits
        )
        return found[0], report

    def _marks(self, report: Report, submission: Submission) -> Iterator[str]:
        expect = self._attack.expect
        told = _told(report)
        if report.score != expect.score:
            yield f"it has {report.score:g} points, and {expect.score:g} are deserved"
        if self._attack.base == "release":
            odd = {result.status for result in report.checks} - {*expect.statuses}
            if odd - {Status.PASSED} or (odd and not expect.score):
                yield f"there are checks with the status {', '.join(sorted(odd))}"
        elif report.failed_to_grade:
            yield "there are checks with the status error"
        for result in report.checks:
            if result.id in expect.lost and result.status is Status.PASSED:
                yield f"the check {result.id} passed"
        for text in (*expect.says, *([CLEAN] if self._attack.collects else [])):
            if not any(part in told for part in text.split("|")):
                yield f"nobody is told {text!r}, but: {_shortly(report)}"
        for text in expect.never:
            if text in told:
                yield f"somebody is told {text!r}: {_shortly(report)}"
        for text in expect.problems:
            if text not in " ".join(submission.problems):
                yield f"no remark on the files says {text!r}, but: {submission.problems}"
        if report.seconds > self._limits.total_seconds + SLACK:
            yield f"grading took {report.seconds:.0f} s of {self._limits.total_seconds:g} s"

    def _second(self, first: Report) -> Iterator[str]:
        """What the submission graded next finds, or whether it still has its marks."""
        if not self._attack.second:
            return
        words = {**self._bait.words(), "@TOLD@": _told(first).encode().hex()}
        _, report = self._grade(hand_in_second(self._attack, self._assignment, words, self._place))
        if self._attack.second == HONEST:
            if report.checks[0].status is not Status.PASSED:
                yield f"the honest student after it lost points: {_shortly(report)}"
        elif CLEAN not in report.checks[0].rationale:
            yield f"its friend found something: {_shortly(report)}"


def _whole(limits: dict[str, float]) -> dict[str, float]:
    """TOML's numbers with those that count something as whole ones."""
    return {name: int(n) if float(n).is_integer() and "seconds" not in name else n
            for name, n in limits.items()}  # fmt: skip


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
