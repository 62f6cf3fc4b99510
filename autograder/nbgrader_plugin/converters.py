"""Our assignments' way through nbgrader's converters. The only room that changes nbgrader itself.

A setting of nbgrader holds for all assignments of a course, and may be set again after ours. So
nothing is set. A converter that starts asks first which assignment it is for, and only for one of
ours, and only on that one converter, are steps, exporter and source directory exchanged.
"""

from __future__ import annotations

import functools
import glob
from collections.abc import Callable
from typing import Any

from nbconvert.preprocessors import ExecutePreprocessor
from nbgrader.converters import (  # type: ignore[import-untyped]
    Autograde,
    GenerateAssignment,
    GenerateFeedback,
    GenerateSourceWithTests,
)
from nbgrader.preprocessors import (  # type: ignore[import-untyped]
    CheckCellMetadata,
    ClearSolutions,
    DeduplicateIds,
)
from traitlets.utils.importstring import import_item

from autograder.assignment import Assignment
from autograder.nbgrader_plugin.engine import one_engine
from autograder.nbgrader_plugin.exporter import SubmissionExporter
from autograder.nbgrader_plugin.harmless import MakeHarmless
from autograder.nbgrader_plugin.hidden_tests import HideTests
from autograder.nbgrader_plugin.metadata import CheckOnce
from autograder.nbgrader_plugin.ours import OurAssignments, OurCourseDirectory
from autograder.nbgrader_plugin.preprocessors import GradeInSandbox, LeaveToPeople, RestoreCells

Converter = Any  # one of nbgrader's, which has no annotations

UNPROTECTED = (
    "%s is none of our assignments. nbgrader grades it as it always does, and runs students' code"
    " unprotected."
)


@functools.cache
def lead_ours_aside() -> None:
    """Let nbgrader's converters, in this process, ask whose an assignment is before they start."""
    for converter, ours, others in (
        (Autograde, _grade_ours, _warn),
        (GenerateAssignment, _generate_ours, _nothing),
        (GenerateFeedback, _nothing, _nothing),
        (GenerateSourceWithTests, _nothing, _nothing),
    ):
        converter.start = _asking_first(converter.start, ours, others)


def _asking_first(
    start: Callable[[Converter], None],
    ours: Callable[[Converter], None],
    others: Callable[[Converter], None],
) -> Callable[[Converter], None]:
    @functools.wraps(start)
    def ask_and_start(self: Converter) -> None:
        assignment = OurAssignments(parent=self).asked_for(self)
        if assignment is None:
            others(self)
            return start(self)
        if assignment.adopted is not None and not isinstance(self, Autograde):
            _keep_hidden(self, assignment)
        else:
            self.coursedir = OurCourseDirectory(self.coursedir, assignment)
            ours(self)
        with one_engine():
            return start(self)

    return ask_and_start


def _grade_ours(converter: Converter) -> None:
    assignment: Assignment = converter.coursedir.assignment
    converter.exporter_class = SubmissionExporter
    converter.init_notebooks = functools.partial(
        _find_students, converter, converter.init_notebooks
    )
    converter.sanitize_preprocessors = [
        *_checked_once(_replaced(converter.sanitize_preprocessors, DeduplicateIds, RestoreCells)),
        MakeHarmless,
    ]
    graded = _replaced(converter.autograde_preprocessors, ExecutePreprocessor, GradeInSandbox)
    converter.autograde_preprocessors = [*_checked_once(graded), LeaveToPeople]
    kept = converter.exclude_overwriting.get(assignment.slug, [])
    converter.exclude_overwriting = {assignment.slug: [*kept, *assignment.modules]}


def _find_students(converter: Converter, find: Callable[[], None]) -> None:
    """Go on where nobody has a notebook: nbgrader would stop, and the exporter adds them."""
    coursedir = converter.coursedir
    folders = glob.glob(converter._format_source(coursedir.assignment_id, coursedir.student_id))
    wanted = f"{coursedir.notebook_id}.ipynb"
    if not folders or any(glob.glob(wanted, root_dir=folder) for folder in folders):
        find()
    else:
        converter.assignments, converter.notebooks = {folder: [] for folder in folders}, []


def _generate_ours(converter: Converter) -> None:
    # A release is stripped already, and ClearSolutions would empty whole solution cells.
    converter.preprocessors = [
        step for step in converter.preprocessors if not _is(step, ClearSolutions)
    ]


def _keep_hidden(converter: Converter, assignment: Assignment) -> None:
    """An adopted assignment is nbgrader's, but for what students must not get of it."""
    hidden = assignment.course.hidden
    converter.coursedir.ignore = [*converter.coursedir.ignore, hidden]
    if isinstance(converter, GenerateFeedback):
        converter.preprocessors = [HideTests, *converter.preprocessors]


def _warn(converter: Converter) -> None:
    converter.log.warning(UNPROTECTED, converter.coursedir.assignment_id)


def _nothing(converter: Converter) -> None:
    pass


def _replaced(steps: list[Any], theirs: type, ours: type) -> list[Any]:
    """The steps with `ours` in the place of every one of the kind `theirs`, or else before all."""
    places = [number for number, step in enumerate(steps) if _is(step, theirs)]
    others = [step for step in steps if not _is(step, theirs)]
    place = places[0] if places else 0
    return [*others[:place], ours, *others[place:]]


def _checked_once(steps: list[Any]) -> list[Any]:
    return [CheckOnce if _is(step, CheckCellMetadata) else step for step in steps]


def _is(step: Any, kind: type) -> bool:
    """Whether a step, as an instructor may have written it in a list, is of that kind."""
    step = import_item(step) if isinstance(step, str) else step
    return issubclass(step, kind) if isinstance(step, type) else isinstance(step, kind)
