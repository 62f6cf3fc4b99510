"""What nbgrader records of an adopted assignment is what it records alone, where nobody cheats.

Late penalties, partial credit, comments, cells for a person, and `--force` afterwards.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.adopt.adopting import adopt
from tests.adopt.test_adopting import CELLS, notebook
from tests.adopt.test_nbgrader import nbgrader

pytestmark = pytest.mark.long

LINE = "\nfrom autograder.nbgrader_plugin import configure\nconfigure(get_config())\n"
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "c"
c.LateSubmissionPlugin.penalty_method = "zero"
"""
DUE = "2026-03-01 12:00:00 UTC"
RIGHT = {"mean": "def mean(x):\n    return sum(x) / len(x)"}
SOLUTIONS = {
    "right": ({**RIGHT, "why": "Because it is."}, "2026-03-01 11:00:00 UTC"),
    "late": (RIGHT, "2026-03-01 13:00:00 UTC"),
    "half": ({"mean": "def mean(x):\n    return x[0]"}, ""),
    "stub": (None, ""),  # handed in as it was handed out
}
ROWS = {
    "grades": "SELECT student_id, name, auto_score, manual_score, extra_credit, needs_manual_grade"
    " FROM grade JOIN base_cell ON grade.cell_id = base_cell.id"
    " JOIN submitted_notebook AS n ON grade.notebook_id = n.id"
    " JOIN submitted_assignment AS a ON n.assignment_id = a.id",
    "comments": "SELECT student_id, name, auto_comment, manual_comment"
    " FROM comment JOIN base_cell ON comment.cell_id = base_cell.id"
    " JOIN submitted_notebook AS n ON comment.notebook_id = n.id"
    " JOIN submitted_assignment AS a ON n.assignment_id = a.id",
    "late": "SELECT student_id, late_submission_penalty"
    " FROM submitted_notebook AS n JOIN submitted_assignment AS a ON n.assignment_id = a.id",
}  # fmt: skip


@dataclass
class Both:
    """The same course, graded with our line and without it."""

    ours: Path
    alone: Path


def rows(course: Path, table: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        return sorted(gradebook.execute(ROWS[table]), key=str)


def handed_in(changes: dict[str, str]) -> bytes:
    found = json.loads(notebook(CELLS, changes))
    found["metadata"] = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return json.dumps(found).encode()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    alone = tmp_path_factory.mktemp("alone") / "course"
    source = alone / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "ps1.ipynb").write_bytes(handed_in({}))
    (alone / "nbgrader_config.py").write_text(CONFIG)
    nbgrader(alone, "db", "assignment", "add", "ps1", f"--duedate={DUE}")
    nbgrader(alone, "generate_assignment", "ps1")
    for student, (changes, time) in SOLUTIONS.items():
        folder = alone / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        released = (alone / "release" / "ps1" / "ps1.ipynb").read_bytes()
        (folder / "ps1.ipynb").write_bytes(handed_in(changes) if changes else released)
        if time:
            (folder / "timestamp.txt").write_text(time)
    ours = tmp_path_factory.mktemp("ours") / "course"
    shutil.copytree(alone, ours)
    (ours / "course.toml").touch()
    (ours / "nbgrader_config.py").write_text(CONFIG + LINE)
    adopt(ours / "source" / "ps1", level="bubblewrap", hidden="hidden")
    for course in (alone, ours):
        nbgrader(course, "autograde", "ps1")
    return Both(ours, alone)


@pytest.mark.parametrize("table", ROWS)
def test_the_gradebook_is_as_by_nbgrader_alone(both: Both, table: str) -> None:
    found = rows(both.ours, table)
    assert found == rows(both.alone, table)
    assert len(found) >= len(SOLUTIONS)


def test_it_has_what_it_should(both: Both) -> None:
    scores = {(who, name): score for who, name, score, *_ in rows(both.ours, "grades")}
    assert [scores["half", name] for name in ("values", "share", "after", "why")] == [
        0,
        0.5,
        0,
        None,
    ]
    assert dict(rows(both.ours, "late")) == {"right": None, "late": 6, "half": None, "stub": None}
    comments = {(who, name): said for who, name, said, _ in rows(both.ours, "comments")}
    assert comments["stub", "mean"] == comments["stub", "why"] == "No response."
    assert comments["right", "mean"] is None


def test_a_second_look_keeps_what_a_person_has_given(both: Both, tmp_path: Path) -> None:
    course = tmp_path / "course"  # of its own: the other tests may come after this one
    shutil.copytree(both.ours, course)
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute(
            "UPDATE grade SET manual_score = 2 WHERE cell_id IN (SELECT id FROM base_cell"
            " WHERE name = 'why') AND notebook_id IN (SELECT n.id FROM submitted_notebook AS n"
            " JOIN submitted_assignment AS a ON n.assignment_id = a.id WHERE student_id = 'half')"
        )
    path = course / "submitted" / "half" / "ps1" / "ps1.ipynb"
    path.write_bytes(handed_in(RIGHT))
    nbgrader(course, "autograde", "ps1", "--student", "half", "--force")
    found = {name: row for who, name, *row in rows(course, "grades") if who == "half"}
    assert found["values"][0] == 2
    assert found["why"][1] == 2
