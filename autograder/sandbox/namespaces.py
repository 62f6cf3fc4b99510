"""How a freshly forked worker is isolated, before it sees anything of the student's.

Runs in the template and in its children. Each way says what happens before the fork, in the
child, and when a worker is to end. It knows nothing of what the worker will do.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from . import kernel, landlock
from .limits import MIB, Limits, apply_limits
from .process_tree import FIRST_RANK, ProcessTree, children_of, files_of, pids_of, remove
from .seccomp import filter_program
from .visible import DEVICES, Readable, readable

NOBODY = 65534
MAX_FILES = 50_000
MAX_TERMINALS = 64
PATIENCE = 5.0
_PRIVATE = kernel.MS_NOSUID | kernel.MS_NODEV
_FILTER = filter_program() if sys.platform == "linux" else None


class Isolation(Protocol):
    """One way of isolating a worker: by namespaces, by a user of its own, or by limits alone."""

    own_processes: bool  # the worker may kill all that it can see without hitting others

    def before_fork(self) -> int | None:
        """Prepare the next fork; the user id of the worker, if it gets one of its own."""

    def isolate(self, uid: int | None, home: str, limits: Limits) -> None:
        """Isolate this process, for good. Raises `OSError`."""

    def kill(self, tree: ProcessTree) -> None:
        """Kill a worker with all that it started."""

    def clean(self, tree: ProcessTree, living: Collection[int]) -> None:
        """Remove what a worker that has ended left behind; other workers are still `living`."""


class Namespaces:
    """Inside bubblewrap: own processes, mounts, network and IPC, and an unprivileged user."""

    own_processes = True

    def __init__(self) -> None:
        # As root, workers get a user each; else bubblewrap has made a namespace with one user.
        self._uids = _unused_uids() if os.getuid() == 0 and _mapped_uids() > 1 else None
        self._kept = kernel.mounts_below("/tmp")

    def before_fork(self) -> int | None:
        kernel.next_child_in_new_pid_namespace()
        return None if self._uids is None else next(self._uids)

    def isolate(self, uid: int | None, home: str, limits: Limits) -> None:
        os.setsid()  # the kernel shares the cores out to sessions
        spaces = kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWNET
        kernel.unshare(spaces | kernel.CLONE_NEWUTS | kernel.CLONE_NEWCGROUP)
        _mount_own_folders(limits.disk, self._kept)
        _come_first_when_memory_is_short()
        if uid is None:
            _become_nobody()
        else:
            _become(uid)
        _give_up_rights(limits)

    def kill(self, tree: ProcessTree) -> None:
        os.kill(tree.pid, signal.SIGKILL)  # process 1 of its namespace takes all with it

    def clean(self, tree: ProcessTree, living: Collection[int]) -> None:
        """Nothing outlives the namespaces."""


class OtherUser:
    """An unprivileged user of its own, where the kernel grants no namespaces."""

    own_processes = True

    def __init__(self) -> None:
        self._uids = _unused_uids()
        self._readable = readable()

    def before_fork(self) -> int | None:
        return next(self._uids)

    def isolate(self, uid: int | None, home: str, limits: Limits) -> None:
        assert uid is not None
        os.setsid()
        kernel.adopt_orphans()
        _use_as_home(home)
        os.chown(home, uid, uid)
        _come_first_when_memory_is_short()
        _become(uid)
        kernel.forbid_new_privileges()
        _give_up_files(self._readable, home)
        _give_up_rights(limits)

    def kill(self, tree: ProcessTree) -> None:
        assert tree.uid is not None
        end = time.monotonic() + PATIENCE
        while pids_of(tree.uid) and time.monotonic() < end:
            _kill_all_of(tree.uid)

    def clean(self, tree: ProcessTree, living: Collection[int]) -> None:
        assert tree.uid is not None
        remove(files_of(tree.uid))


class Separate:
    """A process of its own with limits, and no more."""

    own_processes = False

    def __init__(self) -> None:
        self._readable = readable()
        if sys.platform == "linux":
            kernel.adopt_orphans()

    def before_fork(self) -> int | None:
        return None

    def isolate(self, uid: int | None, home: str, limits: Limits) -> None:
        os.setsid()
        with contextlib.suppress(AttributeError):  # only Linux has it
            kernel.adopt_orphans()
            kernel.die_with_parent()
        _use_as_home(home)
        if sys.platform == "linux":
            kernel.forbid_new_privileges()
            kernel.drop_capabilities()
            _give_up_files(self._readable, home)
        apply_limits(limits, shared_user=True)
        _filter_calls()

    def kill(self, tree: ProcessTree) -> None:
        end = time.monotonic() + PATIENCE
        os.kill(tree.pid, signal.SIGSTOP)  # it adopts what its children leave behind
        while tree.kill_descendants() and time.monotonic() < end:
            pass
        os.kill(tree.pid, signal.SIGKILL)

    def clean(self, tree: ProcessTree, living: Collection[int]) -> None:
        """Kill what a worker has left to the template by ending before it was stopped."""
        end = time.monotonic() + PATIENCE
        while (orphans := children_of(os.getpid()) - set(living)) and time.monotonic() < end:
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


ISOLATIONS: dict[str, type[Isolation]] = {
    "bubblewrap": Namespaces,
    "user": OtherUser,
    "process": Separate,
}


def _mount_own_folders(disk: int, kept: Sequence[str]) -> None:
    """Give `/tmp` and others empty file systems; `kept` is what stays mounted below `/tmp`."""
    _mount_around("/tmp", f"mode=1777,size={disk},nr_inodes={MAX_FILES}", kept)
    kernel.mount("tmpfs", "/dev/shm", _PRIVATE, f"mode=1777,size={16 * MIB},nr_inodes=1000")
    kernel.mount(
        "devpts",
        "/dev/pts",
        kernel.MS_NOSUID | kernel.MS_NOEXEC,
        f"newinstance,ptmxmode=0666,mode=620,max={MAX_TERMINALS}",
    )
    kernel.mount("proc", "/proc", _PRIVATE | kernel.MS_NOEXEC)
    for name in ("sys", "irq", "bus", "sysrq-trigger"):
        if os.path.exists(f"/proc/{name}"):
            kernel.make_read_only(f"/proc/{name}")
    os.makedirs("/tmp/matplotlib", exist_ok=True)
    os.chmod("/tmp/matplotlib", 0o777)


def _mount_around(folder: str, options: str, kept: Sequence[str]) -> None:
    """An empty file system, but for what bubblewrap has mounted below: a virtual environment."""
    descriptors = {place: os.open(place, os.O_PATH) for place in kept}
    kernel.mount("tmpfs", folder, _PRIVATE, options)
    for place, descriptor in descriptors.items():
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            os.makedirs(place)
        else:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            Path(place).touch()
        kernel.bind(descriptor, place)
        os.close(descriptor)


def _use_as_home(home: str) -> None:
    """Let programs that look for a home or a place for temporary files find this folder."""
    os.environ.update(HOME=home, TMPDIR=home, IPYTHONDIR=home, MPLCONFIGDIR=home)
    tempfile.tempdir = None


def _come_first_when_memory_is_short() -> None:
    """Let the kernel end this process, and not a judge, where the machine runs out of memory."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_RANK), encoding="ascii")


