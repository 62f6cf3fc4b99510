"""An otter assignment from `autograder adopt` to the grades of what was handed in."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.adopted import AdoptedRecord, Route, read_record
from autograder.assignment import load_assignment
from autograder.course import read_course
from autograder.grading import grade_submission
from autograder.grading.loading import read_release
from autograder.nbgrader_plugin.release import ReleaseError, open_release
from autograder.results import CheckResult, Status
from autograder.submission import Submission
from tests.adopt.masters import MASTER, SETUP, SQUARE, Cell, code, notebook, question, raw
from tests.adopt.test_adopting import run

EXCEPTIONS = [
    raw("# ASSIGNMENT CONFIG\ntests:\n  ok_format: false\nautograder_files: [private.txt]"),
    *question(
        "q1",
        "def double(x):\n    return 2 * x  # SOLUTION",
        [
            code("def test_it(double):\n    assert double(4) == 8\n\ntest_it(double)"),
            code(
                "# HIDDEN\ndef test_private(env):\n"
                "    assert env['double'](3) == int(open('private.txt').read())"
            ),
        ],
    ),
]
DRAWS = [
    raw("# ASSIGNMENT CONFIG\ngenerate:\n    seed: 42"),
    code("import numpy as np"),
    *question(
        "q1",
        "np.random.seed(42) # IGNORE\ndraw = int(np.random.rand() * 100)  # SOLUTION",
        [code("draw", "37")],
    ),
]


def adopted(root: Path, cells: list[Cell], files: Mapping[str, str]) -> AdoptedRecord:
    folder = root / "hw" / "hw1"
    folder.mkdir(parents=True)
    (folder / "hw1.ipynb").write_bytes(notebook(cells))
    for path, text in files.items():
        (folder / path).write_text(text)
    (folder / "dist" / "autograder").mkdir(parents=True)
    (folder / "dist" / "autograder" / "secret.txt").write_text("what otter assign has made")
    result = run("adopt", folder / "hw1.ipynb")
    assert result.exit_code == 0, result.output
    record = read_record(root / "hw", "hw1")
    assert record is not None
    return record


def graded(root: Path, cells: list[Cell]) -> dict[str, CheckResult]:
    assignment = load_assignment("hw1", read_course(root))
    submission = Submission(student="ada", files={"hw1.ipynb": notebook(cells)})
    return {one.id: one for one in grade_submission(assignment, submission).checks}


def handed_in(square: str, first: str = "def first(xs):\n    return xs[0]") -> list[Cell]:
    """What a student has made of the notebook that `otter assign` generates."""
    return [
        code("# Initialize Otter\nimport otter\ngrader = otter.Notebook('hw1.ipynb')"),
        SETUP,
        code(square),
        code('grader.check("q1")'),
        code(first),
        code('grader.check("q2")'),
        code("grader.check_all()"),
        code("# Save your notebook first, then run this cell.\ngrader.export(run_tests=True)"),
    ]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("otter")
    adopted(root, MASTER, {"data.csv": "a,b\n1,2\n"})
    return root


def test_the_record_says_what_each_test_is(course: Path) -> None:
    record = read_record(course / "hw", "hw1")
    assert record is not None
    assert record.is_otter
    assert {cell.id: cell.route for cell in record.cells} == dict.fromkeys(
        ("q1-1", "q1-2", "q1-3", "q2"), Route.OUTSIDE
    )
    assert all(cell.caught for cell in record.cells)
    assert [cell.id for cell in record.manual] == ["q4"]
    assert set(record.digests) == {"data.csv", "hw1.ipynb"}
    assert (course / "course.toml").read_text() == '[folders]\nsource = "hw"\n'


def test_a_right_notebook_has_all_points(course: Path) -> None:
    found = graded(course, handed_in("def square(x):\n    return x * x"))
    assert all(one.status is Status.PASSED for one in found.values()), found
    assert sum(one.score for one in found.values()) == 5


@pytest.mark.parametrize(
    "square",
    [
        "def square(x):\n    print('debug', x)\n    return x * x",
        "import numpy as np\ndef square(x):\n    return np.multiply(x, x)",
        "square = lambda x: x ** 2",
    ],
)
def test_a_right_answer_in_another_form_has_all_points(course: Path, square: str) -> None:
    found = graded(course, handed_in(square))
    assert all(one.status is Status.PASSED for one in found.values()), found


def test_a_notebook_without_its_checks_and_in_another_order(course: Path) -> None:
    cells = [SETUP, code("def first(xs):\n    return xs[0]"), code("def square(x): return x * x")]
    assert all(one.status is Status.PASSED for one in graded(course, cells).values())


def test_a_mistake_says_what_the_test_expects(course: Path) -> None:
    found = graded(course, handed_in("def square(x):\n    return 2 * x"))
    assert found["q1-1"].rationale == "`square(3)` gave 6, the test expects 9."
    assert found["q1-2"].rationale == "A hidden test of this cell does not pass (AssertionError)."
    assert found["q2"].status is Status.PASSED
    assert "49" not in "".join(one.rationale for one in found.values())


def test_all_or_nothing(course: Path) -> None:
    found = graded(course, handed_in("def square(x): return x * x", "def first(xs): return xs[-2]"))
    assert (found["q2"].status, found["q2"].score) == (Status.FAILED, 0)


def test_what_was_not_touched_is_not_attempted(course: Path) -> None:
    release = read_release(load_assignment("hw1", read_course(course)))
    assignment = load_assignment("hw1", read_course(course))
    submission = Submission(student="ada", files={"hw1.ipynb": release["hw1.ipynb"]})
    report = grade_submission(assignment, submission)
    assert {one.status for one in report.checks} == {Status.NOT_ATTEMPTED}
    assert "49" not in release["hw1.ipynb"].decode()


@pytest.mark.parametrize(
    "square",
    [
        "class Any(int):\n    def __eq__(self, other): return True\n"
        "    def __repr__(self): return '9'\ndef square(x): return Any()",
        "class Any:\n    def __repr__(self): return '9'\ndef square(x): return Any()",
        "class Any:\n    def __repr__(self): return '9'\ndef square(x): return [Any()][0]",
        "import sys\nclass Out:\n    def write(self, text): pass\n    def getvalue(self):"
        " return '9'\ndef square(x):\n    sys.stdout = Out()",
        "np.isclose = lambda *args: True\ndef square(x): return 0",
        "from autograder.sandbox.adopted import output\n"
        "output.Output.assert_equal = lambda *args: None\ndef square(x): return 0",
    ],
)
def test_cheating_wins_nothing(course: Path, square: str) -> None:
    found = graded(course, handed_in(square))
    assert [found[id].score for id in ("q1-1", "q1-2", "q1-3")] == [0, 0, 0], found


def test_nbgrader_is_not_asked_to_grade_it(course: Path) -> None:
    assignment = load_assignment("hw1", read_course(course))
    place = SimpleNamespace(
        format_path=lambda *_: str(course / "hw" / "hw1"), source_directory="source"
    )
    with pytest.raises(ReleaseError, match=r"Run `autograder grade hw1 submitted/`, or"):
        open_release(assignment, place)


LISTS = question(
    "q1", "def parts(n):\n    return [n, {'n': n}]  # SOLUTION", [code("parts(1)", "[1, {'n': 1}]")]
)


def test_an_object_inside_of_a_list_cannot_show_as_anything(tmp_path: Path) -> None:
    adopted(tmp_path, LISTS, {})
    shows = "class Any:\n    def __repr__(self): return '1'\n"
    for value in ("[Any(), {'n': 1}]", "[1, {'n': Any()}]", "(1, {'n': 1})"):
        assert graded(tmp_path, [code(f"{shows}def parts(n): return {value}")])["q1"].score == 0
    right = graded(tmp_path, [code("def parts(n):\n    return [n] + [dict(n=n)]")])
    assert right["q1"].score == 1


def test_gradescope_grades_it_as_well(course: Path, tmp_path: Path) -> None:
    result = run("gradescope", "hw1", "--course", course, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(tmp_path / "hw1.zip") as bundle:
        bundle.extractall(tmp_path / "there")
    found = graded(tmp_path / "there", handed_in("def square(x): return x * x"))
    assert sum(one.score for one in found.values()) == 5


def test_functions_that_raise_and_files_of_the_autograder(tmp_path: Path) -> None:
    record = adopted(tmp_path, EXCEPTIONS, {"private.txt": "6"})
    assert [cell.route for cell in record.cells] == [Route.OUTSIDE, Route.OUTSIDE]
    right = graded(tmp_path, [code("def double(n):\n    return n + n")])
    assert sum(one.score for one in right.values()) == 1
    reads = "def double(n):\n    return open('private.txt').read()"
    wrong = graded(tmp_path, [code(reads)])
    assert "FileNotFoundError" in wrong["q1-1"].rationale
    assert wrong["q1-2"].score == 0


def test_each_cell_is_seeded(tmp_path: Path) -> None:
    adopted(tmp_path, DRAWS, {})
    import_twice = "np.random.rand(5)\nimport numpy as np"
    cells = [
        code("import numpy as np"),
        code(import_twice),
        code("draw = int(np.random.rand() * 100)"),
    ]
    assert graded(tmp_path, cells)["q1"].status is Status.PASSED


def test_the_notebook_of_another_folder_name(tmp_path: Path) -> None:
    folder = tmp_path / "weeks" / "week 3"
    folder.mkdir(parents=True)
    (folder / "lab.ipynb").write_bytes(notebook([SETUP, *SQUARE]))
    (folder / "other.ipynb").write_bytes(notebook([SETUP, *SQUARE]))
    assert run("adopt", folder / "lab.ipynb").exit_code == 0
    record = read_record(tmp_path / "weeks", "lab")
    assert record is not None
    assert (record.place, record.notebooks) == ("week 3", ("lab.ipynb",))
    assignment = load_assignment("lab", read_course(tmp_path))
    found = grade_submission(
        assignment, Submission(student="a", files={"lab.ipynb": notebook([*SQUARE])})
    )
    assert found.max_score == 3
