"""After a regrade: whose marks changed, by how much, and because of which checks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.assignment import Assignment
from autograder.files import write_atomically
from autograder.results import MARKS, CheckResult, Report
from autograder.submission import Roster
from autograder.tables import harmless

from .compute import ClassMarks, class_marks
from .mark import Mark
from .results import marks_path
from .sentences import points, signed_points
from .sheet import MarksError, Sheet

CHANGES = "changes.csv"
COLUMNS = ("when", "student", "before", "after", "change", "checks")
SMALL = 1e-6  # of points, below which nothing has changed

HEAD = "Marks that this grading changed: {count} of {total}. All are kept in {path}."
LINE = "  {student}: {before} → {after} ({change}): {checks}"
STAYS = "  {student}: stays {after}: {checks}"
MORE = "  … and {count} more."
DECIDED = "{id} {before} → {after}, but a person has decided on {points} (line {line} of {file})"
NOT_USED = "Changes are listed without the decisions of people, for {reason}"
_SHOWN, _CHECKS = 20, 4


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The marks and results of one moment; `notice` says why decisions could not be used."""

    marks: ClassMarks
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class MarkChange:
    """One student's mark before and after; `checks` says in words what has changed."""

    student: str
    before: float
    after: float
    checks: tuple[str, ...]

    @property
    def moved(self) -> bool:
        """Whether the mark itself has changed, and not only results that a person overrules."""
        return abs(self.after - self.before) > SMALL


def kept_results(assignment: Assignment, out: Path, *, roster: Roster | None = None) -> Snapshot:
    """The marks as they are now, to be compared with those after grading.

    A row of ``marks.csv`` that is wrong stops no grading; the automatic results are compared then.

    Raises
    ------
    CourseError : ``[late]`` in ``course.toml`` is wrong.
    """
    try:
        return Snapshot(marks=class_marks(assignment, out, roster=roster))
    except MarksError as error:
        sheet = Sheet(path=marks_path(out, assignment.slug))
        notice = NOT_USED.format(reason=str(error).partition("\n")[0])
        return Snapshot(
            marks=class_marks(assignment, out, roster=roster, sheet=sheet), notice=notice
        )


def changes_since(before: Snapshot, after: Snapshot) -> tuple[MarkChange, ...]:
    """Everyone who had a mark and has another one now, or has other results under it."""
    earlier = before.marks.by_student
    changes = (
        _change(earlier[mark.student], mark, before.marks, after.marks)
        for mark in after.marks.marks
        if mark.student in earlier
    )
    return tuple(change for change in changes if change is not None)


def written_changes(
    changes: Sequence[MarkChange], out: Path, slug: str, *, total: int, now: datetime
) -> Iterator[str]:
    """Keep the changes beside the results, after those of earlier gradings, and say them.

    Raises
    ------
    OSError : they cannot be written; the earlier ones are still there.
    """
    if not changes:
        return
    path = out / slug / CHANGES
    before = path.read_bytes() if path.is_file() else _rows([COLUMNS])
    stamp = now.isoformat(" ", "seconds")
    rows = [
        (stamp, harmless(one.student), points(one.before), points(one.after),
         points(one.after - one.before), harmless("; ".join(one.checks)))
        for one in changes
    ]  # fmt: skip
    write_atomically(path, before + _rows(rows))
    moved = sum(one.moved for one in changes)
    yield HEAD.format(count=moved, total=total, path=path)
    for one in changes[:_SHOWN]:
        yield _line(one)
    if len(changes) > _SHOWN:
        yield MORE.format(count=len(changes) - _SHOWN)


def _line(change: MarkChange) -> str:
    """One change; of many checks the first few, for the file has them all."""
    checks = "; ".join(change.checks[:_CHECKS])
    if len(change.checks) > _CHECKS:
        checks += f"; and {len(change.checks) - _CHECKS} more"
    if not change.moved:
        return STAYS.format(student=change.student, after=points(change.after), checks=checks)
    return LINE.format(
        student=change.student,
        before=points(change.before),
        after=points(change.after),
        change=signed_points(change.after - change.before),
        checks=checks,
    )


def _change(earlier: Mark, later: Mark, before: ClassMarks, after: ClassMarks) -> MarkChange | None:
    old, new = before.reports.get(earlier.result), after.reports.get(later.result)
    if old is None or new is None or earlier.so_far is None or later.so_far is None:
        return None
    checks = tuple(_checks(old, new, later))
    if not checks and abs(earlier.so_far - later.so_far) <= SMALL:
        return None
    said = checks or ("no check: see the late days and the rows of marks.csv",)
    return MarkChange(student=later.student, before=earlier.so_far, after=later.so_far, checks=said)


def _checks(old: Report, new: Report, mark: Mark) -> Iterator[str]:
    """Every check that gives other points than before, or is open only now or only before."""
    results = {one.id: one for one in old.checks}
    decided = {part.id: part.decision for part in mark.parts if part.decision}
    for id in dict.fromkeys([*results, *(one.id for one in new.checks)]):
        was, now = results.get(id), next((one for one in new.checks if one.id == id), None)
        if not _differ(was, now):
            continue
        decision = decided.get(id)
        if decision is not None and decision.points is not None:
            yield DECIDED.format(
                id=id,
                before=_score(was),
                after=_score(now),
                points=points(decision.points),
                line=decision.line,
                file=MARKS,
            )
        else:
            yield f"{id} {_score(was)} → {_score(now)}{_statuses(was, now)}"


def _differ(was: CheckResult | None, now: CheckResult | None) -> bool:
    if was is None or now is None:
        return was is not now
    return abs(was.score - now.score) > SMALL or was.max_score != now.max_score


def _score(result: CheckResult | None) -> str:
    return "none" if result is None else points(result.score)


def _statuses(was: CheckResult | None, now: CheckResult | None) -> str:
    if was is None or now is None or was.status is now.status:
        return ""
    return f" ({was.status} → {now.status})"


def _rows(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")