def _become(uid: int) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def _become_nobody() -> None:
    """Take a user namespace of one's own, so that the bound on processes counts only these."""
    outside = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    for name, id in zip(("uid_map", "gid_map"), outside, strict=True):
        Path("/proc/self", name).write_text(f"{NOBODY} {id} 1", encoding="ascii")


def _give_up_rights(limits: Limits) -> None:
    kernel.forbid_new_privileges()
    kernel.drop_capabilities()
    kernel.die_with_parent()
    apply_limits(limits)
    _filter_calls()


def _give_up_files(readable: Readable, home: str) -> None:
    """Keep what everybody needs, and one's own folder; where the kernel has no Landlock, all."""
    if landlock.version():
        devices = [f"/dev/{name}" for name in DEVICES]
        landlock.restrict(readable.files, [home, *devices], readable.names)


def _filter_calls() -> None:
    if _FILTER is not None:
        kernel.install_filter(_FILTER)


def _mapped_uids() -> int:
    """How many user ids exist in this user namespace."""
    try:
        lines = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
    except OSError:
        return 1 << 32
    return max(int(line.split()[0]) + int(line.split()[2]) for line in lines)


def _unused_uids() -> Iterator[int]:
    """User ids that no account has, from a random one on: other graders may run beside us."""
    first = 200_000 if _mapped_uids() > 1 << 31 else 20_000
    count = min(_mapped_uids() - 1, 1 << 31) - first
    start = secrets.randbelow(count)
    return (first + (start + step) % count for step in itertools.count())


def _kill_all_of(uid: int) -> None:
    """Kill every process of a user at once, which no fork can outrun."""
    child = os.fork()
    if child == 0:
        try:
            _become(uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
