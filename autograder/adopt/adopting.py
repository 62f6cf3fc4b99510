"""Adopts one assignment: reads its source, surveys its notebooks, writes the record beside it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
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
from autograder.files import write_atomically
from autograder.sandbox.adopted.binding import parsed
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits

from .gathering import NothingToAdoptError, course_of, gather
from .running import TIMES, NotebookRun, Outcomes
from .source import CELL_SECONDS, CellKind, CourseFiles, SourceNotebook, reference_steps
from .survey import REFERENCE, needs_all, survey

NONE_PASSES = (
    "No test cell of {name}.ipynb passes with its own solution. {first} Run the notebook from top"
    " to bottom, mend it, and adopt it again."
)
SAYS = "The first, {id}, says: {message}"
RAISES = "A cell before them raises {message}"
NO_PYTHON = (
    "A solution cell of {name}.ipynb is no Python, and {id} fails with it. The cell begins with"
    " `{line}`. Mend it, and adopt the notebook again."
)
ADOPTING_SECONDS = 60.0  # for one cell; it is not known yet how long the reference takes
NOTEBOOK_SECONDS = 600.0


def adopt(place: Path, *, level: str, hidden: str) -> AdoptedRecord:
    """Adopt the assignment in a source folder, and write its record beside it.

    Parameters
    ----------
    place : the folder, or one notebook of otter's.
    level : the sandbox level.
    hidden : the folder in it that only the tests of nbgrader's see.

    Raises
    ------
    UserError : it is none that can be adopted; the message says what to do.
    """
    found = gather(place)
    slug, notebooks, files = found.slug, found.notebooks, found.files
    cells: list[AdoptedCell] = []
    whole: list[str] = []
    seconds: dict[str, float] = {}
    for notebook in notebooks:
        if notebook.tests:
            surveyed = _Surveyed(notebook, course_of(files, hidden, notebook), level)
            cells += surveyed.cells
            whole += [notebook.name] * surveyed.needs_all
            seconds[notebook.name] = surveyed.seconds
    record = AdoptedRecord(
        schema=SCHEMA,
        slug=slug,
        cells=tuple(cells),
        manual=tuple(_manual(notebooks)),
        notebooks=tuple(f"{notebook.name}.ipynb" for notebook in notebooks),
        digests={path: hashlib.sha256(data).hexdigest() for path, data in files.items()},
        seconds=seconds,
        whole=tuple(whole),
        folder=found.folder.name if found.folder.name != slug else "",
        is_otter=notebooks[0].is_otter,
        outside={path: data.decode("utf-8", "replace") for path, data in found.outside.items()},
        written=dict(found.written),
    )
    data = msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
    write_atomically(record_path(found.folder.parent, slug), data)
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
        _refuse_failing(notebook, found.inside[REFERENCE])
        self.cells = list(found.cells(notebook))
        self.needs_all = needs_all(self.cells, run, found)
        self.seconds = max(CELL_SECONDS, round(TIMES * found.slowest, 1))


def _refuse_failing(notebook: SourceNotebook, reference: Outcomes) -> None:
    """Raise where the solution itself is at fault, so that nothing can be said about the tests."""
    failing = [cell.id for cell in notebook.tests if not reference.tests[cell.id].passed]
    if not failing:
        return
    for cell in notebook.cells:
        if cell.kind is CellKind.SOLUTION and parsed(cell.source) is None:
            line = cell.source.strip().split("\n")[0][:60]
            said = NO_PYTHON.format(name=notebook.name, id=failing[0], line=line)
            raise NothingToAdoptError(said)
    if len(failing) == len(notebook.tests):
        raised = [verdict.message for _, verdict in sorted(reference.failed.items())]
        verdict = reference.tests[failing[0]]
        first = SAYS.format(id=failing[0], message=verdict.message)
        first = RAISES.format(message=raised[0]) if raised else first
        first = f"{first.strip().rstrip('.:')}."
        raise NothingToAdoptError(NONE_PASSES.format(name=notebook.name, first=first))


def _manual(notebooks: Sequence[SourceNotebook]) -> Iterator[AdoptedManual]:
    for notebook in notebooks:
        for cell in notebook.manual:
            yield AdoptedManual(id=cell.id, notebook=notebook.name, points=cell.points)
