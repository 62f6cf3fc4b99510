"""One test cell in the judge: run, scored, and told in words that give no hidden test away."""

from __future__ import annotations

import ast
import traceback
from typing import Any

import numpy as np

from .asserts import RECORD, Records, explained, recording, statement_at
from .binding import asks_ipython, binds, imported, module_of, parsed, reads
from .files import MENTIONED, SharedFiles
from .line import StudentGoneError, StudentLine
from .messages import RunTest, Verdict
from .proxies import TEST, Proxy
from .space import Owner, Space

PLOTTING = ("matplotlib", "pylab", "seaborn")
HIDDEN = "A hidden test of this cell does not pass ({error})."
NO_PYTHON = "The test cell is no Python."


class JudgedCell:
    """One test cell."""

    def __init__(
        self, order: RunTest, line: StudentLine, space: Space, files: SharedFiles, secret: set[str]
    ) -> None:
        self._order = order
        self._line = line
        self._space = space
        self._files = files
        self._secret = secret
        self._records = Records()
        self._lines = hidden_lines(order.source)
        if any(name in order.source for name in order.hidden):
            self._lines = set(range(1, order.source.count("\n") + 2))

    def run(self, bodies: dict[str, set[str]]) -> Verdict:
        """Run the cell; `bodies` is told of its functions."""
        tree = parsed(self._order.source)
        if tree is None:
            return Verdict(False, error="SyntaxError", message=NO_PYTHON)
        body = [statement for statement in tree.body if not asks_ipython(statement)]
        for statement in body:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                bodies[statement.name] = reads(statement)
            if statement.lineno in self._lines:
                self._secret |= binds(statement)
        self._line.begin(self._order.allowed, keeps=self._order.keeps)
        error = score = None
        try:
            score = self._executed(ast.Module(body, []))
        except StudentGoneError as gone:
            return Verdict(False, error="Ended", lost=str(gone))
        except BaseException as raised:
            error = raised
        finally:
            self._space.mirrors = False
            self._line.files = None
        used = sorted(self._line.used)
        if error is None:
            doubtful = self._line.is_doubtful
            return Verdict(True, score=score, used=used, is_doubtful=doubtful)
        name = type(error).__name__
        said, detail = self._said(error, tree), f"{name}: {_text(error)}"
        return Verdict(False, error=name, message=said, detail=detail, used=used)

    def _executed(self, tree: ast.Module) -> float | None:
        if MENTIONED.search(self._order.source):
            self._files.bring(self._line)
            self._line.files = self._files
        self._space.mirrors = True
        dict.__setitem__(self._space, RECORD, self._records)
        noted = recording(tree)
        rest = [one for one in noted.body if not self._is_plotting(one)]
        last = rest[-1] if rest and isinstance(rest[-1], ast.Expr) else None
        before = rest[:-1] if last is not None else rest
        exec(compile(ast.Module(before, []), TEST, "exec"), self._space, self._space)
        if last is None:
            return None
        assert isinstance(last, ast.Expr)
        return _score(
            eval(compile(ast.Expression(last.value), TEST, "eval"), self._space, self._space)
        )

    def _is_plotting(self, statement: ast.stmt) -> bool:
        """Whether it imports what draws: the plots are the student's, and so is the module."""
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            return False
        if module_of(statement) not in PLOTTING:
            return False
        self._line.ask("cell", ast.unparse(statement))
        self._space.give(imported(statement), Owner.STUDENT)
        return True

    def _said(self, error: BaseException, tree: ast.Module) -> str:
        """What a student reads about it: nothing of a hidden test, and nothing of hidden data."""
        name = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno or 0 for frame in frames if frame.filename == TEST]
        if isinstance(error, SyntaxError) or not lines:
            return f"{name}: {_text(error)}"
        statements = [one for line in lines if (one := statement_at(tree, line)) is not None]
        secret = any(reads(one) & self._secret for one in statements)
        if secret or any(line in self._lines for line in lines):
            return HIDDEN.format(error=name)
        said = ""
        if isinstance(error, AssertionError) and statements:
            said = explained(statements[-1], self._records, self._theirs)
        text = _text(error)
        if said:
            return f"{said} {text}".strip()
        return f"{name}: {text}" if text else f"The test raised {name}."

    def _theirs(self, name: str) -> bool:
        return self._space.owners.get(name) is Owner.STUDENT


def hidden_lines(source: str) -> set[int]:
    """The lines, from 1, between the marks of hidden tests."""
    found: set[int] = set()
    inside = False
    for number, line in enumerate(source.split("\n"), start=1):
        bare = line.strip().upper()
        if bare.startswith("#") and "BEGIN HIDDEN TESTS" in bare:
            inside = True
        if inside:
            found.add(number)
        if bare.startswith("#") and "END HIDDEN TESTS" in bare:
            inside = False
    return found


def _score(value: Any) -> float | None:
    """The number that a cell ends with, as nbgrader reads partial credit."""
    if type(value) is Proxy or isinstance(value, bool | np.bool_):
        return None
    try:
        return float(value) if isinstance(value, int | float | np.generic) else None
    except (TypeError, ValueError, OverflowError):
        return None


def _text(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())[:400]
    except Exception:
        return ""
