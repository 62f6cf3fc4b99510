"""Solutions that lie, look or break things: with the tests outside none of them wins a point."""

from __future__ import annotations

import pytest

from tests.adopt.conftest import Ways

REFERENCE = "def f(x):\n    return (x ** 2).sum()"
CELLS = [
    ("locked", "import numpy as np"),
    ("solution", REFERENCE),
    (
        "seen",
        "x = np.arange(4.0)\nexpected = 14.0\n### BEGIN HIDDEN TESTS\n# SECRET 31337\n"
        "assert f(x) == expected\nassert abs(f(x) - expected) < 1e-9\n"
        "assert np.allclose(f(x), expected)\nr = np.random.rand(5)\n"
        "expected = float((r ** 2).sum())\nassert np.isclose(f(r), expected)\n"
        "### END HIDDEN TESTS",
    ),
    ("drawn", "r = np.random.rand(5)\nassert np.isclose(f(r), (r ** 2).sum())"),
    ("shape", "a = f(np.ones((3, 3)))\nassert np.shape(a) == () and (a == 9).all()"),
]

_YES = """class Yes{base}:
    def __eq__(s, o): return True
    def __ne__(s, o): return False
    def __bool__(s): return True
    def __sub__(s, o): return 0.0
    def __rsub__(s, o): return 0.0
    def __lt__(s, o): return True
    def __le__(s, o): return True
    def __abs__(s): return 0.0
    def all(s): return True
    __hash__ = None
"""
DISHONEST = {
    "wrong": "def f(x): return 0.0",
    "object that equals all": _YES.format(base="") + "def f(x): return Yes()",
    "float that equals all": _YES.format(base="(float)") + "def f(x): return Yes(1)",
    "complex that equals all": _YES.format(base="(complex)") + "def f(x): return Yes(1)",
    "str that equals all": _YES.format(base="(str)") + "def f(x): return Yes('a')",
    "list that equals all": _YES.format(base="(list)") + "def f(x): return Yes()",
    "dict that equals all": _YES.format(base="(dict)") + "def f(x): return Yes()",
    "module that equals all": "import types\n"
    + _YES.format(base="(types.ModuleType)")
    + "def f(x): return Yes('numpy')",
    "ndarray subclass": "import numpy as np\nclass Y(np.ndarray):\n"
    "    def __array_ufunc__(s, *a, **k): return np.True_\n"
    "    def __array_function__(s, *a, **k): return np.True_\n"
    "    def __eq__(s, o): return np.True_\n    def all(s): return True\n"
    "def f(x): return np.zeros(()).view(Y)",
    "array that gives what is expected": _YES.format(base="")
    + "    def __array__(s, *a, **k): raise TypeError\ndef f(x): return Yes()",
    "object array of liars": _YES.format(base="")
    + "import numpy as np\ndef f(x):\n    a = np.empty((), object)\n"
    "    a[()] = Yes()\n    return a",
    "class named as numpy's": _YES.format(base="")
    + "Yes.__module__ = 'numpy'\nYes.__qualname__ = 'float64'\ndef f(x): return Yes()",
    "class named as the test's": "class seen:\n    def __eq__(s, o): return True\n"
    "def f(x): return seen",
    "np.allclose replaced": "import numpy as np\nnp.allclose = np.isclose = lambda *a, **k: True\n"
    "np.testing.assert_allclose = lambda *a, **k: None\ndef f(x): return 0.0",
    "np shadowed": "class np:\n    allclose = isclose = staticmethod(lambda *a: True)\n"
    "    shape = staticmethod(lambda a: ())\ndef f(x): return 0.0",
    "builtins replaced": "import builtins\nbuiltins.abs = lambda x: 0\n"
    "builtins.isinstance = lambda *a: True\nbuiltins.all = lambda x: True\ndef f(x): return 0.0",
    "abs shadowed": "def abs(x): return 0\ndef float(x): return x\ndef f(x): return 0.0",
    "reads the caller's frame": "import sys\ndef f(x):\n    g = sys._getframe(1)\n    while g:\n"
    "        for d in (g.f_locals, g.f_globals):\n"
    "            if 'expected' in d: return d['expected']\n        g = g.f_back\n    return 0.0",
    "reads a name that the test sets": "def f(x): return expected",
    "waits for a name that the test sets": "def f(x):\n    while 'expected' not in globals():\n"
    "        return 0.0\n    return globals()['expected']",
    "returns a dict that says pass": "def f(x): return {'ok': True, 'passed': True}",
    "AssertionError disabled": "import builtins\nclass E(Exception): pass\n"
    "builtins.AssertionError = E\ndef f(x): return 0.0",
    "exits": "import os\ndef f(x): os._exit(0)",
    "exits when loaded": "import os\nos._exit(0)",
    "SystemExit": "def f(x): raise SystemExit(0)",
    "KeyboardInterrupt": "def f(x): raise KeyboardInterrupt",
    "StopIteration": "def f(x): raise StopIteration",
    "exception that carries code": "class E(Exception):\n"
    "    def __str__(s): return __import__('os').popen('id').read()\n"
    "    def __reduce__(s): return (print, ('SECRET',))\ndef f(x): raise E()",
    "random state zeroed": "import numpy as np\ndef z():\n    s = list(np.random.get_state())\n"
    "    s[1] = np.zeros(624, 'u4')\n    np.random.set_state(tuple(s))\nz()\n"
    "def f(x):\n    z()\n    return 0.0",
    "deep result": "def f(x):\n    r = []\n    for i in range(100000): r = [r]\n    return r",
    "huge result": "import numpy as np\ndef f(x): return np.zeros(1 << 27)",
    "huge list": "def f(x): return list(range(5_000_000))",
    "huge integer": "def f(x): return 1 << 10_000_000",
    "colliding integers": "def f(x): return {i * (2**61 - 1) * 2**64: 1 for i in range(50000)}",
    "endless iterator": "class I:\n    def __iter__(s): return s\n    def __next__(s): return 1\n"
    "def f(x): return I()",
    "length of everything": "class I:\n    def __len__(s): return 1 << 62\n"
    "    def __getitem__(s, i): return 1\ndef f(x): return I()",
    "pickle": "import pickle\nclass P:\n"
    "    def __reduce__(s): return (__import__('os')._exit, (0,))\n"
    "def f(x): return pickle.dumps(P())",
    "speaks on the wire": "import gc, socket\ndef f(x):\n    for s in gc.get_objects():\n"
    "        if isinstance(s, socket.socket):\n            s.sendall(b'\\0' * 64)\n    return 0.0",
    "answers for itself": "import gc\ndef f(x):\n    for c in gc.get_objects():\n"
    "        if type(c).__name__ == 'StudentSide':\n"
    "            type(c)._send_done = lambda s, *a: s.channel.send("
    "__import__('autograder.sandbox.adopted.messages', fromlist=['Did']).Did("
    "__import__('autograder.sandbox.plain', fromlist=['Tagged']).Tagged('library', [])))\n"
    "    return 0.0",
    "names what is not there": "import gc\ndef f(x):\n"
    "    from autograder.sandbox.adopted import student\n"
    "    from autograder.sandbox.plain import Tagged, Scalar\n"
    "    student.StudentSide._leaf = lambda s, v, e: Tagged('class', [Scalar('os.system')])\n"
    "    class X: pass\n    return X()",
    "walks back": "def f(x):\n    try: return x.base.__class__.__init__.__globals__\n"
    "    except Exception: return 0.0",
    "changes what it is given": "def f(x):\n    x[...] = 0\n    return 0.0",
    "changes what it was given": "kept = []\ndef f(x):\n    kept.append(x)\n"
    "    for one in kept: one[...] = 0\n    return 0.0",
    "changes it through a view": "def f(x):\n    x[::-1][...] = 0\n    return x[:1].sum()",
    "changes it while it is compared": _YES.format(base="")
    + "    def __float__(s): s.x[...] = 0; return 0.0\n"
    "    def __array__(s, *a, **k): s.x[...] = 0; return s.x[0].copy()\n"
    "def f(x):\n    y = Yes()\n    y.x = x\n    return y",
    "changes it as a name is read": "class N(dict):\n    def __missing__(s, k): return 0\n"
    "def f(x):\n    x.fill(0)\n    return x.sum()",
    "names the test's object as its own": "import gc\nimport numpy as np\ndef f(x):\n"
    "    for s in gc.get_objects():\n        if type(s).__name__ == 'Sharing':\n"
    "            s._numbers[id(x)] = -1\n            s._objects[-2] = np.zeros(5)\n"
    "            s._states[-2] = [1]\n    return 0.0",
    "writes the tests' files": "import os\nos.makedirs('sub', exist_ok=True)\n"
    "open('numpy.py', 'w').write('allclose = isclose = lambda *a: True')\n"
    "open('sub/sitecustomize.py', 'w').write('')\ndef f(x): return 0.0",
}


