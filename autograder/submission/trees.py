"""A folder and a zip seen alike: names and bounded reads. Follows no link, writes nothing."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from autograder.printable import visible

from .model import VIRTUAL_ENVIRONMENT, Bounds, is_litter
from .names import os_text

_NOT_A_FILE = "`{path}` is {kind} and was left out: hand in the file itself."

_LINKLESS = getattr(os, "O_NOFOLLOW", 0)
# Without waiting: the file may have been exchanged for a pipe.
_FILE = os.O_RDONLY | _LINKLESS | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | _LINKLESS


class UnreadableError(Exception):
    """One file cannot be read; the message is a sentence for its owner."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file: `read(n)` gives at most `n` bytes, or raises `UnreadableError`."""

    path: str
    size: int
    read: Callable[[int], bytes]

    def at(self, path: str) -> Entry:
        """The same file under another name."""
        return Entry(path=path, size=self.size, read=self.read)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A sentence about something at `path` that was not taken."""

    path: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """The files of a tree in order of path, and what is to be said about the others."""

    entries: list[Entry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


class Tree(Protocol):
    """What has to be known of a folder or zip to tell whose it is."""

    def folders(self) -> list[str]:
        """The folders directly in it, in order."""

    def files(self) -> list[str]:
        """The files directly in it, in order."""

    def has(self, path: str) -> bool:
        """Whether there is a file of that relative path."""

    def enter(self, folder: str) -> Tree:
        """The tree under one of its folders."""

    def scan(self, bounds: Bounds) -> Found:
        """Every file in it, within bounds."""

    def entry(self, name: str) -> Entry:
        """A file directly in it."""


@dataclass(frozen=True)
class Folder:
    """A folder on disk. Links, devices and pipes in it are named and never opened.

    A given folder is the instructor's word and may be a link. Those entered from it have `top`, and
    are not, nor is any folder on the way from there to a file, even one that was exchanged since.
    """

    path: Path
    top: Path | None = None

    def folders(self) -> list[str]:
        """Folders and links to folders: a link is refused when it is scanned, not lost."""
        return [entry.name for entry in self._here() if entry.is_dir()]

    def files(self) -> list[str]:
        """The files and the links to files, in order."""
        return [entry.name for entry in self._here() if entry.is_file()]

    def has(self, path: str) -> bool:
        """Whether there is a file of that relative path."""
        return not self._refused() and (self.path / path).is_file()

    def enter(self, folder: str) -> Self:
        """The tree under one of its folders."""
        return type(self)(self.path / folder, top=self.top or self.path)

    def _refused(self) -> bool:
        return self.top is not None and self.path.is_symlink()

    def _here(self) -> list[os.DirEntry[str]]:
        if self.top is None:
            return _listing(self.path)
        try:
            return [] if self._refused() else _listing(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return []  # it has gone meanwhile, which must not stop the class; scanning it says so

    def entry(self, name: str) -> Entry:
        """A file directly in it."""
        return file_entry(self.path / name, name, top=self.top or self.path)

    def scan(self, bounds: Bounds) -> Found:
        """Every regular file, shallow ones first, until `bounds.seen` names were looked at."""
        found = Found()
        if self._refused():
            text = _NOT_A_FILE.format(path=shown(self.path.name), kind="a symbolic link")
            return Found(remarks=[Remark(path="", text=text)])
        for seen, (path, item) in enumerate(self._walk(found, bounds)):
            if seen >= bounds.seen:
                text = f"Only the first {bounds.seen} files were looked at; there are more."
                found.remarks.append(Remark(path="", text=text))
                break
            _sort_in(found, path, item, self.top or self.path)
        found.entries.sort(key=lambda entry: entry.path)
        return found

    def _walk(self, found: Found, bounds: Bounds) -> Iterator[tuple[str, os.DirEntry[str]]]:
        level = [("", self.path)]
        for _ in range(bounds.depth):
            deeper: list[tuple[str, Path]] = []
            for prefix, folder in level:
                try:
                    listing = _listing(folder)
                except OSError as error:
                    found.remarks.append(_unreadable(prefix, error))
                    continue
                if prefix and any(item.name == VIRTUAL_ENVIRONMENT for item in listing):
                    continue
                for item in listing:
                    path = prefix + clean_name(item.name)
                    if item.is_dir(follow_symlinks=False):
                        deeper.append((path + "/", Path(item.path)))
                    yield path, item
            level = deeper
        for prefix, _folder in level:
            text = f"`{shown(prefix)}` lies more than {bounds.depth} folders deep and was left out."
            found.remarks.append(Remark(path=prefix, text=text))


@dataclass(frozen=True)
class Chosen:
    """Some of the files and folders of a tree."""

    tree: Tree
    names: frozenset[str]

    def folders(self) -> list[str]:
        """The chosen folders, in order."""
        return [name for name in self.tree.folders() if name in self.names]

    def files(self) -> list[str]:
        """The chosen files, in order."""
        return [name for name in self.tree.files() if name in self.names]

    def has(self, path: str) -> bool:
        """Whether there is a file of that relative path."""
        return path.partition("/")[0] in self.names and self.tree.has(path)

    def enter(self, folder: str) -> Tree:
        """The tree under one of the folders."""
        return self.tree.enter(folder)

    def entry(self, name: str) -> Entry:
        """A file directly in it."""
        return self.tree.entry(name)

    def scan(self, bounds: Bounds) -> Found:
        """Every file in what was chosen, within bounds."""
        found = self.tree.scan(bounds)
        entries = [one for one in found.entries if one.path.partition("/")[0] in self.names]
        return Found(entries=entries, remarks=found.remarks)


def file_entry(path: Path, name: str, *, top: Path | None = None) -> Entry:
    """One file on disk as an entry called `name`; no folder between `top` and it may be a link."""
    above = top or path.parent
    return Entry(
        path=clean_name(name), size=_size(path), read=lambda most: _read(path, name, most, above)
    )


def clean_name(name: str) -> str:
    """A file name as composed Unicode text, so that a Mac's and a Linux's spelling agree."""
    return unicodedata.normalize("NFC", os_text(name))


def shown(path: str) -> str:
    """A path for a sentence: hidden characters written out, long ones shortened."""
    text = visible(os_text(path))
    return text if len(text) <= 100 else f"{text[:60]}…{text[-30:]}"


def too_large(path: str, size: int, limit: int) -> str:
    """The sentence for a file that exceeds its bound."""
    return (
        f"`{shown(path)}` was left out: it has {size:,} bytes, and there is room for {limit:,}. "
        "Clear the outputs of a notebook, remove data, and hand it in again."
    )


def _listing(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as items:
        return sorted((item for item in items if not is_litter(item.name)), key=lambda i: i.name)


def _sort_in(found: Found, path: str, item: os.DirEntry[str], top: Path) -> None:
    try:
        mode = item.stat(follow_symlinks=False).st_mode
    except OSError as error:
        found.remarks.append(_unreadable(path, error))
        return
    if stat.S_ISREG(mode):
        # A zip of Windows that was unpacked elsewhere may leave `nn\\layers.py`, one name.
        found.entries.append(file_entry(Path(item.path), path.replace("\\", "/"), top=top))
    elif not stat.S_ISDIR(mode):
        kind = "a symbolic link" if stat.S_ISLNK(mode) else "no ordinary file"
        text = _NOT_A_FILE.format(path=shown(path), kind=kind)
        found.remarks.append(Remark(path=path, text=text))


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0  # reading it will say why


def _opened(path: Path, top: Path) -> int:
    """A descriptor of a file, to which no link leads from `top`, whatever was exchanged meanwhile.

    Each folder is opened in the one before it: a path as a whole would follow links in its middle.
    """
    if os.open not in os.supports_dir_fd:
        return os.open(path, _FILE)
    *folders, name = path.relative_to(top).parts
    place = os.open(top, _FOLDER & ~_LINKLESS)
    try:
        for folder in folders:
            deeper = os.open(folder, _FOLDER, dir_fd=place)
            os.close(place)
            place = deeper
        return os.open(name, _FILE, dir_fd=place)
    finally:
        os.close(place)


def _read(path: Path, name: str, most: int, top: Path) -> bytes:
    try:
        with open(_opened(path, top), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableError(_NOT_A_FILE.format(path=shown(name), kind="no ordinary file"))
            return file.read(most)
    except OSError as error:
        if path.is_symlink():
            text = _NOT_A_FILE.format(path=shown(name), kind="a symbolic link")
            raise UnreadableError(text) from error
        raise UnreadableError(_unreadable(name, error).text) from error


def _unreadable(path: str, error: OSError) -> Remark:
    reason = (error.strerror or "unknown reason").lower()
    return Remark(path=path, text=f"`{shown(path) or '.'}` could not be read: {reason}.")
