"""Test cells that compare a value's class with one of a library run outside, and trust no name."""

from __future__ import annotations

import pytest

from autograder.sandbox.adopted.kinds import library_class
from tests.adopt.conftest import Cells, Ways, case

IMPORTS = "import collections, uuid, argparse, string, numpy as np"
# What the reference solution and a wrong one give, and what the test asks.
CASES = {
    "type is": ("uuid.UUID(int=1)", "'1'", "assert type(f()) is uuid.UUID"),
    "type equals": (
        "argparse.Namespace(a=1)",
        "{'a': 1}",
        "assert type(f()) == argparse.Namespace",
    ),
    "types in a list": ("string.Template('a')", "'a'", "assert type(f()) in [string.Template]"),
    "isinstance": ("uuid.UUID(int=1)", "1", "assert isinstance(f(), uuid.UUID)"),
    "isinstance of several": (
        "uuid.UUID(int=1)",
        "1",
        "assert isinstance(f(), (argparse.Namespace, uuid.UUID))",
    ),
    "a subclass is none itself": (
        "argparse.Namespace()",
        "type('Own', (argparse.Namespace,), {})()",
        "assert type(f()) is argparse.Namespace",
    ),
    "a subclass is an instance": (
        "type('Own', (argparse.Namespace,), {})()",
        "1",
        "assert isinstance(f(), argparse.Namespace)",
    ),
    "a queue": ("collections.deque([1])", "[1]", "assert type(f()) is collections.deque"),
    "an ordered dictionary": (
        "collections.OrderedDict(a=1)",
        "{'a': 1}",
        "assert type(f()) is collections.OrderedDict",
    ),
    "an array": ("np.zeros(2)", "[0.0, 0.0]", "assert type(f()) == np.ndarray"),
    "a generator": (
        "(i for i in [1])",
        "[1]",
        "import types\nassert isinstance(f(), types.GeneratorType)",
    ),
    "a class below another": (
        "type('Own', (argparse.Namespace,), {})",
        "type('Own', (), {})",
        "assert issubclass(f(), argparse.Namespace)",
    ),
}
LIAR = """
class Yes:
    def __eq__(s, o): return True
    def __bool__(s): return True
    @property
    def __class__(s): return uuid.UUID
Yes.__module__ = 'uuid'
Yes.__qualname__ = Yes.__name__ = 'UUID'
"""


def cells(value: str, test: str) -> Cells:
    return [("locked", IMPORTS), ("solution", f"def f():\n    return {value}"), ("t", test)]


@pytest.mark.parametrize("name", CASES)
def test_the_class_of_a_value_is_known(name: str, outside: Ways) -> None:
    right, wrong, test = CASES[name]
    found = outside(cells(right, test)).tests["t"]
    assert found.passed, found
    lies = f"def f():\n    return {wrong}"
    assert not case(cells(right, test), lies).inside().tests["t"].passed
    assert not outside(cells(right, test), lies).tests["t"].passed


def test_a_name_means_nothing_where_the_reference_has_no_such_class(outside: Ways) -> None:
    tests = {
        "is": "assert type(f()) is uuid.UUID",
        "instance": "assert isinstance(f(), uuid.UUID)",
        "equals": "assert type(f()) == uuid.UUID",
    }
    for test in tests.values():
        made: Cells = [
            ("locked", IMPORTS),
            ("solution", "def f():\n    return 1"),
            ("t", test.replace("uuid.UUID", "int")),
            ("other", f"try:\n    {test}\nexcept Exception:\n    pass\nelse:\n    raise KeyError"),
        ]
        found = outside(made, LIAR + "def f():\n    return Yes()").tests
        assert not found["t"].passed
        assert found["other"].passed


def test_a_class_that_bears_a_name_wins_nothing_by_its_operators(outside: Ways) -> None:
    test = "x = f()\nassert type(x) is uuid.UUID\nassert x.int == 1 and str(x)[-1] == '1'"
    made = cells("uuid.UUID(int=1)", test)
    assert outside(made).tests["t"].passed
    assert not outside(made, LIAR + "def f():\n    return Yes()").tests["t"].passed


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "builtins.list",
        "autograder.sandbox.session.Session",
        "no.such",
        "uuid",
        "__main__.X",
        "os.path.join.x",
        "a." * 50 + "b",
        "",
    ],
)
def test_other_names_are_no_classes_of_libraries(name: str) -> None:
    assert library_class(name) is None
