"""The settings of a course graded with us. Knows nbgrader's option names, grades nothing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment  # type: ignore[import-untyped]
from nbgrader.preprocessors import (  # type: ignore[import-untyped]
    ClearSolutions,
    DeduplicateIds,
    Execute,
)

from autograder.assignment import load_assignment
from autograder.course import Course, find_course
from autograder.nbgrader_plugin.exporter import SubmissionExporter
from autograder.nbgrader_plugin.preprocessors import (
    GradeInSandbox,
    LeaveToPeople,
    RestoreCells,
)

UNSAFE = (
    "nbgrader was stopped, because without the settings in nbgrader_config.py it would run"
    " students' code outside the sandbox. What went wrong there: {error}"
)


def configure(config: Any, *, course: Path | None = None) -> None:
    """Set up a course directory: `configure(get_config())` in its `nbgrader_config.py`.

    `course` is the folder that has the `course.toml`; by default it is found from the current
    folder, as by every command. Everything set here can
    be set again afterwards, for instance ``c.GradeInSandbox.level = "process"``.

    Raises
    ------
    SystemExit : whatever goes wrong. nbgrader merely logs an ordinary exception in a config file
        and goes on with its own settings, which run students' notebooks without a sandbox.
    """
    try:
        _configure(config, find_course(course))
    except Exception as error:
        raise SystemExit(UNSAFE.format(error=error)) from error


def _configure(config: Any, course: Course) -> None:
    _put_alembic_on_path()
    config.CourseDirectory.source_directory = _assignments_folder(course)
    config.SubmissionExporter.course = str(course.root)
    # Our notebooks are stripped already, and ClearSolutions would empty whole solution cells.
    config.GenerateAssignment.preprocessors = [
        step for step in _own(GenerateAssignment, "preprocessors") if step is not ClearSolutions
    ]
    config.Autograde.exporter_class = SubmissionExporter
    config.Autograde.sanitize_preprocessors = [
        RestoreCells if step is DeduplicateIds else step
        for step in _own(Autograde, "sanitize_preprocessors")
    ]
    config.Autograde.autograde_preprocessors = [
        GradeInSandbox if step is Execute else step
        for step in _own(Autograde, "autograde_preprocessors")
    ] + [LeaveToPeople]
    config.Autograde.exclude_overwriting = {
        slug: list(load_assignment(slug, course).modules) for slug in course.slugs
    }


def _own(converter: Any, name: str) -> list[Any]:
    """nbgrader's own list of steps, whatever its version has in it."""
    steps: list[Any] = converter.class_traits()[name].default()
    return steps


def _assignments_folder(course: Course) -> str:
    # nbgrader takes a path outside the course for a regular expression, so a clone in a folder
    # such as "c++" could not generate assignments; a name within the course is quoted.
    folder = course.assignments
    return str(folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder)


def _put_alembic_on_path() -> None:
    # nbgrader makes a new gradebook by calling `alembic` by name, which fails with a bare
    # FileNotFoundError when nbgrader was started from an environment that is not activated.
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
