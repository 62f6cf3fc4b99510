"""The real assignment, the real sandbox and the plain commands: one grader behind both doors."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.assignment import load_assignment
from autograder.authoring import reference_files, release_files
from autograder.course import PACKAGE
from autograder.demo import make_class
from autograder.grading import Conditions, grade_class
from autograder.judging.check import load_checks
from autograder.nbgrader_plugin.notes import NOTE
from autograder.results import Report
from autograder.sandbox.levels import LEVELS
from autograder.submission import find_submissions

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from nbgrader.api import Gradebook

pytestmark = pytest.mark.long

SLUG = "fully_connected_nets"
SEED = 5
DEMO = {"ada", "boris", "hedy"}  # right, mistaken, cheating; all nine are graded by test_demo.py
LEVEL = next(level.name for level in LEVELS if not level.why_not())


@dataclass
class Class:
    """A class that plain nbgrader has graded, and what our own command says of it."""

    root: Path
    reports: Mapping[str, Report]
    log: str

    def scores(self, student: str) -> dict[str, float | None]:
        """Grade id -> automatic score in the gradebook, extra credit with it."""
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            notebooks = gradebook.find_submission(SLUG, student).notebooks
            grades = [grade for nb in notebooks for grade in nb.grades]
            return {one.name: _with_extra(one.auto_score, one.extra_credit) for one in grades}

    def feedback(self, student: str) -> str:
        pages = sorted((self.root / "feedback" / student / SLUG).glob("*.html"))
        return "".join(page.read_text() for page in pages)


def _with_extra(score: float | None, extra: float | None) -> float | None:
    return None if score is None else score + (extra or 0.0)


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Class:
    """Some of the demo's class and others, on a fresh course, by our command and by nbgrader."""
    root = tmp_path_factory.mktemp("course")
    assignment = load_assignment(SLUG)
    for student, files in submissions(assignment).items():
        write(root / "submitted" / student / SLUG, files)
    settings = f"c = get_config()\nc.GradeInSandbox.level = {LEVEL!r}\n"
    settings += f"c.GradeInSandbox.seed = {SEED}\n"
    config = (PACKAGE.parent / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(f"{config}\n{settings}")
    log = run_nbgrader("autograde", folder=root) + run_nbgrader("generate_feedback", folder=root)
    found = find_submissions(root / "submitted", assignment)
    conditions = Conditions(assignment=assignment, level=LEVEL, seed=SEED)
    reports = grade_class(conditions, found, out=root / "ours")
    return Class(root, {report.student: report for report in reports}, log)


def submissions(assignment) -> dict[str, dict[str, bytes]]:
    solved, released = reference_files(assignment), release_files(assignment)
    notebook = f"{SLUG}.ipynb"
    crash = solved["nn/optim.py"] + b"\nraise SystemExit\n"
    return {
        **{one.name: dict(one.files) for one in make_class(assignment) if one.name in DEMO},
        "bob": released,
        "cam": {**solved, notebook: b"<<<<<<< HEAD"},
        "dot": {**solved, "nn/optim.py": crash},
        "eve": {**released, notebook: forged(released[notebook])},
    }


def forged(notebook: bytes) -> bytes:
    """A notebook that would have every point if its grade cells were believed."""
    nb = nbformat.reads(notebook.decode(), as_version=4)
    first, second, *rest = [
        cell
        for cell in nb.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    first.source = "import sys\nsys.displayhook(2.0)"
    nb.cells.remove(second)
    for cell in rest:
        points = repr(float(cell.metadata.nbgrader["points"]))
        cell.outputs = [
            new_output("execute_result", data={"text/plain": points}, execution_count=1)
        ]
        cell.metadata.tags = ["skip-execution"]
    nb.cells.append(rest[0].copy())
    nb.cells.append(new_code_cell("print('score: 100')\nimport os\nos._exit(0)"))
    return json.dumps(nb).encode()  # as it is: nbformat would mend the doubled cell


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def run_nbgrader(step: str, *, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", step, SLUG],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def manual_points() -> dict[str, float]:
    notebook = json.loads((PACKAGE.parent / "assignments" / SLUG / f"{SLUG}.ipynb").read_text())
    marks = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    return {m["grade_id"]: m["points"] for m in marks if m.get("grade") and m.get("solution")}


def test_the_gradebook_has_the_scores_of_our_own_command(graded):
    assert len(graded.reports) == 7
    for student, report in graded.reports.items():
        ours = {result.id: result.score for result in report.checks}
        recorded = graded.scores(student)
        assert {name: recorded[name] for name in ours} == ours
        assert recorded.keys() - ours.keys() == manual_points().keys()


def test_the_report_of_nbgrader_is_the_report_of_our_own_command(graded):
    for student, report in graded.reports.items():
        kept = Report.from_json((graded.root / "grades" / SLUG / f"{student}.json").read_bytes())
        assert [(r.id, r.status, r.score) for r in kept.checks] == [
            (r.id, r.status, r.score) for r in report.checks
        ]


def test_the_reference_has_full_marks(graded):
    recorded = graded.scores("ada")
    for check in load_checks(load_assignment(SLUG)).values():
        assert recorded[check.id] == check.points, check.id


def test_a_written_answer_of_the_reference_waits_for_a_person(graded):
    assert {graded.scores("ada")[name] for name in manual_points()} == {None}


@pytest.mark.parametrize("student", ["bob", "eve"])
def test_the_untouched_and_the_forged_notebook_have_nothing(graded, student):
    assert set(graded.scores(student).values()) == {0.0}


def test_a_broken_notebook_keeps_the_points_of_the_modules(graded):
    assert graded.scores("cam")["affine_forward"] > 0
    path = graded.root / "autograded" / "cam" / SLUG / f"{SLUG}.ipynb"
    note = nbformat.read(path, as_version=4).cells[0].source
    assert note.startswith(NOTE)
    assert "has the marks of an unfinished merge" in note


def test_feedback_teaches_and_hides_the_hidden_tests(graded):
    page = graded.feedback("bob")
    assert "TODO(affine_forward)" in page
    assert "not attempted" in page
    hidden = Path(PACKAGE.parent, "autograder", "checks", SLUG)
    sources = [path.read_text(encoding="utf-8") for path in hidden.rglob("*.py")]
    lines = {line.strip() for source in sources for line in source.splitlines()}
    pages = "".join(graded.feedback(student) for student in graded.reports)
    assert [line for line in lines if line.startswith("expect_") and line in pages] == []


def test_generate_assignment_releases_what_was_built(tmp_path):
    shutil.copy(PACKAGE.parent / "nbgrader_config.py", tmp_path)
    run_nbgrader("generate_assignment", folder=tmp_path)
    built = PACKAGE.parent / "assignments" / SLUG
    for path in (one for one in built.rglob("*") if "__pycache__" not in one.parts):
        twin = tmp_path / "release" / SLUG / path.relative_to(built)
        if path.suffix == ".ipynb":
            sources = [
                [cell.source for cell in nbformat.read(p, as_version=4).cells] for p in (path, twin)
            ]
            assert sources[0] == sources[1]
        elif path.is_file():
            assert twin.read_bytes() == path.read_bytes()
