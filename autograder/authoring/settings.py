"""What an author's `assignment.toml` says, and which files stand beside it. Reads no source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from autograder.assignment import (
    Assignment,
    Grades,
    TrainingGrades,
    UnknownAssignmentError,
    unknown,
)
from autograder.course import Course, find_course
from autograder.errors import UserError

SETTINGS = "assignment.toml"
_NEEDED = ("title", "summary", "package", "dataset")
_GRADES: tuple[str, ...] = get_args(Grades)
_KNOWN = (*_NEEDED, "given", "thresholds", "training")

MISSING = "{path}: missing {keys}"
UNKNOWN_KEY = "{path}: unknown key {key!r}; there are {known}"
NOT_TEXT = "{path}: {key} is {value!r}; give one line of text"
NOT_A_TABLE = "{path}: [{key}] should be a table, not {value!r}"
NO_SUCH_GRADES = "{path}: [training] grades is {value!r}; choose {choices}"
NO_SHARE = "{path}: [training] retrain_share is {value!r}; give a number from 0 to 1"


class SettingsError(UserError, ValueError):
    """`assignment.toml` is missing, is not TOML, or has a setting that does not fit."""


def read_assignment(slug: str, course: Course | None = None) -> Assignment:
    """One assignment as its source says, whatever has been released of it.

    Raises
    ------
    UnknownAssignmentError : with the nearest known name.
    SettingsError : with the file and what is wrong in it.
    """
    course = course or find_course()
    path = course.solutions / slug / SETTINGS
    if not path.is_file():
        raise UnknownAssignmentError(unknown(slug, course))
    settings = _settings(path)
    training = dict(settings.get("training", {}))
    source = path.parent
    return Assignment(
        slug=slug,
        course=course,
        title=settings["title"],
        summary=settings["summary"],
        package=settings["package"],
        dataset=settings["dataset"],
        notebooks=tuple(f"{lesson.stem}.ipynb" for lesson in lesson_paths(source)),
        modules=tuple(
            module.relative_to(source / "modules").as_posix() for module in module_paths(source)
        ),
        thresholds=settings.get("thresholds", {}),
        training_grades=_training_grades(path, training),
        training=training,
    )


def source_slugs(course: Course) -> tuple[str, ...]:
    """The assignments of a course that have a source, in order of name."""
    return tuple(sorted(path.parent.name for path in course.solutions.glob(f"*/{SETTINGS}")))


def given_table(assignment: Assignment) -> Mapping[str, str]:
    """``[given]``: released path -> origin, for files that students get and do not edit."""
    given: Mapping[str, str] = _settings(assignment.source / SETTINGS).get("given", {})
    return given


def lesson_paths(source: Path) -> tuple[Path, ...]:
    """The percent scripts that become notebooks of the same stem, in order of name."""
    return tuple(sorted((source / "lessons").glob("*.py")))


def module_paths(source: Path) -> tuple[Path, ...]:
    """The reference modules that students complete, in order of path."""
    return tuple(sorted((source / "modules").rglob("*.py")))


def _settings(path: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    if missing := [key for key in sorted(_NEEDED) if key not in settings]:
        raise SettingsError(MISSING.format(path=path, keys=", ".join(missing)))
    for key, value in settings.items():
        if key not in _KNOWN:
            raise SettingsError(UNKNOWN_KEY.format(path=path, key=key, known=", ".join(_KNOWN)))
        if key in _NEEDED and not (isinstance(value, str) and value.strip() and "\n" not in value):
            raise SettingsError(NOT_TEXT.format(path=path, key=key, value=value))
        if key not in _NEEDED and not isinstance(value, dict):
            raise SettingsError(NOT_A_TABLE.format(path=path, key=key, value=value))
    return settings


def _training_grades(path: Path, training: dict[str, Any]) -> TrainingGrades:
    """Take the two settings out of ``[training]``, which then has the data sets alone."""
    chosen = {key: training.pop(key) for key in ("grades", "retrain_share") if key in training}
    result = TrainingGrades(**chosen)
    if result.grades not in _GRADES:
        choices = " or ".join(_GRADES)
        raise SettingsError(NO_SUCH_GRADES.format(path=path, value=result.grades, choices=choices))
    share = result.retrain_share
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise SettingsError(NO_SHARE.format(path=path, value=share))
    return result
