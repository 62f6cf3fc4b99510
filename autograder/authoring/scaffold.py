"""A course and an assignment to start from. Writes new files, and none that is there already."""

from __future__ import annotations

import json
import keyword
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from autograder.course import FOLDERS, Course, shipped_course
from autograder.course import SETTINGS as COURSE_FILE
from autograder.errors import UserError
from autograder.files import write_atomically

from .given import IN_PACKAGE, LITTER
from .settings import SETTINGS, given_table, read_assignment

TEMPLATE = Path(__file__).with_name("template")
SLUG = "new_assignment"  # the template's own, which the new one's name replaces
TITLE = "New assignment"
COURSE_TITLE, COURSE_PYTHON = "COURSE TITLE", "THIS PYTHON"
NO_WORDS: Mapping[str, str] = MappingProxyType({})

IS_COURSE = "{folder} is a course already: it has a course.toml."
BAD_SLUG = (
    "{slug!r} cannot be the name of an assignment: use lower-case letters, digits and `_`, and"
    " begin with a letter, such as `ps1`."
)
KEYWORD = "{slug!r} is a keyword of Python, and hidden tests are a module; choose another name."
IN_THE_WAY = "{path} is there already; nothing was written. Choose another name, or move it away."


class ScaffoldError(UserError, ValueError):
    """What is to be written has no fit name, or something is in its way."""


@dataclass(frozen=True, kw_only=True)
class Scaffolded:
    """The files that were written, and those that were there and stay as they are.

    `outer` is the course in whose folder a new course lies, if there is one.
    """

    files: tuple[Path, ...]
    kept: tuple[Path, ...] = ()
    outer: Path | None = None


def init_course(folder: Path, title: str = "") -> Scaffolded:
    """Make a folder a course: `course.toml`, `nbgrader_config.py`, `README.md`, `.gitignore`.

    Files of these names that are there already are kept.

    Raises
    ------
    ScaffoldError : the folder is a course already.
    """
    if (folder / COURSE_FILE).exists():
        raise ScaffoldError(IS_COURSE.format(folder=folder))
    title = " ".join((title or folder.resolve().name or "A course").split())
    quoted = json.dumps(title, ensure_ascii=False)  # TOML reads it as JSON does
    words = {f'"{COURSE_TITLE}"': quoted, COURSE_TITLE: title, "gitignore": ".gitignore"}
    words[COURSE_PYTHON] = ".".join(map(str, sys.version_info[:2]))
    files = _tree(TEMPLATE / "course", folder, words)
    kept = tuple(path for path in files if path.exists())
    for path, data in files.items():
        if path not in kept:
            write_atomically(path, data)
    above = folder.resolve().parents
    outer = next((one for one in above if (one / COURSE_FILE).is_file()), None)
    new = tuple(path for path in files if path not in kept)
    return Scaffolded(files=new, kept=kept, outer=outer)


def new_assignment(slug: str, course: Course) -> Scaffolded:
    """Write an assignment that builds, verifies and grades as it is, for an author to change.

    Raises
    ------
    ScaffoldError : the name is unfit, or there is something of that name.
    """
    words = {SLUG: _checked(slug, course), TITLE: slug.replace("_", " ").capitalize()}
    template = TEMPLATE / "assignment"
    own = {
        **_tree(template / "solutions" / SLUG, course.solutions / slug, words),
        **_tree(template / "checks" / SLUG, course.checks / slug, words),
    }
    given = tomllib.loads(own[course.solutions / slug / SETTINGS].decode())["given"]
    return _write_with_given(own, list(given.values()), slug, course)


def copy_assignment(slug: str, course: Course) -> Scaffolded:
    """Take an assignment of the shipped course, with its hidden tests, into a course.

    Given files come along, to where the same folder of this course is; those that are there stay.

    Raises
    ------
    UnknownAssignmentError : the shipped course has no such assignment.
    ScaffoldError : there is something of that name.
    """
    shipped = shipped_course()
    assignment = read_assignment(slug, shipped)
    _refuse_taken(slug, course)
    own = {
        **_tree(assignment.source, course.solutions / slug),
        **_tree(assignment.checks_folder, course.checks / slug),
    }
    return _write_with_given(own, list(given_table(assignment).values()), slug, course)


def _write_with_given(
    own: dict[Path, bytes], origins: Sequence[str], slug: str, course: Course
) -> Scaffolded:
    """Write an assignment's own files, and the given ones that this course does not have."""
    shipped = shipped_course()
    moved = {origin: _moved(origin, shipped, course) for origin in origins}
    settings = course.solutions / slug / SETTINGS
    text = own[settings].decode()
    for origin, place in moved.items():
        text = text.replace(f'"{origin}"', f'"{place}"')
    given = {
        course.root / place / inside: data
        for origin, place in moved.items()
        if not origin.startswith(IN_PACKAGE)
        for inside, data in _contents(shipped.root / origin)
    }
    kept = [path for path in given if path.exists()]
    files = {**own, settings: text.encode()}
    files |= {path: data for path, data in given.items() if path not in kept}
    for path, data in files.items():
        write_atomically(path, data)
    return Scaffolded(files=tuple(files), kept=tuple(kept))


def _moved(origin: str, shipped: Course, course: Course) -> str:
    """An origin of the shipped course by the names that folders have in another one."""
    for name in FOLDERS:
        theirs: Path = getattr(shipped, name)
        ours: Path = getattr(course, name)
        if (shipped.root / origin).is_relative_to(theirs) and not origin.startswith(IN_PACKAGE):
            inside = (shipped.root / origin).relative_to(theirs)
            return course.shown(ours / inside)
    return origin


def _checked(slug: str, course: Course) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", slug):
        raise ScaffoldError(BAD_SLUG.format(slug=slug))
    if keyword.iskeyword(slug):
        raise ScaffoldError(KEYWORD.format(slug=slug))
    _refuse_taken(slug, course)
    return slug


def _refuse_taken(slug: str, course: Course) -> None:
    folders = (course.solutions, course.checks, course.assignments)
    for path in (*(folder / slug for folder in folders), course.checks / f"{slug}.py"):
        if path.exists():
            raise ScaffoldError(IN_THE_WAY.format(path=path))


def _tree(folder: Path, target: Path, words: Mapping[str, str] = NO_WORDS) -> dict[Path, bytes]:
    """The files below a folder by where they go, with words replaced in names and texts."""
    return {
        target / _replaced(inside, words): _replaced(data.decode(), words).encode()
        for inside, data in _contents(folder)
    }


def _contents(place: Path) -> Iterator[tuple[str, bytes]]:
    """The files below a folder by relative path; of a file, itself under the path ``.``."""
    if place.is_file():
        yield ".", place.read_bytes()
        return
    for path in sorted(place.rglob("*")):
        if path.is_file() and not LITTER & set(path.parts):
            yield path.relative_to(place).as_posix(), path.read_bytes()


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for word, by in words.items():
        text = text.replace(word, by)
    return text
