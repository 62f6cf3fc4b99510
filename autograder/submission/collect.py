"""A tree of files becomes one student's submission: which files, and what of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from autograder.assignment import Assignment
from autograder.printable import printable

from .archive import archive_in
from .arrange import is_kept, own_paths, place
from .model import CODE, Bounds, Submission
from .trees import Entry, Found, Tree, UnreadableError, shown, too_large


def collect(tree: Tree, student: str, assignment: Assignment, bounds: Bounds) -> Submission:
    """One student's submission out of everything in `tree`."""
    found = _unwrapped(tree.scan(bounds), bounds)
    problems = [remark.text for remark in found.remarks if _matters(remark.path)]
    placed, notes = place(found, assignment)
    files, left_out = _read_all(placed, own_paths(assignment), bounds)
    problems += notes + left_out + _absent(files, placed, assignment)
    return Submission(student=student, files=files, problems=tuple(dict.fromkeys(problems)))


def _read_all(
    placed: Mapping[str, Entry], own: tuple[str, ...], bounds: Bounds
) -> tuple[dict[str, bytes], list[str]]:
    """The contents, released paths first in line for the space there is."""
    files: dict[str, bytes] = {}
    problems = []
    room = bounds.total_bytes
    folders = {str(parent) for path in placed for parent in PurePosixPath(path).parents}
    for path in sorted(placed, key=lambda path: (path not in own, path)):
        limit = min(bounds.file_bytes, room)
        try:
            _refuse(path, placed[path], limit, files, folders, bounds)
            data = placed[path].read(limit + 1)
            if len(data) > limit:
                raise UnreadableError(too_large(path, len(data), limit))
        except UnreadableError as error:
            problems.append(str(error))
            continue
        files[path] = data
        room -= len(data)
    return dict(sorted(files.items())), problems


def _refuse(
    path: str,
    entry: Entry,
    limit: int,
    files: Mapping[str, bytes],
    folders: set[str],
    bounds: Bounds,
) -> None:
    if len(files) >= bounds.files:
        raise UnreadableError(f"Only {bounds.files} files are kept; the rest was left out.")
    if printable(path, keep="") != path or "\ufffd" in path:
        raise UnreadableError(f"`{shown(path)}` has a name that cannot be shown: rename it.")
    if any(len(part.encode()) > bounds.name_bytes for part in path.split("/")):
        raise UnreadableError(f"`{shown(path)}` has too long a name: rename it.")
    if path in folders:
        raise UnreadableError(f"`{shown(path)}` is a file and a folder at once: rename one.")
    if entry.size > limit:
        raise UnreadableError(too_large(path, entry.size, limit))


def _absent(
    files: Mapping[str, bytes], placed: Mapping[str, Entry], assignment: Assignment
) -> list[str]:
    # The markers of packages hold nothing to grade, and few students hand them in.
    wanted = [path for path in own_paths(assignment) if not path.endswith("__init__.py")]
    if not any(path.endswith(CODE) for path in files):
        names = " and ".join(f"`{path}`" for path in wanted[:2]) or "the assignment's files"
        return [f"There is nothing to grade here: hand in {names}, alone or in a zip."]
    return [f"`{path}` was not handed in." for path in wanted if path not in placed]


def _unwrapped(found: Found, bounds: Bounds) -> Found:
    """Look into the zip of a student whose folder holds one zip and no code beside it."""
    zips = [entry for entry in found.entries if entry.path.casefold().endswith(".zip")]
    if len(zips) != 1 or any(entry.path.endswith(CODE) for entry in found.entries):
        return found
    inside = archive_in(zips[0], bounds).scan(bounds)
    return Found(entries=inside.entries, remarks=found.remarks + inside.remarks)


def _matters(path: str) -> bool:
    """Whether a refused file could have been part of a solution."""
    return not path or path.endswith("/") or is_kept(path)
