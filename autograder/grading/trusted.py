"""A check against the course's own code, in this process: no sandbox, and a hundred times faster.

For the reference solution and for mutants of it, never for anything that a student has written.
Notebooks are read for what they define; their plots and training do not run. One course's code at
a time is loaded: modules have their own names in `sys.modules` as long as it is in use.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import logging
import os
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path, PurePosixPath
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.judging.check import Check
from autograder.judging.handed_in import Author, HandedIn
from autograder.sandbox.loopback import Loopback
from autograder.sandbox.notebook import Names
from autograder.sandbox.remote import Conversation, Transport
from autograder.sandbox.worker import seed_draws
from autograder.submission import Submission

from .loading import Plan, plan, read_release
from .seeds import judge_rng, worker_seed

logger = logging.getLogger(__name__)

# What a notebook's top level may call beside NumPy: what makes a value, and nothing that trains.
_MAKERS = frozenset({"dict", "list", "tuple", "set", "range", "float", "int", "str", "Path"})
# What only shows something: plots, and formulas as they will be read.
_SHOWING = ("matplotlib", "matplotlib.pyplot", "written")
_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


class TrustedCode:
    """The course's own code, loaded; make one with `trusted`."""

    def __init__(self, assignment: Assignment, submitted: HandedIn, folder: Path) -> None:
        self._assignment = assignment
        self._submitted = submitted
        self._folder = folder
        self._names: dict[str, dict[str, Any]] = {}

    def names(self, notebook: str) -> Names:
        """What a notebook defines."""
        return Names(self._names.get(notebook, {}))

    def run(
        self,
        check: Check,
        *,
        seed: int,
        student: str,
        through: Callable[[Transport], Transport] = lambda transport: transport,
    ) -> Exception | None:
        """Run a check with the draws that a student of that name would have; what it raised.

        `through` may put a transport of its own between the check and the code.
        """
        transport = through(Loopback(self, str(self._folder)))
        conversation = Conversation(transport, time.monotonic() + check.seconds)
        notebooks = tuple(PurePosixPath(path).stem for path in self._assignment.notebooks)
        author = Author(conversation, self._assignment.package, notebooks, self._submitted)
        seed_draws(worker_seed(seed, student, check.id))
        with _quiet():
            try:
                check.run(author, judge_rng(seed, student, check.id))
            except Exception as error:
                return conversation.blame(error)
        return None

    def load(self, cells: tuple[tuple[str, str], ...], modules: tuple[str, ...]) -> None:
        """Import the modules and take the notebooks' definitions; what fails is left out."""
        with _quiet():
            for module in modules:
                with contextlib.suppress(Exception):
                    importlib.import_module(module)
            for notebook, source in cells:
                _define(source, self._names.setdefault(notebook, {"__name__": "__main__"}))


class Bench:
    """A folder for one solution of an assignment after another; make one with `bench`."""

    def __init__(self, assignment: Assignment, folder: Path) -> None:
        self._assignment = assignment
        self.release = read_release(assignment)
        self._folder = folder
        self._there: dict[str, bytes] = {}
        self._notebooks: dict[str, bytes] | None = None

    @contextlib.contextmanager
    def holding(
        self, files: Mapping[str, bytes], *, notebooks: bool = True
    ) -> Iterator[TrustedCode]:
        """Code of the course's own, by released path, as if it had been handed in.

        Until the end of the block it is what its modules' names mean in this process, the working
        folder is the bench's, and the global random state is its to change. Without `notebooks`
        their cells are left out, for checks that look at modules alone.
        """
        edited = {path: files[path] for path in self._assignment.editable if path in files}
        planned = self._planned(edited)
        submitted = HandedIn(files=edited, release=self.release, assignment=self._assignment)
        sources = {path: data for path, data in planned.files.items() if path.endswith(".py")}
        self._lay({path: data for path, data in planned.files.items() if path not in sources})
        with _own_modules(self._folder, sources), _own_draws():
            code = TrustedCode(self._assignment, submitted, self._folder)
            with _no_display():
                code.load(planned.cells if notebooks else (), planned.modules)
            yield code

    def _planned(self, edited: Mapping[str, bytes]) -> Plan:
        """What is loaded; notebooks are read again only where they differ."""
        notebooks = {path: data for path, data in edited.items() if path.endswith(".ipynb")}
        if notebooks != self._notebooks:
            self._notebooks = notebooks
            self._plan = plan(self.release, Submission(student="", files=edited))
        own = {path: data for path, data in edited.items() if path in self._plan.files}
        return replace(self._plan, files={**self._plan.files, **own})

    def _lay(self, files: Mapping[str, bytes]) -> None:
        """Let the folder hold these files, and nothing that a solution before has written."""
        for path in self._folder.rglob("*"):
            if path.is_file() and path.relative_to(self._folder).as_posix() not in files:
                path.unlink()
        for name, content in files.items():
            if self._there.get(name) != content:
                (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self._folder / name).write_bytes(content)
        self._there = dict(files)


