"""Reads a source notebook of whichever format, and a submission beside it. Runs nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .handed_out import handed_out
from .otter.boundaries import is_master, is_old_master
from .otter.master import read_master
from .otter.submitted import otter_steps, student_notebook, untouched
from .source import (
    CellKind,
    SourceError,
    SourceNotebook,
    Step,
    cells_of,
    nbgrader_steps,
    read_nbgrader,
)

OTHER_LANGUAGE = (
    "{name}.ipynb is written for the kernel {language}. Notebooks in Python alone can be adopted."
)
OLD_OTTER = (
    "{name}.ipynb is in the format of otter before version 4, with questions in text cells. Put"
    " each mark into a raw cell, such as `# BEGIN QUESTION`, as otter 4 and later read it."
)


def read_source(name: str, data: bytes, files: Mapping[str, bytes] | None = None) -> SourceNotebook:
    """Read a source notebook.

    Parameters
    ----------
    files : those of its folder; an otter notebook may name one that configures it.

    Raises
    ------
    SourceError : it cannot be read; the message says what to do.
    """
    cells = cells_of(name, data)
    if is_master(cells):
        _refuse_other_language(name, data)
        return read_master(name, data, files or {})
    if is_old_master(cells):
        raise SourceError(OLD_OTTER.format(name=name))
    found = read_nbgrader(name, data)
    if found.tests:
        _refuse_other_language(name, data)
    return found


def steps_of(source: SourceNotebook, submitted: bytes | None) -> tuple[Step, ...]:
    """What runs for a submitted notebook, in order."""
    if not source.is_otter:
        return nbgrader_steps(source, submitted)
    try:
        return otter_steps(source, submitted)
    except SourceError:
        return otter_steps(source, None)


def released(name: str, data: bytes) -> bytes:
    """A source notebook as students get it."""
    return student_notebook(name, data) if is_master(cells_of(name, data)) else handed_out(data)


def unwritten(source: SourceNotebook, submitted: bytes) -> frozenset[str]:
    """The ids of the tests of questions that were handed in as they were handed out."""
    if not source.is_otter:
        return frozenset()
    try:
        questions = untouched(source, submitted)
    except SourceError:
        return frozenset()
    tests = [cell for cell in source.cells if cell.kind is CellKind.TEST]
    return frozenset(cell.id for cell in tests if cell.question in questions)


def _refuse_other_language(name: str, data: bytes) -> None:
    """Raise `SourceError` for a notebook of another language than Python."""
    metadata = json.loads(data.decode("utf-8-sig")).get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    info = metadata.get("language_info") if isinstance(metadata, dict) else None
    said = spec.get("language") if isinstance(spec, dict) else None
    said = said or (info.get("name") if isinstance(info, dict) else None)
    known = {"ir": "R", "r": "R", "bash": "bash", "java": "Java", "julia": "Julia"}
    kernel = str(spec.get("name", "")).lower() if isinstance(spec, dict) else ""
    language = str(said or known.get(kernel, "python"))
    if language.lower() not in ("python", "ipython", "python3"):
        raise SourceError(OTHER_LANGUAGE.format(name=name, language=language))
