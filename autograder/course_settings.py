"""The settings of a `course.toml`, each checked; what is wrong is said with what to give."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import UserError

KEYS = (
    "title", "python", "files", "folders", "datasets", "marks", "late", "gradescope", "feedback",
    "adopt",
)  # fmt: skip
HIDDEN = "hidden"
PYTHON = "3.11"  # the lowest that grades
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


def read_settings(path: Path) -> dict[str, Any]:
    """What stands in a `course.toml`. Raises `CourseError` where it is not TOML, and `OSError`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(NOT_TOML.format(path=path, reason=error)) from error


def refuse_nested(path: Path, places: Mapping[str, Path]) -> None:
    """What `build` writes and removes must not be what an author has written."""
    for key, place in places.items():
        for other, folder in places.items():
            if key != other and place.is_relative_to(folder):
                raise CourseError(NESTED.format(path=path, key=key, other=other))


def datasets_of(path: Path, found: object, slugs: tuple[str, ...]) -> Mapping[str, str]:
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


def refuse_others(found: Mapping[str, Any], known: tuple[str, ...], path: Path, where: str) -> None:
    """Raise `CourseError` where a table has a key that nothing reads."""
    for key in found:
        if key not in known:
            names = ", ".join(known)
            raise CourseError(UNKNOWN_KEY.format(path=path, key=key, where=where, known=names))


def share_of(marks: object, path: Path) -> float:
    """``[marks] follow_through``: the share that a right answer on a wrong one earns."""
    if not isinstance(marks, dict):
        raise CourseError(NO_TABLE.format(path=path, table="marks"))
    refuse_others(marks, ("follow_through",), path, "[marks]")
    value = marks.get("follow_through", 1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise CourseError(BAD_SHARE.format(path=path, value=value))
    return float(value)


def table_of(settings: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    """A table that another room reads."""
    found = settings.get(name, {})
    if not isinstance(found, dict):
        raise CourseError(NO_TABLE.format(path=path, table=name))
    return found


def hidden_of(adopt: Mapping[str, Any], path: Path) -> str:
    """``[adopt] hidden``: the folder in a source that only tests see."""
    refuse_others(adopt, ("hidden",), path, "[adopt]")
    value = adopt.get("hidden", HIDDEN)
    if not isinstance(value, str) or not re.fullmatch(r"[\w-]+", value):
        raise CourseError(BAD_HIDDEN.format(path=path, value=value))
    return value


def python_of(value: object, path: Path) -> str:
    """``python``: the version that grades, such as ``3.12``."""
    if not isinstance(value, str) or not re.fullmatch(r"3\.(?:1[1-9]|[2-9][0-9])", value):
        raise CourseError(BAD_PYTHON.format(path=path, value=value))
    return value


def files_of(value: object, path: Path) -> str:
    """``files``: the address of each release as a zip, or an empty text."""
    if value == "":
        return ""
    if not isinstance(value, str) or not re.fullmatch(
        r"https://[^\s\"\\]*\{slug\}[^\s\"\\]*", value
    ):
        raise CourseError(BAD_FILES.format(path=path, value=value))
    return value


def inside(path: Path, key: str, value: object) -> Path:
    """A folder of the course, which lies in it."""
    parts = value.split("/") if isinstance(value, str) else []
    if not isinstance(value, str) or "\\" in value or {"", ".", ".."} & set(parts) or ":" in value:
        raise CourseError(BAD_FOLDER.format(path=path, key=key, value=value))
    return path.parent / value
