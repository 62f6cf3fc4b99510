"""Cells in front of a notebook, by the grader: about its files, and what to look at first."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import nbformat

from autograder.nbgrader_plugin.reading import grade_id
from autograder.reports.student_checks import TITLES, kind_of
from autograder.results import CheckResult, Report

_new_markdown_cell: Any = nbformat.v4.new_markdown_cell  # has no annotations

NOTE_ID = "note-by-the-grader"
NOTE = "**A note on your submission, by the grader**\n\n"
IDS_SINCE = 5  # minor version of the format from which cells have ids
START_ID = "where-to-start-by-the-grader"
HEAD = "**Where to start, by the grader**"
SHOWN = ("causes", "open", "follows", "undecided")


def note_on_files(reasons: Sequence[str]) -> Any:
    """The cell that says what could not be used as it was handed in."""
    # A file's name may be part of a reason, and students choose the names of files.
    text = "\n\n".join(html.escape(reason, quote=False) for reason in reasons)
    return _new_markdown_cell(NOTE + text, id=NOTE_ID)


def say_where_to_start(notebook: Any, report: Report) -> None:
    """Put in front what is not right yet, causes first, each a link to its cell."""
    here = {grade_id(cell) for cell in notebook.cells}
    text = where_to_start([result for result in report.checks if result.id in here])
    if text:
        place = int(bool(notebook.cells) and notebook.cells[0].get("id") == NOTE_ID)
        notebook.cells.insert(place, _new_markdown_cell(text, id=START_ID))
        if notebook.nbformat_minor < IDS_SINCE:
            del notebook.cells[place]["id"]


def where_to_start(results: Sequence[CheckResult]) -> str:
    """The text of the cell; nothing where all is right."""
    lines = []
    for kind, title, _ in TITLES:
        links = [f"[`{one.id}`](#{one.id})" for one in results if kind_of(one) == kind]
        if kind in SHOWN and links:
            lines.append(f"* {title}: {', '.join(links)}")
    return "\n".join([HEAD, "", *lines]) if lines else ""
