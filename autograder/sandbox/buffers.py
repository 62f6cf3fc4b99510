"""Memory that the kernel holds for a process, and that is in nobody's resident size.

What pipes, pairs of sockets and terminals hold cannot be read off, so what they may hold counts.
The filter (`seccomp`) keeps them from being made larger than they are by default.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

PIPE = 64 << 10
TERMINAL = 128 << 10  # 64 KiB each way
_DEFAULT = 208 << 10
_TERMINALS = ("/dev/ptmx", "/dev/pts/")


def held_by_kernel(pids: Collection[int], proc: Path) -> int:
    """Bytes that the open pipes, sockets and terminals of some processes may hold together."""
    socket, terminals, apart = _socket_bytes(proc), 0, set[str]()
    for pid in pids:
        with contextlib.suppress(OSError):
            folder = proc / str(pid) / "fd"
            for name in os.listdir(folder):
                with contextlib.suppress(OSError):
                    link = os.readlink(folder / name)
                    terminals += link.startswith(_TERMINALS)
                    apart.add(link)  # a process and its child have the same pipe
    pipes = sum(link.startswith("pipe:") for link in apart)
    sockets = sum(link.startswith("socket:") for link in apart)
    return pipes * PIPE + sockets * socket + terminals * TERMINAL


def _socket_bytes(proc: Path) -> int:
    """What one end of a pair may have sent that nobody has read."""
    try:
        return int((proc / "sys/net/core/wmem_default").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return _DEFAULT
