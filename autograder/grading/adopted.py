"""Grades a submission of an adopted assignment: each notebook's cells in order, both ways at need.

What a student reads comes from a process that has seen no hidden test, for a solution can say in an
exception what it was called with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from autograder.adopt.gathering import course_of
from autograder.adopt.handed_out import visible_only
from autograder.adopt.reading import read_source, steps_of, unwritten
from autograder.adopt.running import NotebookRun, Outcomes
from autograder.adopt.source import CellKind, SourceNotebook, Step
from autograder.adopt.twins import passing_anyway
from autograder.adopted import AdoptedCell, AdoptedRecord, Route
from autograder.judging.check import Check
from autograder.results import STILL_OPEN, CheckResult, Status
from autograder.sandbox.adopted.cell import HIDDEN, hidden_lines
from autograder.sandbox.adopted.messages import Verdict
from autograder.sandbox.session import SandboxError
from autograder.submission import Submission

from .failures import failure_of
from .loading import read_adopted
from .outcomes import clean, failed_because
from .runs import GradingCase

NO_NOTEBOOK = "There is no `{path}` in the submission."
NOT_WRITTEN = f"The solution {STILL_OPEN}"
INSIDE = "The test cell raised {error}."
FORGED = (
    "A person has to look at this: the test cell passes, and it also passes where nothing can. The"
    " submission may have replaced what the test relies on."
)
_NOT_LOADED = (".ipynb", ".zip", ".pyc", ".so")


class AdoptedGrader:
    """Decides the test cells of one submission."""

    def __init__(self, case: GradingCase, checks: Mapping[str, Check]) -> None:
        assert case.assignment.adopted is not None
        self._case = case
        self._checks = checks
        self._record: AdoptedRecord = case.assignment.adopted
        self._files = read_adopted(case.assignment)
        self.unwritten: Sequence[str] = ()

    def grade(self, known: Mapping[str, CheckResult]) -> list[CheckResult]:
        """The results in the order of the cells; they hold together, so all are known or none."""
        if all(cell.id in known for cell in self._record.cells):
            return [known[cell.id] for cell in self._record.cells]
        results: dict[str, CheckResult] = {}
        for path in self._record.notebooks:
            results |= self._notebook(path)
        return [results[cell.id] for cell in self._record.cells]

    def _notebook(self, path: str) -> dict[str, CheckResult]:
        name = path.removesuffix(".ipynb")
        cells = [cell for cell in self._record.cells if cell.notebook == name]
        data = self._case.submission.files.get(path)
        if data is None:
            said = self._case.submission.unread.get(path) or NO_NOTEBOOK.format(path=path)
            return {cell.id: self._result(cell, Status.NOT_ATTEMPTED, said) for cell in cells}
        try:
            source = read_source(name, self._files[path], self._files)
            return self._graded(source, data, cells) if cells else {}
        except SandboxError as error:
            failed = self._case.failed
            failed(failure_of(error, self._case.assignment, student=self._case.student))
            said = clean(failed_because(error))
            return {cell.id: self._result(cell, Status.ERROR, said) for cell in cells}

    def _graded(
        self, source: SourceNotebook, data: bytes, cells: Sequence[AdoptedCell]
    ) -> dict[str, CheckResult]:
        run = self._run(source, data, cells)
        inside = frozenset(cell.id for cell in cells if cell.route is Route.INSIDE)
        outside = frozenset(cell.id for cell in cells) - inside
        found: dict[str, Verdict] = {}
        seconds: dict[str, float] = {}
        forged: frozenset[str] = frozenset()
        if outside:
            outcomes = replace(run, skipped=inside).outside()
            found |= self._worded(replace(run, skipped=inside), outcomes)
            seconds |= outcomes.seconds
        if inside:
            left_out = frozenset() if source.name in self._record.whole else outside
            alone = replace(run, skipped=left_out)
            outcomes = alone.inside()
            found |= {id: _bare(outcomes.tests[id]) for id in inside}
            watched = {cell.id: cell.watched for cell in cells if cell.watched}
            watched = {id: numbers for id, numbers in watched.items() if found[id].passed}
            forged = passing_anyway(alone, watched)
            seconds |= {id: outcomes.seconds.get(id, 0.0) for id in inside}
        stubs = unwritten(source, data)
        results = {
            cell.id: self._of(cell, found[cell.id], seconds, is_stub=cell.id in stubs)
            for cell in cells
        }
        return results | {
            cell.id: self._result(cell, Status.PERSON, FORGED)
            for cell in cells
            if cell.id in forged
        }

    def _run(
        self, source: SourceNotebook, data: bytes, cells: Sequence[AdoptedCell]
    ) -> NotebookRun:
        case = self._case
        course = course_of(self._files, case.assignment.course.hidden, source)
        seconds = self._record.seconds.get(source.name, course.seconds)
        return NotebookRun(
            course=replace(course, seconds=seconds),
            level=case.level,
            limits=case.limits,
            steps=steps_of(source, data),
            end=case.end,
            extra=files_beside(case.submission),
            allowed={cell.id: cell.used for cell in cells},
        )

    def _worded(self, run: NotebookRun, outcomes: Outcomes) -> dict[str, Verdict]:
        """The verdicts with words that come from a process without hidden tests before them."""
        found = dict(outcomes.tests)
        late = _after_hidden(run.steps, run.course.hidden_names)
        asked = {id for id, verdict in found.items() if not verdict.passed and id in late}
        asked = {id for id in asked if not found[id].message.startswith(HIDDEN[:20])}
        if not asked:
            return found
        shown = _without_hidden(run).outside().tests
        for id in asked:
            generic = HIDDEN.format(error=found[id].error)
            again = shown.get(id)
            said = again.message if again is not None and not again.passed else generic
            found[id] = Verdict(False, error=found[id].error, message=said)
        return found

    def _of(
        self, cell: AdoptedCell, verdict: Verdict, seconds: Mapping[str, float], *, is_stub: bool
    ) -> CheckResult:
        spent = seconds.get(cell.id, 0.0)
        if not verdict.passed:
            if verdict.error == "NotImplementedError" or is_stub:
                return self._result(cell, Status.NOT_ATTEMPTED, NOT_WRITTEN, seconds=spent)
            said = f"{cell.failure} {verdict.message}".strip()
            return self._result(cell, Status.FAILED, said, seconds=spent)
        score = cell.points if verdict.score is None else _partial(verdict.score, cell.points)
        status = Status.PASSED if score >= cell.points else Status.PARTIAL
        if score == 0 and cell.points:
            status = Status.FAILED
        said = cell.success if status is Status.PASSED else ""
        return self._result(cell, status, said, score=score, seconds=spent)

    def _result(
        self,
        cell: AdoptedCell,
        status: Status,
        rationale: str,
        *,
        score: float = 0.0,
        seconds: float = 0.0,
    ) -> CheckResult:
        return CheckResult(
            id=cell.id,
            name=self._checks[cell.id].summary,
            status=status,
            score=round(score, 6),
            max_score=cell.points,
            rationale=clean(rationale),
            seconds=seconds,
        )


def _partial(score: float, points: float) -> float:
    """What a cell that ends with a number gives; one that is no number of points gives none."""
    return min(max(score, 0.0), points) if math.isfinite(score) else 0.0


def _bare(verdict: Verdict) -> Verdict:
    """A verdict from where the student's code could have written the message."""
    if verdict.passed:
        return verdict
    said = verdict.message if verdict.lost else INSIDE.format(error=verdict.error)
    return Verdict(False, error=verdict.error, message=said)


