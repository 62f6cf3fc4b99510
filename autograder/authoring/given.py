"""What `[given]` hands out: files, whole folders, and folders as one zip. Knows no lesson.

    [given]
    "nn/solver.py" = "solutions/given/solver.py"        # one file
    "written" = "solutions/given/written"               # every file of a folder, under this path
    "written/reading.zip" = "solutions/given/reading"   # the folder as one zip: reading/...

An origin that begins with `autograder/` lies in the installed package, any other in the course.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import PACKAGE

from .errors import AuthoringError
from .settings import SETTINGS, given_table

IN_PACKAGE = "autograder/"  # how an origin begins that lies in the installed package
# What Python, Jupyter and a Mac leave behind; nobody's source, and nothing that is handed out.
LITTER = {"__pycache__", ".ipynb_checkpoints", ".DS_Store", ".ruff_cache", ".mypy_cache"}

MISSING = "[given] {path!r}: there is no file or folder {origin!r}"
OUTSIDE = "[given] {path!r}: paths are relative, with `/`, and stay inside"
EMPTY = "[given] {path!r}: the folder {origin!r} has no files"
LINK = "[given] {path!r}: {name!r} is a link to a folder or to nothing; put the files themselves"
AGAIN = "[given] {path!r}: {other!r} gives {file!r} already"
NESTED = "[given] {path!r}: {folder!r} would be a file and a folder at once"

_WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: the same bytes on every build


def given_files(assignment: Assignment) -> dict[str, bytes]:
    """What `[given]` of an assignment hands out: released path -> content.

    Raises
    ------
    AuthoringError : with the line of `assignment.toml` whose origin is missing, empty or a link,
        or whose files another line gives already.
    """
    files: dict[str, bytes] = {}
    givers: dict[str, str] = {}
    for path, origin in given_table(assignment).items():
        for file, data in _files(assignment, path, origin):
            if file in files:
                again = AGAIN.format(path=path, other=givers[file], file=file)
                raise given_error(assignment, path, again)
            files[file], givers[file] = data, path
    for file, path in givers.items():
        for folder in map(str, Path(file).parents):
            if folder in files:
                raise given_error(assignment, path, NESTED.format(path=path, folder=folder))
    return files


def given_error(assignment: Assignment, path: str, message: str) -> AuthoringError:
    """The error with the line of `assignment.toml` that gives `path`, or something above it."""
    settings = assignment.source / SETTINGS
    lines = settings.read_text(encoding="utf-8").split("\n") if settings.is_file() else []
    keys = [f'"{part}"' for part in (path, *map(str, Path(path).parents))]
    found = ((key, n) for key in keys for n, text in enumerate(lines, start=1)
             if text.lstrip().startswith(key))  # fmt: skip
    line = next((n for _, n in found), 1)
    return AuthoringError(f"{_shown(assignment)}/{SETTINGS}", line, message)


def _files(assignment: Assignment, path: str, origin: str) -> Iterator[tuple[str, bytes]]:
    """The files that one line of `[given]` hands out, in order."""
    if not (_stays_inside(path) and _stays_inside(origin)):
        raise given_error(assignment, path, OUTSIDE.format(path=path))
    place = _place(assignment, origin)
    if place.is_file():
        yield path, place.read_bytes()
        return
    if not place.is_dir():
        raise given_error(assignment, path, MISSING.format(path=path, origin=origin))
    inside = sorted(_inside(assignment, path, place))
    if not inside:
        raise given_error(assignment, path, EMPTY.format(path=path, origin=origin))
    if path.endswith(".zip"):
        yield path, _zipped(place, inside)
    else:
        yield from ((f"{path}/{name}", (place / name).read_bytes()) for name in inside)


def _place(assignment: Assignment, origin: str) -> Path:
    """Where an origin is on this machine."""
    if origin.startswith(IN_PACKAGE):
        return PACKAGE / origin.removeprefix(IN_PACKAGE)
    return assignment.course.root / origin


def _inside(assignment: Assignment, path: str, folder: Path) -> Iterator[str]:
    """The files of a folder by relative path. A link to a file counts as that file."""
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in LITTER]
        for name in [name for name in (*folders, *files) if name not in LITTER]:
            entry = Path(parent) / name
            shown = entry.relative_to(folder).as_posix()
            if entry.is_symlink() and not entry.is_file():
                raise given_error(assignment, path, LINK.format(path=path, name=shown))
            if entry.is_file():
                yield shown


def _zipped(folder: Path, inside: list[str]) -> bytes:
    """The folder as a zip that holds it under its own name; the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in inside:
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", _WHEN)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, everywhere
            archive.writestr(entry, (folder / name).read_bytes())
    return buffer.getvalue()


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and "\\" not in path and ":" not in path and not {"", ".", ".."} & set(parts)


def _shown(assignment: Assignment) -> str:
    return assignment.course.shown(assignment.source)
