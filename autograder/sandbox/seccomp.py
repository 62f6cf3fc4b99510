"""The system calls that a submission has no use for, as a kernel filter program.

The filter refuses them with "operation not permitted"; it stands behind namespaces and
the unprivileged user. Numbers are from the kernel's `unistd` tables; the program is classic BPF
over `struct seccomp_data` (linux/seccomp.h).
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Collection

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _REFUSE, _KILL, _HOLD = 0x7FFF0000, 0x00050000, 0x80000000, 0x7FC00000
_WRITING = 0o103  # O_WRONLY, O_RDWR, O_CREAT; O_TMPFILE needs one of the first two
_NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW* flag

_X86_64 = {
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
    "pidfd_getfd": 438, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
    "unshare": 272, "setns": 308, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "keyctl": 250,
    "add_key": 248, "request_key": 249, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "init_module": 175,
    "finit_module": 313, "delete_module": 176, "kexec_load": 246, "kexec_file_load": 320,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "swapon": 167, "swapoff": 168,
    "reboot": 169, "acct": 163, "quotactl": 179, "syslog": 103, "personality": 135,
    "socket": 41, "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240,
    "landlock_create_ruleset": 444,
    # Memory that no process has mapped, which nobody would count.
    "memfd_create": 319, "memfd_secret": 447,
    "vmsplice": 278, "splice": 275, "tee": 276, "setsockopt": 54,
    # What tells of other people's files, which Landlock does not hide from it.
    "inotify_init": 253, "inotify_init1": 294, "inotify_add_watch": 254, "fanotify_init": 300,
}  # fmt: skip
_AARCH64 = {
    "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
    "pidfd_getfd": 438, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51,
    "unshare": 97, "setns": 268, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "keyctl": 219,
    "add_key": 217, "request_key": 218, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "init_module": 105,
    "finit_module": 273, "delete_module": 106, "kexec_load": 104, "kexec_file_load": 294,
    "name_to_handle_at": 264, "open_by_handle_at": 265, "swapon": 224, "swapoff": 225,
    "reboot": 142, "acct": 89, "quotactl": 60, "syslog": 116, "personality": 92,
    "socket": 198, "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180,
    "landlock_create_ruleset": 444, "memfd_create": 279, "memfd_secret": 447,
    "vmsplice": 75, "splice": 76, "tee": 77, "setsockopt": 208,
    "inotify_init1": 26, "inotify_add_watch": 27, "fanotify_init": 262,
}  # fmt: skip
# machine -> audit number, refused calls, fcntl, clone, clone3
_MACHINES = {
    "x86_64": (0xC000003E, _X86_64, 72, 56, 435),
    "aarch64": (0xC00000B7, _AARCH64, 25, 220, 435),
}
# What fcntl is not to do: F_SETPIPE_SZ, and F_SETLK, F_SETLKW and their F_OFD_ kin, for the kernel
# keeps a record of each locked range of bytes, and does not count them. F_NOTIFY tells what
# happens in a folder.
_FCNTL_COMMANDS = (1031, 6, 7, 37, 38, 1026)
# machine -> calls that open files, each with the place of its flags; None where it always writes
_OPENINGS: dict[str, dict[int, int | None]] = {
    "x86_64": {257: 2, 2: 1, 85: None},  # openat, open, creat
    "aarch64": {56: 2},
}
_OPENAT2 = 437  # everywhere


def filter_program(machine: str | None = None, *, spared: Collection[str] = ()) -> bytes | None:
    """The filter for this kind of machine as the kernel wants it, or None where we have none.

    Calls named in `spared` are let through.
    """
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    architecture, refused, fcntl, clone, clone3 = known
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        *_refuse(_JUMP_AT_LEAST, 0x40000000),  # the x32 numbers, which would slip past the list
    ]
    for number in sorted(refused[name] for name in refused.keys() - set(spared)):
        program += _refuse(_JUMP_EQUAL, number)
    # C libraries fall back from clone3, whose flags a filter cannot see, to clone.
    program += _refuse(_JUMP_EQUAL, clone3, errno.ENOSYS)
    commands = [step for number in _FCNTL_COMMANDS for step in _refuse(_JUMP_EQUAL, number)]
    program += [
        _step(_JUMP_EQUAL, fcntl, 0, len(commands) + 2),
        _step(_LOAD, _FIRST_ARGUMENT + 8),
        *commands,
        _step(_RETURN, _ALLOW),
        _step(_JUMP_EQUAL, clone, 0, 3),
        _step(_LOAD, _FIRST_ARGUMENT),
        *_refuse(_JUMP_ANY_BIT, _NEW_NAMESPACES),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(program)


def held_openings(machine: str | None = None) -> bytes | None:
    """A filter that holds what opens files for writing, for a listener to decide on; see above.

    It stands behind `filter_program`, which knows other architectures' numbers.
    """
    openings = _OPENINGS.get(machine or platform.machine())
    if openings is None:
        return None
    program = [_step(_LOAD, _NUMBER), *_refuse(_JUMP_EQUAL, _OPENAT2, errno.ENOSYS)]
    for number, flags in openings.items():
        if flags is None:
            program += [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, _HOLD)]
            continue
        program += [
            _step(_JUMP_EQUAL, number, 0, 4),
            _step(_LOAD, _FIRST_ARGUMENT + 8 * flags),
            _step(_JUMP_ANY_BIT, _WRITING, 0, 1),
            _step(_RETURN, _HOLD),
            _step(_RETURN, _ALLOW),
        ]
    return b"".join([*program, _step(_RETURN, _ALLOW)])


def _refuse(jump: int, operand: int, error: int = errno.EPERM) -> list[bytes]:
    return [_step(jump, operand, 0, 1), _step(_RETURN, _REFUSE | error)]


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
