"""What a test of an otter assignment shows, compared with the output that its author has saved.

Such a test is a cell whose last line shows a value, such as `square(3)`; its output is the text
that is expected. The names are those that messages explain as comparisons.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .asserts import RECORD
from .proxies import Proxy, facts_of

PRINTED = "The test shows {got}, and expects {expected}."
NOT_SAVED = (
    "The test shows {got}, and its notebook was saved without that output. Run the notebook, save"
    " it, and adopt it again."
)
MAX_SHOWN = 200
MAX_DEPTH = 20
_SCALAR = re.compile(r"\bnp\.(?:float|int|uint|complex|longdouble)\w*\(([^()]*)\)")
_BOOL = re.compile(r"\bnp\.(True|False)_\b")
_QUOTED = re.compile(r"\bnp\.str_\(('[^']*'|\"[^\"]*\")\)")


class Text:
    """A text that is shown without quotes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Output:
    """The output of one test, from where it begins."""

    def __init__(self) -> None:
        self._begin = len(_all_printed())

    def assert_equal(self, value: Any, expected: Text) -> None:
        """Compare what a value shows as, after what was printed, with the output that was saved.

        What a solution prints by the way is no mistake.

        Raises
        ------
        AssertionError : it shows as something else.
        TypeError : an object of the student's is shown, which may show as anything, and the
            reference solution shows none.
        """
        for one in _students(value):
            facts = facts_of(one)
            facts.line.allow("shown object", facts.kind)
        got = "" if value is None else shown(value)
        printed = self._printed()
        if not (_same(printed + got, expected.text) or (got and _same(got, expected.text))):
            is_explained = RECORD in sys._getframe(1).f_globals and not printed
            said = "" if is_explained else _said(PRINTED, printed + got, expected.text)
            raise AssertionError(said)

    def assert_printed(self, expected: Text) -> None:
        """Compare what was printed with the output that was saved. Raises `AssertionError`."""
        printed = self._printed()
        if not _same(printed, expected.text):
            raise AssertionError(_said(PRINTED, printed, expected.text))

    def assert_silent(self, value: Any) -> None:
        """See that a value shows nothing. Raises `AssertionError`."""
        if value is not None:
            raise AssertionError(NOT_SAVED.format(got=_short(shown(value))))

    def _printed(self) -> str:
        return _all_printed()[self._begin :]


def shown(value: Any) -> str:
    """What Python shows for a value; NumPy's scalars as numbers, as before NumPy 2."""
    return plain(repr(value))


def plain(text: str) -> str:
    """A text with NumPy's scalars written as plain numbers, texts and truth values."""
    text = _BOOL.sub(r"\1", text)
    return _QUOTED.sub(r"\1", _SCALAR.sub(r"\1", text))


def _students(value: Any, depth: int = 0) -> Iterator[Any]:
    """The objects of the student's in a value."""
    if type(value) is Proxy:
        yield value
    elif depth < MAX_DEPTH:
        for part in _parts(value):
            yield from _students(part, depth + 1)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, np.ndarray):
        return list(value.flat) if value.dtype == object else ()
    if type(value).__module__.startswith("pandas."):
        return [np.asarray(value), *(np.asarray(axis) for axis in getattr(value, "axes", ()))]
    return ()


def _all_printed() -> str:
    read = getattr(sys.stdout, "getvalue", None)
    return str(read()) if read is not None else ""


def _same(got: str, expected: str) -> bool:
    got, expected = plain(got).strip("\n"), plain(expected).strip("\n")
    return got == expected or _lines(got) == _lines(expected) or _is_same_value(got, expected)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n")]


def _is_same_value(got: str, expected: str) -> bool:
    """Whether both are the same literal, on lines of another length: notebooks break long ones."""
    one, other = _dumped(got), _dumped(expected)
    return one is not None and one == other


def _dumped(text: str) -> str | None:
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(tree, ast.List | ast.Tuple | ast.Dict | ast.Set | ast.Call):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Set):
            node.elts.sort(key=ast.dump)
    return ast.dump(tree)


def _said(template: str, got: str, expected: str) -> str:
    return template.format(got=_short(got) or "nothing", expected=_short(expected))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."
