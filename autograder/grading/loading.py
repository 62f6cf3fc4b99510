"""What of a submission is put into the worker, and how it is loaded without losing the rest.

Given files always are the released ones. Cells whose source equals a released grade cell or demo
cell do not run: hidden checks decide, and demonstrations train for a person to look at.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath

from autograder.assignment import Assignment, NotBuiltError
from autograder.judging.attempts import all_parts, code_cells
from autograder.printable import printable
from autograder.sandbox.levels import Level
from autograder.sandbox.limits import Limits
from autograder.sandbox.messages import Raised
from autograder.sandbox.session import LostError, Session
from autograder.submission import Submission

from .problems import Problem

logger = logging.getLogger(__name__)

MAX_RESTARTS = 3
MAX_PROBLEMS = 20
UNWRITTEN = "`{path}` could not be written where the code runs ({reason}), and was left out."
OUT_OF_TIME = "loading took too long"
NOT_AS_BUILT = "{path} {reason}; run `autograder build {slug}`."
MISSING = "is missing"
CHANGED = "is not the file that was built"
_LOADED_SUFFIXES = (".py", ".npz", ".csv", ".txt", ".json")
_GIVEN_SUFFIXES = (*_LOADED_SUFFIXES, ".zip")  # a package that is given as one file


def read_release(assignment: Assignment) -> dict[str, bytes]:
    """The released files by relative path, as they were built.

    Raises
    ------
    NotBuiltError : one of them is missing, or is not the one that `release.json` knows.
    """
    return {path: _released(assignment, path) for path in sorted(assignment.digests)}


def _released(assignment: Assignment, path: str) -> bytes:
    place = assignment.release / path
    try:
        status = place.stat()
        data, found = _content(place, status.st_size, status.st_mtime_ns)
    except OSError as error:
        reason = MISSING if isinstance(error, FileNotFoundError) else str(error)
        raise NotBuiltError(
            NOT_AS_BUILT.format(path=place, reason=reason, slug=assignment.slug)
        ) from error
    if found != assignment.digests[path]:
        raise NotBuiltError(NOT_AS_BUILT.format(path=place, reason=CHANGED, slug=assignment.slug))
    return data


@lru_cache(maxsize=256)  # a class is graded with one release
def _content(path: Path, size: int, changed: int) -> tuple[bytes, str]:
    """The content of a file and its SHA-256, read once for each state that it is seen in."""
    data = path.read_bytes()
    return data, hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The files, notebook cells and modules of one submission, in the order of loading."""

    files: Mapping[str, bytes]
    cells: tuple[tuple[str, str], ...]
    modules: tuple[str, ...]


def plan(release: Mapping[str, bytes], submission: Submission) -> Plan:
    """Decide what is loaded."""
    editable = {path for path in release if all_parts({path: release[path]})}
    given = {path: data for path, data in release.items() if path not in editable}
    files = {
        path: data
        for path, data in {**submission.files, **given}.items()
        if path.endswith(_GIVEN_SUFFIXES if path in given else _LOADED_SUFFIXES)
        and _stays_inside(path)
    }
    for path in sorted(submission.files.keys() - files.keys()):
        logger.debug("%s: %s is not loaded", submission.student, path)
    notebooks = [path for path in release if path.endswith(".ipynb") and path in submission.files]
    return Plan(
        files=files,
        cells=tuple(cell for path in notebooks for cell in _cells(path, release, submission)),
        modules=tuple(sorted(_module_name(path) for path in editable & files.keys())),
    )


def _cells(
    path: str, release: Mapping[str, bytes], submission: Submission
) -> Iterator[tuple[str, str]]:
    idle = {_bare(source) for source in _idle_cells(release[path])}
    name = PurePosixPath(path).stem
    for source in code_cells(submission.files[path]):
        if source.strip() and _bare(source) not in idle:
            yield name, source


def _idle_cells(notebook: bytes) -> Iterator[str]:
    """The released cells that grading does not run."""
    for cell in json.loads(notebook)["cells"]:
        metadata = cell["metadata"]
        marks = metadata.get("nbgrader", {})
        tests = marks.get("grade", False) and not marks.get("solution", False)
        if cell["cell_type"] == "code" and (tests or metadata.get("autograder", {}).get("demo")):
            yield "".join(cell["source"])


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return not path.startswith("/") and ".." not in parts and "\0" not in path


def _bare(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass
class Loaded:
    """A session with the submission in it, and what went wrong while it was loaded."""

    session: Session
    problems: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)  # those of the problems that are files

    def add(self, problem: str) -> None:
        """Note a problem; a notebook may have any number of cells, and nobody reads them all."""
        logger.info("loading: %s", problem)
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


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
    left_out: dict[int, str] = {}
    while True:
        with Session(level, limits) as session:
            result = Loaded(session)
            ends = ends or _ends(limits, planned, end)  # starting a sandbox is not loading
            lost = _load(result, limits, planned, left_out, ends)
            if lost is None:
                result.problems[:0] = left_out.values()
                yield result
                return
        left_out.update([lost])
        logger.info("a new worker, without this: %s", lost[1])
        if len(left_out) >= MAX_RESTARTS:
            left_out |= {n: "" for n in range(len(planned.cells)) if n not in left_out}


def _ends(limits: Limits, planned: Plan, end: float) -> list[float]:
    """When each step has to be done, from now on."""
    cells_end = min(end, time.monotonic() + limits.load_seconds)
    modules_end = min(end, cells_end + limits.cell_seconds)
    return [cells_end] * len(planned.cells) + [modules_end] * len(planned.modules)


Step = Callable[..., Raised | None]


def _steps(planned: Plan) -> Iterator[tuple[str, str, Step]]:
    """Name, source where it is a cell, and what to do."""
    for number, (notebook, source) in enumerate(planned.cells, start=1):
        name = f"Code cell {number} of {notebook}.ipynb"
        yield name, source, partial(Session.run_cell, notebook=notebook, source=source)
    for module in planned.modules:
        yield f"Importing {module}", "", partial(Session.import_module, name=module)


def _write(result: Loaded, files: Mapping[str, bytes], deadline: float) -> None:
    """Put the files into the worker; those that cannot be written are a problem."""
    for path, reason in result.session.write_files(files, deadline).items():
        result.add(UNWRITTEN.format(path=printable(path, keep=""), reason=reason))
    result.unwritten.extend(result.problems)


def _load(
    result: Loaded,
    limits: Limits,
    planned: Plan,
    left_out: Mapping[int, str],
    ends: Sequence[float],
) -> tuple[int, str] | None:
    """Load everything not left out; the step that lost the worker and why, if one did."""
    _write(result, planned.files, time.monotonic() + limits.cell_seconds)
    for number, (name, source, step) in enumerate(_steps(planned)):
        if number in left_out:
            continue
        deadline = min(ends[number], time.monotonic() + limits.cell_seconds)
        if time.monotonic() > deadline:
            result.add(Problem(f"{name} was left out: {OUT_OF_TIME}.", source=source))
            continue
        try:
            raised = step(result.session, deadline=deadline)
        except LostError as lost:
            return number, Problem(f"{name} was left out: {lost.reason}.", source=source)
        if raised is not None:
            said = f"{name} raised {raised.name}: {raised.message}"
            result.add(Problem(said, source=source))
    return None
