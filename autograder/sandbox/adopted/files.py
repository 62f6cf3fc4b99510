"""Files that the student's code and the tests write, for either to read. Released ones stay."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

MAX_FILES = 200
MAX_TOTAL = 32 << 20
_RUN = (".py", ".pyc", ".so", ".pth", ".zip", ".egg", ".pkl", ".pickle", ".ipynb")
MENTIONED = re.compile(
    r"open\(|\bos\.|Path\(|read_|loadtxt|genfromtxt|to_csv|savetxt|savefig|\.load\(|\.save|sqlite"
    r"|glob|exists|isfile|listdir"
)


class AsksForFiles(Protocol):
    """See `line.StudentLine`."""

    def ask(self, op: str, *args: object) -> Any:
        """See there."""

    def allow(self, use: str, kind: str) -> None:
        """See there."""


class SharedFiles:
    """The files of the judge's folder; those that were there stay, if the reference lets them."""

    def __init__(self) -> None:
        self._given = frozenset(listed())
        self._known = listed()
        self._brought = 0

    def bring(self, line: AsksForFiles) -> None:
        """Take over what the student's code has written. A name that leads elsewhere is left."""
        found = line.ask("files")
        for path, content in list(found.items())[:MAX_FILES] if isinstance(found, dict) else ():
            known = isinstance(path, str) and isinstance(content, bytes)
            if known and self._may_write(path, line):
                self._brought += len(content)
                if self._brought <= MAX_TOTAL:
                    Path(path).parent.mkdir(parents=True, exist_ok=True)
                    Path(path).write_bytes(content)
        self._known = listed()

    def send(self, line: AsksForFiles) -> None:
        """Hand over what the tests have written since."""
        now = listed()
        new = [path for path, stamp in now.items() if self._known.get(path) != stamp]
        if gone := sorted(self._known.keys() - now.keys()):
            line.ask("remove", gone[:MAX_FILES])
        if new:
            line.ask("write", {path: Path(path).read_bytes() for path in new[:MAX_FILES]})
        self._known = now

    def _may_write(self, path: str, line: AsksForFiles) -> bool:
        """Whether a file may be taken over; a released one where the reference writes it."""
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or not parts or "\0" in path:
            return False
        inside = Path(path).resolve().is_relative_to(Path.cwd().resolve())
        if not inside or path.casefold().endswith(_RUN):
            return False
        if path in self._given:
            try:
                line.allow(f"file:{path}", "file")
            except TypeError:
                return False
        return True


def listed() -> dict[str, tuple[int, int]]:
    """The files of the working folder with when they were written, and how large they are."""
    found = {}
    for folder, folders, files in os.walk("."):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        for name in files:
            with contextlib.suppress(OSError):
                path = os.path.join(folder, name)
                status = os.stat(path)
                found[os.path.relpath(path)] = status.st_mtime_ns, status.st_size
    return found