COMPARING = {
    "in a list": "assert f(x) in [14.0]",
    "contains": "assert 14.0 in [f(x)]",
    "order": "assert 13 < f(x) < 15",
    "difference": "assert abs(f(x) - 14) < 1e-9",
    "turned difference": "assert not 14 - f(x)",
    "truth": "assert f(x) == 14 and bool(f(x))",
    "not equal": "assert not f(x) != 14",
    "numpy's": "np.testing.assert_equal(f(x), 14.0)",
    "numpy's, turned": "np.testing.assert_equal(14.0, f(x))",
    "numpy's closeness": "np.testing.assert_allclose(f(x), 14.0)",
    "of arrays": "assert (np.array([f(x)]) == np.array([14.0])).all()",
    "array_equal": "assert np.array_equal(f(x), 14.0)",
    "math's": "import math\nassert math.isclose(f(x), 14.0)",
    "unittest's": "import unittest\nunittest.TestCase().assertEqual(f(x), 14.0)",
    "unittest's closeness": "import unittest\nunittest.TestCase().assertAlmostEqual(f(x), 14.0)",
    "a method": "assert (f(x) == 14.0).all()",
    "a dictionary": "assert {14.0: True}.get(f(x), False)",
    "a set": "assert {f(x)} == {14.0}",
    "a tuple": "assert (f(x), 1) == (14.0, 1)",
    "sorted": "assert sorted([f(x), 20.0]) == [14.0, 20.0]",
}
LIARS = ("object that equals all", "float that equals all", "class named as numpy's",
         "array that gives what is expected", "ndarray subclass")  # fmt: skip


