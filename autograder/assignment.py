"""One assignment as grading knows it: read from its release, without any source."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from autograder.adopted import AdoptedRecord, read_record
from autograder.course import Course, find_course
from autograder.errors import UserError

logger = logging.getLogger(__name__)

Grades = Literal["retrain", "weights"]

RELEASE = "release.json"
RUBRICS, WRITTEN = "manual", "written"  # folders beside the hidden tests
SCHEMA = 1

UNKNOWN = "No assignment is called {slug!r} in the course {root}. {hint}"
NO_SOURCE = (
    "{slug} has no source in the course {root}: {place} is missing. It can be graded as it is; to"
    " build or verify it, put its source there, or name the right folder in course.toml."
)
NOT_BUILT = "{folder} has no release.json; run `autograder build {slug}` first."
UNREADABLE = "{path} cannot be read ({reason}); run `autograder build {slug}`."


class UnknownAssignmentError(UserError, LookupError):
    """The course has no assignment of that name."""


class NotBuiltError(UserError, RuntimeError):
    """The release is missing or not as it was built, so nobody knows what was handed out."""


@dataclass(frozen=True, kw_only=True)
class TrainingGrades:
    """How accuracies are judged, from ``[training]``.

    Attributes
    ----------
    grades : ``retrain`` runs the student's training; ``weights`` judges what the student saved.
    retrain_share : with ``weights``, the share of students, in [0, 1], who are trained again.
    """

    grades: Grades = "retrain"
    retrain_share: float = 0.1

    @property
    def uses_weights(self) -> bool:
        """Whether weights that were handed in count."""
        return self.grades == "weights"

    @property
    def statement(self) -> str:
        """What students are told."""
        if self.uses_weights:
            return (
                "Grading judges the weights in `weights.npz`, which the notebook saves and packs. "
                "Some students, drawn by lot, are trained again with their code, and so is "
                "whoever hands in no such file."
            )
        return (
            "Grading trains again with your code, and does not read the weights that the notebook "
            "saves in `weights.npz`: they are a copy for you."
        )


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One part of an assignment that gives points: a hidden test, or a cell that a person marks."""

    id: str
    points: float
    manual: bool = False
    bonus: bool = False


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """What `release.json` says: all that grading and Gradescope have to know of an assignment.

    `notebooks` and `modules` are the paths that students edit; `digests` has the SHA-256 of every
    released file but this one.
    """

    schema: int
    slug: str
    title: str
    summary: str
    package: str
    dataset: str
    points: float
    bonus_points: float
    parts: tuple[Part, ...]
    notebooks: tuple[str, ...]
    modules: tuple[str, ...]
    thresholds: dict[str, dict[str, float]]
    training: dict[str, dict[str, Any]]
    training_grades: TrainingGrades
    digests: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One assignment: `<solutions>/<slug>/` (source), `<assignments>/<slug>/` (release), checks.

    Attributes
    ----------
    slug : the folder's name, also nbgrader's assignment id and the name of the checks' module.
    course : the course that it belongs to.
    title, summary : one line each, shown to people.
    package : the Python package that students complete, such as ``nn``.
    dataset : the name in `autograder.data` that the hidden checks train on.
    notebooks, modules : the released paths that students edit, each in order of path.
    thresholds : data set -> name -> accuracy in [0, 1] that a trained model has to reach.
    training : data set -> settings with which the hidden checks train.
    training_grades : whether accuracies come from training again or from saved weights.
    digests : released path -> SHA-256, where the assignment was read from a release.
    adopted : what `autograder adopt` has found out about an assignment of nbgrader's; None for
        one of ours.
    """

    slug: str
    course: Course
    title: str
    summary: str
    package: str
    dataset: str
    notebooks: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    training: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    training_grades: TrainingGrades = TrainingGrades()
    digests: Mapping[str, str] = field(default_factory=dict)
    adopted: AdoptedRecord | None = None

    @property
    def source(self) -> Path:
        """The folder that an author edits."""
        return self.course.solutions / self.slug

    @property
    def release(self) -> Path:
        """What students get, generated from `source`; the source itself of an adopted one."""
        if self.adopted is not None:
            return self.course.source / self.adopted.place
        return self.course.assignments / self.slug

    @property
    def checks_folder(self) -> Path:
        """Where the hidden tests and what belongs to them are, where they are a package."""
        return self.course.checks / self.slug

    @property
    def rubrics(self) -> Path:
        """Where the rubrics of the cells are that a person marks."""
        return self.checks_folder / RUBRICS

    @property
    def written(self) -> Path:
        """Where the specifications of the written questions are."""
        return self.checks_folder / WRITTEN

    @property
    def editable(self) -> tuple[str, ...]:
        """The released paths that students edit: notebooks, then modules."""
        return (*self.notebooks, *self.modules)

    @property
    def supported(self) -> tuple[str, ...]:
        """The data sets that it can be graded with: those that it has settings of training for."""
        return tuple(self.training) or (self.dataset,)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of training for the data set that is graded."""
        return self.training.get(self.dataset, {})

    def threshold(self, name: str) -> float:
        """The accuracy that a model has to reach on the data set that is graded."""
        return self.thresholds[self.dataset][name]


