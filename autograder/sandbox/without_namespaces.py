"""The levels without namespaces: another user, or merely another process.

Where the kernel has Landlock (Linux 5.13), they hide files all the same.
"""

from __future__ import annotations

import importlib.util
import os
import stat
import sys
from pathlib import Path

from . import landlock
from .level import BOOT, ENVIRONMENT, PACKAGE, PYTHON_OPTIONS, SECRETS
from .visible import LIBRARIES

_BESIDE = ("solutions", "tests", ".git")


class User:
    """An unprivileged user and a filter, for containers that forbid namespaces."""

    name = "user"
    protects = (
        "files, other users' processes, the network, the machine's memory and processes"
        if landlock.version()
        else "files that other users cannot read, other users' processes, the network, the "
        "machine's memory and processes; without Landlock (Linux 5.13), what everybody may read "
        "or write is not hidden"
    )
    own_files = False

    def why_not(self) -> str:
        if sys.platform != "linux" or os.getuid() != 0:
            return "only root on Linux can give each submission a user of its own"
        return _unreadable_libraries() or ("" if landlock.version() else _readable_secrets())

    def command(self) -> list[str]:
        return _python()

    def environment(self, home: Path) -> dict[str, str]:
        return _environment(home)

    def folder(self, home: str) -> str:
        return f"{home}/submission"


class Process:
    """A separate process with limits, of the user who grades."""

    name = "process"
    protects = (
        "files and the network; of the user's own processes, memory and disk only as much as "
        "the kernel can do without being asked by root"
        if landlock.version()
        else "the grader's memory and time only; not files, not other processes"
    )
    own_files = False

    def why_not(self) -> str:
        return ""

    def command(self) -> list[str]:
        return _python()

    def environment(self, home: Path) -> dict[str, str]:
        return _environment(home)

    def folder(self, home: str) -> str:
        return f"{home}/submission"


def _python() -> list[str]:
    boot = BOOT.format(str(PACKAGE.parent), "sys.path.pop(0); ")
    return [sys.executable, *PYTHON_OPTIONS, boot]


def _environment(home: Path) -> dict[str, str]:
    folders = {"HOME": ".", "MPLCONFIGDIR": "matplotlib", "IPYTHONDIR": "ipython"}
    return ENVIRONMENT | {name: str(home / folder) for name, folder in folders.items()}


def _unreadable_libraries() -> str:
    """What of Python and its libraries a student's import would not find as another user."""
    specs = (importlib.util.find_spec(name) for name in LIBRARIES)
    origins = (spec.origin for spec in specs if spec is not None and spec.origin is not None)
    for origin in (os.__file__, *origins):
        if not open_to_all(Path(origin)):
            return f"other users cannot read {origin}; install Python where everybody may read"
    return ""


def _readable_secrets() -> str:
    """What of the hidden tests and solutions other users could read."""
    beside = [PACKAGE.parent / name for name in _BESIDE] if _is_checkout() else []
    secrets = [path for path in (PACKAGE, *beside) if path.exists() and open_to_all(path)]
    if not secrets:
        return ""
    places = " ".join(str(path) for path in secrets)
    return f"every user can read the hidden tests; run `chmod -R o-rwx {places}`"


def _is_checkout() -> bool:
    return (PACKAGE.parent / SECRETS[1]).is_dir()


def open_to_all(path: Path) -> bool:
    """Whether every user may read a file, or list a folder."""
    modes = [folder.stat().st_mode for folder in path.resolve().parents]
    return all(mode & stat.S_IXOTH for mode in modes) and bool(path.stat().st_mode & stat.S_IROTH)
