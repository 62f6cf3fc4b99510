"""What an author's `assignment.toml` says, and which files stand beside it. Reads no source."""

from __future__ import annotations

import difflib
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
from autograder.course import SETTINGS as COURSE_SETTINGS
from autograder.course import Course, find_course
from autograder.data import DATASETS
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
NO_THRESHOLD = "{path}: [thresholds.{name}] {key} is {value!r}; give a number from 0 to 1"
NO_ORIGIN = "{path}: [given] {key!r} is {value!r}; give the path of a file or folder"
NO_SUCH_DATA = "{path}: {key} is {value!r}, and {slug} has settings for {known}.{hint}"
LIKE_ANOTHER = (
    "{path}: dataset is {value!r}; did you mean {near}? Data of your own may have any name that"
    " is less like one of the registry's, and an assignment without data has none."
)
TRAINS_NOT = "{path}: {key} is {value!r}, and {slug} trains on no data; delete that line"
NO_DATA = "none"
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
    training_grades = _training_grades(path, training)
    _expect_tables(path, "training", training)
    source = path.parent
    if not training:
        _expect_no_slip(path, settings["dataset"])
    supported = tuple(training) or (settings["dataset"],)
    _expect_supported(path, "dataset", settings["dataset"], slug, supported)
    if slug in course.datasets:
        file, key = course.root / COURSE_SETTINGS, f"[datasets] {slug}"
        _expect_supported(file, key, course.datasets[slug], slug, supported)
    return Assignment(
        slug=slug,
        course=course,
        title=settings["title"],
        summary=settings["summary"],
        package=settings["package"],
        dataset=course.datasets.get(slug, settings["dataset"]),
        notebooks=tuple(f"{lesson.stem}.ipynb" for lesson in lesson_paths(source)),
        modules=tuple(
            module.relative_to(source / "modules").as_posix() for module in module_paths(source)
        ),
        thresholds=_thresholds(path, settings.get("thresholds", {})),
        training_grades=training_grades,
        training=training,
    )


def source_slugs(course: Course) -> tuple[str, ...]:
    """The assignments of a course that have a source, in order of name."""
    return tuple(sorted(path.parent.name for path in course.solutions.glob(f"*/{SETTINGS}")))


def given_table(assignment: Assignment) -> Mapping[str, str]:
    """``[given]``: released path -> origin, for files that students get and do not edit."""
    path = assignment.source / SETTINGS
    given: Mapping[str, str] = _settings(path).get("given", {})
    for key, value in given.items():
        if not isinstance(value, str):
            raise SettingsError(NO_ORIGIN.format(path=path, key=key, value=value))
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


def _expect_supported(
    path: Path, key: str, value: str, slug: str, supported: tuple[str, ...]
) -> None:
    """Training and thresholds are measured for each data set, so no other can be chosen."""
    if value not in supported:
        if supported == (NO_DATA,):
            raise SettingsError(TRAINS_NOT.format(path=path, key=key, value=value, slug=slug))
        near = difflib.get_close_matches(value, supported, n=1)
        raise SettingsError(
            NO_SUCH_DATA.format(
                path=path,
                key=key,
                value=value,
                slug=slug,
                known=", ".join(supported),
                hint=f" Did you mean {near[0]}?" if near else "",
            )
        )


def _expect_no_slip(path: Path, name: str) -> None:
    """A name is free where nothing trains, as of data that a notebook draws; a slip is none."""
    known = (*DATASETS, NO_DATA)
    near = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.75)
    if near and name not in known:
        raise SettingsError(LIKE_ANOTHER.format(path=path, value=name, near=near[0]))


def _expect_tables(path: Path, key: str, found: Mapping[str, Any]) -> None:
    """Each data set has a table of its own."""
    for name, value in found.items():
        if not isinstance(value, dict):
            raise SettingsError(NOT_A_TABLE.format(path=path, key=f"{key}.{name}", value=value))


def _thresholds(path: Path, found: Mapping[str, Any]) -> Mapping[str, Mapping[str, float]]:
    _expect_tables(path, "thresholds", found)
    for name, thresholds in found.items():
        for key, value in thresholds.items():
            if not _is_share(value):
                said = NO_THRESHOLD.format(path=path, name=name, key=key, value=value)
                raise SettingsError(said)
    return found


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _training_grades(path: Path, training: dict[str, Any]) -> TrainingGrades:
    """Take the two settings out of ``[training]``, which then has the data sets alone."""
    chosen = {key: training.pop(key) for key in ("grades", "retrain_share") if key in training}
    result = TrainingGrades(**chosen)
    if result.grades not in _GRADES:
        choices = " or ".join(_GRADES)
        raise SettingsError(NO_SUCH_GRADES.format(path=path, value=result.grades, choices=choices))
    if not _is_share(result.retrain_share):
        raise SettingsError(NO_SHARE.format(path=path, value=result.retrain_share))
    return result
