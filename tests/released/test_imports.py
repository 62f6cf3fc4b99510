"""Do released files import anything that students may not have?"""

from __future__ import annotations

import ast
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import shipped_course
from autograder.judging.attempts import code_cells

STUDENTS_HAVE = {"numpy", "matplotlib", "IPython"}
OPTIONAL = {
    "torch",
    "ipywidgets",
    "google",
}  # only inside a `try`, or behind a check that it is there
RELEASES = shipped_course().assignments
RELEASED = sorted(path for path in RELEASES.rglob("*") if path.suffix in (".py", ".ipynb", ".zip"))


def sources(path: Path) -> Iterator[str]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            cells = [archive.read(name).decode() for name in archive.namelist()]
    elif path.suffix == ".ipynb":
        cells = code_cells(path.read_bytes())
    else:
        cells = [path.read_text(encoding="utf-8")]
    for cell in cells:
        yield "\n".join("" if line.startswith(("%", "!")) else line for line in cell.splitlines())


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def test_there_are_releases() -> None:
    assert RELEASED


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.relative_to(RELEASES).as_posix())
def test_only_what_students_have_is_imported(path: Path) -> None:
    release = RELEASES / path.relative_to(RELEASES).parts[0]
    own = {entry.name.removesuffix(".py") for entry in release.iterdir()}
    known = STUDENTS_HAVE | OPTIONAL | own | set(sys.stdlib_module_names)
    assert {name for source in sources(path) for name in imported(source)} <= known
