"""Who reads the expected value where a test sets it passes with another one, and is found out."""

from __future__ import annotations

from autograder.adopt.twins import failing, passing_anyway, twins
from tests.adopt.conftest import Cells, case

CELLS: Cells = [
    ("solution", "def f(x):\n    return x * x"),
    ("t", "x = 3\nexpected = 9\nassert f(x) == expected"),
    ("shown", "expected = f(2)\nassert expected == 4"),
]
READS = (
    "import sys\ndef f(x):\n    g = sys._getframe(1)\n    while g:\n"
    "        if 'expected' in g.f_globals: return g.f_globals['expected']\n        g = g.f_back\n"
)
NAMED = "def f(x):\n    return globals().get('expected', 0)"
HONEST = ("def f(x):\n    return x ** 2", "def f(y):\n    return sum(y for _ in range(y))")


def test_the_last_twins_set_other_values() -> None:
    assert list(twins("a = 3\nb = 'c'\nassert f(a) == b"))[-2:] == [
        "a = 3 + 1\nb = 'c'\nassert f(a) == b",
        "a = 3\nb = 'c' + 'x'\nassert f(a) == b",
    ]


def test_who_reads_the_expected_value_is_left_to_a_person() -> None:
    watched = failing(case(CELLS), ["t"])
    for reads in (READS, NAMED):
        run = case(CELLS, reads)
        assert run.inside().tests["t"].passed
        assert passing_anyway(run, watched) == {"t"}


def test_an_honest_solution_is_not() -> None:
    watched = failing(case(CELLS), ["t", "shown"])
    for honest in HONEST:
        assert passing_anyway(case(CELLS, honest), watched) == set()
