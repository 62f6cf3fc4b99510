"""Our two steps in nbgrader's pipeline: put the cells right, put the checks' scores in them."""

from __future__ import annotations

import copy
import logging
from pathlib import Path
from typing import Any

from nbgrader.converters.base import NbGraderException  # type: ignore[import-untyped]
from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]
from nbgrader.utils import is_grade, is_solution  # type: ignore[import-untyped]
from traitlets import Bool, Callable, Integer, Unicode

from autograder.assignment import Assignment
from autograder.grading import Conditions, course_seed, grade_or_reuse, grade_submission
from autograder.grading.exposure import refuse_exposed
from autograder.grading.shown import shown_in
from autograder.grading.store import kept_report
from autograder.logs import passed_on
from autograder.nbgrader_plugin.gradebook import leave_to_people, withdraw_scores
from autograder.nbgrader_plugin.harmless import harmless
from autograder.nbgrader_plugin.notes import say_where_to_start
from autograder.nbgrader_plugin.outputs import outputs_for
from autograder.nbgrader_plugin.reading import grade_id
from autograder.nbgrader_plugin.shown import cells_to_show, put_outputs
from autograder.reports.feedback import read_feedback
from autograder.results import Report, Status
from autograder.sandbox.levels import get_level
from autograder.sandbox.session import SandboxError
from autograder.submission import Submission

NOT_GRADED = (
    "{student}: the grader itself failed, which is not the student's fault: {faults}"
    " No score was recorded; {left} When the cause is mended, run `nbgrader autograde {slug}"
    " --student {student}`."
)
STAYS = "those of an earlier run stay, and the submission is marked as one to look at."
NONE = "what nbgrader had entered was withdrawn."
NOT_SHOWN = "%s: what the cells of %s.ipynb show is missing in the autograded notebook: %s"
SUGGESTION = "A suggestion by the grader, no mark: "


class GraderFailedError(NbGraderException):  # type: ignore[misc]
    """A check could not be decided. nbgrader reports the student and goes on with the others."""


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Give a student's cells the released metadata, and put missing grade cells back.

    nbgrader's own steps rely on the metadata in the file: two cells of one id, an old schema
    version or a grade cell whose neighbours are gone stop it, some of them for the whole class.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """See the class."""
        release = self.parent.release[resources["nbgrader"]["notebook"]]
        nb.metadata = copy.deepcopy(release.metadata)
        _restore_metadata(nb.cells, release.cells)
        _restore_grade_cells(nb.cells, release.cells)
        return nb, resources


class GradeInSandbox(NbGraderPreprocessor):  # type: ignore[misc]
    """Grade the submission as it was handed in, and write each score into its grade cell.

    Takes the place of nbgrader's `Execute`: no kernel is started, and no student's code runs
    outside the sandbox. A result in `results` that still holds is recorded as it is, so that a
    class can be graded in parallel before, with `autograder grade`.
    """

    level = Unicode(
        "bubblewrap", help="The sandbox level, as in `autograder grade --sandbox`."
    ).tag(config=True)
    seed = Integer(
        None,
        allow_none=True,
        help="The seed of the hidden tests' inputs. Default: the course's own, kept in `results`.",
    ).tag(config=True)
    results = Unicode(
        "grades", help="Where reports are kept as JSON; relative to the course directory."
    ).tag(config=True)
    fresh = Bool(
        False, help="Grade again what has not changed since it was graded, as --fresh does."
    ).tag(config=True)
    grade = Callable(
        grade_submission,
        help="What grades: called as `autograder.grading.grade_submission` is, returns a Report.",
    ).tag(config=True)

    def prepare(self) -> None:
        """Stop before the first student rather than at each of them.

        Raises
        ------
        UnknownLevelError, UnavailableLevelError : see `autograder.sandbox.levels.get_level`.
        ExposedCourseError : submissions could read the course.
        ValueError : the course's seed cannot be read.
        """
        get_level(self.level)
        refuse_exposed(self.parent.assignment.course)
        self._course_seed()

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """See the class."""
        run, student = self.parent, resources["nbgrader"]["student"]
        try:
            if student not in run.reports:
                with passed_on(_logger(self.log)):
                    run.reports[student] = self._graded(student)
            again = read_feedback(run.assignment.course).try_again
            _fill(nb.cells, run.reports[student], try_again=again)
            self._show(nb, resources)
            say_where_to_start(nb, run.reports[student])
        except BaseException:  # also when interrupted: what is in the gradebook by now is no grade
            earlier = _scores(self._kept(student))
            withdraw_scores(run.coursedir, run.assignment.slug, student, earlier=earlier)
            raise
        return nb, resources

    def _show(self, nb: Any, resources: Any) -> None:
        """Let people see what a student's own cells show, as they would in Jupyter."""
        run, facts = self.parent, resources["nbgrader"]
        if run.assignment.adopted is None:
            return
        submission, sources = run.submission(facts["student"]), cells_to_show(nb.cells)
        options = {"level": self.level}
        try:
            shown = shown_in(run.assignment, submission, facts["notebook"], sources, **options)
        except SandboxError as error:
            self.log.warning(NOT_SHOWN, facts["student"], facts["notebook"], error)
            return
        put_outputs(nb.cells, shown)

    def _graded(self, student: str) -> Report:
        run = self.parent
        conditions = Conditions(
            assignment=run.assignment, level=self.level, seed=self._course_seed()
        )
        if run.key_maker is None:
            run.key_maker = conditions.key_maker()
        report = grade_or_reuse(
            conditions,
            run.key_maker,
            run.submission(student),
            out=self._out(),
            grade=self._grade,
            fresh=self.fresh,
        )
        for problem in report.problems:
            self.log.warning("%s: %s", student, problem)
        if report.failed_to_grade:
            faults = " ".join(
                f"{result.id}: {result.rationale}"
                for result in report.checks
                if result.status is Status.ERROR
            )
            raise GraderFailedError(
                NOT_GRADED.format(
                    student=student,
                    faults=faults,
                    slug=report.assignment,
                    left=STAYS if self._kept(student) else NONE,
                )
            )
        return report

    def _grade(self, assignment: Assignment, submission: Submission, **options: Any) -> Report:
        self.log.info(
            "Grading the submission of %s (sandbox level %s)", submission.student, self.level
        )
        report: Report = self.grade(assignment, submission, **options)
        return report

    def _kept(self, student: str) -> Report | None:
        """The report of an earlier run that was whole; its scores are worth more than none."""
        slug = self.parent.assignment.slug
        return kept_report(self._out(), slug, student, seed=self._course_seed())

    def _course_seed(self) -> int:
        return course_seed(self._out()) if self.seed is None else self.seed

    def _out(self) -> Path:
        return Path(self.parent.coursedir.root, self.results)


