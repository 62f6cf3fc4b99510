"""Do all graders of the benchmark get the same class, and tests that decide alike?"""

from __future__ import annotations

import importlib
import json
import shutil
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from autograder.assignment import load_assignment
from autograder.authoring import build
from autograder.course import read_course
from autograder.grading import grade_submission
from autograder.submission import Submission, find_submissions

COUNT = 16  # a student with each mistake


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The class, with the assignment built into a folder of the test's own."""
    benchmark = importlib.import_module("peers_assignment")
    root = tmp_path / "two_layer"
    shutil.copytree(benchmark.COURSE.root, root, ignore=shutil.ignore_patterns("assignments"))
    monkeypatch.setattr(benchmark, "COURSE", read_course(root))
    course = importlib.import_module("peers_class")
    build(course.assignment())
    return course


def plain_score(notebook: bytes) -> int:
    """What the check cells say, as nbgrader and otter run them: each alone, after the others."""
    names: dict[str, object] = {}
    score = 0
    for cell in json.loads(notebook)["cells"]:
        source = "".join(line for line in _lines(cell) if not line.startswith("%"))
        if cell["cell_type"] != "code":
            continue
        try:
            exec(compile(source, "cell", "exec"), names)
        except AssertionError:
            continue
        score += bool(cell["metadata"].get("nbgrader", {}).get("grade"))
    return score


def _lines(cell: dict) -> list[str]:
    source = cell["source"]
    return source.splitlines(keepends=True) if isinstance(source, str) else source


def test_our_tests_decide_as_the_cells_do(course: ModuleType) -> None:
    scores = {}
    for name, notebook in course.students(COUNT):
        submission = Submission(student=name, files={course.NOTEBOOK: notebook})
        report = grade_submission(
            load_assignment(course.SLUG, course.assignment().course), submission
        )
        assert not report.failed_to_grade
        assert report.score == plain_score(notebook), name
        scores[name] = report.score
    assert max(scores.values()) == 9
    assert sum(score < 9 for score in scores.values()) == COUNT // course.EVERY


def test_every_student_hands_in_something_of_their_own(course: ModuleType, tmp_path: Path) -> None:
    paths = course.write_submitted(tmp_path / "submitted", 10)
    assert len({path.read_bytes() for path in paths}) == 10
    found = find_submissions(tmp_path / "submitted", course.assignment())
    assert [one.student[0] for one in found] == ["a"] * 5 + ["b"] * 5


def test_otter_gets_the_check_cells_as_functions(course: ModuleType, tmp_path: Path) -> None:
    with zipfile.ZipFile(course.write_otter(tmp_path)) as archive:
        tests = [name for name in archive.namelist() if name.startswith("tests/")]
        source = archive.read("tests/relu_forward.py").decode()
    assert len(tests) == 9
    assert "def test_relu_forward(np, relu_forward):\n    rng = np.random" in source
    compile(source, "relu_forward.py", "exec")
