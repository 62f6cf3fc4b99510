"""How a submission is loaded into the worker without losing the rest over what fails."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from autograder.adopt.autotests import with_written
from autograder.adopt.gathering import course_of
from autograder.adopt.reading import read_source, released
from autograder.assignment import Assignment, NotBuiltError
from autograder.printable import printable
from autograder.sandbox.levels import Level
from autograder.sandbox.limits import Limits
from autograder.sandbox.messages import Raised
from autograder.sandbox.session import LostError, Session

from .given_cells import Given, missing_name
from .missing_imports import after_import
from .planning import Plan
from .problems import Problem, about
from .syntax_hints import syntax_hint

logger = logging.getLogger(__name__)

MAX_RESTARTS = 3
MAX_IMPORTS = 10  # of one cell that fail
MAX_PROBLEMS = 20
UNWRITTEN = "`{path}` could not be written where the code runs ({reason}), and was left out."
OUT_OF_TIME = "loading took too long"
WITHOUT_IT = "The rest of the cell ran without it."
INSTEAD = "The cell as it was given, in the place of code cell {number} of {notebook}.ipynb,"
NOT_AS_ADOPTED = "{path} {reason}; run `autograder adopt {slug}`."
NOT_AS_BUILT = "{path} {reason}; run `autograder build {slug}`."
MISSING = "is missing"
CHANGED = "is not the file that was built"


def read_release(assignment: Assignment) -> dict[str, bytes]:
    """The released files by relative path, as they were built; of an adopted one, as handed out.

    Raises
    ------
    NotBuiltError : one of them is missing, or is not the one that `release.json` knows.
    """
    found = {path: _released(assignment, path) for path in sorted(assignment.digests)}
    if assignment.adopted is None:
        return found
    shown, files = dict(found), read_adopted(assignment)
    for path in assignment.notebooks:
        name = path.removesuffix(".ipynb")
        source = read_source(name, files[path], files)
        shown[path] = released(name, files[path])
        hidden = course_of(found, assignment.course.hidden, source).hidden
        shown = {one: data for one, data in shown.items() if one not in hidden}
    return shown


def read_adopted(assignment: Assignment) -> dict[str, bytes]:
    """The files of an adopted source, with solutions and tests. Raises `NotBuiltError`.

    What configures otter's notebooks from elsewhere is there by its path, which begins with `../`;
    in nbgrader's notebooks stand the tests that it has written.
    """
    found = {path: _released(assignment, path) for path in sorted(assignment.digests)}
    record = assignment.adopted
    if record is None:
        return found
    outside = {path: text.encode() for path, text in record.outside.items()}
    return with_written(found, record.written) | outside


def _released(assignment: Assignment, path: str) -> bytes:
    place = assignment.release / path
    try:
        status = place.stat()
        data, found = _content(place, status.st_size, status.st_mtime_ns)
    except OSError as error:
        reason = MISSING if isinstance(error, FileNotFoundError) else str(error)
        raise NotBuiltError(
            _not_as(assignment).format(path=place, reason=reason, slug=assignment.slug)
        ) from error
    if found != assignment.digests[path]:
        said = _not_as(assignment)
        raise NotBuiltError(said.format(path=place, reason=CHANGED, slug=assignment.slug))
    return data


def _not_as(assignment: Assignment) -> str:
    return NOT_AS_BUILT if assignment.adopted is None else NOT_AS_ADOPTED


@lru_cache(maxsize=256)  # a class is graded with one release
def _content(path: Path, size: int, changed: int) -> tuple[bytes, str]:
    """The content of a file and its SHA-256, read once for each state that it is seen in."""
    data = path.read_bytes()
    return data, hashlib.sha256(data).hexdigest()


@dataclass
class Loaded:
    """A session with the submission in it, and what went wrong while it was loaded."""

    session: Session
    problems: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)  # those of the problems that are files
    not_imported: dict[str, Raised | None] = field(default_factory=dict)  # None: lost the worker

    def add(self, said: str, source: str = "") -> None:
        """Note a problem; a notebook may have any number of cells, and nobody reads them all."""
        logger.info("loading: %s", said)
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(said, source=source))


@contextlib.contextmanager
def loaded(
    level: Level, limits: Limits, planned: Plan, *, end: float = math.inf
) -> Iterator[Loaded]:
    """A worker that has loaded as much of the submission as can be loaded.

    A step that ends or stalls the worker is left out, and the rest is loaded into a new one. All
    workers together have `load_seconds` for the cells, then `cell_seconds` for the modules, and
    none of it after `end`, a time of `time.monotonic`. Raises `SandboxError` if the sandbox does
    not start.
    """
    ends: list[float] = []
    left_out: dict[str, str] = {}
    while True:
        with Session(level, limits) as session:
            result = Loaded(session)
            ends = ends or _ends(limits, planned, end)  # starting a sandbox is not loading
            lost = _Loader(result, limits, planned, left_out).load(ends)
            if lost is None:
                result.problems[:0] = left_out.values()
                yield result
                return
        left_out[lost.name] = f"{lost.name} was left out: {lost.reason}."
        logger.info("a new worker, without this: %s", left_out[lost.name])
        if len(left_out) >= MAX_RESTARTS:
            names = [step.name for step in _steps(planned)[: len(planned.cells)]]
            left_out |= {name: "" for name in names if name not in left_out}


def _ends(limits: Limits, planned: Plan, end: float) -> list[float]:
    """When each step has to be done, from now on."""
    cells_end = min(end, time.monotonic() + limits.load_seconds)
    modules_end = min(end, cells_end + limits.cell_seconds)
    return [cells_end] * len(planned.cells) + [modules_end] * len(planned.modules)


Run = Callable[..., Raised | None]


@dataclass(frozen=True, kw_only=True)
class _Step:
    """One thing to load: a cell of the student's or a module; `instead` names what is given."""

    name: str
    run: Run
    module: str = ""
    notebook: str = ""
    source: str = ""
    instead: str = ""