@pytest.mark.parametrize("name", LIARS)
def test_no_comparison_is_left_to_an_object_that_lies(name: str, outside: Ways) -> None:
    cells = [*CELLS[:2]]
    cells += [(way, f"x = np.arange(4.0)\n{source}") for way, source in COMPARING.items()]
    found = outside(cells, DISHONEST[name]).tests
    assert [way for way, verdict in found.items() if verdict.passed] == []


def test_an_operator_is_allowed_in_its_line_alone(outside: Ways) -> None:
    cells = [
        ("solution", "class P:\n    def __eq__(s, o): return type(o) is P\ndef f(x): return 2 * x"),
        ("t", "assert P() == P()\nassert f(2) == 4"),
    ]
    liar = "class P:\n    def __eq__(s, o): return True\ndef f(x): return P()"
    assert not outside(cells, liar).tests["t"].passed


@pytest.mark.parametrize("name", DISHONEST)
def test_no_dishonest_solution_wins_a_point(name: str, outside: Ways) -> None:
    found = outside(CELLS, DISHONEST[name])
    assert {key: verdict.passed for key, verdict in found.tests.items()} == {
        "seen": False,
        "drawn": False,
        "shape": False,
    }
    said = " ".join(verdict.message for verdict in found.tests.values())
    assert "SECRET" not in said
    assert "31337" not in said


def test_the_honest_solution_wins_all_of_them(outside: Ways) -> None:
    found = outside(
        CELLS, "import numpy\ndef f(values):\n    return numpy.dot(values.ravel(), values.ravel())"
    )
    assert all(verdict.passed for verdict in found.tests.values()), found.tests
