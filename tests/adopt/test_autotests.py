"""Lines that stand for tests, which nbgrader writes: adopted with the tests that students get."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.adopt.adopting import adopt
from autograder.adopt.autotests import AutotestError, with_tests
from autograder.adopted import AdoptedRecord, Route
from autograder.assignment import load_assignment
from autograder.course import read_course
from autograder.grading import grade_submission
from autograder.grading.loading import read_release
from autograder.submission import Submission
from tests.adopt.test_adopting import notebook

pytestmark = pytest.mark.long

MEAN = "def mean(x):\n    ### BEGIN SOLUTION\n    return sum(x) / len(x)\n    ### END SOLUTION"
CELLS = [
    ("solution", "mean", MEAN, 0),
    ("test", "seen", "### AUTOTEST mean([2, 4]); mean([1])", 1),
    ("test", "hashed", "### HASHED AUTOTEST mean([3, 5])", 1),
    ("test", "plain", "assert mean([7]) == 7", 1),
]
TEMPLATES = """\
python3:
    setup: "from hashlib import sha1"
    hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
    success: "print('Success!')"
    templates:
        default:
            - test: "type({{snippet}})"
              fail: "the type of {{snippet}} is wrong"
            - test: "{{snippet}}"
              fail: "the value of {{snippet}} is wrong"
"""


def source(root: Path) -> Path:
    folder = root / "source" / "ps1"
    folder.mkdir(parents=True)
    found = json.loads(notebook(CELLS))
    found["metadata"] = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    (folder / "ps1.ipynb").write_text(json.dumps(found))
    (root / "course.toml").touch()
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("autotests")
    (found / "autotests.yml").write_text(TEMPLATES)
    return found


@pytest.fixture(scope="module")
def record(root: Path) -> AdoptedRecord:
    return adopt(source(root), level="bubblewrap", hidden="hidden")


def test_the_tests_that_a_line_stands_for_run_outside(record: AdoptedRecord) -> None:
    assert sorted(record.written) == ["hashed", "seen"]
    assert "assert str(mean([2, 4])) ==" in record.written["seen"]
    assert "sha1(" in record.written["hashed"]
    assert {cell.id: cell.route for cell in record.cells} == {
        "seen": Route.OUTSIDE, "hashed": Route.OUTSIDE, "plain": Route.OUTSIDE,
    }  # fmt: skip
    assert not any(cell.tests_nothing for cell in record.cells)


def test_they_decide_and_students_get_them(root: Path, record: AdoptedRecord) -> None:
    assignment = load_assignment("ps1", read_course(root))
    for body, score in (("sum(x) / len(x)", 3), ("sum(x) / max(len(x), 2)", 1)):
        handed_in = notebook(CELLS, {"mean": f"def mean(x):\n    return {body}"})
        submission = Submission(student="ada", files={"ps1.ipynb": handed_in})
        report = grade_submission(assignment, submission)
        assert report.score == score, report
    assert b"AUTOTEST" not in read_release(assignment)["ps1.ipynb"]


def test_without_templates_it_says_where_they_belong(tmp_path: Path) -> None:
    folder = source(tmp_path)
    with pytest.raises(AutotestError) as raised:
        adopt(folder, level="bubblewrap", hidden="hidden")
    assert str(raised.value) == (
        f"{folder}/ps1.ipynb has AUTOTEST lines, and there is no autotests.yml in its folder or in"
        f" {tmp_path}. Copy nbgrader's there, as for `nbgrader generate_assignment`."
    )


def test_templates_that_mean_nothing_are_named(tmp_path: Path) -> None:
    (tmp_path / "autotests.yml").write_text("ir: {}\n")
    with pytest.raises(AutotestError, match=r"nbgrader could not write the tests for the AUTOTEST"):
        adopt(source(tmp_path), level="bubblewrap", hidden="hidden")


def test_other_cells_stay_as_they_are() -> None:
    data = with_tests(notebook(CELLS), {"seen": "assert True"})
    sources = ["".join(cell["source"]) for cell in json.loads(data)["cells"]]
    assert sources == [MEAN, "assert True", CELLS[2][2], CELLS[3][2]]
