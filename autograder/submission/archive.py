"""A zip as a tree, read in memory only and bounded. Never unpacks to disk, never follows a path."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from .model import MIB, VIRTUAL_ENVIRONMENT, Bounds, is_litter
from .trees import Entry, Found, Remark, UnreadableError, clean_name, shown, too_large
from .zip_names import name_of, with_legible_names

_MEMBER = b"PK\x01\x02"  # begins each line of a zip's table of contents
_ENCRYPTED = 0x1
_MAX_PATH = 1000
_SHARED = 20  # remarks that every folder of a zip may repeat
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Everything that the standard library is known to raise for a damaged zip.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # also NotImplementedError
    IndexError,
    OverflowError,
    AttributeError,
)


@dataclass(frozen=True)
class Archive:
    """Files of a zip by path, and remarks about the members that are refused.

    `newest` is when the last of its files was changed, as it says: year, month, day and so on.
    """

    members: dict[str, Entry]
    remarks: tuple[Remark, ...] = ()
    newest: tuple[int, ...] = ()

    def folders(self) -> list[str]:
        """The folders directly in it, in order."""
        return sorted(self._children)

    def files(self) -> list[str]:
        """The files directly in it, in order."""
        return sorted(path for path in self.members if "/" not in path)

    def has(self, path: str) -> bool:
        """Whether there is a file of that relative path."""
        return path in self.members

    def enter(self, folder: str) -> Archive:
        """The tree under one of its folders; remarks about no folder at all stay with each."""
        inner = [
            Remark(path=remark.path.removeprefix(folder + "/"), text=remark.text)
            for remark in self._remarks.get(folder, ())
        ]
        return Archive(self._children[folder], (*self._remarks.get("", ())[:_SHARED], *inner))

    @cached_property
    def _remarks(self) -> dict[str, list[Remark]]:
        """The remarks by the folder that they are about, or by no name for none."""
        remarks: dict[str, list[Remark]] = {}
        for remark in self.remarks:
            folder = remark.path.partition("/")[0]
            remarks.setdefault(folder if folder in self._children else "", []).append(remark)
        return remarks

    @cached_property
    def _children(self) -> dict[str, dict[str, Entry]]:
        children: dict[str, dict[str, Entry]] = {}
        for path, entry in self.members.items():
            folder, slash, rest = path.partition("/")
            if slash:
                inner = Entry(path=rest, size=entry.size, read=entry.read)
                children.setdefault(folder, {})[rest] = inner
        return children

    def entry(self, name: str) -> Entry:
        """A file directly in it."""
        return self.members[name]

    def scan(self, bounds: Bounds) -> Found:
        """Every file in it that lies no deeper than `bounds.depth`."""
        deep = {path for path in self.members if path.count("/") >= bounds.depth}
        remarks = [
            Remark(path=path, text=f"`{shown(path)}` lies more than {bounds.depth} folders deep.")
            for path in sorted(deep)[:1]
        ]
        entries = [self.members[path] for path in sorted(self.members) if path not in deep]
        return Found(entries=entries, remarks=[*self.remarks, *remarks])


def read_archive(data: bytes, name: str, bounds: Bounds) -> Archive:
    """The zip in `data`; one that cannot be read at all is an empty tree with a remark."""
    if data.count(_MEMBER) > bounds.seen:
        text = f"`{shown(name)}` holds more than {bounds.seen} files and was not opened."
        return Archive({}, (Remark(path="", text=text),))
    return _archive(io.BytesIO(data), name, bounds)


def archive_in(entry: Entry, bounds: Bounds) -> Archive:
    """The zip that is a file of another tree."""
    if entry.size > bounds.archive_bytes:
        text = too_large(entry.path, entry.size, bounds.archive_bytes)
        return Archive({}, (Remark(path="", text=text),))
    try:
        return read_archive(entry.read(bounds.archive_bytes + 1), entry.path, bounds)
    except UnreadableError as error:
        return Archive({}, (Remark(path="", text=str(error)),))


def open_archive(path: Path, bounds: Bounds) -> Archive:
    """The zip at `path`, of any size: an instructor's download of a whole class may be large.

    The file stays open as long as the tree is used.
    """
    if path.stat().st_size <= bounds.archive_bytes:
        return read_archive(path.read_bytes(), path.name, bounds)
    return _archive(path, path.name, bounds)


def _archive(file: BinaryIO | Path, name: str, bounds: Bounds) -> Archive:
    try:
        return _sorted_members(_opened(file), bounds)
    except _DAMAGED:
        text = f"`{shown(name)}` is damaged or no zip: make the zip again and hand it in."
        return Archive({}, (Remark(path="", text=text),))


def _opened(file: BinaryIO | Path) -> zipfile.ZipFile:
    # Not closed on purpose: members are read later, and the file goes with the last of them.
    try:
        return zipfile.ZipFile(file)
    except UnicodeDecodeError:
        data = file.read_bytes() if isinstance(file, Path) else _all_of(file)
        return zipfile.ZipFile(io.BytesIO(with_legible_names(data)))


def _all_of(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _sorted_members(archive: zipfile.ZipFile, bounds: Bounds) -> Archive:
    members: dict[str, Entry] = {}
    remarks: list[Remark] = []
    infos = archive.infolist()
    environments = tuple(_environments(infos))
    newest = max((info.date_time for info in infos), default=())
    for info in infos:
        path = member_path(name_of(info))
        if (
            info.filename.endswith(("/", "\\"))
            or _is_litter_path(path)
            or path.startswith(environments)
        ):
            continue
        reason = refusal(info, bounds) or ("is there twice" if path in members else "")
        if reason:
            text = f"`{shown(path)}` in the zip {reason}, and was left out."
            remarks.append(Remark(path=path, text=text))
        else:
            members[path] = _entry(archive, info, path)
    return Archive(members, tuple(remarks), newest)


def member_path(name: str) -> str:
    r"""A member's name as a relative path; `..`, roots and drives are left in, to be refused.

    >>> member_path("nn\\layers.py"), member_path("./nn//layers.py"), member_path("../x.py")
    ('nn/layers.py', 'nn/layers.py', '../x.py')
    """
    text = clean_name(name).replace("\\", "/")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    return ("/" if text.startswith("/") else "") + "/".join(parts)


def refusal(info: zipfile.ZipInfo, bounds: Bounds) -> str:
    """Why a member is not taken, as the middle of a sentence; empty when it is."""
    path = member_path(name_of(info))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/"):
        return "has a path that leads out of the folder"
    if not path or len(path) > _MAX_PATH:
        return "has no name, or too long a one"
    if kind == stat.S_IFLNK:
        return "is a symbolic link"
    if kind not in (0, stat.S_IFREG):
        return "is no ordinary file"
    if info.flag_bits & _ENCRYPTED:
        return "is protected by a password"
    if info.compress_type not in _METHODS:
        return "is packed in an unusual way (use your system's ordinary zip)"
    outputs = bounds.notebook_bytes if path.endswith(".ipynb") else 0  # often the same line
    if info.file_size > max(MIB, bounds.ratio * info.compress_size, outputs):
        return f"unpacks to more than {bounds.ratio} times its packed size"
    return ""


def _environments(infos: list[zipfile.ZipInfo]) -> Iterator[str]:
    for info in infos:
        folder, slash, name = member_path(name_of(info)).rpartition("/")
        if slash and name == VIRTUAL_ENVIRONMENT:
            yield folder + "/"


def _is_litter_path(path: str) -> bool:
    return any(is_litter(part) for part in path.split("/"))


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> Entry:
    def read(most: int) -> bytes:
        try:
            with archive.open(info) as member:
                return member.read(most)
        except _DAMAGED as error:
            text = f"`{shown(path)}` in the zip is damaged: make the zip again and hand it in."
            raise UnreadableError(text) from error

    return Entry(path=path, size=info.file_size, read=read)
