"""Objects that are one and the same in plain execution are so outside, and others are not."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.sandbox.adopted.sharing import MAX_SHARED, Sharing
from autograder.sandbox.adopted.views import decoded_view
from autograder.sandbox.values import WireError
from tests.adopt.conftest import Cells, Ways, case

NUMPY = ("locked", "import numpy as np")
# The test and the reference solution, and a wrong solution that only the identity gives away.
CASES: dict[str, tuple[str, str, str]] = {
    "two names of one list": (
        "a = [1]\nb = a",
        "assert a is b\na.append(2)\nassert b == [1, 2]",
        "a = [1]\nb = [1]",
    ),
    "two names that should be apart": (
        "a = [1]\nb = list(a)",
        "assert a is not b\na.append(2)\nassert b == [1]",
        "a = [1]\nb = a",
    ),
    "an operation in place returns its argument": (
        "def f(x):\n    x.append(1)\n    return x",
        "x = [0]\nassert f(x) is x and x == [0, 1]",
        "def f(x):\n    x.append(1)\n    return list(x)",
    ),
    "its argument in a container": (
        "def f(x):\n    return [x, x]",
        "x = {1}\nfirst, second = f(x)\nassert first is x and second is x",
        "def f(x):\n    return [set(x), set(x)]",
    ),
    "rows of a matrix": (
        "def f(n):\n    return [[0] * n for _ in range(n)]",
        "m = f(3)\nm[0][0] = 1\nassert m == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]",
        "def f(n):\n    return [[0] * n] * n",
    ),
    "values of a dictionary": (
        "def f(keys):\n    return {key: [] for key in keys}",
        "d = f('ab')\nd['a'].append(1)\nassert d == {'a': [1], 'b': []}",
        "def f(keys):\n    return dict.fromkeys(keys, [])",
    ),
    "a default argument": (
        "def f(x, found=None):\n    found = [] if found is None else found\n"
        "    found.append(x)\n    return found",
        "first = f(1)\nsecond = f(2)\nassert first == [1] and second == [2]",
        "def f(x, found=[]):\n    found.append(x)\n    return found",
    ),
    "a list that holds itself": (
        "def f():\n    x = [1]\n    x.append(x)\n    return x",
        "x = f()\nassert x[1] is x and len(x) == 2",
        "def f():\n    return [1, [1, None]]",
    ),
    "an array fetched twice": (
        "a = np.zeros(3)\npair = (a, a)",
        "assert pair[0] is pair[1] and pair[0] is a\na[0] = 1\nassert pair[1][0] == 1",
        "a = np.zeros(3)\npair = (a, a.copy())",
    ),
    "a copy of an array": (
        "def f(x):\n    return x[::2].copy()",
        "x = np.arange(6.0)\ny = f(x)\ny[0] = 9\nassert x[0] == 0",
        "def f(x):\n    return x[::2]",
    ),
    "a view of an array": (
        "def f(x):\n    return x.T",
        "x = np.arange(6.0).reshape(2, 3).copy()\nf(x)[0, 1] = 9\nassert x[1, 0] == 9\n"
        "assert np.shares_memory(f(x), x)",
        "def f(x):\n    return x.T.copy()",
    ),
    "a part of an array whose elements lie apart": (
        "def f(x):\n    return x[:2] + 0",
        "x = np.arange(8.0)[::2]\ny = f(x)\ny[0] = 9\nassert y.tolist() == [9, 2] and x[1] == 2",
        "def f(x):\n    x[1] = 3\n    return x[:2]",
    ),
    "an attribute that should be a copy": (
        "class Stack:\n    def __init__(s): s._x = []\n    def push(s, x): s._x.append(x)\n"
        "    def items(s): return list(s._x)",
        "s = Stack()\ns.push(1)\ns.items().append(5)\nassert s.items() == [1]",
        "class Stack:\n    def __init__(s): s._x = []\n    def push(s, x): s._x.append(x)\n"
        "    def items(s): return s._x",
    ),
    "an argument that should be copied": (
        "class Stack:\n    def __init__(s, x): s._x = list(x)\n"
        "    def push(s, x): s._x.append(x)",
        "x = [1]\ns = Stack(x)\ns.push(2)\nassert x == [1]",
        "class Stack:\n    def __init__(s, x): s._x = x\n    def push(s, x): s._x.append(x)",
    ),
    "a value that changes later": (
        "log = []\ndef f(x): log.append(x)",
        "seen = log\nf(1)\nassert seen == [1] and log is seen",
        "log = []\ndef f(x):\n    global log\n    log = [*log, x]",
    ),
    "a number that changes later": (
        "count = 0\ndef f():\n    global count\n    count += 1",
        "assert count == 0\nf()\nassert count == 1",
        "count = 0\ndef f():\n    pass",
    ),
    "an argument that is changed before it raises": (
        "def f(x):\n    raise ValueError",
        "x = [1]\ntry:\n    f(x)\nexcept ValueError:\n    pass\nassert x == [1]",
        "def f(x):\n    x.clear()\n    raise ValueError",
    ),
    "an argument that a callback sees": (
        "def f(x, see):\n    x.append(1)\n    see(x)",
        "x = [0]\nseen = []\nf(x, lambda one: seen.append((one is x, len(one))))\n"
        "assert seen == [(True, 2)]",
        "def f(x, see):\n    x.append(1)\n    see(list(x))",
    ),
    "a cache": (
        "import functools\n@functools.cache\ndef f(n):\n    return [n]",
        "assert f(2) is f(2)",
        "def f(n):\n    return [n]",
    ),
    "more lists than are known by number": (
        "def f(n):\n    return [[k] for k in range(n)]",
        f"found = f({MAX_SHARED} + 500)\nassert found == [[k] for k in range({MAX_SHARED} + 500)]\n"
        "x = [3, 1]\nassert [f(1) == [[0]] for _ in range(1500)] == [True] * 1500",
        "def f(n):\n    return [[n - k] for k in range(n)]",
    ),
    "a table": (
        "def f(t):\n    t['b'] = t['a'] * 2\n    return t",
        "import pandas as pd\nt = pd.DataFrame({'a': [1, 2]})\nassert f(t) is t\n"
        "assert t['b'].tolist() == [2, 4]",
        "def f(t):\n    t['b'] = t['a'] * 2\n    return t.copy()",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_identity_is_as_in_plain_execution(name: str, outside: Ways) -> None:
    if name == "a table":
        pytest.importorskip("pandas")
    right, test, wrong = CASES[name]
    cells: Cells = [NUMPY, ("solution", right), ("t", test)]
    assert case(cells).inside().tests["t"].passed, case(cells).inside().tests
    assert outside(cells).tests["t"].passed, outside(cells).tests["t"]
    assert not case(cells, wrong).inside().tests["t"].passed
    assert not outside(cells, wrong).tests["t"].passed


def test_what_a_test_does_with_its_data_later_is_not_told() -> None:
    cells: Cells = [
        NUMPY,
        ("solution", "def f(x):\n    return x.sum()"),
        (
            "t",
            "data = np.arange(3.0)\nf(data)\ndata += 31337\nassert f(np.ones(1)) == 1",
        ),
        (
            "part",
            "whole = np.array([1.0, 31337.0])\nassert f(whole[:1]) == 1",
        ),
    ]
    looks = (
        "kept = []\ndef f(x):\n    kept.append(x)\n"
        "    seen = [*kept, *(k.base for k in kept if isinstance(k.base, np.ndarray))]\n"
        "    if any(31337 in one for one in seen): raise KeyError\n    return x.sum()"
    )
    run = case(cells, looks, allowed={"t": [], "part": []})
    assert all(verdict.passed for verdict in run.outside().tests.values())
    assert not any(verdict.passed for verdict in run.inside().tests.values())


def test_an_object_is_known_within_one_cell_alone() -> None:
    cells: Cells = [
        ("locked", "x = [1]"),
        ("solution", "kept = []\ndef f(x):\n    kept.append(x)"),
        ("first", "f(x)"),
        ("second", "f([2])\nassert x == [1]"),
    ]
    later = "kept = []\ndef f(x):\n    kept.append(x)\n    if len(kept) > 1: kept[0].append(5)"
    run = case(cells, later, allowed={"first": [], "second": []})
    assert run.outside().tests["second"].passed


@pytest.mark.parametrize("number", [-1, 5])
def test_a_number_that_was_not_handed_over_means_nothing(number: int) -> None:
    with pytest.raises(WireError, match=f"an object {number} that was not handed over"):
        Sharing(-1).get(number)


def test_the_student_cannot_name_an_object_as_the_tests() -> None:
    sharing = Sharing(-1)
    with pytest.raises(WireError, match="an object that cannot have the number -3"):
        sharing.accept(-3, [])
    sharing.accept(0, [])
    for number, value in ((0, []), (1, 5)):
        with pytest.raises(WireError, match=f"an object that cannot have the number {number}"):
            sharing.accept(number, value)


@pytest.mark.parametrize(
    "facts",
    [
        ((1 << 40,), (0,), 0),
        ((3,), (8,), 8),
        ((2,), (8, 8), 0),
        ((-1,), (8,), 0),
        ((2,), (-8,), 0),
        ((1,), (8,), -8),
    ],
)
def test_a_part_is_within_its_array(facts: tuple[tuple[int, ...], tuple[int, ...], int]) -> None:
    with pytest.raises((WireError, ValueError)):
        decoded_view(np.zeros(3), *facts)


def test_a_part_is_of_a_plain_array() -> None:
    with pytest.raises(WireError, match="a part of what is no plain array"):
        decoded_view(np.array([None]), (1,), (8,), 0)


def test_a_message_that_was_not_sent_has_told_nothing() -> None:
    sharing, value = Sharing(1), [1]
    sharing.enter(value)
    sharing.undo()
    assert sharing.number_of(value) is None


SLOPPY: Cells = [
    ("solution", "def f(x):\n    return sorted(x)"),
    ("t", "x = [3, 1, 2]\ny = f(x)\nassert y == [1, 2, 3] and len(x) == 3\nassert f(y) == y"),
    ("kept", "x = [3, 1]\nf(x)\nassert x == [3, 1]"),
    ("told", "x = [3, 1]\nassert f(x) == sorted(x)"),
]


def test_who_changes_an_argument_by_the_way_loses_nothing_but_what_asks_for_it(
    outside: Ways,
) -> None:
    found = outside(SLOPPY, "def f(x):\n    x.sort()\n    return x").tests
    assert {id: verdict.passed for id, verdict in found.items()} == {
        "t": True, "kept": False, "told": True,
    }  # fmt: skip


def test_who_changes_an_argument_into_what_is_expected_wins_nothing(outside: Ways) -> None:
    empties = "def f(x):\n    x.clear()\n    return []"
    assert case(SLOPPY, empties).inside().tests["told"].passed
    assert not outside(SLOPPY, empties).tests["told"].passed
