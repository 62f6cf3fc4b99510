"""What is in the files that are graded, within bounds, and why some are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from autograder.printable import visible

from .legible import IllegibleError, Legible, legible
from .model import MIB, Bounds
from .outputs import without_outputs, without_pictures
from .trees import Entry, UnreadableError, shown, too_large

_COMPARED = 8 * MIB  # nobody writes as much


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was read, what there is to say about it, and why released files are not among it."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    def leave_out(self, path: str, sentence: str, own: tuple[str, ...]) -> None:
        """Say why a file is not taken."""
        self.problems.append(sentence)
        if path in own:
            self.unread[path] = sentence

    def and_then(self, more: Mapping[str, Entry], bounds: Bounds) -> Taken:
        """The same, and of other files what there is room for."""
        more = {path: entry for path, entry in more.items() if path not in self.files}
        room = bounds.total_bytes - sum(map(len, self.files.values()))
        left = replace(bounds, total_bytes=room, files=bounds.files - len(self.files))
        read = read_all(more, (), left) if more else Taken()
        return Taken(
            files=self.files | read.files,
            problems=self.problems + read.problems,
            unread=self.unread,
        )


def read_all(placed: Mapping[str, Entry], own: tuple[str, ...], bounds: Bounds) -> Taken:
    """The contents, released paths first in line for the space there is."""
    taken = Taken()
    room = bounds.total_bytes
    folders = {str(parent) for path in placed for parent in PurePosixPath(path).parents}
    for path in sorted(placed, key=lambda path: (path not in own, path)):
        limit = min(bounds.file_bytes, room)
        try:
            _refuse(path, taken.files, folders, bounds)
            read = _read(path, placed[path], limit, own, bounds)
        except (UnreadableError, IllegibleError) as error:
            taken.leave_out(path, str(error), own)
            continue
        taken.files[path] = read.data
        taken.problems.extend(read.notes)
        room -= len(read.data)
    return taken


def content(entry: Entry, bounds: Bounds) -> bytes:
    """A file to be compared with others; empty where it is too large or cannot be read."""
    try:
        data = _bytes(entry.path, entry, bounds.file_bytes, bounds)
    except UnreadableError:
        return b""
    if entry.path.endswith(".ipynb"):
        data = without_pictures(without_outputs(data))
    return data if len(data) <= _COMPARED else b""


def _bytes(path: str, entry: Entry, limit: int, bounds: Bounds) -> bytes:
    """Some bytes more than `limit` only where they may be outputs of a notebook."""
    limit = bounds.notebook_bytes if path.endswith(".ipynb") else limit
    if entry.size > limit:
        raise UnreadableError(too_large(path, entry.size, limit))
    data = entry.read(limit + 1)
    if len(data) > limit:
        raise UnreadableError(too_large(path, len(data), limit))
    return data


def _read(path: str, entry: Entry, limit: int, own: tuple[str, ...], bounds: Bounds) -> Legible:
    """A file as it can be read; only a released one has to be legible."""
    if path not in own and entry.size > limit:
        raise UnreadableError(too_large(path, entry.size, limit))
    data = _bytes(path, entry, limit, bounds)
    try:
        read = legible(path, data, most=limit)
    except IllegibleError:
        if path in own and PurePosixPath(path).name != "__init__.py":
            raise
        read = Legible(data=data)
    if len(read.data) > limit:
        raise UnreadableError(too_large(path, len(read.data), limit))
    return read


def _refuse(path: str, files: Mapping[str, bytes], folders: set[str], bounds: Bounds) -> None:
    if len(files) >= bounds.files:
        raise UnreadableError(f"Only {bounds.files} files are kept; the rest was left out.")
    if visible(path) != path or "\ufffd" in path:
        raise UnreadableError(f"`{shown(path)}` has a name that cannot be shown: rename it.")
    if any(len(part.encode()) > bounds.name_bytes for part in path.split("/")):
        raise UnreadableError(f"`{shown(path)}` has too long a name: rename it.")
    if path in folders:
        raise UnreadableError(f"`{shown(path)}` is a file and a folder at once: rename one.")
