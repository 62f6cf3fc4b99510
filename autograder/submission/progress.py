"""How far a copy of a released file was worked on, beside what was handed out. Runs none of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Assignment
from autograder.judging.attempts import code_cells, text_cells, written_parts

from .legible import IllegibleError, legible

_SAME_NOTEBOOK, _OTHER_NOTEBOOK = 0.5, 0.1  # shares of a lesson's cells that a file has
_DEFINED = re.compile(rb"^\s*(?:def|class)\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True, order=True, kw_only=True)
class WorkDone:
    """How far a file is, so that the greater is the further.

    Attributes
    ----------
    readable : whether there is anything to be read in it.
    worked : whether anything in it is not as it was handed out.
    written : the number of parts that were written, less that of answers in words that were not.
    """

    readable: bool = False
    worked: bool = False
    written: int = 0


class HandedOut:
    """The released files of an assignment, to compare with."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment

    def progress(self, path: str, data: bytes) -> WorkDone:
        """How far `data` is as a copy of the released file `path`."""
        released = self._released(path)
        try:
            data = legible(path, data).data
        except IllegibleError:
            return WorkDone()
        sources = set(_sources(path, data))
        changed = bool(sources - set(_sources(path, released)))
        unwritten = set(_written_answers(path, released)) & sources
        return WorkDone(
            readable=True,
            worked=changed,
            written=len(written_parts(path, released, data)) - len(unwritten),
        )

    def lesson(self, data: bytes) -> str:
        """The notebook of the assignment that a file is a copy of, by its cells; "" if of none."""
        try:
            data = legible("a.ipynb", data).data
        except IllegibleError:
            return ""
        shares = {path: self._share(path, data) for path in self._assignment.notebooks}
        best = max(shares, key=lambda path: shares[path], default="")
        return best if best and shares[best] >= _SAME_NOTEBOOK else ""

    def is_copy(self, path: str, data: bytes) -> bool:
        """Whether anything of the released file is left in another."""
        if path.endswith(".ipynb"):
            nothing = not any(_sources(path, self._released(path)))
            return nothing or self._share(path, data) > _OTHER_NOTEBOOK
        names = set(_DEFINED.findall(self._released(path)))
        return not names or bool(names & set(_DEFINED.findall(data)))

    def _share(self, path: str, data: bytes) -> float:
        """The share of a notebook's cells that another has."""
        released = self._released(path)
        wanted = (set(_sources(path, released)), set(_ids(released)))
        found = set(_sources(path, data)) | set(_ids(data))
        return max((len(one & found) / len(one) for one in wanted if one), default=0.0)

    def _released(self, path: str) -> bytes:
        try:
            return (self._assignment.release / path).read_bytes()
        except OSError:
            return b""  # nothing can be compared; grading will say that the release is missing


def _sources(path: str, data: bytes) -> Iterator[str]:
    """What was written in a file: a module as a whole, or a notebook cell by cell."""
    if not path.endswith(".ipynb"):
        yield _plain(data.decode("utf-8-sig", "replace"))
        return
    sources = [*code_cells(data), *(text for _, text in text_cells(data))]
    yield from (_plain(source) for source in sources if source.strip())


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _ids(notebook: bytes) -> Iterator[str]:
    """The ids by which nbgrader knows cells; no source is like them."""
    for metadata in _metadata(notebook):
        marks = metadata.get("nbgrader")
        if isinstance(marks, dict) and isinstance(marks.get("grade_id"), str):
            yield f"id\n{marks['grade_id']}\n"


def _metadata(notebook: bytes) -> Iterator[dict[str, Any]]:
    for cell in _cells(notebook):
        metadata = cell.get("metadata")
        if isinstance(metadata, dict):
            yield metadata


def _written_answers(path: str, released: bytes) -> Iterator[str]:
    """The released texts of the cells in which students answer in words."""
    for cell in _cells(released) if path.endswith(".ipynb") else ():
        marks = cell.get("metadata", {}).get("nbgrader", {})
        if cell.get("cell_type") == "markdown" and marks.get("solution"):
            yield _plain("".join(cell.get("source", "")))


def _cells(notebook: bytes) -> list[dict[str, Any]]:
    try:
        data = json.loads(notebook)
    except (ValueError, RecursionError):
        return []
    cells = data.get("cells") if isinstance(data, dict) else None
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
