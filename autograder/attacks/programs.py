"""The programs that the routes of attacks start, and what is made once for all attacks.

A command runs in a process of its own, as instructors start it, and ends with all that it started.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import msgspec

from autograder.results import Report

PATIENCE = 3600.0  # seconds that a command may take: a class on a busy machine
NO_RESULT = "{command} left no result: {said}"

_POINTS = """
SELECT TOTAL(auto_score) FROM grade
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
WHERE student_id = ?
"""


class NoResultError(Exception):
    """A command ended without a result of the submission."""


def run_command(command: list[str], folder: Path, **environment: str) -> str:
    """What a command says; all that it has started ends with it, after `PATIENCE` at the latest."""
    with subprocess.Popen(
        command, cwd=folder, text=True, errors="replace", start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment},
    ) as process:  # fmt: skip
        try:
            return process.communicate(timeout=PATIENCE)[0]
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def read_report(path: Path, command: str, said: str) -> Report:
    """The report that a command has left. Raises `NoResultError`."""
    try:
        return Report.from_json(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise NoResultError(NO_RESULT.format(command=command, said=said[-500:])) from error


def points_in(gradebook: Path, student: str) -> float:
    """The sum of a student's automatic scores; the gradebook has one assignment."""
    with sqlite3.connect(gradebook) as tables:
        return float(tables.execute(_POINTS, (student,)).fetchone()[0])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@cache
def kept_folder() -> Path:
    """A folder for what all attacks of this process share."""
    folder = tempfile.mkdtemp(prefix="routes-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def empty_gradebook() -> Path:
    """A gradebook without entries; to make one takes nbgrader two seconds."""
    path = kept_folder() / "gradebook.db"
    made = f"from nbgrader.api import Gradebook; Gradebook('sqlite:///{path}').close()"
    folder = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run_command(
        [sys.executable, "-c", made], kept_folder(), PATH=folder
    )  # nbgrader calls `alembic` by name
    return path


@cache
def bundle_of(slug: str, course: Path, level: str, seed: int) -> Path:
    """What `autograder gradescope` makes, unpacked as Gradescope does it."""
    packed, folder = kept_folder() / f"{slug}.zip", kept_folder() / f"{slug} source"
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "gradescope",
               slug, f"--out={packed}", f"--sandbox={level}", f"--seed={seed}",
               "--minutes=2", f"--course={course}"]  # fmt: skip
    said = run_command(command, kept_folder())
    if not packed.exists():
        raise NoResultError(NO_RESULT.format(command="autograder gradescope", said=said[-500:]))
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder


@cache
def scheduler() -> str:
    """The address of a dask scheduler with one worker, which end with this process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    for words in (["scheduler", "--host", address, "--no-dashboard"],
                  ["worker", address, "--nthreads=1", "--no-dashboard", "--no-nanny"]):  # fmt: skip
        with (kept_folder() / f"{words[0]}.log").open("wb") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "dask", *words], stdout=log, stderr=log
            )
        atexit.register(_end, started)
    return address
