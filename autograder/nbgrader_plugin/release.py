"""The released notebooks, the checks and the gradebook: do the three fit? Reads no submission."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignment import Assignment
from autograder.errors import UserError
from autograder.judging.check import load_checks
from autograder.nbgrader_plugin import gradebook
from autograder.nbgrader_plugin.gradebook import Points

_read: Any = nbformat.read  # has no annotations

NO_RELEASE = "There is no notebook in {folder}. Run `autograder build {slug}` first."
STALE_RELEASE = (
    "The notebooks in {folder} do not fit the checks: {difference}."
    " Run `autograder build {slug}`, then `nbgrader generate_assignment {slug} --force`."
)
STALE_GRADEBOOK = (
    "The gradebook does not fit the notebooks in {folder}: {difference}."
    " Run `nbgrader generate_assignment {slug} --force`."
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
