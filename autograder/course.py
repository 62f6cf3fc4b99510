"""A course: a folder with a `course.toml` that names its folders. Reads no assignment."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.adopted import adopted_slugs
from autograder.course_settings import (
    BAD_TITLE,
    HIDDEN,
    KEYS,
    NO_TABLE,
    PYTHON,
    CourseError,
    datasets_of,
    files_of,
    hidden_of,
    inside,
    python_of,
    read_settings,
    refuse_nested,
    refuse_others,
    share_of,
    table_of,
)

logger = logging.getLogger(__name__)

SETTINGS = "course.toml"
VARIABLE = "AUTOGRADER_COURSE"
PACKAGE = Path(__file__).resolve().parent
FOLDERS: Mapping[str, str] = {
    "solutions": "solutions",
    "assignments": "assignments",
    "checks": "checks",
    "data": "data",
    "source": "source",
}

NO_COURSE = (
    "{source} names {folder}, which has no course.toml. Name the folder that has one, or make a"
    " course with `autograder init {folder}`."
)
NONE_HERE = (
    "There is no course here. Make one with `autograder init DIR` and go there, or name one with"
    " --course DIR."
)


@dataclass(frozen=True, kw_only=True)
class Course:
    """Where everything of a course is.

    Attributes
    ----------
    root : the folder that has the `course.toml`.
    title : one line, shown to people.
    solutions : the sources, one folder for each assignment.
    assignments : the releases, one folder for each assignment.
    checks : the hidden tests, one module or package for each assignment.
    data : data files that `[given]` may hand out.
    source : assignments of nbgrader's, of which those count that have been adopted.
    datasets : slug -> data set, where the course works with another than `assignment.toml` says.
    follow_through : the share of its points, in [0, 1], that a right answer earns which is built on
        a wrong one; it is marked with the course's own part in the place of that. 0 leaves it
        skipped.
    python : the version of Python that students are told grades their work, such as ``3.11``.
    files : the address of each release as a zip, with ``{slug}`` in it; empty where there is none.
    late : the table ``[late]`` as it stands; `autograder.marks` reads due dates and policy in it.
    gradescope, feedback : the tables of that name as they stand; `autograder.reports` reads them.
    hidden : the folder of an adopted assignment's source that only its tests see.
    """

    root: Path
    title: str
    solutions: Path
    assignments: Path
    checks: Path
    data: Path
    source: Path
    datasets: Mapping[str, str] = field(default_factory=dict, hash=False)
    follow_through: float = 1.0
    python: str = PYTHON
    files: str = ""
    late: Mapping[str, Any] = field(default_factory=dict, hash=False)
    gradescope: Mapping[str, Any] = field(default_factory=dict, hash=False)
    feedback: Mapping[str, Any] = field(default_factory=dict, hash=False)
    hidden: str = HIDDEN

    @property
    def slugs(self) -> tuple[str, ...]:
        """The assignments that have a source or a release, or are adopted, in order of name."""
        sources = self.solutions.glob("*/assignment.toml")
        releases = self.assignments.glob("*/release.json")
        own = {path.parent.name for path in (*sources, *releases)}
        return tuple(sorted(own | adopted_slugs(self.source)))

    def shown(self, path: Path) -> str:
        """A path as people read it: from the course's folder, where it is in there."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )


def find_course(folder: Path | None = None) -> Course:
    """The course that is meant.

    The folder that is given; else the one that the variable AUTOGRADER_COURSE names; else the
    nearest folder with a `course.toml`, from the current one upwards; else the shipped course.

    Raises
    ------
    CourseError : a folder that was named has no `course.toml`, or one with a mistake in it.
    """
    found = named_course(folder) or course_around(Path.cwd())
    return found or _found(shipped_course(), "shipped with the grader, for there is no other")


def find_own_course(folder: Path | None = None) -> Course:
    """As `find_course`, for what writes into a course: never the shipped one by default.

    Raises
    ------
    CourseError : there is no course here, too.
    """
    found = named_course(folder) or course_around(Path.cwd())
    if found is None:
        raise CourseError(NONE_HERE)
    return found


def named_course(folder: Path | None = None) -> Course | None:
    """The course in the folder that is given, or else that AUTOGRADER_COURSE names, if one is."""
    if folder is not None:
        return _found(_named(folder, "--course"), "named by --course")
    if os.environ.get(VARIABLE):
        return _found(_named(Path(os.environ[VARIABLE]), VARIABLE), f"named by {VARIABLE}")
    return None


def course_around(place: Path) -> Course | None:
    """The course of the nearest folder with a `course.toml`, from `place` upwards."""
    for candidate in (place, *place.parents):
        if (candidate / SETTINGS).is_file():
            return _found(read_course(candidate), f"found from {place} upwards")
    return None


def shipped_course() -> Course:
    """The course that comes with the package: this repository in a clone, a copy in a wheel."""
    shipped = PACKAGE / "shipped"
    return read_course(shipped if (shipped / SETTINGS).is_file() else PACKAGE.parent)


def read_course(root: Path) -> Course:
    """The course in a folder. Raises `CourseError`."""
    path = root.resolve() / SETTINGS
    settings = read_settings(path)
    refuse_others(settings, KEYS, path, "the file")
    name = path.parent.name or str(path.parent)
    title, folders = settings.get("title", name), settings.get("folders", {})
    if not isinstance(title, str) or not title.strip() or "\n" in title:
        raise CourseError(BAD_TITLE.format(path=path, value=title))
    if not isinstance(folders, dict):
        raise CourseError(NO_TABLE.format(path=path, table="folders"))
    refuse_others(folders, tuple(FOLDERS), path, "[folders]")
    places = {key: inside(path, key, folders.get(key, FOLDERS[key])) for key in FOLDERS}
    chosen = {key: place for key, place in places.items() if key != "source" or key in folders}
    refuse_nested(path, chosen)
    share = share_of(settings.get("marks", {}), path)
    course = Course(
        root=path.parent,
        title=title,
        solutions=places["solutions"],
        assignments=places["assignments"],
        checks=places["checks"],
        data=places["data"],
        source=places["source"],
        follow_through=share,
        python=python_of(settings.get("python", PYTHON), path),
        files=files_of(settings.get("files", ""), path),
        late=table_of(settings, "late", path),
        gradescope=table_of(settings, "gradescope", path),
        feedback=table_of(settings, "feedback", path),
        hidden=hidden_of(table_of(settings, "adopt", path), path),
    )
    return replace(course, datasets=datasets_of(path, settings.get("datasets", {}), course.slugs))


def _found(course: Course, why: str) -> Course:
    logger.info("course %r in %s, %s", course.title, course.root, why)
    return course


def _named(folder: Path, source: str) -> Course:
    if not (folder / SETTINGS).is_file():
        raise CourseError(NO_COURSE.format(source=source, folder=folder))
    return read_course(folder)