def files_beside(submission: Submission) -> dict[str, bytes]:
    """The files that were handed in beside the notebooks."""
    return {
        path: data
        for path, data in submission.files.items()
        if not path.casefold().endswith(_NOT_LOADED) and _stays_inside(path)
    }


def _stays_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in PurePosixPath(path).parts and "\0" not in path


def _is_hidden(step: Step, names: Sequence[str]) -> bool:
    return any(name in step.source for name in names) or (
        step.kind is CellKind.TEST and bool(hidden_lines(step.source))
    )


def _after_hidden(steps: Sequence[Step], names: Sequence[str]) -> set[str]:
    """The test cells that run after a hidden test, or in whose cell one is."""
    found: set[str] = set()
    met = False
    for step in steps:
        met = met or _is_hidden(step, names)
        if met and step.kind is CellKind.TEST:
            found.add(step.id)
    return found


def _without_hidden(run: NotebookRun) -> NotebookRun:
    """The same run without hidden tests and without hidden data."""
    steps = [
        replace(step, source=visible_only(step.source)) if step.kind is CellKind.TEST else step
        for step in run.steps
        if step.kind is CellKind.SOLUTION
        or not any(name in step.source for name in run.course.hidden_names)
    ]
    return replace(run, steps=steps, course=replace(run.course, hidden={}, hidden_names=()))
