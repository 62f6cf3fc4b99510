"""Honest tests of every usual kind, run outside: they pass with the reference and see mistakes."""

from __future__ import annotations

import time

import pytest

from autograder.adopt import places
from autograder.adopt.source import CourseFiles
from tests.adopt.conftest import Cells, Ways, case

KINDS: dict[str, tuple[Cells, str]] = {
    "numbers": (
        [
            ("locked", "import math"),
            ("solution", "def f(n):\n    return math.factorial(n)"),
            ("t", "assert f(40) == math.factorial(40)\nassert type(f(3)) is int"),
        ],
        "def f(n):\n    return float(math.factorial(n))",
    ),
    "exceptions by class": (
        [
            ("solution", "def f(n):\n    if n < 0: raise ValueError('no')\n    return n"),
            (
                "t",
                "try:\n    f(-1)\nexcept ValueError as e:\n    assert 'no' in str(e)\nelse:\n"
                "    raise AssertionError('did not raise')",
            ),
        ],
        "def f(n):\n    if n < 0: raise KeyError('no')\n    return n",
    ),
    "the student's own exception": (
        [
            ("solution", "class Empty(Exception): pass\ndef f(x):\n    if not x: raise Empty('e')"),
            ("t", "try:\n    f([])\nexcept Empty:\n    ok = True\nassert ok"),
        ],
        "class Empty(Exception): pass\ndef f(x):\n    if not x: raise Exception('e')",
    ),
    "names that the test sets": (
        [
            ("solution", "rate = 2\ndef f(x):\n    return rate * x"),
            ("t", "rate = 5\nassert f(2) == 10"),
        ],
        "rate = 2\ndef f(x):\n    return 2 * x",
    ),
    "names that the test deletes": (
        [
            ("solution", "def g(x):\n    return x\ndef f(x):\n    return g(x)"),
            (
                "t",
                "kept = g\ndel g\ntry:\n    f(1)\nexcept NameError:\n    pass\nelse:\n"
                "    raise AssertionError\nfinally:\n    g = kept\nassert f(1) == 1",
            ),
        ],
        "def g(x):\n    return x\ndef f(x):\n    return x",
    ),
    "functions of the test's, called back": (
        [
            ("solution", "def f(function, x):\n    return function(function(x))"),
            (
                "t",
                "calls = []\ndef twice(x):\n    calls.append(x)\n    return 2 * x\n"
                "assert f(twice, 3) == 12\nassert calls == [3, 6]",
            ),
        ],
        "def f(function, x):\n    return function(x) * 2",
    ),
    "objects of the test's own class": (
        [
            ("solution", "def f(account):\n    account.pay(2)\n    return account.balance"),
            (
                "t",
                "class Account:\n    def __init__(self):\n        self.balance = 10\n"
                "    def pay(self, x):\n        self.balance -= x\na = Account()\n"
                "assert f(a) == 8\nassert a.balance == 8",
            ),
        ],
        "def f(account):\n    return 8",
    ),
    "arguments that are changed in place": (
        [
            ("solution", "def f(x):\n    x.sort()"),
            ("t", "data = [3, 1, 2]\nassert f(data) is None\nassert data == [1, 2, 3]"),
        ],
        "def f(x):\n    return sorted(x)",
    ),
    "objects of the student's class": (
        [
            (
                "solution",
                "class P:\n    def __init__(s, x): s.x = x\n"
                "    def __add__(s, o): return P(s.x + o.x)\n"
                "    def __eq__(s, o): return s.x == o.x",
            ),
            ("t", "assert (P(1) + P(2)).x == 3\nassert P(1) == P(1)\nassert isinstance(P(1), P)"),
        ],
        "class P:\n    def __init__(s, x): s.x = x\n"
        "    def __add__(s, o): return P(s.x - o.x)\n    def __eq__(s, o): return s.x == o.x",
    ),
    "what is printed": (
        [
            ("solution", "def f():\n    print('hello')"),
            (
                "t",
                "import io, contextlib\nout = io.StringIO()\n"
                "with contextlib.redirect_stdout(out):\n    f()\n"
                "assert out.getvalue() == 'hello\\n'",
            ),
        ],
        "def f():\n    print('Hello')",
    ),
    "files": (
        [
            (
                "solution",
                "def f(path):\n    with open(path, 'w') as out:\n        out.write('7')",
            ),
            ("t", "f('out.txt')\nassert open('out.txt').read() == '7'"),
        ],
        "def f(path):\n    pass",
    ),
    "random numbers of the test's seed": (
        [
            ("locked", "import numpy as np"),
            ("solution", "def f():\n    return np.random.rand(3)"),
            (
                "t",
                "np.random.seed(3)\nexpected = np.random.rand(3)\nnp.random.seed(3)\n"
                "assert np.array_equal(f(), expected)",
            ),
        ],
        "def f():\n    return np.random.rand(4)[:3] + 1",
    ),
    "locked data and functions": (
        [
            ("locked", "data = [1, 2, 4]\ndef apply(g):\n    return [g(x) for x in data]"),
            ("solution", "def f(x):\n    return x * x"),
            ("locked", "squares = apply(f)"),
            ("t", "assert squares == [1, 4, 16]\nassert apply(f) == [x**2 for x in data]"),
        ],
        "def f(x):\n    return x + x",
    ),
    "data that the solution changes": (
        [
            ("locked", "data = {'a': 1}"),
            ("solution", "data['b'] = 2"),
            ("t", "assert data == {'a': 1, 'b': 2}"),
        ],
        "pass",
    ),
    "generators and signatures": (
        [
            (
                "solution",
                "def f(n, step=1):\n    '''Count.'''\n    for i in range(0, n, step): yield i",
            ),
            (
                "t",
                "import inspect\nassert list(f(3)) == [0, 1, 2]\n"
                "assert inspect.signature(f).parameters['step'].default == 1\n"
                "assert f.__doc__ == 'Count.'\nassert callable(f)",
            ),
        ],
        "def f(n, step=2):\n    '''Count.'''\n    for i in range(0, n): yield i",
    ),
    "plots": (
        [
            ("locked", "import matplotlib.pyplot as plt"),
            ("solution", "def f():\n    plt.plot([1, 2])\n    plt.title('Growth')"),
            (
                "t",
                "f()\nassert plt.gca().get_title() == 'Growth'",
            ),
        ],
        "def f():\n    plt.plot([1, 2])",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_test_of_this_kind_runs_outside_and_sees_a_mistake(kind: str, outside: Ways) -> None:
    cells, wrong = KINDS[kind]
    reference = outside(cells)
    assert reference.tests["t"].passed, reference.tests
    assert not outside(cells, *_solutions(cells, wrong)).tests["t"].passed


def _solutions(cells: Cells, wrong: str) -> list[str]:
    return [wrong for kind, _ in cells if kind == "solution"]


def test_tables_travel_by_columns(outside: Ways) -> None:
    pytest.importorskip("pandas")
    cells: Cells = [
        ("locked", "import pandas as pd\ndata = pd.DataFrame({'a': [1, 2], 'b': ['x', None]})"),
        ("solution", "def f(t):\n    t = t.copy()\n    t['c'] = t['a'] * 2\n    return t"),
        (
            "t",
            "found = f(data)\nassert list(found.columns) == ['a', 'b', 'c']\n"
            "pd.testing.assert_series_equal(found['c'], pd.Series([2, 4], name='c'))\n"
            "assert f(data.set_index('b')).index.name == 'b'\n"
            "assert isinstance(found, pd.DataFrame)",
        ),
    ]
    assert outside(cells).tests["t"].passed, outside(cells).tests["t"]
    wrong = "def f(t):\n    t = t.copy()\n    t['c'] = t['a'] * 3\n    return t"
    assert not outside(cells, wrong).tests["t"].passed


MEAN: Cells = [
    ("solution", "def mean(x):\n    return sum(x) / len(x)"),
    ("seen", "assert mean([2, 4]) == 3"),
    ("partial", "score = 0.5 * (mean([1]) == 1)\nscore"),
    (
        "secret",
        "assert mean([1]) == 1\n### BEGIN HIDDEN TESTS\nassert mean([31337, 1]) == 15669\n"
        "### END HIDDEN TESTS",
    ),
    ("after", "assert mean([5]) == 5"),
]


def test_a_message_says_what_a_call_gave_and_what_is_expected(outside: Ways) -> None:
    found = outside(MEAN, "def mean(x):\n    return sum(x)").tests
    assert found["seen"].message == "`mean([2, 4])` gave 6, the test expects 3."
    assert found["partial"].score == 0.5


def test_a_hidden_test_shows_neither_itself_nor_its_data(outside: Ways) -> None:
    told = "def mean(x):\n    if len(x) > 1: raise ValueError(x)\n    return x[0]"
    found = outside(MEAN, told).tests
    assert found["secret"].message == "A hidden test of this cell does not pass (ValueError)."


def test_a_cell_that_hangs_or_ends_the_process_costs_its_own_points() -> None:
    cells: Cells = [
        (
            "solution",
            "import os\ndef f(x):\n    if x == 1: os._exit(0)\n"
            "    while x == 2: pass\n    return x",
        ),
        ("first", "assert f(0) == 0"),
        ("ends", "assert f(1) == 1"),
        ("hangs", "assert f(2) == 2"),
        ("last", "assert f(3) == 3"),
    ]
    found = case(cells, course=CourseFiles(seconds=1)).outside().tests
    assert {name: verdict.passed for name, verdict in found.items()} == {
        "first": True, "ends": False, "hangs": False, "last": True,
    }  # fmt: skip
    assert found["hangs"].message == "The cell did not end within 1 s."
    assert found["ends"].message.startswith("The process of the student's code ended")


def test_hidden_files_are_seen_by_the_tests_alone() -> None:
    cells: Cells = [
        ("solution", "import os\ndef f():\n    return os.path.exists('hidden/data.txt')"),
        ("t", "assert open('hidden/data.txt').read() == '7'\nassert f() is False"),
    ]
    course = CourseFiles(hidden={"hidden/data.txt": b"7"}, hidden_names=("hidden/",), seconds=10)
    assert case(cells, course=course).outside().tests["t"].passed
    wrong = case(cells, "def f():\n    return 'SECRET'", course=course).outside().tests["t"]
    assert wrong.message == "A hidden test of this cell does not pass (AssertionError)."


def test_the_judge_has_no_network_and_sees_no_other_file() -> None:
    cells: Cells = [
        ("solution", "x = 1"),
        ("net", "import socket\nsocket.create_connection(('127.0.0.1', 9), 1)"),
        ("home", "import os\nassert os.listdir('/home') is None"),
    ]
    found = case(cells).outside().tests
    assert found["net"].error in ("OSError", "PermissionError")
    assert found["home"].error == "FileNotFoundError"


def test_a_cell_is_not_given_again_what_cells_before_it_have_waited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("autograder.sandbox.patience._our_delay", lambda: 0.0)
    waited = [50.0]
    patience = places.patience_from_now(lambda: waited[0])
    deadline = time.monotonic() + 0.1
    time.sleep(0.11)
    assert patience.extended(deadline) == deadline
    waited[0] += 0.5
    assert patience.extended(deadline) == pytest.approx(deadline + 0.5)
    waited[0] = 0.0
    assert patience.extended(deadline - 0.01) == deadline - 0.01
