"""The default level: bubblewrap around the template, and namespaces for each worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from .level import BOOT, ENVIRONMENT, PACKAGE, PYTHON_OPTIONS
from .limits import MIB
from .visible import ETC, OWN, SYSTEM, python_folders, secrets_below

WORKER_FOLDER = "/tmp/submission"
# What the template needs to isolate workers and to look after them; workers have none of it.
_CAPABILITIES = ("SYS_ADMIN", "SETUID", "SETGID", "KILL", "SYS_PTRACE", "SETFCAP")


class Bubblewrap:
    """Own mounts, processes, network and users through bubblewrap, and a system-call filter."""

    name = "bubblewrap"
    protects = "files, other processes, the network, the machine's memory, disk and users"
    own_files = True

    def why_not(self) -> str:
        program = shutil.which("bwrap")
        if program is None:
            return "bwrap is not installed; install the package bubblewrap"
        return _trial(program)

    def command(self) -> list[str]:
        return [
            "bwrap",
            *_isolation(),
            *_system_mounts(),
            *["--proc", "/proc", "--dev", "/dev"],
            *["--perms", "1777", "--size", str(16 * MIB), "--tmpfs", "/tmp"],
            *_own_mounts(),
            *["--perms", "0777", "--dir", "/tmp/matplotlib", *_font_cache()],
            *["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", "/tmp"],
            *[sys.executable, *PYTHON_OPTIONS, BOOT.format("/grader", "")],
        ]

    def environment(self, home: Path) -> dict[str, str]:
        return ENVIRONMENT | {"MPLCONFIGDIR": "/tmp/matplotlib", "IPYTHONDIR": "/tmp/ipython"}

    def folder(self, home: str) -> str:
        return WORKER_FOLDER


@cache
def _trial(program: str) -> str:
    """Start an empty sandbox once; what went wrong, or an empty string."""
    trial = [program, "--ro-bind", "/", "/", *_isolation(), "--proc", "/proc", "true"]
    tried = subprocess.run(trial, capture_output=True, text=True, timeout=20, check=False)
    return "" if tried.returncode == 0 else f"bwrap cannot start: {tried.stderr.strip()}"


def _isolation() -> list[str]:
    spaces = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    rights = [word for name in _CAPABILITIES for word in ("--cap-add", f"CAP_{name}")]
    common = [*spaces, "--unshare-cgroup-try", "--hostname", "grader", "--new-session", *rights]
    if os.getuid() == 0:  # the workers change to unprivileged users
        return common
    return [*common, "--unshare-user", "--uid", "0", "--gid", "0"]


def _system_mounts() -> list[str]:
    options = ["--ro-bind", "/usr", "/usr"]
    for name in SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    for name in ETC:
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return options


def _own_mounts() -> list[str]:
    """Python with its libraries, the worker's own code, and nothing else of the project."""
    folders = python_folders()
    options = _passable(*folders, Path("/grader/autograder/sandbox"))
    for folder in folders:
        options += ["--ro-bind", str(folder), str(folder)]
    for secret in secrets_below([Path("/usr"), *folders]):
        options += ["--tmpfs", str(secret)]
    for name in OWN:
        options += ["--ro-bind", str(PACKAGE / name), f"/grader/autograder/{name}"]
    return options


def _passable(*paths: Path) -> list[str]:
    """The folders above `paths`, which bubblewrap would make for the starting user alone."""
    above = sorted({folder for path in paths for folder in path.parents if folder != Path("/")})
    return [word for folder in above for word in ("--perms", "0755", "--dir", str(folder))]


@cache
def _font_cache() -> tuple[str, ...]:
    """Matplotlib's list of fonts, which takes it seconds to make anew in an empty home."""
    lists = _font_lists(_usual_cache()) or _font_lists(_made_cache())
    words = (("--ro-bind", str(path), f"/tmp/matplotlib/{path.name}") for path in lists)
    return tuple(word for option in words for word in option)


def _font_lists(folder: Path) -> list[Path]:
    return sorted(folder.glob("fontlist-*.json"))


def _usual_cache() -> Path:
    """Matplotlib's cache, as its documentation has it; importing it takes a tenth of a second."""
    chosen = os.environ.get("MPLCONFIGDIR")
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(chosen) if chosen else Path(caches, "matplotlib")


def _made_cache() -> Path:
    """Where Matplotlib itself puts the list, after it has made one."""
    program = "import matplotlib.font_manager; print(matplotlib.get_cachedir())"
    made = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    return Path(made.stdout.strip() or "/nonexistent")
