"""The format of `otter assign`: what is read, what is refused, and what students get."""

from __future__ import annotations

import json

import pytest

from autograder.adopt.otter.points import PointsError, shared
from autograder.adopt.otter.solutions import as_handed_out, without_ignored
from autograder.adopt.otter.submitted import otter_steps, student_notebook
from autograder.adopt.otter.tests import OtterTest, TestCellError
from autograder.adopt.reading import read_source
from autograder.adopt.source import CellKind, SourceError, SourceNotebook
from tests.adopt.masters import MASTER, SETUP, SQUARE, Cell, code, notebook, question, raw


def read(*cells: Cell, files: dict[str, bytes] | None = None) -> SourceNotebook:
    return read_source("hw", notebook(cells), files)


def test_questions_become_cells() -> None:
    found = read(*MASTER)
    assert [(cell.kind, cell.id, cell.points) for cell in found.cells] == [
        (CellKind.LOCKED, "", 0),
        (CellKind.SOLUTION, "", 0),
        (CellKind.TEST, "q1-1", 1),
        (CellKind.TEST, "q1-2", 1),
        (CellKind.TEST, "q1-3", 1),
        (CellKind.SOLUTION, "", 0),
        (CellKind.TEST, "q2", 2),
    ]
    assert [(cell.id, cell.points) for cell in found.manual] == [("q4", 4)]
    assert found.is_otter
    assert found.files == ("data.csv",)
    assert [cell.summary for cell in found.tests] == [
        "Question q1, test 1",
        "Question q1, hidden test 2",
        "Question q1, test 3",
        "Question q2",
    ]


def test_raw_cells_may_be_fenced_text() -> None:
    fenced = [
        ("markdown", f"```otter\n{source}\n```", "") if kind == "raw" else (kind, source, output)
        for kind, source, output in MASTER
    ]
    assert read(*fenced) == read(*MASTER)


def test_several_fences_in_one_text_cell() -> None:
    begun = "```otter\n# BEGIN QUESTION\nname: q1\n```\nWrite it.\n```otter\n# BEGIN SOLUTION\n```"
    ended = (
        "```otter\n# END SOLUTION\n```\n\n```otter\n# BEGIN TESTS\n```",
        "```otter\n# END TESTS\n```\n```otter\n# END QUESTION\n```",
    )
    found = read(
        ("markdown", begun, ""),
        code("x = 1  # SOLUTION"),
        ("markdown", ended[0], ""),
        code("x", "1"),
        ("markdown", ended[1], ""),
    )
    assert [cell.id for cell in found.tests] == ["q1"]


@pytest.mark.parametrize("mark", ["# begin question", "## BEGIN QUESTION", "#BEGIN QUESTION"])
def test_marks_may_be_written_in_any_case(mark: str) -> None:
    cells = [raw(f"{mark}\nname: q1"), *question("q1", "x = 1", [code("assert x == 1")])[1:]]
    assert [cell.id for cell in read(*cells).tests] == ["q1"]


def test_settings_may_lie_in_a_file() -> None:
    config = raw("# ASSIGNMENT CONFIG\nconfig_file: all.yml\nfiles: [data.csv]")
    common = b"generate:\n  seed: 42\nautograder_files: [private.csv]\n"
    found = read(config, *SQUARE, files={"all.yml": common})
    assert found.hidden == ("private.csv",)
    assert found.settings == ("all.yml",)
    assert "seed(42)" in found.seeding


def test_a_variable_may_seed() -> None:
    config = raw("# ASSIGNMENT CONFIG\nseed:\n  variable: rng_seed\n  autograder_value: 42")
    assert read(config, *SQUARE).seeding == "rng_seed = 42"


def test_ignored_cells_and_lines_are_left_out() -> None:
    found = read(code("# IGNORE\nx = 1"), code("y = 1\nz = 2  # IGNORE"), *SQUARE)
    assert found.cells[0].source == "y = 1"
    assert without_ignored("a\n# BEGIN IGNORE\nb\n# END IGNORE\nc") == "a\nc"


BEGIN, END = raw("# BEGIN QUESTION\nname: q1"), raw("# END QUESTION")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            [BEGIN],
            "1: `# BEGIN QUESTION` has no end; put `# END QUESTION` behind what belongs to it.",
        ),
        (
            [END],
            "1: `# END QUESTION` ends nothing; put `# BEGIN QUESTION` before it, or delete it.",
        ),
        (
            [raw("# BEGIN TESTS")],
            "1: `# BEGIN TESTS` stands outside of a question; put `# BEGIN QUESTION` before it.",
        ),
        (
            [BEGIN, BEGIN],
            "cell 2: `# BEGIN QUESTION` stands inside a block; put `# END QUESTION` before it.",
        ),
        (
            [BEGIN, raw("# BEGIN SOLUTION"), END],
            "2: `# BEGIN SOLUTION` has no end; put `# END SOLUTION` behind what belongs to it.",
        ),
        (
            [raw("# BEGIN QUESTION\npoints: 2")],
            "cell 1: the question has no name; write `name: q1` below `# BEGIN QUESTION`.",
        ),
        ([raw("# BEGIN QUESTION\n- a")], "cell 1: its YAML is no list of `key: value`."),
        (
            [*SQUARE, *SQUARE],
            "a question is called 'q1' again; rename one, results are kept by that name.",
        ),
        (
            question("q1", "x = 1", [("markdown", "x == 1", "")]),
            "cell 7: a test of q1 is no code cell.",
        ),
        (
            question("q1", "x = 1", [code("x ==")]),
            "cell 7: a test of q1 is no Python (invalid syntax (<unknown>, line 1)).",
        ),
        (
            question("q1", "x = 1", [code("x", "1")], more="points: [1, 2]"),
            "the question q1 gives 2 numbers of points for 1 test cells; give one for each.",
        ),
        (
            question("q1", "x = 1", [code("x", "1")], more="points: many"),
            "the question q1 has the points 'many'; give a number, a list of numbers or `each: 1`.",
        ),
        (
            [raw("# ASSIGNMENT CONFIG\nfiles: ../other")],
            "cell 1: `files` is no list of files in the folder of the notebook.",
        ),
    ],
)
def test_what_cannot_be_read_says_which_cell_and_what_to_do(cells: list[Cell], said: str) -> None:
    with pytest.raises(SourceError) as raised:
        read(*cells)
    assert said in str(raised.value)
    assert str(raised.value).startswith("hw.ipynb, cell ")


