"""Whoever marks a plot in formgrader sees it, and what a student's cell shows cannot act."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.adopt.adopting import adopt
from tests.adopt.test_adopting import notebook
from tests.adopt.test_nbgrader import CONFIG, nbgrader

pytestmark = pytest.mark.long

DRAWS = (
    "import matplotlib.pyplot as plt\nplt.plot(data)\nplt.title('Growth')\n"
    "print('drawn')\nlen(data)"
)
CELLS = [
    ("locked", "setup", "data = [1, 2, 4]\nprint('three numbers')", 0),
    ("solution", "mean", "def mean(x):\n    return sum(x) / len(x)", 0),
    ("test", "values", "assert mean([2, 4]) == 3\nprint('TESTED')", 2),
    ("manual", "plot", DRAWS, 3),
]
ACTS = """
class Acts:
    def _repr_html_(self): return "<script>alert(1)</script>"
    def __repr__(self): return "<script>alert(2)</script>"
print("<script>alert(3)</script>")
Acts()
"""
STUDENTS = {"draws": DRAWS, "acts": ACTS, "hangs": "while True: pass"}


def plotting(changes: dict[str, str]) -> bytes:
    """The notebook, whose manual cell is one of code, with outputs that it was handed in with."""
    found = json.loads(notebook(CELLS, changes))
    cell = found["cells"][-1]
    old = {"output_type": "stream", "name": "stdout", "text": "HANDED IN"}
    cell |= {"cell_type": "code", "outputs": [old], "execution_count": None}
    return json.dumps(found).encode()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    source = root / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "ps1.ipynb").write_bytes(plotting({}))
    (root / "course.toml").touch()
    (root / "nbgrader_config.py").write_text(CONFIG)
    adopt(source, level="bubblewrap", hidden="hidden")
    nbgrader(root, "generate_assignment", "ps1")
    for student, cell in STUDENTS.items():
        folder = root / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_bytes(plotting({"plot": cell}))
    nbgrader(root, "autograde", "ps1")
    nbgrader(root, "generate_feedback", "ps1")
    return root


def cells(course: Path, student: str) -> dict[str, Any]:
    data = (course / "autograded" / student / "ps1" / "ps1.ipynb").read_text()
    named = [cell for cell in json.loads(data)["cells"] if "nbgrader" in cell["metadata"]]
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in named}


def page(course: Path, student: str) -> str:
    return (course / "feedback" / student / "ps1" / "ps1.html").read_text()


def test_the_autograded_notebook_has_text_value_and_plot(course: Path) -> None:
    found = cells(course, "draws")
    text, value, picture = found["plot"]["outputs"]
    assert "".join(text["text"]) == "drawn\n"
    assert value["data"] == {"text/plain": ["3"]}
    assert list(picture["data"]) == ["image/png"]
    assert "".join(found["setup"]["outputs"][0]["text"]) == "three numbers\n"
    assert "TESTED" not in json.dumps(found["values"]["outputs"])


def test_the_feedback_shows_the_plot(course: Path) -> None:
    assert "data:image/png;base64," in page(course, "draws")
    assert "drawn" in page(course, "draws")


def test_nothing_that_a_student_shows_can_act(course: Path) -> None:
    for number in (1, 2, 3):
        assert f"<script>alert({number})</script>" not in page(course, "acts")
    assert "&lt;script&gt;alert(3)" in page(course, "acts")
    for output in cells(course, "acts")["plot"]["outputs"]:
        assert set(output.get("data", {})) <= {"text/plain", "image/png"}


def test_a_cell_that_hangs_says_so_and_costs_no_other_cell_its_points(course: Path) -> None:
    found = cells(course, "hangs")
    assert "did not end within" in json.dumps(found["plot"]["outputs"])
    assert "passed: 2 of 2 points" in json.dumps(found["values"]["outputs"])


def test_outputs_that_were_handed_in_are_not_shown(course: Path) -> None:
    for student in STUDENTS:
        assert "HANDED IN" not in page(course, student)
