"""That written questions, formulas of code and rubrics grade their own examples as they say.

A proof takes up to twenty seconds, so what has been proved is remembered, by a digest of the
specification and of the engine: an author waits once for each question that was changed.
"""

from __future__ import annotations

import contextlib
import logging
import platform
import re
import time
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from autograder.assignment import Assignment
from autograder.course import PACKAGE
from autograder.data.places import cache_folder
from autograder.grading.contents import digest, files_digest, own_files

from .errors import AuthoringError

FOLDERS = ("written", "code", "manual")

logger = logging.getLogger(__name__)


def specifications(assignment: Assignment) -> list[Path]:
    """The files of an assignment's checks that have examples to be graded."""
    found = (assignment.checks_folder / folder for folder in FOLDERS)
    return [path for folder in found for path in sorted(folder.rglob("*.toml"))]


def prove_specifications(assignment: Assignment, *, executor: Executor | None = None) -> None:
    """Have every specification grade its own examples, unless it has been proved before.

    Raises
    ------
    AuthoringError : a `right` is refused, a `wrong` passes or is called otherwise than it says, a
        `teach` is never told, a rubric finds something else, or a file is no specification.
    """
    marks = {path: _mark(path) for path in specifications(assignment)}
    left = [path for path, mark in marks.items() if not mark.is_file()]
    problems = executor.map(_misgraded, left) if executor else map(_misgraded, left)
    for path, problem in zip(left, problems, strict=True):
        if problem is not None:
            message, answer = problem
            text = path.read_text(encoding="utf-8", errors="replace")
            raise AuthoringError(
                assignment.course.shown(path), _line(text, answer, message), message
            )
        with contextlib.suppress(OSError):  # then it is proved again the next time
            marks[path].parent.mkdir(parents=True, exist_ok=True)
            marks[path].touch()


def _misgraded(path: Path) -> tuple[str, str] | None:
    """What is wrong with a specification, and the example that shows it; None for a right one."""
    from autograder.judging.mathematics import DeclarationError  # slow, and most are proved
    from autograder.judging.written import prove_written

    begun = time.monotonic()
    try:
        prove_written(path)
    except (DeclarationError, UnicodeDecodeError) as error:
        return str(error), getattr(error, "answer", "")
    logger.info("%s grades its examples as it says, %.1f s", path, time.monotonic() - begun)
    return None


def _line(text: str, answer: str, message: str) -> int:
    """The line of an example in a TOML file, or the one that the message names."""
    first = next(filter(str.strip, answer.splitlines()), "")
    escaped = first.replace("\\", "\\\\").replace('"', '\\"')
    for written in (f'"{escaped}"', f"'{first}'", escaped, first) if first else ():
        for number, line in enumerate(text.splitlines(), start=1):
            if written in line:
                return number
    named = re.search(r"at line (\d+)", message)
    return int(named[1]) if named else 1


def _mark(path: Path) -> Path:
    """The empty file that says of a specification, as it is now, that it is proved."""
    return cache_folder() / "proved" / digest(_engine(), path.name, path.read_bytes())


def _engine() -> str:
    """The digest of all that a proof depends on besides the specification."""
    folder = PACKAGE / "judging"
    return digest(
        files_digest(folder, own_files(folder)), np.__version__, platform.python_version()
    )
