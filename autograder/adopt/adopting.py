"""Adopts one assignment: reads its source, surveys its notebooks, writes the record beside it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from autograder.adopted import (
    SCHEMA,
    AdoptedCell,
    AdoptedManual,
    AdoptedRecord,
    record_path,
)
from autograder.errors import UserError
from autograder.files import write_atomically
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits

from .autotests import with_tests, written_tests
from .running import TIMES, NotebookRun
from .source import CELL_SECONDS, CourseFiles, SourceNotebook, read_source, reference_steps
from .survey import needs_all, survey

NO_SOURCE = "{folder} has no notebook of nbgrader's with a test cell."
TWICE = (
    "Two test cells of {slug} are called {id!r}, in {one}.ipynb and in {other}.ipynb. Rename one:"
    " results are kept by that name."
)
ADOPTING_SECONDS = 60.0  # for one cell; it is not known yet how long the reference takes
NOTEBOOK_SECONDS = 600.0
IGNORED = (".ipynb_checkpoints", "__pycache__", ".git")


class NothingToAdoptError(UserError, ValueError):
    """A folder is no assignment of nbgrader's."""


def source_files(folder: Path) -> dict[str, bytes]:
    """Every file of a source folder, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and not set(IGNORED) & set(relative.parts):
            found[relative.as_posix()] = path.read_bytes()
    return found


def with_written(files: Mapping[str, bytes], written: Mapping[str, str]) -> dict[str, bytes]:
    """The files with the tests that nbgrader has written in their notebooks."""
    return {
        path: with_tests(data, written) if written and path.endswith(".ipynb") else data
        for path, data in files.items()
    }


def source_notebooks(slug: str, files: Mapping[str, bytes]) -> list[SourceNotebook]:
    """The notebooks of a source. Raises `UserError` where one cannot be read or a name is twice."""
    found = [
        read_source(path.removesuffix(".ipynb"), data)
        for path, data in files.items()
        if path.endswith(".ipynb") and "/" not in path
    ]
    seen: dict[str, str] = {}
    for notebook in found:
        for cell in notebook.tests:
            if cell.id in seen:
                said = {"slug": slug, "id": cell.id, "one": seen[cell.id], "other": notebook.name}
                raise NothingToAdoptError(TWICE.format(**said))
            seen[cell.id] = notebook.name
    return found


def course_of(files: Mapping[str, bytes], hidden: str) -> CourseFiles:
    """What of a source both sides see, and what the tests alone do: the folder `hidden`."""
    shown = {path: data for path, data in files.items() if not path.endswith(".ipynb")}
    below = {path: data for path, data in shown.items() if path.startswith(f"{hidden}/")}
    return CourseFiles(
        files={path: data for path, data in shown.items() if path not in below},
        hidden=below,
        hidden_names=(f"{hidden}/",) if below else (),
    )


def adopt(folder: Path, *, level: str, hidden: str) -> AdoptedRecord:
    """Adopt the assignment in a source folder, and write its record beside it.

    Parameters
    ----------
    level : the sandbox level.
    hidden : the folder in it that only the tests see.

    Raises
    ------
    UserError : it is no assignment of nbgrader's.
    """
    slug, found_files = folder.name, source_files(folder)
    written = written_tests(folder, found_files)
    files = with_written(found_files, written)
    notebooks = source_notebooks(slug, files)
    if not any(notebook.tests for notebook in notebooks):
        raise NothingToAdoptError(NO_SOURCE.format(folder=folder))
    course = course_of(files, hidden)
    cells: list[AdoptedCell] = []
    whole: list[str] = []
    seconds: dict[str, float] = {}
    for notebook in notebooks:
        if notebook.tests:
            found = _Surveyed(notebook, course, level)
            cells += found.cells
            whole += [notebook.name] * found.needs_all
            seconds[notebook.name] = found.seconds
    record = AdoptedRecord(
        schema=SCHEMA,
        slug=slug,
        cells=tuple(cells),
        manual=tuple(_manual(notebooks)),
        notebooks=tuple(f"{notebook.name}.ipynb" for notebook in notebooks),
        digests={path: hashlib.sha256(data).hexdigest() for path, data in found_files.items()},
        seconds=seconds,
        whole=tuple(whole),
        written=written,
    )
    data = msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
    write_atomically(record_path(folder.parent, slug), data)
    return record


class _Surveyed:
    """What was found out about one notebook."""

    def __init__(self, notebook: SourceNotebook, course: CourseFiles, level: str) -> None:
        generous = replace(course, seconds=ADOPTING_SECONDS)
        run = NotebookRun(
            course=generous,
            level=get_level(level),
            limits=Limits(),
            steps=reference_steps(notebook),
            end=time.monotonic() + NOTEBOOK_SECONDS,
        )
        found = survey(notebook, run)
        self.cells = list(found.cells(notebook))
        self.needs_all = needs_all(self.cells, run, found)
        self.seconds = max(CELL_SECONDS, round(TIMES * found.slowest, 1))


def _manual(notebooks: list[SourceNotebook]) -> Iterator[AdoptedManual]:
    for notebook in notebooks:
        for cell in notebook.manual:
            yield AdoptedManual(id=cell.id, notebook=notebook.name, points=cell.points)
