"""The last look at a release before it is written: nothing broken and no solution in it."""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from nbformat.validator import iter_validate

from autograder.syntax import parse

from .errors import AuthoringError
from .lesson import Lesson
from .source import Source

MIN_LEAK = 12  # shorter lines, such as `return dx`, are no secret

LEAK = (
    "a line of the solution is in the release, in `{path}`: {line!r}; take it out there, or word "
    "one of the two differently"
)
NOT_PYTHON = "the released module does not compile: {reason}"
CELL_NOT_PYTHON = "line {line} of the released cell does not compile: {reason}"
NOT_A_NOTEBOOK = "the released notebook is not valid: {reason}"
NO_PICTURE = "the picture {path!r} is not in the release; hand it out under [given]"
NO_ALT = "the picture {path!r} needs a text for who cannot see it: `![what is to be seen]({path})`"

_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)[^)]*\)")  # Markdown: the text, then the path
_ELSEWHERE = ("http:", "https:", "data:", "attachment:")

# These two have no annotations.
_faults: Any = iter_validate
_Magics: Any = TransformerManager


def audit(source: Source, release: Mapping[str, bytes]) -> None:
    """Refuse a release that must not go out.

    Raises
    ------
    AuthoringError : a module or code cell does not compile, a notebook is invalid, a picture in it
        is missing or has no text, or a line of more than 12 characters of a solution region is in
        the release, though modules and lessons have it only in regions.
    """
    files = dict(_opened(release))
    for path, data in files.items():
        shown = f"assignments/{source.assignment.slug}/{path}"
        if path.endswith(".py"):
            _compile(data, shown)
        if path.endswith(".ipynb"):
            _validate_notebook(data, shown)
    for lesson in source.lessons:
        _compile_cells(lesson, release[f"{lesson.name}.ipynb"])
        _find_pictures(lesson, release)
    _refuse_leaks(source, {path: _text(path, data) for path, data in files.items()})


def _opened(release: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every released file, and in place of a zip the files in it, under its path."""
    for path, data in release.items():
        if not (path.endswith(".zip") and zipfile.is_zipfile(io.BytesIO(data))):
            yield path, data
            continue
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = (name for name in archive.namelist() if not name.endswith("/"))
            yield from ((f"{path}/{name}", archive.read(name)) for name in names)


def _compile(data: bytes, file: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as an invalid escape
            compile(data, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        reason = NOT_PYTHON.format(reason=error.msg)
        raise AuthoringError(file, error.lineno or 1, reason) from error
    except ValueError as error:
        raise AuthoringError(file, 1, NOT_PYTHON.format(reason=error)) from error


def _compile_cells(lesson: Lesson, data: bytes) -> None:
    magics = _Magics()  # turns `%matplotlib inline` into Python, as in grading
    for cell, released in zip(lesson.cells, json.loads(data)["cells"], strict=True):
        if cell.is_code:
            try:
                parse(magics.transform_cell("".join(released["source"])))
            except SyntaxError as error:
                message = CELL_NOT_PYTHON.format(line=error.lineno, reason=error.msg)
                raise AuthoringError(lesson.file, cell.line, message) from error


def _find_pictures(lesson: Lesson, release: Mapping[str, bytes]) -> None:
    for cell in lesson.cells:
        for text, path in [] if cell.is_code else _PICTURE.findall(cell.source):
            if not path.startswith(_ELSEWHERE) and path not in release:
                raise AuthoringError(lesson.file, cell.line, NO_PICTURE.format(path=path))
            if not text.strip():
                raise AuthoringError(lesson.file, cell.line, NO_ALT.format(path=path))


def _validate_notebook(data: bytes, file: str) -> None:
    # Not `nbformat.validate`, which mends some faults and then finds nothing.
    for error in _faults(json.loads(data)):
        raise AuthoringError(file, 1, NOT_A_NOTEBOOK.format(reason=error.message)) from error


def _refuse_leaks(source: Source, texts: Mapping[str, str]) -> None:
    open_text = "\n".join(line for _, marked in source.marked() for line in marked.outside)
    for file, number, line in solution_lines(source):
        if line in open_text:
            continue
        for path, text in texts.items():
            if line in text:
                raise AuthoringError(file, number, LEAK.format(path=path, line=line))


def solution_lines(source: Source) -> Iterator[tuple[str, int, str]]:
    """File, line of the region, and text of every line in a region that is worth hiding."""
    for file, marked in source.marked():
        for region in marked.regions:
            for line in region.solution:
                if len(line.strip()) > MIN_LEAK:
                    yield file, region.line, line.strip()


def _text(path: str, data: bytes) -> str:
    """What a person reads in a released file; of a notebook, the text of its cells."""
    if not path.endswith(".ipynb"):
        return data.decode("utf-8", errors="replace")
    return "\n".join("".join(cell["source"]) for cell in json.loads(data)["cells"])
