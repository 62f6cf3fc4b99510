"""The page "Keep your nbgrader course, lose the cheating", run as it stands."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adopt.masters import MASTER, code, notebook

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "adopt.md"
OTTER_PAGE = DOCS / "adopt-otter.md"
SCORES = """
SELECT student.id, base_cell.name, grade.auto_score FROM grade
JOIN base_cell ON grade.cell_id = base_cell.id
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN student ON submitted_assignment.student_id = student.id
"""

pytestmark = pytest.mark.long


def shell(script: str, folder: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def scores(course: Path) -> dict[tuple[str, str], float | None]:
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        return {(who, cell): score for who, cell, score in gradebook.execute(SCORES)}


def run_page(page: Path, folder: Path) -> str:
    """Run its commands, and see that they print what it shows."""
    blocks = re.findall(r"^```(bash|text)\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    printed = shell("\n".join(text for kind, text in blocks if kind == "bash"), folder)
    shown = next(text for kind, text in blocks if kind == "text")
    squeezed = re.sub(r"[ ]+", " ", printed)
    for line in shown.splitlines():
        assert re.sub(r"[ ]+", " ", line).strip() in squeezed
    return squeezed


def test_the_page_holds_on_the_example_of_nbgrader(tmp_path: Path) -> None:
    printed = run_page(PAGE, tmp_path)
    assert "passes 4 of 4 test cells; outside it passes 0." in printed
    assert (tmp_path / "course101" / "source" / "ps1.adopted.html").is_file()
    course = tmp_path / "course101"
    ours = scores(course)
    assert ours["bob", "correct_squares"] == 1
    assert ours["ada", "correct_squares"] == 0
    assert not list(course.glob("release/ps1/*adopted*"))
    _as_by_nbgrader_alone(course, ours)


def test_the_page_about_otter_holds(tmp_path: Path) -> None:
    folder = tmp_path / "hw" / "hw1"
    folder.mkdir(parents=True)
    (folder / "hw1.ipynb").write_bytes(notebook(MASTER))
    (folder / "data.csv").write_text("a,b")
    submitted = tmp_path / "submitted" / "ada"
    submitted.mkdir(parents=True)
    cells = [code("def square(x):\n    return x * x"), code("def first(xs):\n    return xs[0]")]
    (submitted / "hw1.ipynb").write_bytes(notebook(cells))
    printed = run_page(OTTER_PAGE, tmp_path)
    assert "5/5" in printed
    assert (tmp_path / "hw" / "hw1.adopted.html").is_file()


def _as_by_nbgrader_alone(course: Path, ours: dict[tuple[str, str], float | None]) -> None:
    config = course / "nbgrader_config.py"
    lines = config.read_text().splitlines()
    config.write_text("\n".join(line for line in lines if "autograder.nbgrader_plugin" not in line))
    shell("rm -rf autograded; nbgrader autograde ps1 --force", course)
    assert scores(course) == ours
