"""Test cells that share objects in every way give the verdicts of plain execution, for all."""

from __future__ import annotations

import gc

import pytest

from autograder.sandbox.adopted.encoding import Encoder
from autograder.sandbox.adopted.sharing import Sharing
from autograder.sandbox.plain import Items, Tagged, Value
from autograder.sandbox.values import NotPlainError
from tests.adopt.conftest import Cells, Ways, case

NUMPY = ("locked", "import numpy as np")
# The reference solution, the test, and other solutions; plain execution says which of them pass.
CASES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "one list under two names": (
        "def f(a, b):\n    a.append(1)\n    return len(b)",
        "x = []\ny = x\nassert f(x, y) == 1 and x is y and y == [1]",
        ("def f(a, b):\n    return len(b) + 1",
         "def f(a, b):\n    a.append(1)\n    return len(b) - 1"),
    ),
    "changed and returned": (
        "def f(x):\n    x.reverse()\n    return x",
        "x = [1, 2]\ny = f(x)\nassert y is x\ny.append(3)\nassert f(y) == [3, 1, 2] and x is y",
        ("def f(x):\n    return x[::-1]", "def f(x):\n    x.reverse()\n    return x[:]"),
    ),
    "a graph with cycles": (
        "def link(a, b):\n    a['next'] = b\n    b['next'] = a\n    return a",
        "a, b = {'n': 1}, {'n': 2}\nr = link(a, b)\n"
        "assert r is a and a['next'] is b and b['next']['next'] is b\n"
        "r['next']['n'] = 5\nassert b['n'] == 5 and link(b, a)['n'] == 5",
        ("def link(a, b):\n    a['next'] = dict(b)\n    b['next'] = a\n    return a",),
    ),
    "two views of one base": (
        "def f(x):\n    return x[:3], x[2:]",
        "x = np.zeros(5)\na, b = f(x)\na[2] = 7\nassert b[0] == 7 and x[2] == 7\n"
        "x[3] = 4\nassert b[1] == 4 and a.base is x",
        ("def f(x):\n    return x[:3].copy(), x[2:]", "def f(x):\n    return x[:3], x[2:].copy()"),
    ),
    "views that both sides keep": (
        "kept = []\ndef f(x):\n    kept.append(x[1:])\n    return kept[-1]\n"
        "def g():\n    kept[-1][0] = 9",
        "x = np.zeros(3)\nv = f(x)\ng()\nassert v[0] == 9 and x[1] == 9",
        ("kept = []\ndef f(x):\n    kept.append(x[1:].copy())\n    return kept[-1]\n"
         "def g():\n    kept[-1][0] = 9",),
    ),
    "a default argument that grows": (
        "def f(x, log=[]):\n    log.append(x)\n    return log",
        "a = f(1)\nassert a == [1]\nb = f(2)\nassert a is b and a == [1, 2]\n"
        "a.clear()\nassert f(3) == [3] and b == [3]",
        ("def f(x, log=[]):\n    log.append(x)\n    return list(log)",
         "def f(x, log=None):\n    return [x]"),
    ),
    "a generator that changes what it reads": (
        "def f(x):\n    while x:\n        yield x.pop()",
        "x = [1, 2, 3]\nseen = [(item, list(x)) for item in f(x)]\n"
        "assert seen == [(3, [1, 2]), (2, [1]), (1, [])] and x == []",
        ("def f(x):\n    yield from x[::-1]",
         "def f(x):\n    x = list(x)\n    while x:\n        yield x.pop()"),
    ),
    "identity by number": (
        "cache = {}\ndef f(n):\n    return cache.setdefault(n, [n])",
        "a = f(1)\nfor k in range(50):\n    f(k)\n    [k]\n"
        "assert id(f(1)) == id(a) and f(2) is not a and f(2) is f(2)",
        ("def f(n):\n    return [n]", "cache = {}\ndef f(n):\n    return cache.setdefault(0, [n])"),
    ),
    "lists of a dictionary that calls share": (
        "def add(g, a, b):\n    g.setdefault(a, []).append(b)\n    g.setdefault(b, []).append(a)",
        "g = {}\nadd(g, 1, 2)\none = g[1]\nadd(g, 1, 3)\nassert one == [2, 3] and g[1] is one\n"
        "one.append(4)\nadd(g, 1, 5)\nassert g[1] == [2, 3, 4, 5] and g[3] == [1]",
        ("def add(g, a, b):\n    g[a] = g.get(a, []) + [b]\n    g[b] = g.get(b, []) + [a]",
         "def add(g, a, b):\n    g.setdefault(a, []).append(b)"),
    ),
    "deep and flat copies": (
        "import copy\ndef f(x):\n    return copy.deepcopy(x)",
        "x = [[1], [2]]\nx.append(x[0])\ny = f(x)\n"
        "assert y == x and y[0] is not x[0] and y[2] is y[0]\ny[0].append(5)\nassert x[0] == [1]",
        ("def f(x):\n    return list(x)", "def f(x):\n    return [list(one) for one in x]"),
    ),
    "what a test changes inside of what it hands over again": (
        "def f(m):\n    return sum(map(sum, m))",
        "m = [[1], [2]]\nassert f(m) == 3\nm[1][0] = 5\nassert f(m) == 6\n"
        "t = {'k': (m, [m[0]])}\nm[0].append(1)\nassert f(t['k'][0]) == 7",
        ("old = []\ndef f(m):\n    old.append(sum(map(sum, m)))\n    return old[0]",),
    ),
    "a large array in a dictionary is changed in place": (
        "def f(p):\n    p['w'] -= 1\n    p['b'] = p['b'] - 1",
        "p = {'w': np.ones((300, 300)), 'b': np.ones(3)}\nw, b = p['w'], p['b']\nf(p)\nf(p)\n"
        "assert p['w'] is w and w.sum() == -90000 and b.sum() == 3 and p['b'].sum() == -3",
        ("def f(p):\n    p['w'] = p['w'] - 1\n    p['b'] = p['b'] - 1",
         "def f(p):\n    p['w'] -= 1\n    p['b'] -= 1"),
    ),
    "a large argument is changed after a call back": (
        "def f(x, see):\n    x[0] = 1\n    see(x)\n    x[1] = 2",
        "x = np.zeros(50000)\nseen = []\nf(x, lambda one: seen.append((one is x, one[0])))\n"
        "assert seen == [(True, 1)] and x[1] == 2",
        ("def f(x, see):\n    x[0] = 1\n    see(x)",
         "def f(x, see):\n    see(x)\n    x[:2] = 1, 2"),
    ),
    "a part that outlives its container": (
        "held = []\ndef f(x):\n    held.append(x[0])\ndef g():\n    held[-1].append(8)\n"
        "    return held[-1]",
        "for k in range(60):\n    inner = [k]\n    f([inner, [0]])\n"
        "assert g() is inner and inner == [59, 8]",
        ("held = []\ndef f(x):\n    held.append(list(x[0]))\ndef g():\n    held[-1].append(8)\n"
         "    return held[-1]",),
    ),
    "a list of the test's in one of the student's": (
        "def f(x):\n    return [x, x]\ndef g(r, x):\n    return r[0] is x and r[1] is x",
        "x = [1]\nr = f(x)\nfor k in range(40):\n    f([k])\nassert g(r, x) and r[1] is x",
        ("def f(x):\n    return [x, list(x)]\ndef g(r, x):\n    return r[0] is x and r[1] is x",),
    ),
    "a stack that gives itself away": (
        "class S:\n    def __init__(s): s.x = []\n    def push(s, v):\n        s.x.append(v)\n"
        "        return s",
        "s = S()\nx = s.x\nfor k in range(100):\n    assert s.push(k) is s and x[-1] == k\n"
        "assert len(x) == 100 and s.x is x",
        ("class S:\n    def __init__(s): s.x = []\n    def push(s, v):\n        s.x = [*s.x, v]\n"
         "        return s",),
    ),
    "columns of a table": (
        "def f(t):\n    t['b'] = t['a'] * 2\n    t.loc[0, 'a'] = 7\n    return t",
        "import pandas as pd\nt = pd.DataFrame({'a': [1, 2], 'c': ['x', 'y']})\nr = f(t)\n"
        "assert r is t and t['a'].tolist() == [7, 2] and t['b'].tolist() == [2, 4]\n"
        "t['c'] = [['u'], ['v']]\nassert f(t)['c'].tolist() == [['u'], ['v']]\n"
        "assert f(t)['b'].tolist() == [14, 4]",
        ("def f(t):\n    t = t.copy()\n    t['b'] = t['a'] * 2\n    t.loc[0, 'a'] = 7\n"
         "    return t",),
    ),
    "a part that the student keeps of a new list": (
        "kept = []\ndef f():\n    a = [1]\n    kept.append(a)\n    return [a, [2], (a, {'a': a})]\n"
        "def g():\n    kept[-1].append(5)",
        "r = f()\ng()\nassert r[0] == [1, 5] and r[1] == [2]\n"
        "assert r[2][0] is r[0] and r[2][1]['a'] is r[0]",
        ("kept = []\ndef f():\n    a = [1]\n    kept.append(a)\n"
         "    return [list(a), [2], (a, {'a': a})]\ndef g():\n    kept[-1].append(5)",),
    ),
    "a tuple that the student keeps": (
        "T = ([1], {2: [3]})\ndef f():\n    return T\ndef g():\n    T[0].append(4)\n"
        "    T[1][2].append(5)",
        "r = f()\ng()\nassert r == ([1, 4], {2: [3, 5]}) and f()[0] is r[0]",
        ("T = ([1], {2: [3]})\ndef f():\n    return [1], {2: [3]}\ndef g():\n    pass",),
    ),
    "new objects that hold each other": (
        "def f():\n    x = [0]\n    a, b = [x, x], {'x': x}\n    a.append(b)\n    b['a'] = a\n"
        "    w = np.zeros(3)\n    return a, {'w': w, 'v': w[1:]}",
        "a, d = f()\nassert a[0] is a[1] and a[2]['x'] is a[0] and a[2]['a'] is a\n"
        "d['w'][1] = 3\nassert d['v'][0] == 3",
        ("def f():\n    x = [0]\n    a, b = [x, [0]], {'x': x}\n    a.append(b)\n    b['a'] = a\n"
         "    w = np.zeros(3)\n    return a, {'w': w, 'v': w[1:]}",),
    ),
    "a generator that gives one list again and again": (
        "def f(n):\n    x = []\n    for k in range(n):\n        x.append(k)\n        yield x",
        "r = list(f(3))\nassert r[0] is r[2] and r[0] == [0, 1, 2]",
        ("def f(n):\n    for k in range(n):\n        yield list(range(k + 1))",),
    ),
    "new lists that the test keeps and hands back": (
        "seen = []\ndef f(n):\n    for k in range(n):\n        yield [k, [k]]\ndef g(x):\n"
        "    x[1].append(9)\n    seen.append(x)\n    return x in seen[:-1], seen[-1]",
        "r = list(f(3))\nr[0].append(7)\nfound, x = g(r[0])\n"
        "assert not found and x is r[0] and r[0] == [0, [0, 9], 7] and r[1] == [1, [1]]\n"
        "assert g(r[0])[0] and r[0][1] == [0, 9, 9]",
        ("seen = []\ndef f(n):\n    for k in range(n):\n        yield [k, [k]]\ndef g(x):\n"
         "    seen.append(x)\n    return x in seen[:-1], seen[-1]",),
    ),
    "arguments from a list of arguments": (
        "def f(x, y):\n    x.sort()\n    y['k'] = x\n    return lambda: x",
        "args = ([3, 1], {})\ng = f(*args)\nassert args[0] == [1, 3] and args[1]['k'] is args[0]\n"
        "list(map(f, [args[0]], [{}]))\nassert g() is args[0]",
        ("def f(x, y):\n    x = sorted(x)\n    y['k'] = x\n    return lambda: x",
         "def f(x, y):\n    x.sort()\n    y['k'] = list(x)\n    return lambda: x"),
    ),
    "what a function of the test's gives": (
        "def f(give):\n    a, b = give(), give()\n    a.append(1)\n    return a, b",
        "box = []\na, b = f(lambda: box)\nassert a is box and b is box and box == [1]\n"
        "a, b = f(lambda: [])\nassert a == [1] and b == []",
        ("def f(give):\n    a, b = give(), list(give())\n    a.append(1)\n    return a, b",
         "def f(give):\n    a = give()\n    a.append(1)\n    return a, a"),
    ),
    "what is kept by weak references alone": (
        "import weakref\nheld = weakref.WeakValueDictionary()\ndef f():\n"
        "    held['a'] = a = np.zeros(2)\n    return a\ndef g():\n    held['a'][0] = 5",
        "a = f()\ng()\nassert a[0] == 5",
        ("def f():\n    return np.zeros(2)\ndef g():\n    pass",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_verdicts_are_those_of_plain_execution(name: str, outside: Ways) -> None:
    if "table" in name:
        pytest.importorskip("pandas")
    right, test, others = CASES[name]
    cells: Cells = [NUMPY, ("solution", right), ("t", test)]
    assert outside(cells).tests["t"].passed, outside(cells).tests["t"]
    for other in (right, *others):
        plain = case(cells, other).inside().tests["t"].passed
        assert plain == (other == right), other
        assert outside(cells, other).tests["t"].passed == plain, other


def test_what_is_held_no_more_is_forgotten_on_both_sides() -> None:
    judge, student = Sharing(-1), Sharing(1)
    value = [1]
    number = judge.enter(value)
    assert number == -1
    judge.note(number)
    student.accept(number, [1])
    student.note_arrived(number)
    for side in (judge, student):
        assert not list(side.changed())
        side.sent()
    student.sweep()
    assert student.give_back() == [-1]
    judge.take_back([-1])
    assert judge.number_of(value) is None


def test_what_has_come_and_is_held_no_more_is_given_back_in_the_answer() -> None:
    student = Sharing(1)
    inner: list[int] = []
    for number, value in enumerate(([inner], inner, [1])):
        student.accept(-1 - number, value)
        student.note_arrived(-1 - number)
    del value
    student.get(-3).append(2)
    assert list(student.changed()) == [(-3, [1, 2])]
    student.note(-3)
    assert student.release() == [-1]  # -2 is held here, and -3 has changed
    del inner
    student.sent()
    student.sweep()
    assert sorted(student.give_back()) == [-3, -2]


def test_what_only_the_answer_holds_needs_no_number() -> None:
    def refuse(value: object, encoder: Encoder) -> Value:
        raise NotPlainError

    sharing, kept = Sharing(1), [1]
    new = [[[2], kept, (kept, {"a": [3]})]]
    found = Encoder(refuse, coerce=True, sharing=sharing).result(new)
    assert isinstance(found, Items)
    assert [type(item) for item in found.items] == [Items, Tagged, Items]
    assert sharing.number_of(kept) == 0
    for one in (new[0], new[0][0], new[0][2][1]["a"]):
        assert sharing.number_of(one) is None


def test_what_is_held_is_kept() -> None:
    student, kept = Sharing(1), [1]
    student.accept(-1, kept)
    student.note_arrived(-1)
    student.sent()
    for _ in range(100):
        student.sweep()
        assert student.give_back() == []
    kept.append(2)
    assert list(student.changed()) == [(-1, [1, 2])]


def test_the_other_side_cannot_forget_what_is_not_its_own_to_give_back() -> None:
    judge = Sharing(-1)
    judge.accept(0, [1])
    judge.take_back([0, -7])
    assert judge.get(0) == [1]


def test_a_part_of_what_sleeps_wakes_with_it() -> None:
    student = Sharing(1)
    inner, outer = [1], []
    outer.append(inner)
    for one in (outer, inner):
        number = student.enter(one)
        assert number is not None
        student.note(number)
    student.sent()
    del inner, outer, one
    gc.collect()
    for _ in range(2):
        student.sweep()
    student.get(0)[0].append(2)
    assert list(student.changed()) == [(1, [1, 2])]
