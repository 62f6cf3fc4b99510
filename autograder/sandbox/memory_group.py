"""A control group of the kernel that bounds the memory of one worker, where one can be had.

It holds by construction what is looked at ten times a second otherwise, and counts what the kernel
holds for a process too. Both versions of control groups are known; root, or whoever has been
delegated a tree, can make one. Runs in the judge: a submission never sees a file of it.
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
SLACK = 64 * MIB  # what the kernel holds for any process
PATIENCE = 2.0  # seconds that ended processes may take to leave
GROUP, LOOKED_AT = "cgroup", "watched"

_numbers = itertools.count()


class MemoryGroup:
    """A group that a worker joins before it sees anything of the student's.

    Raises
    ------
    OSError : none can be had.
    """

    def __init__(self, parent: Path, limits: Limits) -> None:
        self._path = parent / f"autograder-{os.getpid()}-{next(_numbers)}"
        self._path.mkdir()
        try:
            self._bound(limits.memory + limits.disk + SLACK)  # its files are in memory as well
            self.joining = os.open(self._path / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            self._path.rmdir()
            raise

    def _bound(self, most: int) -> None:
        for name, swap in FILES.items():
            if (self._path / name).exists():
                (self._path / name).write_text(str(most), encoding="ascii")
                with contextlib.suppress(OSError):  # a kernel without swap has no such file
                    if swap:
                        (self._path / swap).write_text("0", encoding="ascii")
                return
        raise OSError(errno.ENOTSUP, "the group does not bound memory")

    def close(self) -> None:
        """Remove the group, whose processes have ended or are about to."""
        os.close(self.joining)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self._path.rmdir()
                return
            except OSError:
                if time.monotonic() > end:
                    logger.warning("%s could not be removed", self._path)
                    return
                time.sleep(0.005)


def join(group: int) -> None:
    """Put this process into the group whose `joining` this is."""
    os.write(group, b"0")


def memory_group(limits: Limits) -> MemoryGroup | None:
    """A group for one worker, or None where none can be had."""
    parent = _parent()
    if parent is None:
        return None
    with contextlib.suppress(OSError):
        return MemoryGroup(parent, limits)
    return None


def memory_bound() -> str:
    """How a submission's memory is bounded on this machine: `cgroup`, or `watched`."""
    return LOOKED_AT if _parent() is None else GROUP


@cache
def _parent() -> Path | None:
    """The group in which others can be made; it has been tried with a process."""
    for parent in _candidates():
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            group = MemoryGroup(parent, Limits())
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
