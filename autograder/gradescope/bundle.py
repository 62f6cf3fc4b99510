"""The zip for Gradescope: scripts, the grader, one assignment's checks and data. Grades nothing.

No reference solution is in it. The grader has to know which files students edit, so those of
`solutions/` are there by name, and empty.
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

from autograder.assignment import Assignment
from autograder.files import write_atomically
from autograder.grading.loading import read_release
from autograder.judging.check import load_checks
from autograder.reports.wording import number
from datasets.places import require
from datasets.registry import DATASETS

from .settings import FILE, Settings

_PACKAGE = Path(__file__).resolve().parent.parent
_SCRIPTS = _PACKAGE / "gradescope" / "scripts"
_EXECUTABLE = ("setup.sh", "run_autograder")
# Nothing of these is needed to grade: they make assignments, or are other ways of grading them.
_LEFT_OUT = ("authoring", "nbgrader_plugin", "attacks", "demo.py", "cli.py", "checks")
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
    points = sum(check.counted for check in load_checks(assignment.checks_module).values())
    return Bundle(path=path, points=points, size=len(buffer.getbuffer()))


def requirements() -> str:
    """The libraries that grading needs, in the versions with which it works here."""
    wanted = importlib.metadata.requires("autograder") or []
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
    yield from _tree(_PACKAGE, "autograder", left_out=_LEFT_OUT)
    yield from _tree(_PACKAGE / "checks" / assignment.slug, f"autograder/checks/{assignment.slug}")
    yield "autograder/checks/__init__.py", (_PACKAGE / "checks" / "__init__.py").read_bytes()
    yield from _tree(_PACKAGE.parent / "datasets", "datasets")
    yield from _tree(assignment.release, f"assignments/{assignment.slug}")
    yield from _names(assignment)
    yield from _data(assignment)


def _tree(folder: Path, prefix: str, left_out: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        skipped = inside.parts[0] in left_out or "__pycache__" in inside.parts
        if path.is_file() and not skipped:
            yield f"{prefix}/{inside.as_posix()}", path.read_bytes()


def _names(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """The source of the assignment: its settings, and the names of its files."""
    source = f"solutions/{assignment.slug}"
    settings = assignment.source / "assignment.toml"
    yield f"{source}/assignment.toml", settings.read_bytes()
    for path in (*assignment.lessons, *assignment.modules):
        yield f"{source}/{path.relative_to(assignment.source).as_posix()}", b""


def _data(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    dataset = DATASETS.get(assignment.dataset)  # none, where the notebook draws its own data
    if dataset is None or not dataset.downloads:
        return
    place = require(dataset)
    if place.is_file():
        yield f"data/{place.name}", place.read_bytes()
        return
    for names in dataset.unpacked:
        found = [_packed_or_not(place / name) for name in names]
        if all(path.is_file() for path in found):
            yield from ((f"data/{path.name}", path.read_bytes()) for path in found)
            return


def _packed_or_not(path: Path) -> Path:
    return path if path.is_file() else path.with_name(f"{path.name}.gz")
