"""What an assertion that failed has compared: written into its tree before, read afterwards."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Any

from .binding import reads

RECORD = "__record__"
MAX_SHOWN = 200
MAX_SOURCE = 120
GAVE = "`{source}` gave {got}, the test expects {expected}."
OTHER = "`{source}` gave {got}, the test expects anything else."
FALSE = "`{source}` does not hold."
ORDER = "`{source}` does not hold: {got} on the left, {expected} on the right."
_CLOSE = (
    "allclose", "isclose", "array_equal", "array_equiv", "assert_allclose", "assert_equal",
    "assert_array_equal", "assert_almost_equal", "assert_array_almost_equal", "assertEqual",
    "assertAlmostEqual", "assert_frame_equal", "assert_series_equal", "eq_",
)  # fmt: skip


class Records:
    """The values that were compared last, by line and place."""

    def __init__(self) -> None:
        self._values: dict[tuple[int, int], Any] = {}

    def __call__(self, line: int, place: int, value: Any) -> Any:
        self._values[line, place] = value
        return value

    def of(self, line: int) -> tuple[Any, Any] | None:
        """Both values of a line; None where there are not two."""
        if (line, 0) in self._values and (line, 1) in self._values:
            return self._values[line, 0], self._values[line, 1]
        return None


def recording(tree: ast.Module) -> ast.Module:
    """The same statements, with a note of what is compared."""
    changed = _Recording().visit(copy.deepcopy(tree))
    fixed: ast.Module = ast.fix_missing_locations(changed)
    return fixed


def statement_at(tree: ast.Module, line: int) -> ast.stmt | None:
    """The innermost statement with that line."""
    found = None
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        inside = node.lineno <= line <= (node.end_lineno or node.lineno)
        if inside and (found is None or node.lineno >= found.lineno):
            found = node
    return found


def explained(statement: ast.stmt, records: Records, theirs: Callable[[str], bool]) -> str:
    """A sentence about an assertion that failed; empty for any other statement.

    Parameters
    ----------
    theirs : whether a name is the student's.
    """
    test = _tested(statement)
    if test is None:
        return ""
    source = _short(ast.unparse(test), MAX_SOURCE)
    sides, values = sides_of(test), records.of(statement.lineno)
    if sides is None or values is None:
        return FALSE.format(source=source)
    first = int(not _mentions(sides[0], theirs) and _mentions(sides[1], theirs))
    got, expected = shown(values[first]), shown(values[1 - first])
    said = {"source": _short(ast.unparse(sides[first]), MAX_SOURCE), "got": got}
    operator = test.ops[0] if isinstance(test, ast.Compare) else None
    if operator is None or isinstance(operator, ast.Eq | ast.Is):
        return GAVE.format(**said, expected=expected)
    if isinstance(operator, ast.NotEq | ast.IsNot):
        return OTHER.format(**said)
    return ORDER.format(source=source, got=shown(values[0]), expected=shown(values[1]))


def shown(value: Any) -> str:
    """A value as a message shows it."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        text = "something that cannot be shown"
    for long in ("np.float64(", "np.int64(", "np.True_", "np.False_"):
        if text.startswith(long):
            text = text.removeprefix("np.").removesuffix("_").removesuffix(")").rpartition("(")[2]
    return _short(text, MAX_SHOWN)


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3] + "..."


def _mentions(node: ast.expr, theirs: Callable[[str], bool]) -> bool:
    return any(theirs(name) for name in reads(node))


def _tested(statement: ast.stmt) -> ast.expr | None:
    if isinstance(statement, ast.Assert):
        return statement.test
    if isinstance(statement, ast.Expr) and sides_of(statement.value) is not None:
        return statement.value
    return None


def sides_of(test: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The two that an assertion compares."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return test.left, test.comparators[0]
    if isinstance(test, ast.Call) and len(test.args) >= 2 and _name(test.func) in _CLOSE:
        return test.args[0], test.args[1]
    return None


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


class _Recording(ast.NodeTransformer):
    """Puts a call of the record around both sides of what is asserted."""

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        _note(node.test, node.lineno)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        _note(node.value, node.lineno)
        return node


def _note(test: ast.expr, line: int) -> None:
    if sides_of(test) is None:
        return
    if isinstance(test, ast.Compare):
        test.left = _recorded(line, 0, test.left)
        test.comparators[0] = _recorded(line, 1, test.comparators[0])
    elif isinstance(test, ast.Call) and not any(isinstance(a, ast.Starred) for a in test.args[:2]):
        test.args[:2] = [_recorded(line, place, arg) for place, arg in enumerate(test.args[:2])]


def _recorded(line: int, place: int, value: ast.expr) -> ast.expr:
    numbers: list[ast.expr] = [ast.Constant(line), ast.Constant(place)]
    call = ast.Call(ast.Name(RECORD, ast.Load()), [*numbers, value], [])
    return ast.copy_location(call, value)
