"""Where each part stands in the notebooks that were handed out: under which heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import quote

from autograder.assignment import Assignment
from autograder.judging.attempts import NotebookCell, all_cells

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_TODO = re.compile(r"TODO\((\w+)\)")


@dataclass(frozen=True, kw_only=True)
class LessonPlace:
    """A notebook and the heading in it, as its source has that; `address` where it can be read."""

    notebook: str
    heading: str = ""
    address: str = ""

    @property
    def words(self) -> str:
        """The place in a few words, with the notebook's name as code."""
        return f"`{self.notebook}`, {self.heading}" if self.heading else f"`{self.notebook}`"


LessonPlaces = Mapping[str, LessonPlace]
NO_PLACES: LessonPlaces = MappingProxyType({})


def lesson_places(assignment: Assignment, *, address: str = "") -> LessonPlaces:
    """The place of every part that has a cell of its own, by id.

    Parameters
    ----------
    address : of the notebooks as pages, with ``{notebook}`` for the name; empty where there are
        none. What follows ``#`` is the heading, written as Jupyter does.
    """
    found: dict[str, LessonPlace] = {}
    for path in assignment.notebooks:
        file = assignment.release / path
        if file.is_file():
            for id, heading in _headings(list(all_cells(file.read_bytes()))).items():
                link = _link(address, path, heading)
                place = LessonPlace(notebook=path, heading=heading, address=link)
                found.setdefault(id, place)
    return found


def _headings(cells: list[NotebookCell]) -> dict[str, str]:
    """The id of each cell, and of each gap in one, with the last heading before it."""
    found: dict[str, str] = {}
    heading = ""
    for cell in cells:
        if cell.kind == "markdown":
            titles = _HEADING.findall(_FENCED.sub("", cell.source))
            heading = titles[-1] if titles else heading
        for id in (cell.id, *_TODO.findall(cell.source)):
            found.setdefault(id, heading)
    return found


def _link(address: str, path: str, heading: str) -> str:
    if not address:
        return ""
    name = str(PurePosixPath(path).with_suffix(""))
    anchor = re.sub(r"[`*]", "", heading).replace(" ", "-")
    return address.replace("{notebook}", quote(name)) + (f"#{quote(anchor)}" if anchor else "")
