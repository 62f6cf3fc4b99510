"""Archives and folders that no honest tool makes, too large or too odd to be stored. Made anew."""

from __future__ import annotations

import io
import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

MIB = 1 << 20
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def claim_size(archive: Path, name: str, size: int) -> None:
    """Let a zip's table of contents state another unpacked size for a member."""
    data = bytearray(archive.read_bytes())
    place = data.rfind(name.encode(), data.find(_CENTRAL))
    struct.pack_into("<I", data, place - 46 + 24, size)
    archive.write_bytes(data)


def nested_bomb(folder: Path) -> Path:
    """Zips of zips of zeros, each level ten copies of the next: 10 GB in a few kilobytes."""
    inner = _zip({"nn/layers.py": bytes(10 * MIB)})
    for level in range(3):
        inner = _zip({f"{level}-{copy}.zip": inner for copy in range(10)})
    return _only_zip(folder, inner)


def overlapping_bomb(folder: Path) -> Path:
    """A table of contents of which 20,000 lines point at one member (Fifield, 2019)."""
    data = _zip({"nn/layers.py": bytes(MIB)})
    start, end = data.index(_CENTRAL), data.index(b"PK\x05\x06")
    line = data[start:end]
    lines = b"".join(
        line.replace(b"nn/layers.py", f"nn/l{n:07}.py".encode()[:12]) for n in range(19_999)
    )
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 19_999, 19_999, len(lines), start, 0)
    return _only_zip(folder, data[:start] + lines + tail)


def many_members(folder: Path) -> Path:
    """A zip with 100,000 empty members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(100_000):
            archive.writestr(f"nn/{number}.py", "")
    return _only_zip(folder, packed.getvalue())


def many_files(folder: Path) -> Path:
    """A folder with 21,000 files."""
    for number in range(21_000):
        (folder / f"extra{number}.py").touch()
    return folder


def deep_folders(folder: Path) -> Path:
    """Folders nested 900 deep, with the module at the bottom."""
    start = os.open(folder, os.O_RDONLY)
    place = start
    for _ in range(900):  # by descriptor: the path soon is too long for a name
        os.mkdir("d", dir_fd=place)
        deeper = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = deeper
    os.close(os.open("layers.py", os.O_CREAT | os.O_WRONLY, dir_fd=place))
    os.close(place)
    return folder


def sparse_notebook(folder: Path) -> Path:
    """A notebook of 8 GiB that takes no space on the disk."""
    with open(folder / "fully_connected_nets.ipynb", "wb") as file:
        file.truncate(8192 * MIB)
    return folder


def truncated_zip(folder: Path) -> Path:
    """A zip whose second half is missing."""
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.py")}
    data = _zip(files)
    return _only_zip(folder, data[: len(data) // 2])


RECIPES: dict[str, Callable[[Path], Path]] = {
    recipe.__name__: recipe
    for recipe in (
        nested_bomb, overlapping_bomb, many_members, many_files, deep_folders,
        sparse_notebook, truncated_zip,
    )
}  # fmt: skip


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _only_zip(folder: Path, data: bytes) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    path = folder.with_suffix(".zip")
    path.unlink(missing_ok=True)
    path.write_bytes(data)
    return path
