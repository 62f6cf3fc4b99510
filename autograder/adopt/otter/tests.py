"""A test cell of an otter assignment as Python that raises where it fails.

Otter compares the output of a cell with the one that its author has saved, as a doctest, or calls a
function that raises. Both become statements for the engine that runs the tests of nbgrader's cells.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from autograder.sandbox.adopted.binding import parsed

HIDDEN = "### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
BEGIN = "from autograder.sandbox.adopted.output import Output as __Output__, Text as __Text__"
OUTPUT, TEXT = "__output__", "__Text__"
NO_PYTHON = "is no Python ({reason})"
NO_FUNCTION = (
    "holds more than one function and a call of it, which `ok_format: false` does not allow"
)


class TestCellError(ValueError):
    """A test cell cannot be read; the message is the end of a sentence about it."""

    __test__ = False


@dataclass(frozen=True, kw_only=True)
class OtterTest:
    """One test cell.

    Attributes
    ----------
    source : the statements, without the configuration of the test.
    expected : the output that was saved with it.
    points : what the cell itself says about them.
    """

    source: str
    expected: str = ""
    hidden: bool = False
    points: float | None = None
    success: str = ""
    failure: str = ""

    def as_python(self, *, doctest: bool) -> str:
        """Statements that raise where the test fails. Raises `TestCellError`."""
        tree = parsed(self.source)
        if tree is None:
            raise TestCellError(NO_PYTHON.format(reason=_why(self.source)))
        statements = _shown(tree, self.expected) if doctest else _called(tree)
        source = ast.unparse(ast.fix_missing_locations(ast.Module(statements, [])))
        return HIDDEN.format(source=source) if self.hidden else source


def _shown(tree: ast.Module, expected: str) -> list[ast.stmt]:
    """The statements, and a comparison of what the last one shows."""
    if not tree.body:
        return [ast.Pass()]
    *before, last = tree.body
    is_printing = not isinstance(last, ast.Expr) or _prints(last.value)
    if isinstance(last, ast.Expr) and not is_printing:
        if expected.strip():
            end = [_output("assert_equal", last.value, _text(expected))]
        elif _is_assertion(last.value):
            end = [last, ast.Expr(ast.Constant(None))]  # a number that it gives is no score
        else:
            end = [_output("assert_silent", last.value)]
        return [*_begun(), *before, *end]
    if expected.strip():
        return [*_begun(), *before, last, _output("assert_printed", _text(expected))]
    return [*tree.body, ast.Expr(ast.Constant(None))]


def _called(tree: ast.Module) -> list[ast.stmt]:
    """The function, called with the names of the notebook that it asks for."""
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    others = [one for one in tree.body if not isinstance(one, ast.FunctionDef | ast.Expr)]
    if len(functions) != 1 or others:
        raise TestCellError(NO_FUNCTION)
    function = functions[0]
    function.decorator_list = []
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    keywords = [ast.keyword(one.arg, _asked(one.arg)) for one in given]
    call = ast.Call(ast.Name(function.name, ast.Load()), [], keywords)
    return [function, ast.Expr(call), ast.Expr(ast.Constant(None))]


def _asked(name: str) -> ast.expr:
    source = "globals()" if name == "env" else f"globals().get({name!r})"
    return ast.parse(source, mode="eval").body


def _begun() -> list[ast.stmt]:
    return ast.parse(f"{BEGIN}\n{OUTPUT} = __Output__()").body


def _output(method: str, *args: ast.expr) -> ast.stmt:
    function = ast.Attribute(ast.Name(OUTPUT, ast.Load()), method, ast.Load())
    return ast.Expr(ast.Call(function, list(args), []))


def _text(expected: str) -> ast.expr:
    return ast.Call(ast.Name(TEXT, ast.Load()), [ast.Constant(expected.strip("\n"))], [])


def _prints(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and _name(value.func) == "print"


def _is_assertion(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and _name(value.func).startswith("assert")


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _why(source: str) -> str:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError) as error:
        return str(error)
    return "it cannot be parsed"
