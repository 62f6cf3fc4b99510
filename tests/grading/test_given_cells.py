"""A student who works with other data, or cannot load any here, keeps the answers below."""

from __future__ import annotations

import json

import pytest

from autograder.grading.given_cells import Given, bound_names, given_cells
from autograder.grading.loading import loaded
from autograder.grading.planning import Plan, plan
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

CHOICE = 'DATASET = "tiny"'
IMPORTS = "import math\nfrom pathlib import Path"
SETTINGS = 'SETTINGS = {"tiny": {"rows": 3}, "other": {"rows": 5}}[DATASET]'
DATA = (
    'data = {"tiny": [1.0] * 3, "other": [2.0] * 5}[DATASET]\n'
    'for name in ("rows",):\n    assert SETTINGS[name] == len(data)\n'
    "SIZE = math.ceil(len(data))"
)
DEMO = "LAST = data[-1]"
ANSWER = "answer = 2 * SIZE"
PROOF = 'assert (answer, DATASET, len(data), SETTINGS["rows"]) == (6, "tiny", 3, 3)'
CELLS = (CHOICE, IMPORTS, SETTINGS, DATA, ANSWER, PROOF)


def cell(source: str, **metadata: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": metadata, "source": source}


RELEASED = [
    *map(cell, (CHOICE, IMPORTS, SETTINGS, DATA)),
    cell(DEMO, autograder={"demo": True}),
    cell("answer = ...  # TODO(answer)", nbgrader={"solution": True, "grade_id": "answer"}),
]


def notebook(cells: list[dict[str, object]]) -> bytes:
    return json.dumps({"cells": cells}).encode()


def planned(*cells: str) -> Plan:
    release = {"lesson.ipynb": notebook(RELEASED)}
    submitted = {"lesson.ipynb": notebook([cell(source) for source in cells])}
    return plan(release, Submission(student="ada", files=submitted), "tiny")


def problems(level_name: str, *cells: str, seconds: float = 60.0) -> list[str]:
    limits = Limits(cell_seconds=seconds)
    with loaded(get_level(level_name), limits, planned(*cells)) as result:
        return [problem.partition(":")[0] for problem in result.problems]


def instead(**changed: str) -> list[str]:
    """The cells of a right submission, some changed."""
    return [changed.get(name, given) for name, given in zip(NAMES, CELLS, strict=True)]


NAMES = ("choice", "imports", "settings", "data", "answer", "proof")
FIRST, THIRD, FOURTH = (f"Code cell {n} of lesson.ipynb" for n in (1, 3, 4))


def test_what_was_given_runs_once(level_name: str) -> None:
    assert problems(level_name, *CELLS) == []


@pytest.mark.parametrize("name", ["other", "of my own", "missing"])
def test_whatever_data_set_is_chosen_the_graded_one_counts(level_name: str, name: str) -> None:
    assert problems(level_name, *instead(choice=f"DATASET = {name!r}  # better")) == []


@pytest.mark.parametrize(
    "data",
    [
        'data = Path("/home/ada/mnist.npz").read_bytes()\nSIZE = len(data)',
        'data = (Path.home() / "mnist").read_text()',
        "data = load(/home/ada/mnist)",
        "!ls\ndata, SIZE = read_my_files()",
        "import torchvision\ndata = torchvision.datasets.MNIST('data')",
        'DATASET = "other"\ndata = open(f"{DATASET}.npz")',
    ],
)
def test_where_own_data_cannot_be_loaded_the_given_cell_runs(level_name: str, data: str) -> None:
    found = problems(level_name, *instead(data=data))
    assert 1 <= len(found) <= 2  # an import that is missing, and what needs it
    assert all(one.startswith(f"{FOURTH} raised ") for one in found)


def test_a_given_cell_with_a_module_that_is_missing_is_run_as_it_was(level_name: str) -> None:
    found = problems(level_name, *instead(imports=f"import torch_of_ada\n{IMPORTS}"))
    assert found == ["Code cell 2 of lesson.ipynb raised ModuleNotFoundError"]


def test_a_data_cell_that_ends_the_process_is_replaced(level_name: str) -> None:
    data = "import os\ndata = os._exit(1)"
    found = problems(level_name, *instead(data=data))
    assert found == [f"{FOURTH} was left out"]


def test_a_data_cell_that_waits_for_its_files_is_replaced(level_name: str) -> None:
    data = 'data = None\nwhile not Path("mnist").exists():\n    pass'
    found = problems(level_name, *instead(data=data), seconds=1.0)
    assert found == [f"{FOURTH} was left out"]


def test_a_data_cell_that_was_commented_out_runs_when_it_is_needed(level_name: str) -> None:
    commented = "\n".join(f"# {line}" for line in DATA.splitlines())
    found = problems(level_name, *instead(data=commented))
    assert found == ["Code cell 5 of lesson.ipynb raised NameError"]


def test_all_given_cells_in_one(level_name: str) -> None:
    one = "\n".join(CELLS[:4]).replace('"tiny"\n', '"other"\n')
    assert problems(level_name, one, ANSWER, PROOF) == []
    gone = one.replace("data = ", 'Path("gone").read_text()\ndata = ')
    found = problems(level_name, gone, ANSWER, PROOF)
    assert found == [f"{FIRST} raised FileNotFoundError"]


def test_a_trial_with_other_data_in_between_changes_nothing_below(level_name: str) -> None:
    trial = 'DATASET = "other"\ndata = [2.0] * 5\nSIZE = 5'
    assert problems(level_name, *CELLS[:4], trial, ANSWER, PROOF) == []


def test_a_demonstration_runs_where_an_answer_needs_it(level_name: str) -> None:
    answer = "answer = int(6 * LAST)"
    found = problems(level_name, *instead(answer=answer))
    assert found == ["Code cell 5 of lesson.ipynb raised NameError"]


def test_what_a_student_has_defined_stays(level_name: str) -> None:
    own = "def ceil(x):\n    return 3\nmath = None\nimport math as own\nmath = own"
    broken = 'data = open("gone")'
    found = problems(
        level_name, *CELLS[:2], "Path = str", *instead(data=broken)[2:5], "assert Path is str", own
    )
    assert found == ["Code cell 5 of lesson.ipynb raised FileNotFoundError"]


def test_a_given_cell_that_ends_the_process_too_is_tried_once(level_name: str) -> None:
    mine = [CHOICE, IMPORTS, SETTINGS, "data = None\nimport os\nos._exit(1)", "answer = 6"]
    released = [
        cell(one) for one in (CHOICE, IMPORTS, SETTINGS, "data = __import__('os')._exit(1)")
    ]
    todo = cell("answer = ...  # TODO(answer)")
    both = [notebook([*released, todo]), notebook([cell(one) for one in mine])]
    submission = Submission(student="ada", files={"lesson.ipynb": both[1]})
    steps = plan({"lesson.ipynb": both[0]}, submission, "tiny")
    with loaded(get_level(level_name), Limits(), steps) as result:
        assert [problem.partition(": ")[0] for problem in result.problems] == [
            f"{FOURTH} was left out",
            "The cell as it was given, in the place of code cell 4 of lesson.ipynb, was left out",
        ]


def test_a_failing_cell_of_another_kind_runs_nothing() -> None:
    given = Given({"lesson": given_cells(notebook(RELEASED), "tiny")}, "tiny")
    for source in CELLS[:4]:
        assert given.after("lesson", source) == ()
    assert given.instead("lesson", "data = 1 / 0") == ()
    assert given.instead("elsewhere", "data = 1 / 0") == ()


def test_cells_without_a_choice_of_data() -> None:
    given = Given({"lesson": given_cells(notebook([cell("a = 1")]), "none")}, "none")
    assert given.after("lesson", "a = 2") == ()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a, (b, *c) = x\nd: int = 1\ne[0] = 2", "a b c d"),
        ("if x:\n    from a import b as c\nelse:\n    import d.e", "c d"),
        ("try:\n    a = 1\nexcept E:\n    b = 2", "a b"),
        ("def f():\n    g = 1\nclass H:\n    i = 2", "H f"),
        ("%matplotlib inline\na = 1", "a"),
        ("a = = 1\ndef b(:\nc == 1", "a b"),
        ("a = '" + "x" * (1 << 19), "a"),
    ],
)
def test_bound_names(source: str, names: str) -> None:
    assert bound_names(source) == frozenset(names.split())
