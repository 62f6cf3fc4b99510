"""What of a submission is put into the worker.

Given files always are the released ones. Cells whose source equals a released grade cell or demo
cell do not run: hidden checks decide, and demonstrations train for a person to look at.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.judging.attempts import all_parts, code_cells
from autograder.submission import Submission

from .given_cells import GivenCell, given_cells
from .stand_in import stand_in

logger = logging.getLogger(__name__)

# Notebooks go in cell by cell. A package may be given as one zip; a student's is not imported.
_NOT_LOADED = (".ipynb", ".md", ".zip")
_NOT_GIVEN = (".ipynb", ".md")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The files, notebook cells and modules of one submission, in the order of loading.

    `given` has, by notebook, the released cells that run where the student's fail or choose other
    data than `dataset`, which is graded.
    """

    files: Mapping[str, bytes]
    cells: tuple[tuple[str, str], ...]
    modules: tuple[str, ...]
    given: Mapping[str, tuple[GivenCell, ...]] = field(default_factory=dict)
    dataset: str = ""


def plan(release: Mapping[str, bytes], submission: Submission, dataset: str = "") -> Plan:
    """Decide what is loaded; `dataset` is the one that is graded."""
    editable = {path for path in release if all_parts({path: release[path]})}
    given = {path: data for path, data in release.items() if path not in editable}
    files = {
        path: data
        for path, data in {**submission.files, **given}.items()
        if not path.casefold().endswith(_NOT_GIVEN if path in given else _NOT_LOADED)
        and _stays_inside(path)
    }
    for path in sorted(submission.files.keys() - files.keys()):
        logger.debug("%s: %s is not loaded", submission.student, path)
    notebooks = [path for path in release if path.endswith(".ipynb") and path in submission.files]
    return Plan(
        files={**files, **stand_in(dataset)},
        cells=tuple(cell for path in notebooks for cell in _cells(path, release, submission)),
        modules=tuple(sorted(module_name(path) for path in editable & files.keys())),
        given={PurePosixPath(path).stem: given_cells(release[path], dataset) for path in notebooks},
        dataset=dataset,
    )


def _cells(
    path: str, release: Mapping[str, bytes], submission: Submission
) -> Iterator[tuple[str, str]]:
    idle = {_bare(source) for source in _idle_cells(release[path])}
    name = PurePosixPath(path).stem
    for source in code_cells(submission.files[path]):
        if source.strip() and _bare(source) not in idle:
            yield name, source


def _idle_cells(notebook: bytes) -> Iterator[str]:
    """The released cells that grading does not run."""
    for cell in json.loads(notebook)["cells"]:
        metadata = cell["metadata"]
        marks = metadata.get("nbgrader", {})
        tests = marks.get("grade", False) and not marks.get("solution", False)
        if cell["cell_type"] == "code" and (tests or metadata.get("autograder", {}).get("demo")):
            yield "".join(cell["source"])


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return not path.startswith("/") and ".." not in parts and "\0" not in path


def _bare(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def module_name(path: str) -> str:
    """The module that a file is."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
