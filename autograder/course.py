"""A course: a folder with a `course.toml` that names its folders. Reads no assignment."""

from __future__ import annotations

import difflib
import logging
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.adopted import adopted_slugs
from autograder.errors import UserError

logger = logging.getLogger(__name__)

KEYS = (
    "title", "python", "files", "folders", "datasets", "marks", "late", "gradescope", "feedback",
    "adopt",
)  # fmt: skip
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

HIDDEN = "hidden"
PYTHON = "3.11"  # the lowest that grades
NO_COURSE = (
    "{source} names {folder}, which has no course.toml. Name the folder that has one, or make a"
    " course with `autograder init {folder}`."
)
NONE_HERE = (
    "There is no course here. Make one with `autograder init DIR` and go there, or name one with"
    " --course DIR."
)
NESTED = (
    "{path}: [folders] {key} and {other} are the same folder, or one lies in the other. Give each a"
    " folder of its own."
)
NOT_TOML = "{path} is not TOML: {reason}."
UNKNOWN_KEY = "{path}: unknown key {key!r} in {where}; there are: {known}."
BAD_FOLDER = (
    "{path}: [folders] {key} is {value!r}; give a folder inside the course, relative, with `/`."
)
NO_TABLE = "{path}: [{table}] should be a table."
BAD_DATASET = "{path}: [datasets] {slug} is {value!r}; give the name of a data set."
NO_SUCH_SLUG = "{path}: [datasets] names {slug!r}, and no assignment is called that. {hint}"
BAD_SHARE = (
    "{path}: [marks] follow_through is {value!r}; give a number from 0 to 1, the share of its"
    " points that a right answer earns which is built on a wrong one."
)
BAD_PYTHON = (
    '{path}: python is {value!r}; give the version that grades as text, such as python = "3.12".'
    " The lowest is 3.11."
)
BAD_FILES = (
    "{path}: files is {value!r}; give an address of https:// with `{{slug}}` in it, where"
    " students can download the released folder of each assignment as a zip."
)
BAD_HIDDEN = (
    "{path}: [adopt] hidden is {value!r}; give the name of a folder in the source of an assignment."
)
BAD_TITLE = "{path}: title is {value!r}; give one line of text."


class CourseError(UserError, ValueError):
    """There is no course in a folder that was named, or its `course.toml` is wrong."""


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
    settings = _settings(path)
    _only(
        settings,
        KEYS,
        path,
        "the file",
    )
    name = path.parent.name or str(path.parent)
    title, folders = settings.get("title", name), settings.get("folders", {})
    if not isinstance(title, str) or not title.strip() or "\n" in title:
        raise CourseError(BAD_TITLE.format(path=path, value=title))
    if not isinstance(folders, dict):
        raise CourseError(NO_TABLE.format(path=path, table="folders"))
    _only(folders, tuple(FOLDERS), path, "[folders]")
    places = {key: _inside(path, key, folders.get(key, FOLDERS[key])) for key in FOLDERS}
    chosen = {key: place for key, place in places.items() if key != "source" or key in folders}
    _refuse_nested(path, chosen)
    share = _share(settings.get("marks", {}), path)
    course = Course(
        root=path.parent,
        title=title,
        solutions=places["solutions"],
        assignments=places["assignments"],
        checks=places["checks"],
        data=places["data"],
        source=places["source"],
        follow_through=share,
        python=_python(settings.get("python", PYTHON), path),
        files=_files(settings.get("files", ""), path),
        late=_table(settings, "late", path),
        gradescope=_table(settings, "gradescope", path),
        feedback=_table(settings, "feedback", path),
        hidden=_hidden(_table(settings, "adopt", path), path),
    )
    return replace(course, datasets=_datasets(path, settings.get("datasets", {}), course.slugs))


def _found(course: Course, why: str) -> Course:
    logger.info("course %r in %s, %s", course.title, course.root, why)
    return course


def _refuse_nested(path: Path, places: Mapping[str, Path]) -> None:
    """What `build` writes and removes must not be what an author has written."""
    for key, place in places.items():
        for other, folder in places.items():
            if key != other and place.is_relative_to(folder):
                raise CourseError(NESTED.format(path=path, key=key, other=other))


def _named(folder: Path, source: str) -> Course:
    if not (folder / SETTINGS).is_file():
        raise CourseError(NO_COURSE.format(source=source, folder=folder))
    return read_course(folder)


def _settings(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(NOT_TOML.format(path=path, reason=error)) from error


def _datasets(path: Path, found: object, slugs: tuple[str, ...]) -> Mapping[str, str]:
    """``[datasets]``: slug -> the data set that this course works with."""
    if not isinstance(found, dict):
        raise CourseError(NO_TABLE.format(path=path, table="datasets"))
    for slug, value in found.items():
        if slug not in slugs:
            near = difflib.get_close_matches(slug, slugs, n=1)
            hint = (
                f"Did you mean {near[0]}?" if near else f"There are: {', '.join(slugs) or 'none'}."
            )
            raise CourseError(NO_SUCH_SLUG.format(path=path, slug=slug, hint=hint))
        if not isinstance(value, str) or not value.strip():
            raise CourseError(BAD_DATASET.format(path=path, slug=slug, value=value))
    return found


def _only(found: Mapping[str, Any], known: tuple[str, ...], path: Path, where: str) -> None:
    for key in found:
        if key not in known:
            names = ", ".join(known)
            raise CourseError(UNKNOWN_KEY.format(path=path, key=key, where=where, known=names))


def _share(marks: object, path: Path) -> float:
    if not isinstance(marks, dict):
        raise CourseError(NO_TABLE.format(path=path, table="marks"))
    _only(marks, ("follow_through",), path, "[marks]")
    value = marks.get("follow_through", 1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise CourseError(BAD_SHARE.format(path=path, value=value))
    return float(value)


def _table(settings: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    """A table that another room reads."""
    found = settings.get(name, {})
    if not isinstance(found, dict):
        raise CourseError(NO_TABLE.format(path=path, table=name))
    return found


def _hidden(adopt: Mapping[str, Any], path: Path) -> str:
    """``[adopt] hidden``: the folder in a source that only tests see."""
    _only(adopt, ("hidden",), path, "[adopt]")
    value = adopt.get("hidden", HIDDEN)
    if not isinstance(value, str) or not re.fullmatch(r"[\w-]+", value):
        raise CourseError(BAD_HIDDEN.format(path=path, value=value))
    return value


def _python(value: object, path: Path) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"3\.(?:1[1-9]|[2-9][0-9])", value):
        raise CourseError(BAD_PYTHON.format(path=path, value=value))
    return value


def _files(value: object, path: Path) -> str:
    if value == "":
        return ""
    if not isinstance(value, str) or not re.fullmatch(
        r"https://[^\s\"\\]*\{slug\}[^\s\"\\]*", value
    ):
        raise CourseError(BAD_FILES.format(path=path, value=value))
    return value


def _inside(path: Path, key: str, value: object) -> Path:
    parts = value.split("/") if isinstance(value, str) else []
    if not isinstance(value, str) or "\\" in value or {"", ".", ".."} & set(parts) or ":" in value:
        raise CourseError(BAD_FOLDER.format(path=path, key=key, value=value))
    return path.parent / value
