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
import random
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.errors import exit_error
from autograder.judging.check import Check
from autograder.judging.handed_in import Author, HandedIn
from autograder.sandbox.draws import seed_draws
from autograder.sandbox.loopback import Loopback
from autograder.sandbox.notebook import Names
from autograder.sandbox.remote import Conversation
from autograder.sandbox.transports import Transport
from autograder.submission import Submission

from .definitions import definitions
from .loading import read_release
from .own_folder import locked_folder
from .own_modules import no_display, own_modules
from .planning import Plan, plan
from .seeds import Draws

logger = logging.getLogger(__name__)

# Held by whoever may not be the only one: the table of modules is the process's.
ONE_AT_A_TIME = threading.Lock()


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
        draws: Draws,
        *,
        through: Callable[[Transport], Transport] = lambda transport: transport,
    ) -> Exception | None:
        """Run a check with these draws; what it raised.

        `through` may put a transport of its own between the check and the code.
        """
        transport = through(Loopback(self, str(self._folder)))
        conversation = Conversation(transport, time.monotonic() + check.seconds)
        notebooks = tuple(PurePosixPath(path).stem for path in self._assignment.notebooks)
        author = Author(conversation, self._assignment.package, notebooks, self._submitted)
        seed_draws(draws.worker_seed(check.id))
        with _quiet():
            try:
                check.run(author, draws.inputs(check.id))
            except SystemExit as error:
                return exit_error(error)
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
        their cells are left out, for checks that look at modules alone, and a module is imported
        when it is asked for.
        """
        edited = {path: files[path] for path in self._assignment.editable if path in files}
        planned = self._planned(edited)
        submitted = HandedIn(files=edited, release=self.release, assignment=self._assignment)
        sources = {path: data for path, data in planned.files.items() if path.endswith(".py")}
        self._lay({path: data for path, data in planned.files.items() if path not in sources})
        with own_modules(self._folder, sources), _own_draws():
            code = TrustedCode(self._assignment, submitted, self._folder)
            with no_display():
                if notebooks:
                    code.load(planned.cells, planned.modules)
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
    with locked_folder() as folder:
        yield Bench(assignment, Path(folder))


@contextlib.contextmanager
def trusted(assignment: Assignment, files: Mapping[str, bytes]) -> Iterator[TrustedCode]:
    """One solution on a bench of its own; see `Bench.holding`."""
    with bench(assignment) as place, place.holding(files) as code:
        yield code


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
    for statement in definitions(source):
        module = ast.Module([statement], [])
        try:
            exec(compile(module, "<notebook>", "exec"), names)
        except Exception as error:
            logger.debug("a statement of a notebook: %s", error)
