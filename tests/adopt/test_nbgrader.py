"""`nbgrader autograde` on an adopted assignment: no kernel starts, and nothing hidden is shown."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.adopt.adopting import adopt
from tests.adopt.test_adopting import CELLS, SECRET, notebook
from tests.adopt.test_docs import SCORES

pytestmark = pytest.mark.long

CONFIG = """
import jupyter_client.manager

jupyter_client.manager.KernelManager.start_kernel = None  # whoever starts one fails
c = get_config()
c.CourseDirectory.course_id = "c"
from autograder.nbgrader_plugin import configure
configure(get_config())
"""
SOLUTIONS = {
    "right": {"mean": "def mean(x):\n    return sum(x) / len(x)", "why": "Because it is."},
    "wrong": {"mean": "def mean(x):\n    return x[0]"},
    "slow": {"mean": "def mean(x):\n    while x == [2, 4]: pass\n    return sum(x) / len(x)"},
    "forger": {
        "mean": "class Yes:\n    def __eq__(self, other): return True\n"
        "def mean(x):\n    return Yes()"
    },
    "spy": {"mean": "def mean(x):\n    if len(x) > 1: raise ValueError(x)\n    return x[0]"},
}


def nbgrader(course: Path, *words: str) -> str:
    command = [sys.executable, "-m", "nbgrader", *words]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=course, env=os.environ | {"PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    source = root / "source" / "ps1"
    (source / "hidden").mkdir(parents=True)
    (source / "ps1.ipynb").write_bytes(notebook(CELLS))
    (source / "hidden" / "data.txt").write_text("7")
    (root / "course.toml").touch()
    (root / "nbgrader_config.py").write_text(CONFIG)
    adopt(source, level="bubblewrap", hidden="hidden")
    nbgrader(root, "generate_assignment", "ps1")
    for student, changes in SOLUTIONS.items():
        folder = root / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_bytes(notebook(CELLS, changes))
    nbgrader(root, "autograde", "ps1")
    nbgrader(root, "generate_feedback", "ps1")
    return root


def test_scores_are_recorded_and_a_person_has_the_rest(course: Path) -> None:
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        found = {(who, cell): score for who, cell, score in gradebook.execute(SCORES)}
    names = ("values", "share", "after", "text", "nothing", "why")
    assert [found["right", name] for name in names] == [2, 1, 1, 1, 1, None]
    assert [found["wrong", name] for name in names[:4]] == [0, 0.5, 0, 0]
    assert [found["slow", name] for name in names[:5]] == [0, 1, 1, 1, 1]


def test_a_cell_that_shows_signs_of_forgery_waits_for_a_person(course: Path) -> None:
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        found = {(who, cell): score for who, cell, score in gradebook.execute(SCORES)}
    assert found["forger", "text"] is None
    assert [found["forger", name] for name in ("values", "share", "after")] == [0, 0, 0]


def test_feedback_shows_what_happened_and_nothing_hidden(course: Path) -> None:
    pages = {who: (course / f"feedback/{who}/ps1/ps1.html").read_text() for who in SOLUTIONS}
    assert "gave 2, the test expects 3." in pages["wrong"]
    for page in pages.values():
        assert "31337" not in page
        assert "HIDDEN TESTS" not in page
        assert SECRET not in page


def test_hidden_data_are_not_handed_out(course: Path) -> None:
    handed_out = [path.name for path in (course / "release" / "ps1").rglob("*")]
    assert handed_out == ["ps1.ipynb"]
    assert "31337" not in (course / "release" / "ps1" / "ps1.ipynb").read_text()
