"""A class as the plain data that its page shows, sorts and filters. Writes no page."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from autograder.printable import printable
from autograder.results import CheckResult, ManualPart, Report, Status
from autograder.submission import file_stem

from .item_analysis import Item, item_analysis
from .mistakes import mistakes
from .wording import NO_MARKS, NO_NOTES, NO_PROBLEMS, Marks, Notes, Problems, number, verdict

BINS = 11  # of a tenth each; the last one is for all points, and more with extra credit
SLOWEST = 10
FREQUENT = 25  # mistakes shown at once; the others, and those of a single student, are folded
NO_ITEM = Item(students=0, difficulty=None, discrimination=None)


class Ending(StrEnum):
    """How a check ended for a student, as a class is counted; the value is one letter of data."""

    RIGHT = "R"
    FOLLOWED = "F"  # with the course's part in the place of one that failed
    PARTIAL = "P"
    WRONG = "W"
    OPEN = "N"
    SKIPPED = "S"
    PERSON = "H"
    ERROR = "E"
    ABSENT = "."  # graded before there was such a check


_ENDINGS = {
    Status.PASSED: Ending.RIGHT,
    Status.PARTIAL: Ending.PARTIAL,
    Status.FAILED: Ending.WRONG,
    Status.NOT_ATTEMPTED: Ending.OPEN,
    Status.SKIPPED: Ending.SKIPPED,
    Status.PERSON: Ending.PERSON,
    Status.ERROR: Ending.ERROR,
}


@dataclass(frozen=True, kw_only=True)
class StudentGroup:
    """Students who have something in common: their places in the class, and a word about each."""

    title: str
    check: str
    members: tuple[tuple[int, str], ...]
    number: int


@dataclass(frozen=True, kw_only=True)
class CheckOfClass:
    """What a class did at one check."""

    result: CheckResult
    counts: Counter[Ending]
    item: Item
    median_seconds: float
    slowest_seconds: float


@dataclass(frozen=True, kw_only=True)
class Slow:
    """A check that took a student long, and how long."""

    report: Report
    result: CheckResult


def ending(result: CheckResult | None) -> Ending:
    """How a check ended for a student; `ABSENT` without a result."""
    if result is None:
        return Ending.ABSENT
    right = result.status is Status.PASSED and bool(result.followed)
    return Ending.FOLLOWED if right else _ENDINGS[result.status]


class ClassData:
    """Everything that is counted over a class.

    Parameters
    ----------
    reports : of one assignment, one of each student.
    problems, notes : sentences about each student's files; what was known of a student beforehand.
    marks : the points that count where people have decided, and what they have decided.
    """

    def __init__(
        self,
        reports: Sequence[Report],
        *,
        problems: Problems = NO_PROBLEMS,
        notes: Notes = NO_NOTES,
        marks: Marks = NO_MARKS,
    ) -> None:
        self.reports = reports
        self._problems = problems
        self._notes = notes
        self.marks = marks
        self._results = [{result.id: result for result in report.checks} for report in reports]
        self._groups: list[StudentGroup] = []

    @cached_property
    def shares(self) -> list[float]:
        """Of each student who could have points, the share of them."""
        return [report.score / report.max_score for report in self.reports if report.max_score]

    @property
    def mean(self) -> float:
        """The mean share of the points."""
        return statistics.mean(self.shares) if self.shares else 0.0

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """The shares that a quarter, half and three quarters of the class do not exceed."""
        if len(self.shares) < 2:
            return (self.mean,) * 3
        low, middle, high = statistics.quantiles(self.shares, method="inclusive")
        return low, middle, high

    @cached_property
    def histogram(self) -> list[int]:
        """How many students have each tenth of the points, and how many all of them."""
        counted = Counter(bin_of(share) for share in self.shares)
        return [counted[bar] for bar in range(BINS)]

    @cached_property
    def checks(self) -> list[CheckOfClass]:
        """Every check that somebody was graded with, in its order."""
        items = item_analysis(self.reports)
        return [self._check(result, items) for result in self._kinds.values()]

    @cached_property
    def _kinds(self) -> dict[str, CheckResult]:
        kinds: dict[str, CheckResult] = {}
        for results in self._results:
            for id, result in results.items():
                kinds.setdefault(id, result)
        return kinds

    def _check(self, one: CheckResult, items: dict[str, Item]) -> CheckOfClass:
        of_all = [results.get(one.id) for results in self._results]
        seconds = [result.seconds for result in of_all if result is not None]
        return CheckOfClass(
            result=one,
            counts=Counter(map(ending, of_all)),
            item=items.get(one.id, NO_ITEM),
            median_seconds=statistics.median(seconds),
            slowest_seconds=max(seconds),
        )

    @cached_property
    def mistakes(self) -> list[StudentGroup]:
        """Which mistakes were made, the most frequent first."""
        return [
            self._group(found.text, ((place, "") for place in found.students), found.check)
            for found in mistakes(self.reports)
        ]

    @cached_property
    def waiting(self) -> list[StudentGroup]:
        """What a person has to do: failures of ours, checks to decide, doubtful files, texts."""
        groups = [*self._undecided(Status.ERROR), *self._undecided(Status.PERSON)]
        doubtful = [(place, " ".join(report.warnings)) for place, report in enumerate(self.reports)
                    if report.warnings]  # fmt: skip
        if doubtful:
            groups.append(self._group("Files that may be somebody else's", doubtful))
        for id, answers in self._answers().items():
            members = [(place, suggestion(part)) for place, part in answers]
            groups.append(self._group("An answer in words, marked by a person", members, id))
        return groups

    def _undecided(self, status: Status) -> list[StudentGroup]:
        said = {Status.ERROR: "The grader itself failed", Status.PERSON: "A person decides"}
        found: dict[str, list[tuple[int, str]]] = {}
        for place, report in enumerate(self.reports):
            for result in report.checks:
                if result.status is status:
                    found.setdefault(result.id, []).append((place, result.rationale))
        return [self._group(said[status], members, id) for id, members in found.items()]

    def _answers(self) -> dict[str, list[tuple[int, ManualPart]]]:
        found: dict[str, list[tuple[int, ManualPart]]] = {}
        for place, report in enumerate(self.reports):
            for part in report.manual:
                if part.answered:
                    found.setdefault(part.id, []).append((place, part))
        return found

    def _group(
        self, title: str, members: Iterable[tuple[int, str]], check: str = ""
    ) -> StudentGroup:
        group = StudentGroup(
            title=title, check=check, members=tuple(members), number=len(self._groups)
        )
        self._groups.append(group)
        return group

    @cached_property
    def slowest(self) -> list[Slow]:
        """The checks that took longest, over all students."""
        pairs = [Slow(report=report, result=result)
                 for report in self.reports for result in report.checks]  # fmt: skip
        pairs.sort(key=lambda pair: -pair.result.seconds)
        return [pair for pair in pairs[:SLOWEST] if pair.result.seconds >= 0.1]

    def data(self) -> dict[str, object]:
        """What the page's script reads: checks, students, and the groups of students."""
        groups = [*self.mistakes, *self.waiting]
        groups.sort(key=lambda group: group.number)
        return {
            "checks": list(self._kinds),
            "students": [self._student(place) for place in range(len(self.reports))],
            "groups": [
                [[place, printable(text)] if text else [place] for place, text in group.members]
                for group in groups
            ],
        }

    def _student(self, place: int) -> dict[str, object]:
        report, results = self.reports[place], self._results[place]
        student = {
            "name": printable(report.student, keep=""),
            "page": f"{file_stem(report.student)}.html",
            "score": round(report.score, 4),
            "most": round(report.max_score, 4),
            "seconds": round(report.seconds, 1),
            "ends": "".join(ending(results.get(id)) for id in self._kinds),
            "found": printable(verdict(report)),
        }
        mark, decided = self.marks.get(report.student, (None, ()))
        problems = self._problems.get(report.student, ())
        said = [printable(sentence) for sentence in (*decided, *problems)]
        note = self._notes.get(report.student, "")
        extra: dict[str, object] = {"said": said} if said else {}
        extra |= {"note": printable(note)} if note else {}
        extra |= {} if mark is None else {"mark": round(mark, 4)}
        extra |= {} if report.is_final else {"open": True}
        return student | extra


def suggestion(part: ManualPart) -> str:
    """What is suggested for an answer in few words; the reasons are on the student's page.

    >>> suggestion(ManualPart(id="why", max_points=3, answered=True, suggested=2))
    'Suggested 2 of 3'
    """
    if part.suggested is None:
        return part.summary
    return f"Suggested {number(part.suggested)} of {number(part.max_points)}"


def bin_of(share: float) -> int:
    """The bar of the histogram for a share of the points.

    >>> bin_of(0.0), bin_of(0.3), bin_of(0.999), bin_of(1.0), bin_of(1.2)
    (0, 3, 9, 10, 10)
    """
    return min(int(share * (BINS - 1) + 1e-9), BINS - 1)
