"""How strongly a worker is shut in: each level turns "run the worker" into a command.

`bubblewrap` is the sandbox; `process` is a separate process with limits and no more, and has to
be asked for by name. Which files a level shows to the worker is decided here and nowhere else.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from .limits import MIB, Limits

PACKAGE = Path(__file__).resolve().parent.parent
WORKER_FOLDER = "/tmp/submission"
_BOOT = "import sys; sys.path.insert(0, {0!r}); import autograder.sandbox.worker as w; {1}w.main()"
_LIBRARIES = ("numpy", "IPython", "matplotlib", "msgspec")
_SECRETS = ("autograder", "solutions", "assignments", "tests", ".git")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime", "passwd")
_ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    # One thread each: several submissions run at once, and BLAS would oversubscribe the cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class UnknownLevelError(ValueError):
    """No sandbox level has that name."""


class UnavailableLevelError(RuntimeError):
    """The level exists, but not on this machine; the message says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a level needs to know of one worker: a private host folder, its limits, a filter."""

    scratch: Path
    limits: Limits
    uid: int
    filter_number: int | None


class Level(Protocol):
    """One way of shutting a worker in."""

    name: str
    protects: str

    def why_not(self) -> str:
        """Why the level is not available here, or an empty string."""

    def command(self, place: Place) -> list[str]:
        """The command up to the worker's own arguments."""

    def environment(self, place: Place) -> dict[str, str]:
        """The whole environment of the command."""

    def folder(self, place: Place) -> str:
        """The working folder, as the worker sees it."""

    def own_processes(self) -> bool:
        """Whether the worker is alone in its PID namespace."""

    def drops_to(self, place: Place) -> int | None:
        """The user id that the worker takes on by itself, if it has to."""


class Bubblewrap:
    """Own mounts, processes, network and users through bubblewrap, and a system-call filter."""

    name = "bubblewrap"
    protects = "files, other processes, the network, the machine's memory, disk and users"

    def why_not(self) -> str:
        program = shutil.which("bwrap")
        if program is None:
            return "bwrap is not installed; install the package bubblewrap"
        return _trial(program)

    def command(self, place: Place) -> list[str]:
        writable = ["--perms", "1777", "--size"]
        return [
            "bwrap",
            *_isolation(),
            *_system_mounts(),
            *["--proc", "/proc", "--dev", "/dev"],
            *[*writable, str(place.limits.disk), "--tmpfs", "/tmp"],
            *[*writable, str(16 * MIB), "--tmpfs", "/dev/shm"],
            *_own_mounts(),
            *["--perms", "0777", "--dir", "/tmp/matplotlib", *_font_cache()],
            *["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", "/tmp"],
            *(["--seccomp", str(place.filter_number)] if place.filter_number is not None else []),
            *[sys.executable, "-P", "-s", "-B", "-u", "-c", _BOOT.format("/grader", "")],
        ]

    def environment(self, place: Place) -> dict[str, str]:
        return _ENVIRONMENT | {"MPLCONFIGDIR": "/tmp/matplotlib", "IPYTHONDIR": "/tmp/ipython"}

    def folder(self, place: Place) -> str:
        return WORKER_FOLDER

    def own_processes(self) -> bool:
        return True

    def drops_to(self, place: Place) -> int | None:
        return place.uid if os.getuid() == 0 else None


class Process:
    """A separate process with limits: it sees the files and the network that the grader sees."""

    name = "process"
    protects = "the grader's memory and time only; not files, not the network, not other processes"

    def why_not(self) -> str:
        return ""

    def command(self, place: Place) -> list[str]:
        forget = "sys.path.pop(0); "
        return [
            sys.executable,
            "-P",
            "-s",
            "-B",
            "-u",
            "-c",
            _BOOT.format(str(PACKAGE.parent), forget),
        ]

    def environment(self, place: Place) -> dict[str, str]:
        private = {"HOME": "", "MPLCONFIGDIR": "matplotlib", "IPYTHONDIR": "ipython"}
        return _ENVIRONMENT | {
            name: str(place.scratch / folder) for name, folder in private.items()
        }

    def folder(self, place: Place) -> str:
        return str(place.scratch / "submission")

    def own_processes(self) -> bool:
        return False

    def drops_to(self, place: Place) -> int | None:
        return None


