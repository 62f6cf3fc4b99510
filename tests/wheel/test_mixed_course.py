"""A copied, a new and an ordinary nbgrader assignment in one course, by the commands alone.

Runs where the wheel is installed and the repository is not on the path: `tox run -e wheel`.
"""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.authoring import read_assignment, reference_files
from autograder.course import read_course, shipped_course

COPIED, NEW, ORDINARY = "linearized_features", "ps1", "hw"  # COPIED is the one graded fastest
OURS = (COPIED, NEW)
RIGHT, UNTOUCHED = "ann", "bob"
SOLUTION = "return a + b  # as the instructor does it"
HIDDEN = "assert add(2, 3) == 5"
BLOCK = re.compile(r"### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)
TAG = re.compile(r"<[^<>]*>")


@pytest.fixture(scope="module")
def course(tmp_path_factory, bash) -> Path:
    """The folder of the course, after all three were released, handed in, graded and exported."""
    root = tmp_path_factory.mktemp("fresh") / "course"
    bash(root.parent, "autograder init course")
    bash(root, f"autograder copy {COPIED}; autograder new {NEW}; autograder build")
    (root / "source" / ORDINARY).mkdir(parents=True)
    nbformat.write(ordinary(), root / "source" / ORDINARY / "problems.ipynb")
    for slug in (*OURS, ORDINARY):
        bash(root, f"nbgrader generate_assignment {slug}")
        hand_in(root, slug)
        bash(root, f"nbgrader autograde {slug}; nbgrader generate_feedback {slug}")
    bash(root, "nbgrader export")
    return root


def ordinary() -> nbformat.NotebookNode:
    """The instructor's version of an ordinary assignment, with a solution and a hidden test."""
    solved = f"def add(a, b):\n    ### BEGIN SOLUTION\n    {SOLUTION}\n    ### END SOLUTION"
    tests = f"assert add(0, 0) == 0\n### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS"
    common = {"schema_version": 3, "task": False}
    add = {**common, "grade_id": "add", "grade": False, "solution": True, "locked": False}
    test = {**common, "grade_id": "test", "grade": True, "solution": False, "locked": True}
    return new_notebook(
        cells=[
            new_code_cell(solved, metadata={"nbgrader": add}),
            new_code_cell(tests, metadata={"nbgrader": {**test, "points": 2}}),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def hand_in(root: Path, slug: str) -> None:
    """One student hands in the release as it is, the other one the right solution."""
    for student in (RIGHT, UNTOUCHED):
        shutil.copytree(root / "release" / slug, root / "submitted" / student / slug)
    for path, data in right_files(root, slug).items():
        (root / "submitted" / RIGHT / slug / path).write_bytes(data)


def right_files(root: Path, slug: str) -> Mapping[str, bytes]:
    if slug != ORDINARY:
        return reference_files(read_assignment(slug, read_course(root)))
    notebook = nbformat.read(root / "release" / slug / "problems.ipynb", as_version=4)
    notebook.cells[0].source = "def add(a, b):\n    return b + a"
    return {"problems.ipynb": nbformat.writes(notebook).encode()}


def lines_of(folder: Path) -> Iterator[str]:
    """The lines of modules, lessons and notebooks below a folder, without what is around them."""
    for path in folder.rglob("*"):
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, as_version=4).cells
            text = "\n".join(cell.source for cell in cells)
        elif path.suffix in {".py", ".toml"}:
            text = path.read_text("utf-8")
        else:
            continue
        yield from bare(text)


def bare(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield line.strip().removeprefix("# ")


def solution_lines(source: Path) -> set[str]:
    """What is written between the marks of solutions and nowhere else."""
    inside, outside = set(), set()
    for path in source.rglob("*.py"):
        text = path.read_text("utf-8")
        for block in BLOCK.findall(text):
            inside |= {line for line in bare(block) if not line.startswith("### ")}
        outside |= set(bare(BLOCK.sub("", text)))
    return inside - outside


@pytest.mark.parametrize("place", ["release", "assignments"])
@pytest.mark.parametrize("slug", OURS)
def test_no_line_of_a_solution_is_in_a_release_of_ours(course, place, slug):
    secret = solution_lines(course / "solutions" / slug)
    assert len(secret) > 5
    released = set(lines_of(course / place / slug))
    assert any("TODO(" in line for line in released)
    assert sorted(secret & released) == []


def test_no_line_of_a_solution_is_in_an_ordinary_release(course):
    text = (course / "release" / ORDINARY / "problems.ipynb").read_text()
    assert "YOUR CODE HERE" in text
    assert SOLUTION not in text
    assert HIDDEN not in text


def test_the_exported_scores_are_right(course):
    with open(course / "grades.csv", newline="") as file:
        rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
    assert len(rows) == 6
    for slug in (*OURS, ORDINARY):
        automatic, everything = points(course, slug)
        for student, score in {RIGHT: automatic, UNTOUCHED: 0.0}.items():
            row = rows[slug, student]
            assert (float(row["score"]), float(row["max_score"])) == (score, everything)


def points(course: Path, slug: str) -> tuple[float, float]:
    """What the grader gives at most, and what there is with the parts that a person marks."""
    if slug == ORDINARY:
        return 2.0, 2.0
    parts = json.loads((course / "assignments" / slug / "release.json").read_text())["parts"]
    automatic = sum(part["points"] for part in parts if not part.get("manual"))
    return automatic, sum(part["points"] for part in parts)


@pytest.mark.parametrize("slug", OURS)
def test_feedback_explains_and_has_no_line_of_a_hidden_test(course, slug):
    known = {*lines_of(course / "solutions"), *lines_of(course / "release" / slug)}
    secret = {line for line in lines_of(course / "checks" / slug) if len(line) > 20} - known
    assert len(secret) > 20
    for student, said in {RIGHT: "(passed: ", UNTOUCHED: "(not attempted: "}.items():
        [page] = (course / "feedback" / student / slug).glob("*.html")
        text = html.unescape(TAG.sub("", page.read_text("utf-8")))
        assert said in text
        assert [line for line in secret if line in text] == []


def test_an_ordinary_assignment_has_feedback(course):
    for student in (RIGHT, UNTOUCHED):
        assert (course / "feedback" / student / ORDINARY / "problems.html").is_file()


def test_the_course_lists_and_verifies_its_own(course, bash):
    listed = bash(course, "autograder list")
    assert "linearized" in listed
    assert NEW in listed
    assert "fully_connected_nets" not in listed
    assert f"{NEW}: holds" in bash(course, f"autograder verify {NEW}")


def test_gradescope_takes_a_new_assignment(course, bash):
    bash(course, f"autograder gradescope {NEW}")
    assert "run_autograder" in packed(course / "gradescope" / f"{NEW}.zip")


def packed(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_the_shipped_course_serves_outside_of_any(tmp_path, bash):
    assert "fully_connected_nets" in bash(tmp_path, "COLUMNS=200 autograder list")
    bash(tmp_path, "autograder gradescope fully_connected_nets")
    assert "run_autograder" in packed(tmp_path / "gradescope" / "fully_connected_nets.zip")
    for path, data in reference_files(read_assignment(COPIED, shipped_course())).items():
        (tmp_path / "solved" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "solved" / path).write_bytes(data)
    bash(tmp_path, f"autograder grade {COPIED} solved")
    [kept] = (tmp_path / "grades" / COPIED).glob("*.json")
    report = json.loads(kept.read_text())
    assert report["score"] == report["max_score"] > 0


def test_the_demo_grades_its_class(tmp_path, bash):
    begun = time.monotonic()
    shown = bash(tmp_path, "autograder demo")
    print(f"`autograder demo` took {time.monotonic() - begun:.0f} s")
    assert "Grading 9 made-up students" in shown
    assert "cheats" in shown