def test_other_languages_are_refused() -> None:
    with pytest.raises(SourceError, match=r"hw\.ipynb is written for the kernel R\. Notebooks in"):
        read_source("hw", notebook(MASTER, language="R"))


def test_the_format_before_otter_4_is_refused() -> None:
    old = "```\nBEGIN QUESTION\nname: q1\n```"
    with pytest.raises(SourceError, match="is in the format of otter before version 4"):
        read(("markdown", old, ""), code("x = 1  # SOLUTION"))


@pytest.mark.parametrize(
    ("asked", "said", "points"),
    [
        (None, [None, None], (0.5, 0.5)),
        (None, [2, None], (2, 0)),
        (None, [0, None], (0, 1)),
        (6, [2, 2, None, None], (2, 2, 1, 1)),
        (3, [None], (3,)),
        ([1, 2], [None, None], (1, 2)),
        ({"each": 2}, [None, None], (2, 2)),
        (1, [None, None, None], (0.333333, 0.333333, 0.333334)),
    ],
)
def test_points_are_shared_as_otter_does(
    asked: object, said: list[float | None], points: tuple[float, ...]
) -> None:
    assert shared(asked, said) == points


def test_more_points_than_there_are() -> None:
    with pytest.raises(PointsError, match="is worth 1 points, and its test cells say 2; lower"):
        shared(1, [2])


@pytest.mark.parametrize(
    ("solution", "stub"),
    [
        ("return x**2  # SOLUTION", "..."),
        ("    y = 1 # SOLUTION NO PROMPT\n    return y # SOLUTION", "    ..."),
        ("nine = square(3) # SOLUTION", "nine = ..."),
        ("a, b = 1, 2  # SOLUTION", "a, b = ..."),
        ("d['k'] = 3  # SOLUTION", "d['k'] = ..."),
        ("x == 3  # SOLUTION", "..."),
        ("np.random.seed(4) # SEED\nx = 1", "x = 1"),
        ("  # BEGIN SOLUTION\n  a\n  # END SOLUTION\nb", "  ...\nb"),
        ("# BEGIN SOLUTION NO PROMPT\na\n# END SOLUTION\nb", "b"),
        ('""" # BEGIN PROMPT\nx = ...\n"""; # END PROMPT', "x = ..."),
    ],
)
def test_students_get_what_otter_gives_them(solution: str, stub: str) -> None:
    assert as_handed_out(solution) == stub


def test_the_notebook_of_students_has_no_solution_and_no_test() -> None:
    made = student_notebook("hw", notebook([*MASTER, code("# IGNORE\nsecret = 1")]))
    sources = [cell["source"] for cell in json.loads(made)["cells"]]
    assert "def square(x):\n    ..." in sources
    assert 'grader.check("q1")' in sources
    text = "\n".join(sources)
    assert not any(word in text for word in ("**2", "49", "otter", "SOLUTION", "secret", "xs[0]"))


def test_each_test_runs_where_it_was_checked_last() -> None:
    source = read(*MASTER)
    handed_in = notebook(
        [
            code("import otter\ngrader = otter.Notebook('hw.ipynb')"),
            code('grader.check("q1")'),
            SETUP,
            code("def square(x):\n    return x * x\nmine = 1"),
            code('x = 4\ngrader.check("q1")'),
            code("grader.export(pdf=False)"),
        ]
    )
    steps = [(step.kind, step.id or step.source) for step in otter_steps(source, handed_in)]
    assert steps == [
        (CellKind.LOCKED, "import numpy as np"),
        (CellKind.SOLUTION, "def square(x):\n    return x * x\nmine = 1"),
        (CellKind.SOLUTION, "x = 4"),
        (CellKind.SOLUTION, ""),  # whose names the solution's are
        (CellKind.TEST, "q1-1"),
        (CellKind.TEST, "q1-2"),
        (CellKind.TEST, "q1-3"),
        (CellKind.SOLUTION, ""),
        (CellKind.TEST, "q2"),
    ]


def test_a_function_that_tests_is_called_with_the_names_that_it_asks_for() -> None:
    test = OtterTest(source="def test_it(np, env):\n    assert env['x']\n\ntest_it(np, 1)")
    made = test.as_python(doctest=False)
    assert "test_it(np=globals().get('np'), env=globals())" in made
    with pytest.raises(TestCellError, match="holds more than one function"):
        OtterTest(source="import os\ndef f(): pass").as_python(doctest=False)