class LeaveToPeople(NbGraderPreprocessor):  # type: ignore[misc]
    """After nbgrader has saved its scores: suggestions, undecided checks left open, extra credit.

    A cell that a person marks stays flagged, and its score stays empty.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """See the class."""
        run, student = self.parent, resources["nbgrader"]["student"]
        report: Report = run.reports[student]
        undecided = {result.id for result in report.checks if result.status is Status.PERSON}
        # nbgrader gives 0 to a cell as it was handed out, and says that there is no response.
        undecided |= {part.id for part in report.manual if part.beside}
        told = [part for part in report.manual if part.lines or part.beside]
        comments = {part.id: harmless(SUGGESTION + part.summary) for part in told}
        extra = {result.id: result.score for result in report.checks if result.bonus}
        leave_to_people(
            run.coursedir,
            report.assignment,
            student,
            comments=comments,
            undecided=undecided,
            extra=extra,
        )
        return nb, resources


def _scores(report: Report | None) -> dict[str, float]:
    """Grade id -> score, of what is decided. Extra credit has a place of its own."""
    results = report.checks if report else ()
    decided = (one for one in results if one.status is not Status.PERSON and not one.bonus)
    return {one.id: one.score for one in decided}


def _logger(log: Any) -> logging.Logger:
    """The logger of a program that may have put an adapter around it."""
    logger: logging.Logger = getattr(log, "logger", log)
    return logger


def _fill(cells: list[Any], report: Report, *, try_again: bool) -> None:
    """Replace whatever outputs the grade cells have by those of our checks."""
    results = {result.id: result for result in report.checks}
    for cell in cells:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            result = results[cell.metadata.nbgrader["grade_id"]]
            cell.outputs = outputs_for(result, try_again=try_again)


def _restore_metadata(cells: list[Any], released: list[Any]) -> None:
    """Known cells get the released metadata, type and id; all others get none.

    Of several cells with one id the last one counts, as in nbgrader.
    """
    wanted = {grade_id(cell): cell for cell in released if grade_id(cell)}
    for cell in reversed(cells):
        known = wanted.pop(grade_id(cell), None)
        cell.metadata = copy.deepcopy(known.metadata) if known else type(cell.metadata)()
        if known:
            cell.id = known.id
            _retype(cell, known.cell_type)


def _retype(cell: Any, cell_type: str) -> None:
    if cell.cell_type == cell_type:
        return
    cell.cell_type = cell_type
    for field in ("outputs", "execution_count", "attachments"):
        cell.pop(field, None)
    if cell_type == "code":
        cell.update(outputs=[], execution_count=None)


def _restore_grade_cells(cells: list[Any], released: list[Any]) -> None:
    """Put each missing grade cell back behind the released cell that it followed."""
    present = {grade_id(cell) for cell in cells}
    place = 0
    for cell in released:
        name = grade_id(cell)
        if name is None:
            continue
        if name in present:
            place = 1 + next(i for i, other in enumerate(cells) if grade_id(other) == name)
        elif is_grade(cell):
            cells.insert(place, copy.deepcopy(cell))
            place += 1
