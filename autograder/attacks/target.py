"""What an attack is handed in for: the shipped assignment, or an nbgrader notebook that is adopted.

The notebook has a test for each way in which a test and a solution meet. Every attack of the family
`adopted` writes its solution cell anew.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from autograder.adopt.adopting import adopt
from autograder.assignment import Assignment, load_assignment
from autograder.course import read_course, shipped_course
from autograder.course_settings import HIDDEN

from .corpus import SLUG, Attack
from .programs import kept_folder

NOTEBOOK = "adopted"
SOLUTION = "solution"
_SETUP = "import numpy as np"
_REFERENCE = """\
class Point:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        return Point(self.x + other.x)


def total(x):
    if x is None:
        raise ValueError("nothing to add up")
    return (x**2).sum()


def apply(function, x):
    return function(function(x))


def pay(account):
    account.pay(2)
    return account.balance


def count(n):
    yield from range(n)


def rows(path):
    return np.loadtxt(path)


def save(path, x):
    np.save(path, x)
"""
_TESTS = {
    "equal": "assert total(np.arange(4.0)) == 14.0\nassert 14.0 == total(np.arange(4.0))",
    "close": "found = total(np.arange(3.0))\nassert abs(found - 5) < 1e-9\n"
    "assert np.allclose(found, 5) and np.isclose(5, found)\nassert 4 < found < 6",
    "kinds": "found = total(np.arange(3.0))\nassert isinstance(found, (float, np.floating))\n"
    "assert np.asarray(found).dtype == float and found in (5.0,)",
    "raises": "try:\n    total(None)\nexcept ValueError as error:\n"
    "    assert str(error) == 'nothing to add up'\nelse:\n    raise AssertionError('no error')\n"
    "assert total(np.ones(2)) == 2",
    "operators": "found = Point(1) + Point(2)\n"
    "assert isinstance(found, Point)\nassert found.x == 3",
    "functions": "calls = []\ndef twice(x):\n    calls.append(x)\n    return 2 * x\n"
    "assert apply(twice, 3) == 12\nassert calls == [3, 6]",
    "objects": "class Account:\n    def __init__(self):\n        self.balance = 10\n"
    "        self.code = 31337\n    def pay(self, x):\n        self.balance -= x\n"
    "account = Account()\nassert pay(account) == 8\n"
    "assert account.balance == 8 and account.code == 31337",
    "iterators": "assert list(count(3)) == [0, 1, 2]\nassert sum(count(4)) == 6",
    "files": "save('out.npy', np.arange(3.0))\nassert np.load('out.npy').tolist() == [0, 1, 2]",
    "released": "assert rows('data.csv').tolist() == np.loadtxt('data.csv').tolist() == [1, 2, 3]",
    "hidden": "### BEGIN HIDDEN TESTS\nexpected = open('hidden/expected.txt').read().split()\n"
    "assert expected[0] == 'values'\nr = np.random.rand(5)\n"
    "assert np.isclose(total(r), (r ** 2).sum()) and rows('data.csv')[0] == float(expected[1])\n"
    "### END HIDDEN TESTS",
}  # fmt: skip
_FILES = {
    "data.csv": "1\n2\n3\n",
    f"{HIDDEN}/expected.txt": "values 1.0 that no student has seen 8d1f02c4\n",
    f"{HIDDEN}/reference.py": "the_reference_solution_of_the_course = 5.0\n",
}


def target_of(attack: Attack, level: str) -> Assignment:
    """The assignment that an attack is handed in for."""
    if attack.family == "adopted":
        return adopted_assignment(level)
    return load_assignment(SLUG, shipped_course())


@cache
def adopted_assignment(level: str) -> Assignment:
    """An nbgrader course of one notebook, made and adopted once for each level in this process."""
    root = kept_folder() / level
    source = root / "source" / NOTEBOOK
    for path, text in {**_FILES, f"{NOTEBOOK}.ipynb": _notebook()}.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text, encoding="utf-8")
    (root / "course.toml").touch()
    adopt(source, level=level, hidden=HIDDEN)
    return load_assignment(NOTEBOOK, read_course(root))


def secret_files(assignment: Assignment) -> dict[str, Path]:
    """Hidden tests and solution: the word by which an attack is told of each, and its path."""
    if assignment.adopted is not None:
        folder = assignment.release / HIDDEN
        return {"@CHECKS@": folder / "expected.txt", "@SOLUTION@": folder / "reference.py"}
    return {
        "@CHECKS@": assignment.checks_folder / "layers.py",
        "@SOLUTION@": assignment.source / "modules/nn/layers.py",
    }


def _notebook() -> str:
    solution = f"### BEGIN SOLUTION\n{_REFERENCE}### END SOLUTION"
    cells = [_cell("setup", _SETUP), _cell(SOLUTION, solution)]
    cells += [_cell(name, source, points=1) for name, source in _TESTS.items()]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _cell(name: str, source: str, *, points: int = 0) -> dict[str, Any]:
    marks = {
        "grade": bool(points),
        "grade_id": name,
        "locked": name != SOLUTION,
        "points": points,
        "schema_version": 3,
        "solution": name == SOLUTION,
        "task": False,
    }
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"nbgrader": marks},
        "outputs": [],
        "source": source,
    }