LEVELS: tuple[Level, ...] = (Bubblewrap(), Process())


def get_level(name: str) -> Level:
    """The level of that name. Raises `UnknownLevelError`, `UnavailableLevelError`."""
    for level in LEVELS:
        if level.name == name:
            reason = level.why_not()
            if reason:
                raise UnavailableLevelError(f"The sandbox level {name} is not available: {reason}.")
            return level
    known = ", ".join(level.name for level in LEVELS)
    raise UnknownLevelError(f"No sandbox level is called {name!r}. There are: {known}.")


def diagnose() -> list[tuple[str, bool, str]]:
    """Each level with whether it is available, and what it protects or what is missing."""
    found = []
    for level in LEVELS:
        reason = level.why_not()
        found.append((level.name, not reason, reason or f"protects {level.protects}"))
    return found


@cache
def _trial(program: str) -> str:
    """Start an empty sandbox once; what went wrong, or an empty string."""
    trial = [program, "--ro-bind", "/", "/", *_isolation(), "--proc", "/proc", "true"]
    tried = subprocess.run(trial, capture_output=True, text=True, timeout=20, check=False)
    return "" if tried.returncode == 0 else f"bwrap cannot start: {tried.stderr.strip()}"


def _isolation() -> list[str]:
    spaces = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    common = [*spaces, "--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    if os.getuid() == 0:  # the worker itself changes to an unprivileged user
        return [*common, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*common, "--unshare-user", "--uid", "65534", "--gid", "65534"]


def _system_mounts() -> list[str]:
    options = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    for name in _ETC:
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return options


def _own_mounts() -> list[str]:
    """Python with its libraries, the worker's own code, and nothing else of the project."""
    folders = _python_folders()
    options = _passable(*folders, Path("/grader/autograder/sandbox"))
    for folder in folders:
        options += ["--ro-bind", str(folder), str(folder)]
    for secret in _secrets_below([Path("/usr"), *folders]):
        options += ["--tmpfs", str(secret)]
    for name in ("__init__.py", "sandbox"):
        options += ["--ro-bind", str(PACKAGE / name), f"/grader/autograder/{name}"]
    return options


def _passable(*paths: Path) -> list[str]:
    """The folders above `paths`, which bubblewrap would make for the starting user alone."""
    above = sorted({folder for path in paths for folder in path.parents if folder != Path("/")})
    return [word for folder in above for word in ("--perms", "0755", "--dir", str(folder))]


def _python_folders() -> list[Path]:
    folders = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent}
    for name in _LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folders.add(Path(spec.origin).parent.parent)
    outer = {folder for folder in folders if not folder.is_relative_to("/usr")}
    return sorted(f for f in outer if not any(f != g and f.is_relative_to(g) for g in outer))


def _secrets_below(shown: list[Path]) -> Iterator[Path]:
    for name in _SECRETS:
        path = PACKAGE.parent / name
        if path.is_dir() and any(path.is_relative_to(folder) for folder in shown):
            yield path


@cache
def _font_cache() -> tuple[str, ...]:
    """Matplotlib's list of fonts, which takes it seconds to make anew in an empty home."""
    import matplotlib

    cache = Path(matplotlib.get_cachedir())
    if not list(cache.glob("fontlist-*.json")):
        subprocess.run(
            [sys.executable, "-c", "import matplotlib.font_manager"],
            check=False,
            capture_output=True,
        )
    options = []
    for path in sorted(cache.glob("fontlist-*.json")):
        options += ["--ro-bind", str(path), f"/tmp/matplotlib/{path.name}"]
    return tuple(options)
