"""A made-up assignment: one module with three parts, one notebook, and hidden checks."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.grading import check_sources, contents, grade_submission
from autograder.judging.check import checks_package
from autograder.results import Report
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

MODULE = """
def double(x):
    raise NotImplementedError("TODO(double)")


def negate(x):
    raise NotImplementedError("TODO(negate)")
"""
RIGHT = {
    "nn/__init__.py": "",
    "nn/layers.py": "def double(x):\n    return 2 * x\n\n\ndef negate(x):\n    return -x\n",
}


def notebook(*cells: str | dict) -> str:
    """A notebook of code cells; a dictionary gives metadata and source."""
    made = []
    for cell in cells:
        given = {"source": cell} if isinstance(cell, str) else cell
        made.append({"cell_type": "code", "metadata": {}, "outputs": [], **given})
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


GRADE_CELL = {
    "source": "assert double(1) == 2",
    "metadata": {"nbgrader": {"grade": True, "solution": False, "grade_id": "double"}},
}
DEMO_CELL = {"source": "raise RuntimeError('demo')", "metadata": {"autograder": {"demo": True}}}
RELEASED = {
    "nn/__init__.py": "",
    "nn/layers.py": MODULE,
    "nn/given.py": "WHOSE = 'ours'\n",
    "lesson.ipynb": notebook("answer = ...  # TODO(answer)", GRADE_CELL, DEMO_CELL),
}
RIGHT["lesson.ipynb"] = notebook("answer = 42", GRADE_CELL, DEMO_CELL)


CHECKS = Path(__file__).parent / "tiny"


@pytest.fixture
def assignment(tmp_path: Path, write_release: Callable[..., Assignment]) -> Assignment:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKS, tmp_path / "checks" / "tiny", ignore=ignored)
    return write_release(tmp_path, "tiny", RELEASED)


@pytest.fixture
def released() -> dict[str, str]:
    """The files of the release."""
    return dict(RELEASED)


@pytest.fixture
def forget(assignment: Assignment) -> Callable[[], None]:
    """Lets the made-up checks be imported anew, as another process would."""

    def forget_checks() -> None:
        package = checks_package(assignment.course.checks)
        for name in [name for name in sys.modules if name.startswith(package)]:
            del sys.modules[name]
        contents._checks.cache_clear()
        for cached in (check_sources._parsed, check_sources._whole, check_sources._beside):
            cached.cache_clear()
        importlib.invalidate_caches()

    return forget_checks


class Command:
    """`autograder grade tiny` as a process of its own, on a class in a folder."""

    PROGRAM = "from autograder.cli import main; main()"

    def __init__(self, root: Path) -> None:
        self.root = root
        self.temporary = root / "temporary"
        self.temporary.mkdir()
        self.environment = {**os.environ, "TMPDIR": str(self.temporary)}

    def submit(self, student: str, files: Mapping[str, str]) -> None:
        """Hand in files for a student."""
        for path, text in files.items():
            target = self.root / "submitted" / student / "tiny" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Begin to grade the class."""
        words = ["grade", "tiny", "submitted", "--out=grades", "--seed=3", *options]
        return subprocess.Popen(
            [sys.executable, "-c", self.PROGRAM, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.root,
            env=self.environment,
            start_new_session=True,
            # Ctrl-C works at a terminal; tests may have been started where it is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Grade the class, and wait for the end."""
        process = self.start(*options)
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def results(self) -> list[Path]:
        """The files of results, which are whole or not there."""
        return sorted(self.root.glob("grades/tiny/[!.]*.json"))

    def litter(self) -> list[str]:
        """What is left of the work: temporary files, and parts of results."""
        folders = (self.temporary, self.root / "grades" / "tiny")
        left = (path for folder in folders for path in folder.rglob("*"))
        return sorted(str(path) for path in left if path not in self.results())

    def reports(self) -> dict[str, Report]:
        """What the results say, without seconds."""
        found = (Report.from_json(path.read_bytes()) for path in self.results())
        return {report.student: without_seconds(report) for report in found}


def without_seconds(report: Report) -> Report:
    """What two gradings of one submission have in common."""
    checks = tuple(msgspec.structs.replace(result, seconds=0.0) for result in report.checks)
    return msgspec.structs.replace(report, checks=checks, seconds=0.0, signature="")


def process_tree(pid: int) -> set[int]:
    """A process and all that have come from it, as far as they run."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(stat.parent.name)] = int(fields[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found & parents.keys()


def until(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Wait for something that other processes do; whether it came."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.fixture
def command(assignment: Assignment) -> Command:
    """The command line in the folder of the made-up course."""
    return Command(assignment.course.root)


@pytest.fixture
def process_tree_of() -> Callable[[int], set[int]]:
    """See `process_tree`."""
    return process_tree


@pytest.fixture
def wait_until() -> Callable[..., bool]:
    """See `until`."""
    return until


@pytest.fixture
def right() -> dict[str, str]:
    """The files of a submission without a fault."""
    return dict(RIGHT)


@pytest.fixture
def grade(assignment: Assignment, level_name: str) -> Callable[..., Report]:
    """Grade the right submission with some files replaced (or, by None, left out)."""

    def graded(changes: dict[str, str | None] | None = None, **limits: float) -> Report:
        texts = {**RIGHT, **(changes or {})}
        files = {path: text.encode() for path, text in texts.items() if text is not None}
        return grade_submission(
            assignment,
            Submission(student="ada", files=files),
            level=level_name,
            seed=5,
            limits=Limits(cell_seconds=1, **limits),
        )

    return graded


@pytest.fixture(name="notebook_file", scope="session")
def _notebook_file() -> Callable[..., str]:
    """A notebook of code cells, as text; see `notebook`."""
    return notebook
