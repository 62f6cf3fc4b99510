"""The zip for Gradescope: scripts, the grader, one assignment's checks and data. Grades nothing.

No source of an assignment is in it: the release says all that the grader has to know.
"""

from __future__ import annotations

import importlib.metadata
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder import DISTRIBUTION
from autograder.adopted import record_path
from autograder.assignment import Assignment
from autograder.course import FOLDERS, PACKAGE, shipped_course
from autograder.course import SETTINGS as COURSE_FILE
from autograder.data.places import official_files
from autograder.data.registry import DATASETS
from autograder.files import write_atomically
from autograder.grading.loading import read_release
from autograder.grading.places import loaded_checks
from autograder.reports.wording import number
from autograder.solved import SUFFIX

from .settings import FILE, Settings

_SCRIPTS = PACKAGE / "gradescope" / "scripts"
DOWNLOADED = "downloaded"  # `run_autograder` names it to the grader
_EXECUTABLE = ("setup.sh", "run_autograder")
# Nothing of these is needed to grade: they make assignments, or are other ways of grading them.
_LEFT_OUT = (
    "attacks", "authoring", "checks", "cli.py", "commands", "demo.py", "marks", "nbgrader_plugin",
    "shipped",
)  # fmt: skip
_NOT_NEEDED = ("nbgrader", "jupytext", "typer")
_WHEN = (1980, 1, 1, 0, 0, 0)  # equal content gives an equal zip


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What was written, how many bytes it has, and how many points to set on Gradescope."""

    path: Path
    points: float
    size: int

    @property
    def advice(self) -> str:
        """What the instructor does with it."""
        return (
            f"{self.path} ({self.size / 1e6:.1f} MB)\n"
            "On Gradescope, make a programming assignment of "
            f"{number(self.points)} autograder points and upload this file at Configure "
            "Autograder.\nIn its settings choose a container with at least 2 GB of memory, and "
            "the time limit that `--minutes` says."
        )


def write_bundle(assignment: Assignment, settings: Settings, path: Path) -> Bundle:
    """Write the zip for one assignment to `path`.

    Raises
    ------
    NotBuiltError : the release is missing.
    MissingDataError : the data that the checks train on are not on this machine.
    """
    read_release(assignment)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(assignment, settings):
            info = zipfile.ZipInfo(name, _WHEN)
            info.external_attr = (0o755 if name in _EXECUTABLE else 0o600) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    write_atomically(path, buffer.getvalue())
    points = sum(check.counted for check in loaded_checks(assignment).values())
    return Bundle(path=path, points=points, size=len(buffer.getbuffer()))


def requirements() -> str:
    """The libraries that grading needs, in the versions with which it works here."""
    wanted = importlib.metadata.requires(DISTRIBUTION) or []
    always = (one for one in wanted if "extra ==" not in one)
    return "".join(f"{_pinned(one)}\n" for one in sorted(always) if _needed(one))


def _needed(requirement: str) -> bool:
    return _name(requirement).lower() not in _NOT_NEEDED


def _pinned(requirement: str) -> str:
    try:
        return f"{_name(requirement)}=={importlib.metadata.version(_name(requirement))}"
    except importlib.metadata.PackageNotFoundError:
        return requirement  # it is not needed here, and may be there


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def _files(assignment: Assignment, settings: Settings) -> Iterator[tuple[str, bytes]]:
    for name in _EXECUTABLE:
        yield name, (_SCRIPTS / name).read_bytes()
    yield FILE, msgspec.json.format(msgspec.json.encode(settings))
    yield "requirements.txt", requirements().encode()
    yield "python.txt", f"3.{sys.version_info.minor}\n".encode()
    yield from _tree(PACKAGE, "autograder", left_out=_LEFT_OUT)
    yield COURSE_FILE, _course_file(assignment)
    yield from _checks(assignment)
    yield from _tree(shipped_course().data, FOLDERS["data"])
    yield from _released(assignment)
    yield from _data(assignment)


def _course_file(assignment: Assignment) -> bytes:
    """A course with the usual names of folders."""
    if assignment.adopted is None:
        return b""
    return f'[adopt]\nhidden = "{assignment.course.hidden}"\n'.encode()


def _released(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """What was handed out; of an adopted assignment its source, and what is known of its tests."""
    slug, sources = assignment.slug, FOLDERS["source"]
    if assignment.adopted is None:
        yield from _tree(assignment.release, f"{FOLDERS['assignments']}/{slug}")
        return
    place = f"{sources}/{assignment.adopted.place}"
    for path in sorted(assignment.digests):
        yield f"{place}/{path}", (assignment.release / path).read_bytes()
    record = record_path(assignment.course.source, slug)
    yield f"{sources}/{record.name}", record.read_bytes()


def _tree(folder: Path, prefix: str, left_out: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        skipped = inside.parts[0] in left_out or "__pycache__" in inside.parts
        if path.is_file() and not skipped:
            yield f"{prefix}/{inside.as_posix()}", path.read_bytes()


def _checks(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """The hidden tests of the assignment, and what stands beside those of all assignments."""
    others = set(assignment.course.slugs) - {assignment.slug}
    left_out = (*others, *(f"{slug}{end}" for slug in others for end in (".py", SUFFIX)))
    yield from _tree(assignment.course.checks, FOLDERS["checks"], left_out=left_out)


def _data(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    dataset = DATASETS.get(assignment.dataset)  # none, where the notebook draws its own data
    files = official_files(dataset) if dataset else {}
    yield from ((f"{DOWNLOADED}/{path}", data) for path, data in files.items())
