"""The class that all graders are measured on: one notebook, many students, equal hidden tests.

Most students have the reference, every fourth one a mistake, and each file differs from the others
by a comment. The hidden tests of nbgrader and of otter are the check cells of the notebook; ours
are `two_layer/checks/two_layer.py`, with the same sizes and comparisons.
"""

from __future__ import annotations

import ast
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import peers_assignment
from peers_assignment import SLUG

from autograder.assignment import Assignment
from autograder.authoring import build, read_assignment, reference_files

NOTEBOOK = f"{SLUG}.ipynb"
# Text of the reference -> what a student wrote instead.
MISTAKES = (
    ("dout.sum(axis=0)", "dout.mean(axis=0)"),
    ("cache > 0", "dout > 0"),
    ("dx / len(x)", "dx"),
    ("w - learning_rate * dw", "w + learning_rate * dw"),
)
EVERY = 4  # this one of so many students has a mistake


def assignment() -> Assignment:
    """The benchmark's assignment as its source says."""
    return read_assignment(SLUG, peers_assignment.COURSE)


def students(count: int) -> Iterator[tuple[str, bytes]]:
    """Names and notebooks. The first half has names with ``a``, the second with ``b``."""
    build(assignment())
    solved = reference_files(assignment())[NOTEBOOK].decode()
    for number in range(count):
        name = f"{'a' if number < count / 2 else 'b'}{number:05}"
        yield name, _notebook(solved, number)


def _notebook(solved: str, number: int) -> bytes:
    notebook = json.loads(solved)
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    first["source"] = ["# student " + str(number) + "\n", *first["source"]]
    if number % EVERY == EVERY - 1:
        right, wrong = MISTAKES[number // EVERY % len(MISTAKES)]
        for cell in notebook["cells"]:
            cell["source"] = [line.replace(right, wrong) for line in _lines(cell)]
    return json.dumps(notebook, indent=1).encode()


def write_submitted(folder: Path, count: int) -> list[Path]:
    """``folder/<student>/two_layer/two_layer.ipynb``, as nbgrader collects it; the paths."""
    shutil.rmtree(folder, ignore_errors=True)
    paths = []
    for name, notebook in students(count):
        path = folder / name / SLUG / NOTEBOOK
        path.parent.mkdir(parents=True)
        path.write_bytes(notebook)
        paths.append(path)
    return paths


def write_course(course: Path, count: int) -> list[Path]:
    """A course of plain nbgrader, with its hidden tests in the grade cells."""
    shutil.rmtree(course, ignore_errors=True)
    source = course / "source" / SLUG / NOTEBOOK
    source.parent.mkdir(parents=True)
    source.write_bytes(reference_files(assignment())[NOTEBOOK])
    (course / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "benchmark"\n'
    )
    return write_submitted(course / "submitted", count)


def write_otter(folder: Path) -> Path:
    """The configuration of otter as ``otter generate`` writes it: the tests in a zip."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "autograder.zip"
    notebook = json.loads(reference_files(assignment())[NOTEBOOK])
    defined = _defined(notebook)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"show_hidden": True}))
        for name, source in _tests(notebook):
            archive.writestr(f"tests/{name}.py", _otter_test(name, source, defined))
    return path


def _tests(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade") and not marks.get("solution"):
            yield marks["grade_id"], "".join(_lines(cell))


def _otter_test(name: str, source: str, defined: set[str]) -> str:
    """One test file in otter's exception-based format; its parameters are the student's names."""
    used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    parameters = ", ".join(sorted(used & defined))
    return (
        "from otter.test_files import test_case\n\n"
        f'OK_FORMAT = False\nname = "{name}"\npoints = 1\n\n\n'
        f"@test_case(points=1, hidden=True)\ndef test_{name}({parameters}):\n"
        f"{indent(source, '    ')}\n"
    )


def _defined(notebook: dict[str, Any]) -> set[str]:
    """What the student's cells give names to: functions, classes, imports."""
    names: set[str] = set()
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] != "code" or (marks.get("grade") and not marks.get("solution")):
            continue
        lines = [line for line in _lines(cell) if not line.startswith("%")]
        for node in ast.parse("".join(lines)).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Import):
                names |= {alias.asname or alias.name for alias in node.names}
    return names


def _lines(cell: dict[str, Any]) -> list[str]:
    source = cell["source"]
    return source.splitlines(keepends=True) if isinstance(source, str) else list(source)