@contextlib.contextmanager
def bench(assignment: Assignment) -> Iterator[Bench]:
    """A place for several solutions, one after the other; files that they share stay there.

    Raises
    ------
    NotBuiltError : there is no release.
    """
    with tempfile.TemporaryDirectory(prefix="trusted-") as folder:
        yield Bench(assignment, Path(folder))


@contextlib.contextmanager
def trusted(assignment: Assignment, files: Mapping[str, bytes]) -> Iterator[TrustedCode]:
    """One solution on a bench of its own; see `Bench.holding`."""
    with bench(assignment) as place, place.holding(files) as code:
        yield code


class _Sources(MetaPathFinder, Loader):
    """Finds modules among texts by path; a text that was there before is not compiled again."""

    def __init__(self, folder: Path, sources: Mapping[str, bytes]) -> None:
        self._folder = folder
        self._paths = {_module_of(path): path for path in sources}
        self._sources = sources

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is: here, or nowhere."""
        if name not in self._paths:
            return None
        place = self._folder / self._paths[name]
        package = [str(place.parent)] if place.name == "__init__.py" else None
        return spec_from_file_location(name, place, loader=self, submodule_search_locations=package)

    def exec_module(self, module: ModuleType) -> None:
        """Run the text of a module."""
        path = self._paths[module.__name__]
        exec(_compiled(self._sources[path], str(self._folder / path)), vars(module))


def _module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@lru_cache(maxsize=256)
def _compiled(source: bytes, place: str) -> CodeType:
    return compile(source, place, "exec")


@contextlib.contextmanager
def _own_modules(folder: Path, sources: Mapping[str, bytes]) -> Iterator[None]:
    """Let imports find these sources and what lies in a folder, before all else of these names."""
    tops = {path.name.removesuffix(".py") for path in folder.iterdir()}
    tops |= {_module_of(path).partition(".")[0] for path in sources}
    finder = _Sources(folder, sources)
    others = _taken_out(tops)
    here, written = os.getcwd(), sys.dont_write_bytecode
    sys.path.insert(0, str(folder))
    sys.meta_path.insert(0, finder)
    sys.dont_write_bytecode = True
    os.chdir(folder)
    try:
        importlib.invalidate_caches()
        yield
    finally:
        os.chdir(here)
        sys.dont_write_bytecode = written
        sys.meta_path.remove(finder)
        sys.path.remove(str(folder))
        _taken_out(tops)
        sys.modules.update(others)


def _taken_out(tops: set[str]) -> dict[str, ModuleType]:
    """Take the modules of these packages out of the table of modules, and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] in tops]
    return {name: sys.modules.pop(name) for name in names}


class _Display(ModuleType):
    """Stands for a package that only shows something: it has every name, and each does nothing."""

    __path__: list[str] = []  # noqa: RUF012 - what makes a module a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Display(name)

    def __call__(self, *_: object, **__: object) -> _Display:
        return self

    def __getitem__(self, key: object) -> _Display:
        return self

    def __setitem__(self, key: object, value: object) -> None:
        pass


@contextlib.contextmanager
def _no_display() -> Iterator[None]:
    """Let notebooks import what shows plots and formulas; it takes seconds, and none is shown."""
    missing = {name: _Display(name) for name in _SHOWING if name not in sys.modules}
    sys.modules.update(missing)
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


@contextlib.contextmanager
def _own_draws() -> Iterator[None]:
    numpy_state, state = np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        np.random.set_state(numpy_state)
        random.setstate(state)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Neither prints nor warnings."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        np.errstate(all="ignore"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


def _define(source: str, names: dict[str, Any]) -> None:
    """Run those statements of a cell that define something."""
    lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return
    for statement in tree.body:
        if isinstance(statement, _DEFINING) or _makes_a_value(statement):
            module = ast.Module([statement], [])
            try:
                exec(compile(module, "<notebook>", "exec"), names)
            except Exception as error:
                logger.debug("a statement of a notebook: %s", error)


def _makes_a_value(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return all(_makes(function) for function in calls)


def _makes(function: ast.expr) -> bool:
    """Whether a function of that name is NumPy's own or makes a plain value."""
    match function:
        case ast.Attribute(value=ast.Name(id="np") | ast.Attribute(value=ast.Name(id="np"))):
            return True
        case ast.Name(id=name):
            return name in _MAKERS
    return False
