"""The judge of an adopted notebook: runs its locked and test cells, in a sandbox of its own.

It holds the tests, and the student's code is another process: everything of the student's is asked
for over a line, and arrives as data.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import os
import socket
from typing import Any

from ..wire import Channel, ClosedError
from .binding import asks_ipython, binds, changes, imported, imports, module_of, parsed, reads
from .cell import PLOTTING, JudgedCell
from .files import SharedFiles
from .line import StudentGoneError, StudentLine
from .messages import (
    Contract,
    FromStudent,
    RunLocked,
    RunSolution,
    RunTest,
    ToJudge,
    Verdict,
)
from .proxies import LOCKED, Proxy, facts_of
from .space import Owner, Space


def serve_judge(grader: socket.socket, student: socket.socket) -> None:
    """Answer the grader until it closes the socket."""
    channel = Channel(grader, ToJudge)
    judge = Judge(Channel(student, FromStudent))
    with contextlib.suppress(ClosedError):
        while True:
            order, _ = channel.receive()
            channel.send(judge.done(order))


class Judge:
    """Runs the cells of one notebook in order."""

    def __init__(self, student: Channel) -> None:
        self._line = StudentLine(student, lambda name: self._common(name))
        self._space = Space(self._line)
        self._files = SharedFiles()
        self._bodies: dict[str, set[str]] = {}  # functions of the course, and what they read
        self._both: set[str] = set()  # functions and classes that the student's side has, too
        self._secret: set[str] = set()  # names that hidden tests or hidden data have bound
        self._needed: frozenset[str] = frozenset()
        _look_through_proxies()

    def done(self, order: Contract | RunSolution | RunLocked | RunTest) -> Verdict:
        """Do what the grader says. Never raises."""
        self._space.forget()
        with contextlib.redirect_stdout(io.StringIO()):
            match order:
                case Contract(read, needed):
                    self._space.read = frozenset(read)
                    self._needed = frozenset(needed)
                    return Verdict(True)
                case RunSolution(source, reference):
                    return self._solution(source, reference)
                case RunLocked(source, both):
                    return self._locked(source, both=both)
                case RunTest():
                    cell = JudgedCell(order, self._line, self._space, self._files, self._secret)
                    return cell.run(self._bodies)

    def _common(self, name: str) -> object:
        """A function or class of a locked cell, which the student's side has as well."""
        return self._space.own(name) if name in self._both else None

    # --- cells of the student's

    def _solution(self, source: str, reference: str | None) -> Verdict:
        verdict = self._there(source)
        if reference is not None and not verdict.lost:
            tree = parsed(reference)
            if tree is not None:
                self._settle_owners(tree)
        return verdict

    def _there(self, source: str) -> Verdict:
        """Run a cell in the student's process."""
        self._line.begin(None)
        try:
            self._line.ask("cell", source)
        except StudentGoneError as gone:
            return Verdict(False, lost=str(gone))
        except Exception as error:
            return Verdict(False, error=type(error).__name__, message=str(error)[:500])
        return Verdict(True)

    def _settle_owners(self, tree: ast.Module) -> None:
        """The reference solution says which names are the student's."""
        found = {name for statement in tree.body for name in binds(statement)}
        own = {name for name in changes(tree) if name in self._space.owners}
        common: set[str] = set()
        for node in [one for statement in tree.body for one in imports(statement)]:
            if _is_own(node) or module_of(node) in PLOTTING or not self._runs(node):
                continue
            there = set(self._line.ask("names"))
            common |= {name for name in imported(node) if name in there}
        self._space.give(common, Owner.COURSE)
        modules = {name for name in own if inspect.ismodule(self._space.own(name))}
        self._space.give((found - common) | (own - modules - common), Owner.STUDENT)

    # --- cells of the course's

    def _locked(self, source: str, *, both: bool) -> Verdict:
        verdict = self._there(source) if both else Verdict(True)
        tree = parsed(source)
        if tree is not None and not verdict.lost:
            for statement in tree.body:
                if isinstance(statement, ast.FunctionDef | ast.ClassDef) and both:
                    self._both.add(statement.name)
                if not asks_ipython(statement):
                    self._own(statement)
        return verdict

    def _own(self, statement: ast.stmt) -> None:
        """Run one statement of the course's here, unless it depends on what is the student's."""
        names = binds(statement)
        read = reads(statement)
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            self._bodies[statement.name] = read
            read = _head(statement)
            if isinstance(statement, ast.ClassDef) and statement.name in self._space.read:
                self._space.give(names, Owner.STUDENT)  # its instances go to and fro
                return
        theirs = bool(imports(statement)) and module_of(imports(statement)[0]) in PLOTTING
        if theirs or self._depends(read) or not self._runs(statement):
            self._space.give(names | (changes(statement) & set(self._space.owners)), Owner.STUDENT)
        else:
            self._space.give(names, Owner.COURSE)

    def _depends(self, names: set[str]) -> bool:
        """Whether a student's name is among them, or in a function of the course's that is."""
        seen: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            if self._space.owners.get(name) is Owner.STUDENT:
                return True
            seen.add(name)
            waiting |= self._bodies.get(name, set()) - seen
        return False

    def _runs(self, statement: ast.stmt) -> bool:
        code = compile(ast.Module([statement], []), LOCKED, "exec")
        try:
            exec(code, self._space, self._space)
        except Exception:
            return False
        return True


def _head(statement: ast.FunctionDef | ast.ClassDef) -> set[str]:
    """What a definition reads when it is made."""
    parts: list[ast.AST] = list(statement.decorator_list)
    if isinstance(statement, ast.ClassDef):
        parts += statement.bases
    else:
        parts += [one for one in statement.args.defaults if one is not None]
    return {name for part in parts for name in reads(part)}


def _is_own(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether it imports a module of the course's folder, whose state is the student's then."""
    name = module_of(node)
    return os.path.exists(f"{name}.py") or os.path.isdir(name)


def _look_through_proxies() -> None:
    """Let `inspect.getsource` ask for the source of a student's function."""
    original = inspect.getsource

    def getsource(value: Any) -> str:
        if type(value) is not Proxy:
            return original(value)
        facts = facts_of(value)
        facts.line.allow("source function", facts.kind)
        return str(facts.line.ask("source", facts.number))

    inspect.getsource = getsource  # type: ignore[assignment]
