"""A tree of files becomes one student's submission: which files, and what of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.assignment import Assignment
from autograder.printable import printable

from .archive import archive_in
from .arrange import is_kept, place
from .legible import IllegibleError, Legible, legible
from .model import CODE, OTHER_ARCHIVES, Bounds, Submission
from .trees import Entry, Found, Remark, Tree, UnreadableError, shown, too_large

_ZIPS = 3  # a zip in a zip in a zip is looked into
_SHOWN = 5


def collect(tree: Tree, student: str, assignment: Assignment, bounds: Bounds) -> Submission:
    """One student's submission out of everything in `tree`."""
    found = _unwrapped(tree.scan(bounds), bounds)
    problems = [remark.text for remark in found.remarks if _matters(remark.path)]
    placed, notes = place(found, assignment)
    taken = _read_all(placed, assignment.editable, bounds)
    nothing = _nothing(taken.files, assignment)
    absent = {} if nothing else _absent(placed, assignment)
    problems += [*notes, *taken.problems, *nothing, *absent.values()]
    return Submission(
        student=student,
        files=dict(sorted(taken.files.items())),
        problems=tuple(dict.fromkeys(problems)),
        unread=taken.unread | absent,
    )


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """What was read, what there is to say about it, and why released files are not among it."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    def leave_out(self, path: str, sentence: str, own: tuple[str, ...]) -> None:
        """Say why a file is not taken."""
        self.problems.append(sentence)
        if path in own:
            self.unread[path] = sentence


def _read_all(placed: Mapping[str, Entry], own: tuple[str, ...], bounds: Bounds) -> _Taken:
    """The contents, released paths first in line for the space there is."""
    taken = _Taken()
    room = bounds.total_bytes
    folders = {str(parent) for path in placed for parent in PurePosixPath(path).parents}
    for path in sorted(placed, key=lambda path: (path not in own, path)):
        limit = min(bounds.file_bytes, room)
        try:
            _refuse(path, placed[path], limit, taken.files, folders, bounds)
            data = placed[path].read(limit + 1)
            if len(data) > limit:
                raise UnreadableError(too_large(path, len(data), limit))
            read = _legible(path, data, own)
        except (UnreadableError, IllegibleError) as error:
            taken.leave_out(path, str(error), own)
            continue
        taken.files[path] = read.data
        taken.problems.extend(read.notes)
        room -= max(len(data), len(read.data))
    return taken


def _legible(path: str, data: bytes, own: tuple[str, ...]) -> Legible:
    """The file as it can be read; only a released one has to be legible."""
    try:
        return legible(path, data)
    except IllegibleError:
        if path in own and PurePosixPath(path).name != "__init__.py":
            raise
        return Legible(data=data)


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


def _wanted(assignment: Assignment) -> list[str]:
    # The markers of packages hold nothing to grade, and few students hand them in.
    return [path for path in assignment.editable if not path.endswith("__init__.py")]


def _nothing(files: Mapping[str, bytes], assignment: Assignment) -> list[str]:
    if any(path.endswith(CODE) for path in files):
        return []
    names = " and ".join(f"`{path}`" for path in _wanted(assignment)[:2])
    wanted = names or "the assignment's files"
    return [f"There is nothing to grade here: hand in {wanted}, alone or in a zip."]


def _absent(placed: Mapping[str, Entry], assignment: Assignment) -> dict[str, str]:
    return {
        path: f"`{path}` was not handed in." for path in _wanted(assignment) if path not in placed
    }


def _unwrapped(found: Found, bounds: Bounds) -> Found:
    """Look into the zip of a student whose folder holds one zip and no code beside it."""
    for _ in range(_ZIPS):
        zips = [entry for entry in found.entries if entry.path.casefold().endswith(".zip")]
        if len(zips) != 1 or any(entry.path.endswith(CODE) for entry in found.entries):
            break
        inside = archive_in(zips[0], bounds).scan(bounds)
        found = Found(entries=inside.entries, remarks=found.remarks + inside.remarks)
    return Found(entries=found.entries, remarks=[*found.remarks, *_other_archives(found)])


def _other_archives(found: Found) -> Iterator[Remark]:
    """What is to be said about archives that are no zip, where there is no code beside them."""
    if any(entry.path.endswith(CODE) for entry in found.entries):
        return
    for entry in found.entries[:_SHOWN]:
        if entry.path.casefold().endswith(OTHER_ARCHIVES):
            text = (
                f"`{shown(entry.path)}` cannot be opened: hand in a .zip, or the files themselves."
            )
            yield Remark(path="", text=text)


def _matters(path: str) -> bool:
    """Whether a refused file could have been part of a solution."""
    return not path or path.endswith("/") or is_kept(path)