def _steps(planned: Plan) -> list[_Step]:
    cells = [
        _Step(
            name=f"Code cell {number} of {notebook}.ipynb",
            run=partial(Session.run_cell, notebook=notebook, source=source),
            notebook=notebook,
            source=source,
            instead=INSTEAD.format(number=number, notebook=notebook),
        )
        for number, (notebook, source) in enumerate(planned.cells, start=1)
    ]
    modules = [
        _Step(
            name=f"Importing {module}",
            run=partial(Session.import_module, name=module),
            module=module,
        )
        for module in planned.modules
    ]
    return cells + modules


def _write(result: Loaded, files: Mapping[str, bytes], deadline: float) -> None:
    """Put the files into the worker; those that cannot be written are a problem."""
    for path, reason in result.session.write_files(files, deadline).items():
        result.add(UNWRITTEN.format(path=printable(path, keep=""), reason=reason))
    result.unwritten.extend(result.problems)


class _StepLostError(Exception):
    """The worker was lost in a step, whose name is said."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason


class _Loader:
    """Loads a submission into one worker, without the steps that lost those before it."""

    def __init__(
        self, result: Loaded, limits: Limits, planned: Plan, left_out: Mapping[str, str]
    ) -> None:
        self._result = result
        self._limits = limits
        self._planned = planned
        self._left_out = left_out
        self._given = Given(planned.given, planned.dataset)

    def load(self, ends: Sequence[float]) -> _StepLostError | None:
        """Load everything not left out; what lost the worker, if a step did."""
        limit = time.monotonic() + self._limits.cell_seconds
        _write(self._result, self._planned.files, limit)
        try:
            for step, end in zip(_steps(self._planned), ends, strict=True):
                self._load(step, end)
        except _StepLostError as lost:
            return lost
        return None

    def _load(self, step: _Step, end: float) -> None:
        lost = self._left_out.get(step.name)
        if lost == "":  # so many steps have lost a worker that only modules are loaded
            return
        raised = None if lost else self._own(step, end)
        if step.module and (lost or raised is not None):
            self._result.not_imported[step.module] = raised
        if lost or raised is not None:
            self._run_given(step, self._given.instead(step.notebook, step.source, raised), end)
        else:
            self._run_given(step, self._given.after(step.notebook, step.source), end)

    def _own(self, step: _Step, end: float) -> Raised | None:
        """Run the student's own; a cell without those of its imports that fail."""
        run, source = step.run, step.source
        for _ in range(MAX_IMPORTS):
            raised = self._try(step.name, run, source, end)
            left = after_import(source, raised)
            if raised is None or left is None:
                break
            said = f"{_said(step.name, raised)}. {WITHOUT_IT}"
            self._result.add(said, left.failed)
            source = left.rest
            run = partial(Session.run_cell, notebook=step.notebook, source=source)
        return self._noted(step.name, raised, source)

    def _run_given(self, step: _Step, sources: Sequence[str], end: float) -> None:
        """Run given cells for a step of the student's; the first that fails is the last."""
        if step.instead in self._left_out:
            return
        for source in sources:
            logger.info("%s runs", step.instead)
            run = partial(Session.run_cell, notebook=step.notebook, source=source)
            if self._run(step.instead, run, source, end) is not None:
                return
            self._given.after(step.notebook, source)

    def _run(self, name: str, run: Run, source: str, end: float) -> Raised | None:
        """Run one thing, and note what it raises. Raises `_StepLostError`."""
        return self._noted(name, self._try(name, run, source, end), source)

    def _noted(self, name: str, raised: Raised | None, source: str) -> Raised | None:
        if raised is not None:
            missing = missing_name(raised)
            cause = about(missing, self._result.problems) if missing else ""
            self._result.add(". ".join(filter(None, (_said(name, raised), cause))), source)
        return raised

    def _try(self, name: str, run: Run, source: str, end: float) -> Raised | None:
        deadline = min(end, time.monotonic() + self._limits.cell_seconds)
        if time.monotonic() > deadline:
            self._result.add(f"{name} was left out: {OUT_OF_TIME}.", source)
            return None
        try:
            return run(self._result.session, deadline=deadline)
        except LostError as lost:
            raise _StepLostError(name, lost.reason) from lost


def _said(name: str, raised: Raised) -> str:
    """What a step has raised; for a source that Python cannot read, with the line and the cure."""
    said = f"{name} raised {raised.name}: {raised.message}"
    if not raised.is_a("SyntaxError"):
        return said
    hint = syntax_hint(raised, what="cell")
    return f"{said} (line {raised.line}: `{raised.text}`). {hint}"
