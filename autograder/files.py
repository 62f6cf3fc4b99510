"""Files that are written whole or not at all; folders that are not for everybody."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` at `path`: a reader, or a kill at any moment, sees the old file or the new one.

    The folder is made when it is missing. Raises `OSError` (disk full, no permission) and then
    leaves whatever was there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, without rights for other users.

    A folder that is there already stays as it is. Raises `OSError`.
    """
    for place in reversed([folder, *folder.parents]):
        with contextlib.suppress(FileExistsError):
            if not place.exists():
                place.mkdir(mode=0o770)


def is_private(folder: Path) -> bool:
    """Whether a folder, or one above it, cannot be entered by every user of the machine."""
    places = [folder.resolve(), *folder.resolve().parents]
    return not all(place.stat().st_mode & stat.S_IXOTH for place in places if place.exists())


def _umask() -> int:
    """The mask of this process, which POSIX only tells to those who set it."""
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("Umask:"):
                return int(line.split()[1], 8)
    return 0o077
