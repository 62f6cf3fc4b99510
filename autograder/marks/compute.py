"""Results and decisions become marks: of every student, each part counts once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from autograder.assignment import Assignment, Part, load_assignment, parts_of
from autograder.results import CheckResult, Report, Status
from autograder.submission import Roster, folder_alias
from autograder.submission.when import is_marked_late, time_in

from .decisions import DUE, LATE, SUBMITTED, Decided, Decision, read_decisions
from .late import IN_TIME, Lateness, LatePolicy, late_policy, lateness
from .mark import Mark, PartMark
from .people import People, people_of
from .results import graded_slugs, marks_path, read_results
from .sheet import MarksError, Sheet, read_sheet

Formgrader = Mapping[str, Mapping[str, float]]

NOTHING = Decided()
NOT_IN_FORMGRADER: Formgrader = MappingProxyType({})
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class ClassMarks:
    """The marks of a class for one assignment.

    Attributes
    ----------
    marks : in the order of the roster, else by name.
    most : part -> its points.
    left_out : a sentence for each file that is no result of the grader's.
    """

    slug: str
    title: str
    marks: tuple[Mark, ...]
    most: Mapping[str, float]
    people: People
    policy: LatePolicy
    reports: Mapping[str, Report] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def by_student(self) -> dict[str, Mark]:
        """Every mark by the student's id."""
        return {mark.student: mark for mark in self.marks}


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is known of one assignment before anything is added up."""

    parts: Mapping[str, Part]
    people: People
    reports: Mapping[str, Report]
    decided: Mapping[str, Decided]
    left_out: tuple[str, ...]

    def report(self, student: str) -> Report | None:
        return self.reports.get(self.people.result_of.get(student, ""))

    def of(self, student: str) -> Decided:
        return self.decided.get(student, NOTHING)

    def word(self, student: str, word: str) -> Decision | None:
        """The row about late days or dates, unless a part happens to be called so."""
        return None if word in self.parts else self.of(student).counts.get(word)


def class_marks(
    assignment: Assignment,
    out: Path,
    *,
    roster: Roster | None = None,
    sheet: Sheet | None = None,
    formgrader: Formgrader = NOT_IN_FORMGRADER,
) -> ClassMarks:
    """The marks of everyone who has a result, is on the roster, or both.

    Parameters
    ----------
    out : the folder of results.
    sheet : the decisions, where they are to be others than those in the folder.
    formgrader : result -> part -> points that a person has given in nbgrader's formgrader.

    Raises
    ------
    MarksError : a row of ``marks.csv`` is wrong.
    CourseError : ``[late]`` is wrong.
    """
    policy = late_policy(assignment.course)
    graded = _graded(assignment, out, roster, sheet)
    before = list(_graded_before(assignment, out, roster, policy))
    marks = tuple(
        _mark(
            student,
            graded,
            _lateness(student, assignment.slug, graded, policy, before),
            _held(formgrader, graded.people.result_of.get(student, student)),
        )
        for student in graded.people.all
    )
    return ClassMarks(
        slug=assignment.slug,
        title=assignment.title,
        marks=marks,
        most={id: part.points for id, part in graded.parts.items()},
        people=graded.people,
        policy=policy,
        reports=graded.reports,
        left_out=graded.left_out,
    )


def _held(formgrader: Formgrader, result: str) -> Mapping[str, float]:
    """What a person has given: nbgrader may know the student by the name of a folder."""
    return formgrader.get(result) or formgrader.get(folder_alias(result), {})


def _graded(
    assignment: Assignment, out: Path, roster: Roster | None, sheet: Sheet | None = None
) -> _Known:
    slug = assignment.slug
    results = read_results(out, slug)
    parts = {part.id: part for part in parts_of(assignment)}
    for report in results.reports.values():
        for one in report.checks:  # of a release that has been changed since
            parts.setdefault(one.id, Part(id=one.id, points=one.max_score, bonus=one.bonus))
    people = people_of(results.reports, roster)
    most = {id: part.points for id, part in parts.items()}
    sheet = sheet or read_sheet(marks_path(out, slug))
    try:
        decided = read_decisions(sheet, slug=slug, most=most, people=people)
    except MarksError as error:  # a student may be unknown because the result is left out
        raise MarksError("\n".join([str(error), *results.left_out[:_SHOWN]])) from error
    return _Known(
        parts=parts,
        people=people,
        reports=results.reports,
        decided=decided,
        left_out=results.left_out,
    )


def _graded_before(
    assignment: Assignment, out: Path, roster: Roster | None, policy: LatePolicy
) -> Iterator[tuple[str, _Known]]:
    """The assignments that were due before: on these free days may have been spent."""
    due = policy.due.get(assignment.slug)
    if not policy.free_days or due is None:
        return
    earlier = [
        slug
        for slug in graded_slugs(out)
        if slug in policy.due and slug != assignment.slug and (
            _sortable(policy.due[slug]), slug) < (_sortable(due), assignment.slug)
    ]  # fmt: skip
    for slug in sorted(earlier, key=lambda slug: (_sortable(policy.due[slug]), slug)):
        yield slug, _graded(load_assignment(slug, assignment.course), out, roster)


def _sortable(when: datetime) -> datetime:
    return when.replace(tzinfo=None)  # the order of assignments is one of days


def _lateness(
    student: str,
    slug: str,
    graded: _Known,
    policy: LatePolicy,
    before: Sequence[tuple[str, _Known]],
) -> Lateness:
    left = policy.free_days
    for other, earlier in before:
        days = _days(student, other, earlier, policy) or 0
        left -= lateness(policy, days, left=left).free
    if graded.report(student) is None:
        return IN_TIME
    return lateness(policy, _days(student, slug, graded, policy), left=left)


def _days(student: str, slug: str, graded: _Known, policy: LatePolicy) -> int | None:
    """How many days late; None where it is late and nobody knows how much."""
    stated = graded.word(student, LATE)
    if stated is not None and stated.points is not None:
        return int(stated.points)
    report = graded.report(student)
    facts = report.facts if report else ()
    extended, handed_in = graded.word(student, DUE), graded.word(student, SUBMITTED)
    due = (extended and extended.when) or policy.due.get(slug)
    when = (handed_in and handed_in.when) or time_in(facts)
    if due is None or (when is None and not is_marked_late(facts)):
        return 0
    return None if when is None else policy.days_late(when, due)


def _mark(student: str, graded: _Known, late: Lateness, held: Mapping[str, float]) -> Mark:
    report, decided = graded.report(student), graded.of(student)
    checks = {one.id: one for one in report.checks} if report else {}
    answered = {one.id: one.answered for one in report.manual} if report else {}
    parts = []
    for id, part in graded.parts.items():
        decision = decided.counts.get(id)
        if report and not part.manual and id not in checks and decision is None:
            continue  # the result is of a release that had no such check
        if report is None and (decision is None or decision.points is None):
            continue
        automatic = _automatic(checks.get(id))
        own = 0.0 if part.manual and not answered.get(id, True) else automatic
        in_formgrader = held.get(id) if report else None
        if in_formgrader is not None and (part.manual or decision is None):
            own = in_formgrader  # `auto` in marks.csv is the grader's own result
        given = decision.points if decision else None
        parts.append(
            PartMark(
                id=id,
                automatic=automatic,
                points=own if given is None else given,
                max_points=checks[id].max_score if id in checks else part.points,
                by_person=part.manual,
                bonus=part.bonus,
                formgrader=in_formgrader,
                decision=decision,
            )
        )
    return Mark(
        student=student,
        result=report.student if report else "",
        parts=tuple(parts),
        max_points=_max_points(parts, graded, handed_in=report is not None),
        decided=decided,
        lateness=late,
    )


def _max_points(parts: Sequence[PartMark], graded: _Known, *, handed_in: bool) -> float:
    if handed_in:
        return sum(part.max_points for part in parts if not part.bonus)
    return sum(part.points for part in graded.parts.values() if not part.bonus)


def _automatic(result: CheckResult | None) -> float | None:
    if result is None or result.status in (Status.ERROR, Status.PERSON):
        return None
    return result.score
