"""The example course of nbgrader, adopted and graded for an instructor to watch.

Four made-up students hand in its notebook; what the dishonest one would win where tests run in the
student's interpreter is shown beside.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from autograder.adopt.adopting import adopt
from autograder.adopt.gathering import course_of
from autograder.adopt.reading import read_source, released, steps_of
from autograder.adopt.running import NotebookRun
from autograder.adopted import AdoptedRecord, page_path
from autograder.assignment import load_assignment
from autograder.course import SETTINGS, read_course
from autograder.errors import UserError
from autograder.files import write_atomically
from autograder.grading import Conditions, Processes, course_seed, grade_class
from autograder.reports import adopted_table, adoption_page, class_table, write_pages
from autograder.results import Report
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import find_submissions

SLUG = "ps1"
NOTEBOOK = "problem1.ipynb"
SECONDS = 60.0
HERE = Processes(1)  # another process would take seconds to begin
EXAMPLE = "docs/source/user_guide/source/ps1"
NO_EXAMPLE = "nbgrader {version} ships no example course at {place}."
NOT_EMPTY = "{folder} is not empty. Name a folder that is not there yet."
FORGED = (
    "In the student's interpreter, as nbgrader runs tests, the notebook of `dora` passes {count} of"
    " {total} test cells; outside it passes {outside}."
)
KEPT = "The course, its pages and what was handed in are in {folder}:"
NOT_KEPT = (
    "Nothing is left behind; `--out FOLDER` keeps the course, its pages and what was handed in."
)
PARTLY = {
    "squares": "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]",
    "sum_of_squares": "def sum_of_squares(n):\n    return sum(i ** 2 for i in range(1, n + 1))",
}
CHEAT = {
    "squares": (
        "import ast\n\n\nclass Nothing(ast.NodeTransformer):\n"
        "    def visit_Module(self, node):\n"
        "        return ast.parse('pass')  # whatever a later cell says\n\n\n"
        "get_ipython().ast_transformers.append(Nothing())"
    ),
}
NOTES = {
    "ada": "everything right",
    "ben": "not begun",
    "chloe": "right for most, but squares(0) gives [] and sum_of_squares does without squares",
    "dora": "cheats: makes the interpreter run `pass` in the place of every later cell",
}


class NoExampleError(UserError, RuntimeError):
    """The demo cannot be shown; the message says why."""


def show_adopted(*, level: str = "bubblewrap", out: Path | None = None) -> Sequence[Report]:
    """Adopt the course, grade the class, and print what happened.

    Parameters
    ----------
    out : the folder in which everything is kept; nothing is, where it is None.

    Raises
    ------
    UserError : the folder is not empty, or nbgrader comes without its example.
    """
    if out is not None:
        if out.exists() and any(out.iterdir()):
            raise NoExampleError(NOT_EMPTY.format(folder=out))
        out.mkdir(parents=True, exist_ok=True)
        return _shown(out, level, kept=True)
    with tempfile.TemporaryDirectory(prefix="autograder-demo-") as folder:
        return _shown(Path(folder), level, kept=False)


def example() -> dict[str, bytes]:
    """The files of nbgrader's example, by path. Raises `NoExampleError`."""
    spec = importlib.util.find_spec("nbgrader")  # to import it takes seconds
    places = spec.submodule_search_locations if spec is not None else None
    place = Path(*(places or ["nbgrader"])[:1]) / EXAMPLE
    found = {path.name: path.read_bytes() for path in sorted(place.glob("*")) if path.is_file()}
    if NOTEBOOK not in found:
        raise NoExampleError(
            NO_EXAMPLE.format(version=importlib.metadata.version("nbgrader"), place=place)
        )
    return found


def made_up(source: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """What each student hands in."""
    empty = {
        path: released(path.removesuffix(".ipynb"), data) if path.endswith(".ipynb") else data
        for path, data in source.items()
    }
    return {
        "ada": dict(source),
        "ben": empty,
        "chloe": {**empty, NOTEBOOK: _written(empty[NOTEBOOK], PARTLY)},
        "dora": {**empty, NOTEBOOK: _written(empty[NOTEBOOK], CHEAT)},
    }


def _shown(folder: Path, level: str, *, kept: bool) -> Sequence[Report]:
    started, console = time.monotonic(), Console()
    files = example()
    (folder / SETTINGS).write_text('title = "nbgrader\'s example"\n', encoding="utf-8")
    _write(files, folder / "source" / SLUG)
    console.print("Adopting source/ps1 of nbgrader's example course: its tests run with the")
    console.print("reference solution and four broken ones, inside and outside.\n")
    record = adopt(folder / "source" / SLUG, level=level, hidden="hidden")
    page = page_path(folder / "source", SLUG)
    write_atomically(page, adoption_page(record).encode())
    console.print(adopted_table(record))
    students = made_up(files)
    for name, handed_in in students.items():
        _write(handed_in, folder / "submitted" / name / SLUG)
    console.print(f"\nGrading {len(students)} made-up students.")
    reports = _graded(folder, level)
    console.print(class_table(reports, notes=NOTES))
    console.print(_compared(record, reports, students["dora"], files, level), soft_wrap=True)
    console.print(f"Adopted and graded in {time.monotonic() - started:.0f} s.")
    if kept:
        console.print(KEPT.format(folder=folder), soft_wrap=True, highlight=False)
        for path in (page, folder / "grades" / SLUG / "index.html"):
            console.print(str(path), soft_wrap=True, highlight=False)
    else:
        console.print(NOT_KEPT, soft_wrap=True)
    return reports


def _graded(folder: Path, level: str) -> Sequence[Report]:
    assignment = load_assignment(SLUG, read_course(folder))
    out = folder / "grades"
    conditions = Conditions(assignment=assignment, level=level, seed=course_seed(out))
    submissions = find_submissions(folder / "submitted", assignment)
    reports = grade_class(conditions, submissions, out=out, place=HERE)
    write_pages(out / SLUG, reports, title=assignment.title, notes=NOTES)
    return reports


def _compared(
    record: AdoptedRecord,
    reports: Sequence[Report],
    handed_in: Mapping[str, bytes],
    files: Mapping[str, bytes],
    level: str,
) -> str:
    """What the dishonest notebook wins with the tests in its own interpreter, and outside."""
    name = NOTEBOOK.removesuffix(".ipynb")
    source = read_source(name, files[NOTEBOOK])
    course = course_of(files, "hidden", source)
    run = NotebookRun(
        course=replace(course, seconds=record.seconds[name]),
        level=get_level(level),
        limits=Limits(),
        steps=steps_of(source, handed_in[NOTEBOOK]),
        end=time.monotonic() + SECONDS,
    )
    inside = run.inside().tests.values()
    dora = next(report for report in reports if report.student == "dora")
    return FORGED.format(
        count=sum(verdict.passed for verdict in inside),
        total=len(inside),
        outside=sum(check.status == "passed" for check in dora.checks),
    )


def _written(notebook: bytes, solutions: Mapping[str, str]) -> bytes:
    """The notebook with the cells of those names written."""
    found = json.loads(notebook)
    for cell in found["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = solutions.get(name, cell["source"])
    return json.dumps(found).encode()


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True)
    for path, data in files.items():
        (folder / path).write_bytes(data)
