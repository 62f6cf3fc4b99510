"""What grading says: statuses, check results and reports, as plain data. Knows nothing of ours."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from autograder.exhibit import Exhibit

SCHEMA = 2
MARKS = "marks.csv"  # beside the results: what people have decided

STILL_OPEN = "is still to be written."  # how the finding ends of a part that was not attempted


class Status(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    NOT_ATTEMPTED = "not attempted"
    SKIPPED = "skipped"  # a check that this one needs failed, and nothing could stand in
    ERROR = "error"  # the grader's own fault, never the student's
    PERSON = "for a person"  # nothing is wrong with the grader; it cannot tell right from wrong


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one check: what happened (`rationale`) apart from where to look (`help`).

    A check with `bonus` is extra credit: its score counts in the report's, its `max_score` does
    not. `key` is a digest of everything that the outcome depends on; empty where it is not known.
    `followed` are the failed checks whose parts the course's own stood in for. `usable` says of a
    failed check that its values are right all the same. `exhibit` is what a page shows of a check
    that failed, `accuracy` what one that passed has measured; results without them are written as
    they were before there were any.
    """

    id: str
    name: str
    status: Status
    score: float
    max_score: float
    rationale: str = ""
    help: str = ""
    seconds: float = 0.0
    bonus: bool = False
    followed: tuple[str, ...] = ()
    usable: bool = False
    key: str = ""
    exhibit: Exhibit | msgspec.UnsetType = msgspec.UNSET
    accuracy: float | msgspec.UnsetType = msgspec.UNSET


class RubricLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a person looks for in a free text, and whether something of it was found there.

    `found` is None where only a person can tell; `because` quotes what was found.
    """

    text: str
    points: float
    found: bool | None
    because: str = ""


class ManualPart(msgspec.Struct, frozen=True, kw_only=True):
    """A cell that a person marks. `suggested` points are never part of a score.

    `suggested` is None where nothing can be suggested; `summary` says in one sentence why. `beside`
    is True where the answer stands in a cell beside its own.
    """

    id: str
    max_points: float
    answered: bool
    beside: bool = False
    suggested: float | None = None
    summary: str = ""
    lines: tuple[RubricLine, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known about one graded submission; its JSON is the public result format.

    `manual` are the cells left to a person; neither `score` nor `max_score` knows of them.
    `seed` is what `--seed` takes to repeat it: a number, or hexadecimal digits after ``0x``.
    `problems` are files that could not be used where the code ran, a sentence each.
    `notes` are what was done about the files as they were handed in, a sentence each.
    `place` is where the files were found, `facts` what a platform has said about them, `warnings`
    what an instructor should look at because the files may be somebody else's.
    `memory` is how memory was bounded: by the kernel (`cgroup`), or `watched` ten times a second.
    `signature` shows that nobody has changed the file since the grader wrote it.
    `key` is a digest of everything that the report depends on; empty where it is not known.
    """

    schema: int = SCHEMA
    assignment: str
    student: str
    score: float
    max_score: float
    sandbox: str
    memory: str = ""
    seed: int | str
    seconds: float
    checks: tuple[CheckResult, ...]
    manual: tuple[ManualPart, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    place: str = ""
    facts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    key: str = ""
    signature: str = ""

    @property
    def extra(self) -> float:
        """The points of extra credit in the score."""
        return sum(result.score for result in self.checks if result.bonus)

    @property
    def failed_to_grade(self) -> bool:
        """Whether the grader itself failed somewhere, so that the score is not final."""
        return any(result.status is Status.ERROR for result in self.checks)

    @property
    def is_final(self) -> bool:
        """Whether every check is decided; what is left to a person counts 0 until then."""
        undecided = {Status.ERROR, Status.PERSON}
        return not any(result.status in undecided for result in self.checks)

    def to_json(self) -> bytes:
        """The report as indented UTF-8 JSON with a final newline.

        >>> report = Report(assignment="a", student="s", score=0, max_score=0,
        ...                 sandbox="bubblewrap", seed=0, seconds=0, checks=())
        >>> Report.from_json(report.to_json()) == report
        True
        """
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"

    @classmethod
    def from_json(cls, data: bytes) -> Report:
        """Read what `to_json` wrote; raises `msgspec.ValidationError` for anything else."""
        return msgspec.json.decode(data, type=cls)
