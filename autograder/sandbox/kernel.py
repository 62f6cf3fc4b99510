"""The Linux system calls that shut a process in and that Python 3.11 lacks. Knows no policy.

Every function raises `OSError` with what was refused. Numbers are those of the kernel's headers
(linux/sched.h, linux/mount.h, linux/prctl.h, linux/capability.h).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
import signal
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC = 4096, 16384

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_SET_CHILD_SUBREAPER = 1, 22, 38, 36
_SECCOMP_MODE_FILTER = 2
_SECCOMP_CALLS = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER, _NEW_LISTENER = 1, 8
_MADV_COLLAPSE = 25
HUGE_PAGE = 2 << 20
_CAPABILITY_VERSION_3 = 0x20080522

_OCTAL = re.compile(r"\\([0-7]{3})")  # how the kernel writes spaces in paths

libc = ctypes.CDLL(None, use_errno=True)


class _FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def unshare(flags: int) -> None:
    """Leave the namespaces of these kinds for new ones."""
    checked(libc.unshare(flags), "new namespaces")


def next_child_in_new_pid_namespace() -> None:
    """Let the next fork be process 1 of a PID namespace of its own; may be called again."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        checked(libc.setns(own, CLONE_NEWPID), "the own PID namespace")
    finally:
        os.close(own)
    unshare(CLONE_NEWPID)


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a new file system of that kind on `target`."""
    words = (kind.encode(), target.encode(), kind.encode(), flags, options.encode() or None)
    checked(libc.mount(*words), f"mounting {kind} on {target}")


def bind(source: int, target: str) -> None:
    """Let what this open file or folder is, with all that is mounted below it, be at `target`."""
    place = f"/proc/self/fd/{source}".encode()
    done = libc.mount(place, target.encode(), None, MS_BIND | MS_REC, None)
    checked(done, f"mounting a folder on {target}")


def mounts_below(folder: str) -> list[str]:
    """The outermost places below `folder` where something is mounted."""
    found: list[str] = []
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        place = _OCTAL.sub(lambda number: chr(int(number[1], 8)), line.split()[4])
        if place.startswith(f"{folder}/"):
            found.append(place)
    return [place for place in found if not any(place.startswith(f"{o}/") for o in found)]


def make_read_only(target: str) -> None:
    """Let nothing at or below `target` be written to."""
    place = target.encode()
    checked(libc.mount(place, place, None, MS_BIND, None), f"mounting {target} on itself")
    flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC
    checked(libc.mount(None, place, None, flags, None), f"making {target} read-only")


def drop_capabilities() -> None:
    """Give up every capability, for good once `forbid_new_privileges` was called."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    checked(libc.capset(header, (ctypes.c_uint32 * 6)()), "dropping capabilities")


def forbid_new_privileges() -> None:
    """Let no program that is started have more rights than this process, setuid or not."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def install_filter(program: bytes) -> None:
    """Bind this process and its children to a filter of system calls (classic BPF)."""
    filter_program = _FilterProgram(len(program) // 8, program)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(filter_program))


def install_listener(program: bytes) -> int:
    """Bind this process and its children to a filter, and return the listener of what it holds."""
    filter_program = _FilterProgram(len(program) // 8, program)
    call = _SECCOMP_CALLS.get(platform.machine())
    if call is None:
        raise OSError(errno.ENOSYS, "no number is known for seccomp on this machine")
    listener: int = libc.syscall(
        call, _SET_MODE_FILTER, _NEW_LISTENER, ctypes.byref(filter_program)
    )
    checked(min(listener, 0), "a listener for system calls")
    return listener


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends. A change of user undoes it."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none is lost sight of."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def gather_in_huge_pages() -> None:
    """Move this process's memory into huge pages, so that forks have less to copy (Linux 6.1).

    An older kernel refuses, and forks then take longer; nothing else changes.
    """
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        places, rights, *_, name = [*line.split(maxsplit=5), ""][:6]
        if rights == "rw-p" and name in ("", "[heap]"):
            first, last = (int(place, 16) for place in places.split("-"))
            for start in range(-(-first // HUGE_PAGE) * HUGE_PAGE, last - HUGE_PAGE + 1, HUGE_PAGE):
                libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(HUGE_PAGE), _MADV_COLLAPSE)


def _prctl(option: int, value: int, pointer: int = 0) -> None:
    words = [ctypes.c_ulong(word) for word in (value, pointer, 0, 0)]
    checked(libc.prctl(option, *words), f"prctl {option}")


def checked(result: int, action: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{os.strerror(number)} ({action})")
