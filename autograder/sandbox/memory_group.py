"""A control group of the kernel that bounds the memory of all workers of a template together.

Where one can be had, it holds by construction what is looked at ten times a second otherwise, and
counts what the kernel holds for a process too. Both versions of control groups are known; root, or
whoever has been delegated a tree, can make one. Runs in the judge: a submission never sees it. A
template joins once and its workers are born there, for the kernel takes milliseconds for a move.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import logging
import os
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .limits import MIB, Limits

logger = logging.getLogger(__name__)

ROOT = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")
FILES = {"memory.max": "memory.swap.max", "memory.limit_in_bytes": ""}  # version 2, version 1
TEMPLATE = 512 * MIB  # of the template itself, and what the kernel holds for any process
# A command that joins by its standard input, and goes on as the one that follows.
JOINING = ("/bin/sh", "-c", 'echo 0 >&0; exec "$@" </dev/null', "sh")
PATIENCE = 2.0  # seconds that ended processes may take to leave
GROUP, LOOKED_AT = "cgroup", "watched"

_numbers = itertools.count()


class MemoryGroup:
    """A group for one template, with as much memory as its workers may have together.

    Raises
    ------
    OSError : none can be had.
    """

    def __init__(self, parent: Path) -> None:
        self.path = parent / f"autograder-{os.getpid()}-{next(_numbers)}"
        self._workers: dict[int, int] = {}
        self.path.mkdir()
        try:
            self._bound(TEMPLATE)
            self.joining = os.open(self.path / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            self.path.rmdir()
            raise

    def allow(self, limits: Limits) -> None:
        """Make room for one worker more, which is about to start; its files are in memory too."""
        self._bound(TEMPLATE + sum(self._workers.values()) + limits.memory + limits.disk)

    def count(self, worker: int, limits: Limits) -> None:
        """Remember a worker that has started."""
        self._workers[worker] = limits.memory + limits.disk

    def forget(self, worker: int) -> None:
        """Take the room of a worker that has ended away."""
        self._workers.pop(worker, None)
        with contextlib.suppress(OSError):  # what it had is not free yet
            self._bound(TEMPLATE + sum(self._workers.values()))

    def _bound(self, most: int) -> None:
        for name, swap in FILES.items():
            if (self.path / name).exists():
                (self.path / name).write_text(str(most), encoding="ascii")
                with contextlib.suppress(OSError):  # a kernel without swap has no such file
                    if swap:
                        (self.path / swap).write_text("0", encoding="ascii")
                return
        raise OSError(errno.ENOTSUP, "the group does not bound memory")

    def close(self) -> None:
        """Remove the group, whose processes have ended or are about to."""
        with contextlib.suppress(OSError):  # where it is closed already
            os.close(self.joining)
        end = time.monotonic() + PATIENCE
        while self.path.exists():
            try:
                self.path.rmdir()
            except OSError:
                if time.monotonic() > end:
                    logger.warning("%s could not be removed", self.path)
                    return
                time.sleep(0.005)


def memory_group() -> MemoryGroup | None:
    """A group for one template, or None where none can be had."""
    parent = _parent()
    if parent is not None:
        with contextlib.suppress(OSError):
            return MemoryGroup(parent)
    return None


def memory_bound() -> str:
    """How a submission's memory is bounded on this machine: `cgroup`, or `watched`."""
    return LOOKED_AT if _parent() is None else GROUP


@cache
def _parent() -> Path | None:
    """The group in which others can be made; it has been tried with a process."""
    for parent in _candidates():
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            group = MemoryGroup(parent)
            _remove_left_over(parent)
            try:
                command = ["/bin/sh", "-c", "echo 0"]
                subprocess.run(command, stdout=group.joining, check=True, timeout=5)
                return parent
            finally:
                group.close()
    return None


def _remove_left_over(parent: Path) -> None:
    """Remove what graders that were killed have left."""
    for path in parent.glob("autograder-*-*"):
        if not Path("/proc", path.name.split("-")[1]).exists():
            with contextlib.suppress(OSError):
                path.rmdir()


def _candidates() -> Iterator[Path]:
    """This process's own group and, where it cannot be seen from in here, the outermost."""
    with contextlib.suppress(OSError):
        for line in OWN.read_text(encoding="utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers in ("", "memory"):
                root = ROOT / controllers
                yield from dict.fromkeys((root / path.lstrip("/"), root))
