"""The released notebooks, the checks and the gradebook: do the three fit? Reads no submission."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import ClearSolutions  # type: ignore[import-untyped]

from autograder.adopt.handed_out import handed_out
from autograder.assignment import Assignment, parts_of
from autograder.errors import UserError
from autograder.grading.loading import read_adopted
from autograder.judging.check import load_checks
from autograder.nbgrader_plugin import gradebook
from autograder.nbgrader_plugin.gradebook import Points

_read: Any = nbformat.read  # has no annotations
_reads: Any = nbformat.reads

NO_RELEASE = "There is no notebook in {folder}. Run `autograder build {slug}` first."
STALE_RELEASE = (
    "The notebooks in {folder} do not fit the checks: {difference}."
    " Run `autograder build {slug}`, then `nbgrader generate_assignment {slug} --force`."
)
STALE_ADOPTED = (
    "The gradebook does not fit {folder}: {difference}. Run `autograder adopt` and"
    " `nbgrader generate_assignment {slug} --force`."
)
STALE_GRADEBOOK = (
    "The gradebook does not fit the notebooks in {folder}: {difference}."
    " Run `nbgrader generate_assignment {slug} --force`."
)
OTTERS = (
    "{slug} is an assignment of otter's, which nbgrader cannot grade. Run `autograder grade {slug}"
    " submitted/`, or `autograder gradescope {slug}`."
)


class ReleaseError(UserError, ValueError):
    """Nothing can be graded as things stand; the message says what to run."""


def open_release(assignment: Assignment, coursedir: Any) -> Mapping[str, Any]:
    """The released notebooks by name, entered in the gradebook when they are not in it yet.

    Raises
    ------
    ReleaseError : there are none, or their grade cells are not those of the checks or of the
        gradebook. Better no grades than grades for other questions.
    """
    slug = assignment.slug
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", slug))
    notebooks = {path.stem: _read(path, as_version=4) for path in folder.glob("*.ipynb")}
    if not notebooks:
        raise ReleaseError(NO_RELEASE.format(folder=folder, slug=slug))
    if assignment.adopted is not None:
        return _open_adopted(assignment, coursedir, notebooks)
    checks = {check.id: check.counted for check in load_checks(assignment).values()}
    difference = _difference(gradebook.release_points(notebooks, "code"), checks)
    if difference:
        raise ReleaseError(STALE_RELEASE.format(folder=folder, slug=slug, difference=difference))
    new = gradebook.unregistered(coursedir, slug, sorted(notebooks))
    gradebook.register(coursedir, slug, {name: notebooks[name] for name in new})
    for cell_type in ("code", "markdown"):
        known = gradebook.gradebook_points(coursedir, slug, cell_type)
        difference = _difference(known, gradebook.release_points(notebooks, cell_type))
        if difference:
            stale = STALE_GRADEBOOK.format(folder=folder, slug=slug, difference=difference)
            raise ReleaseError(stale)
    return notebooks


def _open_adopted(
    assignment: Assignment, coursedir: Any, sources: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The notebooks of an adopted assignment as they are handed out; the gradebook has their tests.

    A source of nbgrader's is registered without its solutions and with its tests, as by `nbgrader
    generate_assignment`, unless that has been done.
    """
    if assignment.adopted is not None and assignment.adopted.is_otter:
        raise ReleaseError(OTTERS.format(slug=assignment.slug))
    slug, files = assignment.slug, read_adopted(assignment)
    new = gradebook.unregistered(coursedir, slug, sorted(sources))
    written = {
        name: _reads(files[f"{name}.ipynb"].decode("utf-8-sig"), as_version=4) for name in new
    }
    cleared = {name: _without_solutions(notebook) for name, notebook in written.items()}
    gradebook.register(coursedir, slug, cleared)
    known = gradebook.gradebook_points(coursedir, slug, "code")
    wanted = {part.id: part.points for part in parts_of(assignment) if not part.manual}
    difference = _difference({id: known[id] for id in known.keys() & wanted.keys()}, wanted)
    if difference:
        raise ReleaseError(
            STALE_ADOPTED.format(
                folder=assignment.course.shown(assignment.release), slug=slug, difference=difference
            )
        )
    released = {name: handed_out(files[f"{name}.ipynb"]) for name in sources}
    return {name: _reads(data.decode(), as_version=4) for name, data in released.items()}


def _without_solutions(notebook: Any) -> Any:
    cleared, _ = ClearSolutions().preprocess(copy.deepcopy(notebook), {"nbgrader": {}})
    return cleared


def _difference(found: Points, wanted: Points) -> str:
    """The first difference in words, or nothing."""
    for name in sorted(wanted.keys() - found.keys()):
        return f"there is no grade cell `{name}`"
    for name in sorted(found.keys() - wanted.keys()):
        return f"the grade cell `{name}` should not be there"
    for name, points in wanted.items():
        if found[name] != points:
            return f"`{name}` is worth {points:g} points, not {found[name]:g}"
    return ""
