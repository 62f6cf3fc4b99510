"""One course directory with our assignments and an ordinary one of nbgrader's: each its own way."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import authoring
from autograder.adopt.adopting import adopt
from autograder.assignment import load_assignment
from autograder.course import read_course
from autograder.nbgrader_plugin.converters import UNPROTECTED
from autograder.results import Report
from autograder.sandbox.levels import LEVELS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader's own, when it is imported
    from nbgrader.api import Gradebook
    from nbgrader.tests import run_nbgrader

pytestmark = pytest.mark.long

LEVEL = next(level.name for level in LEVELS if not level.why_not())
OURS = "linearized_features"  # the one that is graded fastest
STUDENTS = ("ann", "bob")  # right and wrong
SETTINGS = """
from autograder.nbgrader_plugin import configure
c = get_config()
c.CourseDirectory.course_id = "mixed"
c.Exchange.root = {exchange!r}
configure(c)
c.GradeInSandbox.level = {level!r}
c.GradeInSandbox.seed = 5
"""
CHECKS = '''
from autograder.judging.arrays import expect_number
from autograder.judging.check import check


@check("first", points=2)
def first(student, rng):
    """first returns a number."""
    expect_number("first", student.work.first(), 1.0)


@check("second", points=3)
def second(student, rng):
    """second returns a number."""
    expect_number("second", student.work.second(), 2.0)


@check("third", points=1)
def third(student, rng):
    """third returns a number."""
    expect_number("third", student.work.third(), 3.0)
'''
WORK = "def first(): return 1\ndef second(): return {}\ndef third(): return 3\n"
SOLUTION = "return a + b  # as the instructor does it"
HIDDEN = "assert add(2, 3) == 5"


def mark(name: str, *, grade: bool, solution: bool, points: float | None = None) -> dict[str, Any]:
    flags = {"grade": grade, "solution": solution, "locked": not solution, "task": False}
    more = {} if points is None else {"points": points}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **flags, **more}}


def ordinary() -> Any:
    """The instructor's version of an ordinary assignment, with solutions and hidden tests."""
    solved = f"def add(a, b):\n    ### BEGIN SOLUTION\n    {SOLUTION}\n    ### END SOLUTION"
    tests = f"assert add(0, 0) == 0\n### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS"
    return new_notebook(
        cells=[
            new_code_cell(solved, metadata=mark("add", grade=False, solution=True)),
            new_code_cell(tests, metadata=mark("test_add", grade=True, solution=False, points=2)),
            new_markdown_cell(SOLUTION, metadata=mark("why", grade=True, solution=True, points=3)),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


@contextlib.contextmanager
def environment_kept() -> Iterator[None]:
    """Put back `os.environ`, which nbgrader's `run_nbgrader` replaces by a dict that is a copy."""
    ours = os.environ
    try:
        yield
    finally:
        os.environ = ours  # noqa: B003 - it is no copy


@dataclass
class Mixed:
    """A course directory through which three assignments went, and what nbgrader logged."""

    root: Path
    logs: dict[tuple[str, str], str] = field(default_factory=dict)

    def nbgrader(self, command: str, *slug: str) -> None:
        with contextlib.chdir(self.root), environment_kept():
            self.logs[(command, *slug)] = run_nbgrader([command, *slug])

    def scores(self, slug: str, student: str) -> dict[str, float | None]:
        """Grade id -> automatic score in the gradebook."""
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            notebooks = gradebook.find_submission(slug, student).notebooks
            return {grade.name: grade.auto_score for nb in notebooks for grade in nb.grades}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, write_tiny) -> Iterator[Mixed]:
    """Both kinds, released by nbgrader, handed in by two students, and graded by nbgrader."""
    root = tmp_path_factory.mktemp("mixed")
    write_tiny(root, CHECKS)
    write_course(root)
    course = Mixed(root)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's and its database's own
        for slug in ("ps1", "kept", "tiny", OURS):
            course.nbgrader("generate_assignment", slug)
            course.nbgrader("release_assignment", slug)
            hand_in(root, slug)
            course.nbgrader("autograde", slug)
            course.nbgrader("generate_feedback", slug)
        course.nbgrader("export")
        yield course


@pytest.fixture(scope="module")
def alone(mixed: Mixed, tmp_path_factory: pytest.TempPathFactory) -> Mixed:
    """The same ordinary assignment and submissions, without our settings."""
    root = tmp_path_factory.mktemp("alone")
    shutil.copytree(mixed.root / "source", root / "source")
    for student in STUDENTS:
        handed_in = Path("submitted", student, "ps1")
        shutil.copytree(mixed.root / handed_in, root / handed_in)
    (root / "nbgrader_config.py").touch()
    for command in ("generate_assignment", "autograde"):
        call = [sys.executable, "-m", "nbgrader", command, "ps1"]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        env = {**os.environ, "PATH": path}
        done = subprocess.run(call, cwd=root, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    return Mixed(root)


def write_course(root: Path) -> None:
    authoring.copy_assignment(OURS, read_course(root))
    authoring.build(authoring.read_assignment(OURS, read_course(root)))
    (root / "source" / "ps1").mkdir(parents=True)
    nbformat.write(ordinary(), root / "source" / "ps1" / "problems.ipynb")
    (root / "source" / "kept").mkdir()
    nbformat.write(ordinary(), root / "source" / "kept" / "problems.ipynb")
    adopt(root / "source" / "kept", level=LEVEL, hidden="hidden")
    (root / "exchange").mkdir(mode=0o777)
    (root / "exchange").chmod(0o777)
    settings = SETTINGS.format(exchange=str(root / "exchange"), level=LEVEL)
    (root / "nbgrader_config.py").write_text(settings)


def hand_in(root: Path, slug: str) -> None:
    """Each student's files; every notebook tells on the kernel that runs it."""
    for student, files in _HANDED_IN[slug](root).items():
        folder = root / "submitted" / student / slug
        for path, data in files.items():
            if path.endswith(".ipynb"):
                data = with_a_telltale(data, root / f"{slug}-{student}")
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


def with_a_telltale(notebook: bytes, proof: Path) -> bytes:
    content = json.loads(notebook)
    told = f"import sys\nif 'ipykernel' in sys.modules: open({str(proof)!r}, 'w').close()"
    content["cells"].append(json.loads(json.dumps(new_code_cell(told))))
    return json.dumps(content).encode()


def of_ps1(root: Path, slug: str = "ps1") -> Mapping[str, Mapping[str, bytes]]:
    released = (root / "release" / slug / "problems.ipynb").read_text()
    files = {}
    for student, code in {"ann": "return a + b", "bob": "return 0"}.items():
        notebook = nbformat.reads(released, as_version=4)
        notebook.cells[0].source = f"def add(a, b):\n    {code}"
        notebook.cells[2].source = f"{student} thinks so."
        files[student] = {"problems.ipynb": nbformat.writes(notebook).encode()}
    return files


def of_tiny(root: Path) -> Mapping[str, Mapping[str, bytes]]:
    notebook = (root / "release" / "tiny" / "tiny.ipynb").read_bytes()
    works = {"ann": WORK.format(2), "bob": WORK.format(0)}
    return {
        student: {"tiny.ipynb": notebook, "pkg/work.py": work.encode()}
        for student, work in works.items()
    }


def of_ours(root: Path) -> Mapping[str, Mapping[str, bytes]]:
    assignment = load_assignment(OURS, read_course(root))
    return {
        "ann": authoring.reference_files(assignment),
        "bob": authoring.release_files(assignment),
    }


_HANDED_IN = {
    "ps1": of_ps1,
    "kept": partial(of_ps1, slug="kept"),
    "tiny": of_tiny,
    OURS: of_ours,
}


def test_an_adopted_one_is_graded_in_the_sandbox_with_the_same_scores(mixed):
    for student in STUDENTS:
        assert mixed.scores("kept", student) == mixed.scores("ps1", student)
        kept = mixed.root / "grades" / "kept" / f"{student}.json"
        assert Report.from_json(kept.read_bytes()).sandbox == LEVEL
    assert "unprotected" not in mixed.logs["autograde", "kept"]


def test_an_ordinary_release_has_neither_solutions_nor_hidden_tests(mixed):
    for folder in ("release/ps1", "exchange/mixed/outbound/ps1"):
        text = (mixed.root / folder / "problems.ipynb").read_text()
        assert "YOUR CODE HERE" in text
        assert "YOUR ANSWER HERE" in text
        assert SOLUTION not in text
        assert "SOLUTION" not in text
        assert HIDDEN not in text


@pytest.mark.parametrize("slug", ["tiny", OURS])
def test_a_release_of_ours_is_what_was_built(mixed, slug):
    built = mixed.root / "assignments" / slug
    paths = [path for path in built.rglob("*") if path.is_file()]
    for folder in (mixed.root / "release" / slug, mixed.root / "exchange/mixed/outbound" / slug):
        for path in paths:
            twin = folder / path.relative_to(built)
            if path.suffix == ".ipynb":
                assert sources(twin) == sources(path)
            else:
                assert twin.read_bytes() == path.read_bytes()


def sources(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def test_an_ordinary_assignment_is_graded_as_by_nbgrader_alone(mixed, alone):
    assert mixed.scores("ps1", "ann") == {"test_add": 2.0, "why": None}
    assert mixed.scores("ps1", "bob") == {"test_add": 0.0, "why": None}
    for student in STUDENTS:
        assert alone.scores("ps1", student) == mixed.scores("ps1", student)
        mine, theirs = (
            nbformat.read(course.root / "autograded" / student / "ps1/problems.ipynb", as_version=4)
            for course in (mixed, alone)
        )
        assert without_times(mine) == without_times(theirs)


def without_times(notebook: Any) -> Any:
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def test_only_an_ordinary_assignment_is_said_to_be_unprotected(mixed):
    for slug in ("ps1", "tiny", OURS):
        said = mixed.logs["autograde", slug].count("unprotected")
        assert said == (slug == "ps1"), slug
    assert UNPROTECTED % "ps1" in mixed.logs["autograde", "ps1"]
    assert "unprotected" not in mixed.logs["generate_assignment", "ps1"]
    assert UNPROTECTED % "ps1" == (
        "ps1 is none of our assignments. nbgrader grades it as it always does, and runs students'"
        " code unprotected."
    )


def test_ours_are_graded_in_the_sandbox(mixed):
    assert mixed.scores("tiny", "ann") == {"first": 2.0, "second": 3.0, "third": 1.0, "explain": 0}
    assert mixed.scores("tiny", "bob") == {"first": 2.0, "second": 0.0, "third": 1.0, "explain": 0}
    for slug in ("tiny", OURS):
        for student in STUDENTS:
            kept = mixed.root / "grades" / slug / f"{student}.json"
            report = Report.from_json(kept.read_bytes())
            recorded = mixed.scores(slug, student)
            assert report.sandbox == LEVEL
            assert {r.id: recorded[r.id] for r in report.checks} == {
                r.id: r.score for r in report.checks
            }
            assert (report.score == report.max_score) == (student == "ann")


def test_the_code_of_our_students_never_runs_in_a_kernel(mixed):
    assert sorted(path.name for path in mixed.root.glob("*-*")) == ["ps1-ann", "ps1-bob"]


@pytest.mark.parametrize("slug", ["ps1", "kept", "tiny", OURS])
def test_everybody_gets_feedback(mixed, slug):
    for student in STUDENTS:
        pages = list((mixed.root / "feedback" / student / slug).glob("*.html"))
        assert pages
        assert SOLUTION not in "".join(page.read_text() for page in pages)


def test_the_export_has_all_of_them(mixed):
    with open(mixed.root / "grades.csv", newline="") as file:
        rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
    for slug in ("ps1", "tiny", OURS):
        for student in STUDENTS:
            scores = mixed.scores(slug, student).values()
            assert float(rows[slug, student]["score"]) == sum(score or 0 for score in scores)
