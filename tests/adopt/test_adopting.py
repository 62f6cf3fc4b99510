"""What `autograder adopt` finds out and writes, and how adopted assignments are graded."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from autograder import cli
from autograder.adopted import AdoptedRecord, NotAdoptedError, Route, read_record
from autograder.assignment import NotBuiltError, load_assignment, parts_of
from autograder.course import CourseError, read_course
from autograder.grading import Conditions, grade_submission
from autograder.judging.check import load_checks
from autograder.reports import forgeable
from autograder.results import CheckResult, Status
from autograder.submission import Submission

REFERENCE = "def mean(x):\n    ### BEGIN SOLUTION\n    return sum(x) / len(x)\n    ### END SOLUTION"
SECRET = "assert mean([31337, 1]) == 15669"
DOCSTRING = '"""mean is the sum by the count."""'
HIDDEN = f"### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS"
CELLS = [
    ("locked", "setup", "import numpy as np", 0),
    ("solution", "mean", REFERENCE, 0),
    (
        "test",
        "values",
        f'"""mean is the sum by the count."""\nassert mean([2, 4]) == 3\n{HIDDEN}',
        2,
    ),
    ("test", "share", "score = 0.5 * (mean([1, 1]) == 1) + 0.5 * (mean([1, 3]) == 2)\nscore", 1),
    ("test", "after", "assert mean([1, 5]) == 3", 1),
    ("test", "text", "assert eval('mean([1, 3])') == 2", 1),
    ("test", "nothing", "assert callable(mean)", 1),
    ("manual", "why", "Because.", 3),
]


def notebook(
    cells: list[tuple[str, str, str, int]], changes: Mapping[str, str] | None = None
) -> bytes:
    found = []
    for kind, name, source, points in cells:
        marks = {
            "grade": kind in ("test", "manual"),
            "solution": kind in ("solution", "manual"),
            "locked": kind in ("locked", "test"),
            "grade_id": name,
            "points": points,
            "schema_version": 3,
            "task": False,
        }
        cell: dict[str, Any] = {
            "cell_type": "markdown" if kind == "manual" else "code",
            "id": name,
            "metadata": {"nbgrader": marks},
            "source": (changes or {}).get(name, source),
        }
        found.append(cell if kind == "manual" else cell | {"outputs": [], "execution_count": None})
    data = {"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data).encode()


@dataclass
class Adopted:
    root: Path
    record: AdoptedRecord
    printed: str


def run(*words: object) -> Any:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    root = tmp_path_factory.mktemp("nbcourse")
    source = root / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "ps1.ipynb").write_bytes(notebook(CELLS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        result = run("adopt", source)
    assert result.exit_code == 0, result.output
    record = read_record(root / "source", "ps1")
    assert record is not None
    return Adopted(root, record, " ".join(result.output.split()))


def graded(
    adopted: Adopted, changes: Mapping[str, str] | None = None, **options: Any
) -> dict[str, CheckResult]:
    assignment = load_assignment("ps1", read_course(adopted.root))
    files = {"ps1.ipynb": notebook(CELLS, changes)}
    submission = Submission(student="ada", files=options.get("files", files))
    return {one.id: one for one in grade_submission(assignment, submission).checks}


def test_each_cell_has_its_route_and_its_strength(adopted: Adopted) -> None:
    cells = {cell.id: cell for cell in adopted.record.cells}
    assert {name: cell.route for name, cell in cells.items()} == {
        "values": Route.OUTSIDE,
        "share": Route.OUTSIDE,
        "after": Route.OUTSIDE,
        "text": Route.INSIDE,
        "nothing": Route.OUTSIDE,
    }
    assert len(cells["values"].caught) == 4
    assert cells["values"].summary == "mean is the sum by the count."
    assert cells["text"].reason == "It uses `eval`, which may run what a student has written."
    assert cells["nothing"].caught == ("raises",) or cells["nothing"].tests_nothing


def test_a_class_of_a_library_is_compared_outside(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "ps1"
    folder.mkdir(parents=True)
    cells = [
        ("locked", "setup", "import tarfile", 0),
        ("solution", "info", "info = tarfile.TarInfo('a')", 0),
        ("test", "class", "assert type(info) == tarfile.TarInfo", 1),
        ("test", "name", "assert type(info).__name__ == 'TarInfo'", 1),
    ]
    (folder / "ps1.ipynb").write_bytes(notebook(cells))
    assert run("adopt", folder).exit_code == 0
    record = read_record(tmp_path / "source", "ps1")
    assert record is not None
    assert [cell.route for cell in record.cells] == [Route.OUTSIDE, Route.OUTSIDE]


def test_an_instructor_reads_what_to_do(adopted: Adopted) -> None:
    assert "ps1 text 1 inside: can be forged" in adopted.printed
    assert (
        "ps1/text runs inside the student's process and can be read and forged. It uses `eval`,"
        " which may run what a student has written. Compare values that the student's functions"
        " give, rather than running their text." in adopted.printed
    )
    assert "ps1/nothing passes with every broken solution" in adopted.printed


def test_it_looks_like_any_other_assignment(adopted: Adopted) -> None:
    course = read_course(adopted.root)
    assert course.slugs == ("ps1",)
    assignment = load_assignment("ps1", course)
    assert sum(part.points for part in parts_of(assignment) if not part.manual) == 6
    assert load_checks(assignment)["values"].summary == "mean is the sum by the count."
    keys = Conditions(assignment=assignment).key_maker().keys(Submission(student="ada", files={}))
    assert all(keys.checks.values())


def test_gradescope_grades_it_as_well(adopted: Adopted, tmp_path: Path) -> None:
    result = run("gradescope", "ps1", "--course", adopted.root, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(tmp_path / "ps1.zip") as bundle:
        bundle.extractall(tmp_path / "there")
    there = read_course(tmp_path / "there")
    submission = Submission(student="ada", files={"ps1.ipynb": notebook(CELLS)})
    report = grade_submission(load_assignment("ps1", there), submission)
    assert (report.score, report.max_score) == (6, 6)


def test_the_reference_solution_has_all_points(adopted: Adopted) -> None:
    assert all(result.status is Status.PASSED for result in graded(adopted).values())


def test_a_mistake_is_told_by_call_value_and_expectation(adopted: Adopted) -> None:
    found = graded(adopted, {"mean": "def mean(x):\n    return sum(x)"})
    assert found["values"].rationale == "`mean([2, 4])` gave 6, the test expects 3."
    assert (found["values"].status, found["values"].score) == (Status.FAILED, 0)
    assert (found["share"].status, found["share"].score) == (Status.FAILED, 0)
    assert found["text"].rationale == "The test cell raised AssertionError."


def test_partial_credit_is_the_number_that_a_cell_ends_with(adopted: Adopted) -> None:
    found = graded(adopted, {"mean": "def mean(x):\n    return x[0]"})
    assert (found["share"].status, found["share"].score) == (Status.PARTIAL, 0.5)


YES = "class Yes:\n    def __eq__(self, other): return True\n"


@pytest.mark.parametrize(
    "forged",
    [
        YES + "def mean(x): return Yes()",
        "import builtins\nclass Silent(Exception): pass\n"
        "def quiet(source, *rest, run=eval):\n    return AlwaysTwo()\n"
        "class AlwaysTwo:\n    def __eq__(self, other): return True\n"
        "builtins.eval = quiet\ndef mean(x): return 0",
        "import ast\nip = get_ipython()\nclass Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)\n"
        "ip.ast_transformers.append(Drop())\ndef mean(x): return 0",
    ],
    ids=["equal to everything", "eval replaced", "assertions dropped"],
)
def test_a_forgery_that_passes_where_nothing_can_is_left_to_a_person(
    adopted: Adopted, forged: str
) -> None:
    found = graded(adopted, {"mean": forged})["text"]
    assert (found.status, found.score) == (Status.PERSON, 0)
    assert found.rationale == (
        "A person has to look at this: the test cell passes, and it also passes where nothing can."
        " The submission may have replaced what the test relies on."
    )


@pytest.mark.parametrize(
    "honest",
    [
        "import numpy\ndef mean(x):\n    return numpy.mean(x)",
        "from fractions import Fraction\ndef mean(x):\n    return Fraction(sum(x), len(x))",
        "class Real(float): pass\ndef mean(x):\n    return Real(sum(x) / len(x))",
    ],
)
def test_an_unusual_right_answer_is_no_forgery(adopted: Adopted, honest: str) -> None:
    assert graded(adopted, {"mean": honest})["text"].status is Status.PASSED


def test_an_instructor_is_told_which_points_can_be_forged(adopted: Adopted) -> None:
    assert forgeable(adopted.record) == (
        "The points of ps1/text can be forged: the cell runs inside the student's process. Whoever"
        " also passes where nothing can is left to a person; other forgeries are not seen.",
    )
    assert forgeable(None) == ()
    folder = adopted.root / "submitted" / "ada" / "ps1"
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").write_bytes(notebook(CELLS))
    course = ("--course", adopted.root, "--out", adopted.root / "grades")
    result = run("grade", "ps1", adopted.root / "submitted", *course, "--format", "html")
    assert result.exit_code == 0, result.output
    pages = (adopted.root / "grades" / "ps1").rglob("*.html")
    telling = [page.name for page in pages if "can be forged" in page.read_text("utf-8")]
    assert telling == ["index.html"]  # the instructor's, and no student's


def test_what_is_still_a_stub_is_not_attempted(adopted: Adopted) -> None:
    found = graded(adopted, {"mean": "def mean(x):\n    raise NotImplementedError()"})
    assert found["values"].status is Status.NOT_ATTEMPTED
    assert graded(adopted, files={})["values"].rationale == (
        "There is no `ps1.ipynb` in the submission."
    )


def test_the_student_s_own_version_of_a_test_counts_for_nothing(adopted: Adopted) -> None:
    wrong = {"mean": "def mean(x):\n    return 0", "values": "", "after": "assert True"}
    found = graded(adopted, wrong)
    assert found["values"].score == found["after"].score == 0


def test_a_solution_cannot_say_in_a_later_message_what_a_hidden_test_called_it_with(
    adopted: Adopted,
) -> None:
    spying = (
        "seen = []\ndef mean(x):\n    seen.append(list(x))\n    if x == [1, 5]:\n"
        "        raise ValueError(seen)\n    return sum(x) / len(x)"
    )
    found = graded(adopted, {"mean": spying})
    assert found["values"].status is Status.PASSED
    assert "ValueError" in found["after"].rationale
    assert "31337" not in "".join(result.rationale for result in found.values())


def test_a_source_that_was_changed_since_is_refused(adopted: Adopted, tmp_path: Path) -> None:
    root = tmp_path
    (root / "course.toml").touch()
    (root / "source" / "ps1").mkdir(parents=True)
    (root / "source" / "ps1" / "ps1.ipynb").write_bytes(notebook(CELLS[:3]))
    record = adopted.root / "source" / "ps1.adopted.json"
    (root / "source" / "ps1.adopted.json").write_bytes(record.read_bytes())
    with pytest.raises(NotBuiltError, match=r"run `autograder adopt ps1`"):
        grade_submission(
            load_assignment("ps1", read_course(root)), Submission(student="ada", files={})
        )


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 1}'])
def test_a_record_that_is_none_of_ours_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "ps1.adopted.json").write_text(text)
    with pytest.raises(NotAdoptedError, match=r"run `autograder adopt ps1`\."):
        read_record(tmp_path, "ps1")


def test_what_is_no_assignment_of_nbgrader_s_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    result = run("adopt", tmp_path / "source" / "ps1")
    assert result.exit_code == 2
    assert "has no notebook with a test cell, of nbgrader's or of otter's." in result.output


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            [CELLS[4]],
            "ps1.ipynb has test cells and no solution cell, so nothing says which names are a"
            " student's. Mark the cells that students write as `Autograded answer`, and write the"
            " solution there.",
        ),
        (
            [("solution", "mean", "# YOUR CODE HERE\nraise NotImplementedError()", 0), CELLS[4]],
            "ps1.ipynb has no solution in its solution cells; they are as students get them. Adopt"
            " the source, with the solutions in it.",
        ),
        (
            [CELLS[1], CELLS[4], CELLS[4]],
            "Two cells of ps1.ipynb are called 'after'. Rename one: results are kept by that name.",
        ),
        (
            [("solution", "mean", "def mean(x) return 3", 0), CELLS[4]],
            "A solution cell of ps1.ipynb is no Python, and after fails with it. The cell begins"
            " with `def mean(x) return 3`.",
        ),
    ],
)
def test_what_cannot_be_adopted_says_what_to_do(
    cells: list[tuple[str, str, str, int]], said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "source" / "ps1"
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").write_bytes(notebook(cells))
    result = run("adopt", folder)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert list(tmp_path.glob("source/*.adopted.*")) == []


def test_another_kernel_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "ps1"
    folder.mkdir(parents=True)
    data = json.loads(notebook(CELLS[:3])) | {"metadata": {"kernelspec": {"name": "ir"}}}
    (folder / "ps1.ipynb").write_text(json.dumps(data))
    result = run("adopt", folder)
    assert result.exit_code == 2
    assert (
        "ps1.ipynb is written for the kernel R. Notebooks in Python alone can be adopted."
        in " ".join(result.output.split())
    )


@pytest.mark.parametrize("value", ["''", "'a/b'", "3"])
def test_the_hidden_folder_is_one_name(value: str, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(f"[adopt]\nhidden = {value}\n")
    with pytest.raises(CourseError, match="give the name of a folder in the source"):
        read_course(tmp_path)