def load_assignment(slug: str, course: Course | None = None) -> Assignment:
    """Read one assignment of a course (by default the one that `find_course` finds).

    Raises
    ------
    UnknownAssignmentError : with the nearest known name.
    NotBuiltError : the course has its source and no release that can be read.
    """
    course = course or find_course()
    if slug not in course.slugs:
        raise UnknownAssignmentError(unknown(slug, course))
    record = read_record(course.source, slug)
    if record is not None:
        return _adopted(record, course)
    found = read_release_file(course.assignments / slug, slug)
    logger.info(
        "assignment %s: %d parts, released in %s", slug, len(found.parts), course.assignments / slug
    )
    return Assignment(
        slug=slug,
        course=course,
        title=found.title,
        summary=found.summary,
        package=found.package,
        dataset=found.dataset,
        notebooks=found.notebooks,
        modules=found.modules,
        thresholds=found.thresholds,
        training=found.training,
        training_grades=found.training_grades,
        digests=found.digests,
    )


def _adopted(record: AdoptedRecord, course: Course) -> Assignment:
    logger.info("assignment %s: adopted, %d test cells", record.slug, len(record.cells))
    return Assignment(
        slug=record.slug,
        course=course,
        title=record.slug,
        summary="An assignment that was adopted.",
        package="",
        dataset="",
        notebooks=record.notebooks,
        digests=record.digests,
        adopted=record,
    )


def parts_of(assignment: Assignment) -> tuple[Part, ...]:
    """The parts that give points, as they were released or adopted. Raises `NotBuiltError`."""
    record = assignment.adopted
    if record is None:
        return read_release_file(assignment.release, assignment.slug).parts
    cells = [Part(id=cell.id, points=cell.points) for cell in record.cells]
    manual = [Part(id=cell.id, points=cell.points, manual=True) for cell in record.manual]
    return (*cells, *manual)


def read_release_file(folder: Path, slug: str) -> Release:
    """What the `release.json` of a released folder says. Raises `NotBuiltError`."""
    path = folder / RELEASE
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Release)
    except FileNotFoundError as error:
        raise NotBuiltError(NOT_BUILT.format(folder=folder, slug=slug)) from error
    except (OSError, msgspec.DecodeError) as error:
        raise NotBuiltError(UNREADABLE.format(path=path, reason=error, slug=slug)) from error
    if (found.schema, found.slug) != (SCHEMA, slug):
        reason = f"it is schema {found.schema} of {found.slug}, not schema {SCHEMA} of {slug}"
        raise NotBuiltError(UNREADABLE.format(path=path, reason=reason, slug=slug))
    return found


def unknown(slug: str, course: Course) -> str:
    """That there is no such assignment, and which one may have been meant.

    Of one that is there after all, that it has no source.
    """
    if slug in course.slugs:
        place = course.shown(course.solutions / slug / "assignment.toml")
        return NO_SOURCE.format(slug=slug, root=course.root, place=place)
    near = difflib.get_close_matches(slug, course.slugs, n=1)
    known = ", ".join(course.slugs)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {known or 'none'}."
    return UNKNOWN.format(slug=slug, root=course.root, hint=hint)
