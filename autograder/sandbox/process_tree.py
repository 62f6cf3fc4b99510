"""What a worker and all that it started use together: memory, processes, files on disk.

Runs in the template, which is the parent of the workers and outside their sandboxes. Where the
machine has no `/proc`, there is nothing to see and nothing is found to be too much.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from .buffers import held_by_kernel
from .folders import UnmeasuredError, remove_folder, sizes
from .limits import MIB, Limits
from .patience import run_delay

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")
MAX_ENTRIES = 50_000
MAX_WRITABLE = 16
# More threads and processes at once than homework has; together they get what others leave.
MANY_TASKS = 8
LAST_IN_LINE = 19  # of the priorities, see sched(7)
# Of a worker for the kernel, which ends the process of the highest rank where memory is short; all
# are above a judge's. What a process uses only shows there as far as it is resident.
FIRST_RANK, LAST_RANK, RANKS = 500, 1000, 10


def parents() -> dict[int, int]:
    """The parent of every process that can be seen and has not ended."""
    return {pid: parent for pid, state, parent in _states() if state != "Z"}


def children_of(pid: int) -> set[int]:
    """The children of a process, those included that have ended and wait to be reaped."""
    return {child for child, _, parent in _states() if parent == pid}


def pids_of(uid: int) -> set[int]:
    """The processes of a user that have not ended."""
    found = set()
    for pid in _pids():
        with contextlib.suppress(OSError):
            status = (PROC / str(pid) / "status").read_text(encoding="latin-1")
            if f"\nUid:\t{uid}\t" in status and "\nState:\tZ" not in status:
                found.add(pid)
    return found


def files_of(uid: int) -> Iterator[os.DirEntry[str]]:
    """What a user has in the folders that everybody may write to, outermost entries only."""
    waiting = list(SHARED_FOLDERS)
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                if status.st_uid == uid:
                    yield entry
                elif entry.is_dir(follow_symlinks=False) and status.st_mode & 0o002:
                    waiting.append(entry.path)


def remove(entries: Iterator[os.DirEntry[str]]) -> None:
    """Remove files and whole folders; links are not followed."""
    for entry in list(entries):
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                remove_folder(entry.path)
            else:
                os.unlink(entry.path)


class ProcessTree:
    """A worker, by its process id, with its descendants and its folder."""

    def __init__(self, pid: int, uid: int | None, folder: str, limits: Limits) -> None:
        self.pid = pid
        self.uid = uid
        self.excess = ""
        self._rank = FIRST_RANK
        self._gives_way = False
        self._folder = folder
        self._limits = limits

    def members(self, known: Mapping[int, int] | None = None) -> set[int]:
        """The worker and its descendants."""
        children = parents() if known is None else known
        found, last = {self.pid}, set[int]()
        while found != last:
            last = found
            found = found | {pid for pid, parent in children.items() if parent in found}
        return found

    def check(self, known: Mapping[int, int]) -> str:
        """What the tree has too much of, or an empty string."""
        members = self.members(known)
        if len(members) > self._limits.processes + 1:
            return f"it started more than {self._limits.processes} processes"
        self._give_way(members)
        used = self._memory(members)
        self._rank_by(used, members)
        if used > self._limits.memory:
            return f"it used more than {self._limits.memory // MIB} MiB of memory"
        return self._wrote_too_much() if self._folder else ""

    def run_delay(self, *, begun: bool) -> float:
        """Seconds that the thread without a core for longest was ready to run.

        `begun` leaves the worker itself out. A tree of many tasks lets itself wait.
        """
        if self._gives_way:
            return 0.0
        members = self.members() - ({self.pid} if begun else set())
        return max((run_delay(task) for pid in members for task in _tasks(pid)), default=0.0)

    def may_write(self) -> bool:
        """Whether one more file may be opened for writing."""
        members = self.members() if self.uid is None else pids_of(self.uid)
        writable = {file for pid in members for file in _writable(pid)}
        return len(writable) < MAX_WRITABLE and not self._wrote_too_much()

    def kill_descendants(self) -> bool:
        """Stop and kill all but the worker itself; whether there were any."""
        others = self.members() - {self.pid}
        for sign in (signal.SIGSTOP, signal.SIGKILL):
            for pid in others:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, sign)
        return bool(others)

    def _memory(self, members: Collection[int]) -> int:
        """Bytes in memory; pages that several share are told apart only where it matters."""
        held = held_by_kernel(members, PROC)
        resident = sum(_resident(pid) for pid in members)
        if resident + held <= self._limits.memory:
            return resident + held
        return sum(_proportional(pid) for pid in members) + held

    def _give_way(self, members: Collection[int]) -> None:
        """Let a tree of many tasks compute when nobody else wants to, however they are grouped."""
        tasks = [task for pid in members for task in _tasks(pid)]
        if len(tasks) > MANY_TASKS:
            self._gives_way = True
            for task in tasks:
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, int(task.name), LAST_IN_LINE)
            for pid in members:  # a session is a group with a priority of its own; ours is shared
                with contextlib.suppress(OSError):
                    if os.getsid(pid) != os.getsid(0):
                        (PROC / str(pid) / "autogroup").write_text(
                            str(LAST_IN_LINE), encoding="ascii"
                        )

    def _rank_by(self, used: int, members: Collection[int]) -> None:
        """Where the machine runs out of memory, let the kernel end what uses most of its limit."""
        share = min(used / self._limits.memory, 1.0)
        rank = FIRST_RANK + round(share * RANKS) * (LAST_RANK - FIRST_RANK) // RANKS
        if rank != self._rank:
            self._rank = rank
            for pid in members:
                with contextlib.suppress(OSError):
                    (PROC / str(pid) / "oom_score_adj").write_text(str(rank), encoding="ascii")

    def _wrote_too_much(self) -> str:
        try:
            if self._disk() <= self._limits.disk:
                return ""
        except UnmeasuredError as error:
            return str(error)
        return f"it wrote more than {self._limits.disk // MIB} MiB of files"

    def _disk(self) -> int:
        places = [self._folder]
        if self.uid is not None:
            places += [entry.path for entry in files_of(self.uid) if entry.path != self._folder]
        entries = (size for place in places for size in sizes(place))
        used = 0
        for count, size in enumerate(entries):
            used += size
            if count > MAX_ENTRIES:
                return self._limits.disk + 1
        return used


def _writable(pid: int) -> Iterator[tuple[int, int]]:
    """Device and number of the files on disk that a process has open for writing."""
    descriptors = PROC / str(pid) / "fd"
    with contextlib.suppress(OSError):
        for name in os.listdir(descriptors):
            with contextlib.suppress(OSError):
                mode = os.lstat(descriptors / name).st_mode  # its bits say how it was opened
                found = os.stat(descriptors / name)
                if mode & stat.S_IWUSR and stat.S_ISREG(found.st_mode):
                    yield found.st_dev, found.st_ino


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir(PROC) if name.isdigit()]
    except OSError:
        return []


def _states() -> Iterator[tuple[int, str, int]]:
    """Id, state and parent of every process that can be seen."""
    for pid in _pids():
        with contextlib.suppress(OSError, ValueError):
            line = (PROC / str(pid) / "stat").read_text(encoding="latin-1")
            state, parent = line.rpartition(")")[2].split()[:2]
            yield pid, state, int(parent)


def _tasks(pid: int) -> list[Path]:
    with contextlib.suppress(OSError):
        return list((PROC / str(pid) / "task").iterdir())
    return []


def _resident(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_bytes().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    """Resident bytes, where a page counts for each process by its share."""
    try:
        for line in (PROC / str(pid) / "smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return _resident(pid)
