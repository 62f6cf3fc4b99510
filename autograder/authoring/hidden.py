"""The hidden file beside the hidden tests: the reference solution and the known mistakes."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.files import write_atomically
from autograder.judging.attempts import code_cells
from autograder.solved import SCHEMA, Solved, Splice, WrongSolution, solved_file

from .build import reference_files
from .mutants import Mutant, load_mutants, mutant_files

OLD = "{path} is not what the source gives\n"


def build_hidden(assignment: Assignment) -> Path:
    """Write what grading knows of the solution, and return where.

    Raises
    ------
    AuthoringError : the source or a mutant is wrong.
    """
    place, data = solved_file(assignment), _content(assignment)
    if not place.is_file() or place.read_bytes() != data:
        write_atomically(place, data)
    return place


def stale_hidden(assignment: Assignment) -> str:
    """What there is to say where the file is not what `build_hidden` would write, or ``""``.

    Raises `AuthoringError` as `build_hidden` does.
    """
    place, data = solved_file(assignment), _content(assignment)
    if place.is_file() and place.read_bytes() == data:
        return ""
    return OLD.format(path=assignment.course.shown(place))


def _content(assignment: Assignment) -> bytes:
    files = _texts(reference_files(assignment), assignment)
    solved = Solved(
        schema=SCHEMA,
        slug=assignment.slug,
        files=files,
        mistakes=tuple(_mistake(one, assignment, files) for one in load_mutants(assignment)),
    )
    return msgspec.json.format(msgspec.json.encode(solved), indent=1) + b"\n"


def _texts(files: Mapping[str, bytes], assignment: Assignment) -> dict[str, str]:
    return {path: _text(path, files[path]) for path in sorted(assignment.editable)}


def _text(path: str, content: bytes) -> str:
    """A module as it is; a notebook with nothing but its code cells, a line of code a line."""
    if not path.endswith(".ipynb"):
        return content.decode()
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source.splitlines(keepends=True)}
        for source in code_cells(content)
    ]
    return json.dumps({"cells": cells, "nbformat": 4}, indent=0, ensure_ascii=False)


def _mistake(mutant: Mutant, assignment: Assignment, files: Mapping[str, str]) -> WrongSolution:
    texts = _texts(mutant_files(assignment, mutant), assignment)
    return WrongSolution(
        name=mutant.name,
        description=mutant.description,
        loses=mutant.loses,
        diagnosis=mutant.diagnosis,
        help=mutant.help,
        changes={
            path: tuple(_splices(files[path], texts[path]))
            for path in files
            if files[path] != texts[path]
        },
    )


def _splices(before: str, after: str) -> Iterator[Splice]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            yield Splice(first=first, last=last, lines=tuple(new[start:end]))
