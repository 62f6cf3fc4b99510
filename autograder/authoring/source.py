"""An assignment's whole source, read and checked as one. Builds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.assignment import Assignment
from autograder.judging.check import Check, load_checks, place_in

from .errors import AuthoringError
from .first_cell import first_cell
from .given import given_error, given_files
from .lesson import Lesson, read_lesson
from .markers import Marked, parse
from .placeholders import whole_or_not
from .settings import lesson_paths, module_paths

README = "README.md"

NO_CHECKS = "the hidden tests cannot be loaded: {reason}"
MISSING = "there is no such file; every assignment needs one"
NOT_TEXT = "the file is not UTF-8 text: {reason}"
NO_SUCH_SOURCE = "`{file}` is no lesson, module or README of {slug}"
TWICE = "{what} `{id}` is there already, at {where}"
UNKNOWN_CHECK = "no hidden test is called `{id}`; there are: {known}"
UNKNOWN_REGION = "region `{id}` belongs to no hidden test and no manual cell; there are: {known}"
MANUAL_IS_CHECK = "`{id}` is a hidden test, so a manual cell cannot have its name"
NO_CELL = 'no lesson has a cell `# %% check="{id}"` for the hidden test `{id}`'
GIVEN_TWICE = "[given] {path!r} is made from a lesson, module or README already"


class Change(Protocol):
    """What a mutant or variant does to one file, named by its path in `solutions/<slug>/`."""

    @property
    def file(self) -> str:
        """The path of the file."""

    def apply(self, text: str) -> str:
        """The changed text. Raises `AuthoringError`."""


@dataclass(frozen=True, kw_only=True)
class Module:
    """One reference module; `path` is where students find it."""

    path: str
    file: str
    marked: Marked


@dataclass(frozen=True, kw_only=True)
class Source:
    """Everything an author has written for an assignment, and the values of its placeholders."""

    assignment: Assignment
    checks: Mapping[str, Check]
    modules: tuple[Module, ...]
    lessons: tuple[Lesson, ...]
    readme: str
    readme_file: str
    given: Mapping[str, bytes]

    @property
    def points(self) -> dict[str, float]:
        """The points of every hidden test by its id."""
        return {check.id: whole_or_not(check.points) for check in self.checks.values()}

    @property
    def counted(self) -> dict[str, float]:
        """The points of every hidden test as nbgrader counts them: 0 for extra credit."""
        return {check.id: whole_or_not(check.counted) for check in self.checks.values()}

    @property
    def placeholders(self) -> dict[str, Any]:
        """The values that placeholders can show.

        `total_points` has those of the manual questions in it and no extra credit; `bonus_points`
        are those of all extra credit.
        """
        manual = sum(cell.points for lesson in self.lessons for cell in lesson.cells)
        counted = sum(self.counted.values())
        return {
            "assignment": self.assignment,
            "first_cell": first_cell(self.assignment, self.given),
            "points": self.points,
            "threshold": self.assignment.thresholds.get(self.assignment.dataset, {}),
            "total_points": whole_or_not(counted + manual),
            "bonus_points": whole_or_not(sum(self.points.values()) - counted),
        }

    def marked(self) -> Iterator[tuple[str, Marked]]:
        """Every text that can have regions, with the file it is in."""
        yield from ((module.file, module.marked) for module in self.modules)
        for lesson in self.lessons:
            yield from ((lesson.file, cell.marked) for cell in lesson.cells)


def read_source(assignment: Assignment, changes: Sequence[Change] = ()) -> Source:
    """Read an assignment, with the changes of a mutant or variant made to its text.

    Raises
    ------
    AuthoringError : anything in the source is wrong, in one file or between two.
    """
    texts = _texts(assignment, changes)
    file = {path: f"{_shown(assignment)}/{path}" for path in texts}
    source = Source(
        assignment=assignment,
        checks=hidden_tests(assignment),
        modules=tuple(
            Module(
                path=path.removeprefix("modules/"),
                file=file[path],
                marked=parse(text, file=file[path]),
            )
            for path, text in texts.items()
            if path.startswith("modules/")
        ),
        lessons=tuple(
            read_lesson(text, name=Path(path).stem, file=file[path])
            for path, text in texts.items()
            if path.startswith("lessons/")
        ),
        readme=texts[README],
        readme_file=file[README],
        given=given_files(assignment),
    )
    _check_names(source)
    _check_given(source)
    return source


def hidden_tests(assignment: Assignment) -> Mapping[str, Check]:
    """The checks of an assignment by id. Raises `AuthoringError` where they cannot be loaded."""
    try:
        return load_checks(assignment)
    except (ModuleNotFoundError, ValueError) as error:
        raise _not_loaded(assignment, error, str(error)) from error
    except Exception as error:  # any that their own code may raise
        raise _not_loaded(assignment, error, f"{type(error).__name__}: {error}") from error


def _not_loaded(assignment: Assignment, error: Exception, reason: str) -> AuthoringError:
    """The error at the innermost line of the hidden tests, where one of theirs was reached."""
    if isinstance(error, SyntaxError) and error.filename:
        reason = f"{type(error).__name__}: {error.msg}"
    file, line = place_in(assignment.course.checks, error) or (assignment.checks_folder, 1)
    return AuthoringError(assignment.course.shown(file), line, NO_CHECKS.format(reason=reason))


def _texts(assignment: Assignment, changes: Sequence[Change]) -> dict[str, str]:
    source = assignment.source
    paths = [*module_paths(source), *lesson_paths(source), source / README]
    texts = {path.relative_to(source).as_posix(): _read(path, assignment) for path in paths}
    for change in changes:
        if change.file not in texts:
            message = NO_SUCH_SOURCE.format(file=change.file, slug=assignment.slug)
            raise AuthoringError(f"{_shown(assignment)}/{change.file}", 1, message)
        texts[change.file] = change.apply(texts[change.file])
    return texts


def _read(path: Path, assignment: Assignment) -> str:
    file = assignment.course.shown(path)
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise AuthoringError(file, 1, MISSING) from error
    except UnicodeDecodeError as error:
        raise AuthoringError(file, 1, NOT_TEXT.format(reason=error)) from error


def _shown(assignment: Assignment) -> str:
    return assignment.course.shown(assignment.source)


def _check_names(source: Source) -> None:
    """Checks, cells and regions have to fit together, each id in one place."""
    regions = _one_place_each(_regions(source), "region")
    checks = _one_place_each(_cells(source, "check"), "a cell for check")
    manual = _one_place_each(_cells(source, "manual"), "manual cell")
    known = ", ".join(source.checks)
    for id, (file, line) in checks.items():
        if id not in source.checks:
            raise AuthoringError(file, line, UNKNOWN_CHECK.format(id=id, known=known))
    for id, (file, line) in manual.items():
        if id in source.checks:
            raise AuthoringError(file, line, MANUAL_IS_CHECK.format(id=id))
    for id, (file, line) in regions.items():
        if id not in source.checks and id not in manual:
            names = ", ".join([*source.checks, *manual])
            raise AuthoringError(file, line, UNKNOWN_REGION.format(id=id, known=names))
    for id in source.checks:
        if id not in checks:
            lessons = [lesson.file for lesson in source.lessons]
            file = (lessons or [f"{_shown(source.assignment)}/lessons"])[0]
            raise AuthoringError(file, 1, NO_CELL.format(id=id))


_Place = tuple[str, int]


def _one_place_each(found: Iterator[tuple[str, _Place]], what: str) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for id, (file, line) in found:
        if id in places:
            where = ":".join(map(str, places[id]))
            raise AuthoringError(file, line, TWICE.format(what=what, id=id, where=where))
        places[id] = (file, line)
    return places


def _regions(source: Source) -> Iterator[tuple[str, _Place]]:
    for file, marked in source.marked():
        yield from ((region.id, (file, region.line)) for region in marked.regions)


def _cells(source: Source, key: str) -> Iterator[tuple[str, _Place]]:
    for lesson in source.lessons:
        for cell in lesson.cells:
            if id := getattr(cell, key):
                yield id, (lesson.file, cell.line)


def _check_given(source: Source) -> None:
    made = {module.path for module in source.modules} | {README}
    made |= {f"{lesson.name}.ipynb" for lesson in source.lessons}
    for path in source.given:
        if path in made:
            raise given_error(source.assignment, path, GIVEN_TWICE.format(path=path))
