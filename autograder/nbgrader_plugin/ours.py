"""Which assignment nbgrader was asked for: one of ours, or another? Opens no notebook."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from nbgrader.converters.base import NbGraderException  # type: ignore[import-untyped]
from nbgrader.coursedir import CourseDirectory  # type: ignore[import-untyped]
from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from autograder.assignment import Assignment, load_assignment
from autograder.course import Course, read_course
from autograder.errors import UserError
from autograder.nbgrader_plugin.timestamps import (
    NAME,
    UNCLEAR,
    UnclearTimeError,
    read_time,
)

LOST = (
    "nbgrader was stopped, because what `configure` noted did not reach it, and without that it"
    " would run students' code outside the sandbox. Is there an error in nbgrader_config.py?"
)
TWICE = (
    "There are two assignments called {slug}: yours in {source}, and the one of the course in"
    " {root}. Rename yours, or give `configure` a course without that assignment."
)
PATTERN = (
    "{pattern!r} also means {slugs}, which nbgrader must not run without the sandbox."
    " Give the name of one assignment."
)


class OurAssignments(LoggingConfigurable):
    """The assignments that take our way, as `configure` noted them in nbgrader's settings."""

    course = Unicode(
        None,
        allow_none=True,
        help="The folder that has the `course.toml`; `configure` sets it.",
    ).tag(config=True)

    def asked_for(self, converter: Any) -> Assignment | None:
        """The assignment that a converter of nbgrader is about to convert, or None if not ours.

        Raises
        ------
        NbGraderException : the settings are lost or the name is ambiguous, and a guess could
            release a solution or run students' code outside the sandbox.
        """
        if self.course is None:  # nbgrader goes on without a file in which anything is wrong
            self._refuse(LOST)
        try:
            course = read_course(Path(self.course))
            return self._found(converter.coursedir.assignment_id, course, converter)
        except UserError as error:
            self._refuse(str(error))

    def _found(self, asked: str, course: Course, converter: Any) -> Assignment | None:
        if asked not in course.slugs:
            self._refuse_a_pattern(asked, course.slugs, converter)
            return None
        assignment = load_assignment(asked, course)
        self._refuse_a_namesake(assignment, converter.coursedir)
        return assignment

    def _refuse_a_namesake(self, assignment: Assignment, coursedir: Any) -> None:
        source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment.slug))
        if source.resolve() != assignment.release.resolve() and any(source.glob("*.ipynb")):
            self._refuse(TWICE.format(slug=assignment.slug, source=source, root=self.course))

    def _refuse_a_pattern(self, asked: str, ours: Collection[str], converter: Any) -> None:
        """nbgrader takes the name of an assignment for a pattern of folders' names."""
        pattern = os.path.basename(os.path.normpath(asked))
        met = [slug for slug in fnmatch.filter(ours, pattern) if _has_notebooks(converter, slug)]
        if met:
            self._refuse(PATTERN.format(pattern=asked, slugs=", ".join(met)))

    def _refuse(self, message: str) -> NoReturn:
        self.log.error("%s", message)  # nbgrader ends without a word otherwise
        raise NbGraderException(message)


class OurCourseDirectory(CourseDirectory):  # type: ignore[misc]
    """An instructor's course directory, in which one assignment's source is our release of it."""

    def __init__(self, coursedir: Any, assignment: Assignment) -> None:
        settings = {name: getattr(coursedir, name) for name in coursedir.trait_names(config=True)}
        super().__init__(parent=coursedir.parent, **settings)
        self.assignment = assignment
        # formgrader lists only assignments that have a folder here; this one stays empty.
        listed = coursedir.format_path(self.source_directory, ".", assignment.slug)
        os.makedirs(listed, exist_ok=True)

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """As in nbgrader, where a file that says no time is a warning and no end of the class."""
        path = Path(dest_path, NAME)
        try:
            return read_time(path)
        except UnclearTimeError as error:
            self.log.warning("%s", UNCLEAR.format(path=path, reason=error))
            return None

    def format_path(
        self, nbgrader_step: str, student_id: str, assignment_id: str, escape: bool = False
    ) -> str:
        """As in nbgrader: a path, or with `escape` a regular expression that has patterns in it."""
        if nbgrader_step != self.source_directory:
            path: str = super().format_path(nbgrader_step, student_id, assignment_id, escape)
            return path
        quote = re.escape if escape else str
        folder, sep = quote(str(self.assignment.release.parent)), quote(os.sep)
        return sep.join([folder, student_id, assignment_id])


def _has_notebooks(converter: Any, slug: str) -> bool:
    """Whether the converter would find anything to read for that assignment."""
    coursedir = converter.coursedir
    from_source = converter._input_directory == coursedir.source_directory
    folder = converter._format_source(slug, "." if from_source else coursedir.student_id)
    return bool(glob.glob(os.path.join(folder, "*.ipynb")))
