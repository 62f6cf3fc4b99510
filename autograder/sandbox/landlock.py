"""Landlock: a process gives up all files but some, as any user and without namespaces.

Numbers and structures are those of linux/landlock.h; what each version of the interface adds is in
the kernel's `userspace-api/landlock.rst`. Knows no policy.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from functools import cache

from .kernel import checked, libc

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_ALL_OF_VERSION_1 = (1 << 13) - 1
_BIND_TCP, _CONNECT_TCP = 1 << 0, 1 << 1
_ABSTRACT_UNIX_SOCKETS, _SIGNALS = 1 << 0, 1 << 1

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_DEVICES = _MAKE_CHAR | _MAKE_BLOCK
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE  # the rest is for folders


@cache
def version() -> int:
    """The version of the interface that the kernel grants; 0 where it has or allows none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)))


def restrict(
    readable: Iterable[str], writable: Iterable[str], listable: Iterable[str] = ()
) -> None:
    """Leave this process and its children these files and folders with all below, for good.

    Of those that are only `listable`, names can be had and no contents.
    As far as the kernel knows how, TCP, abstract sockets and signals to other processes go as
    well. Paths that cannot be reached are left out. New privileges have to be forbidden before.
    Raises `OSError`.
    """
    handled = _ALL_OF_VERSION_1 | (version() >= 2 and _REFER) | (version() >= 3 and _TRUNCATE)
    ruleset = _new_ruleset(handled)
    try:
        for path in readable:
            _allow(ruleset, path, _READ)
        for path in writable:
            _allow(ruleset, path, handled & ~_DEVICES)
        for path in listable:
            _allow(ruleset, path, _READ_DIR)
        checked(libc.syscall(_RESTRICT_SELF, ruleset, 0), "Landlock")
    finally:
        os.close(ruleset)


def _new_ruleset(handled: int) -> int:
    attributes = struct.pack("=Q", handled)
    if version() >= 4:
        attributes += struct.pack("=Q", _BIND_TCP | _CONNECT_TCP)
    if version() >= 6:
        attributes += struct.pack("=Q", _ABSTRACT_UNIX_SOCKETS | _SIGNALS)
    size = ctypes.c_size_t(len(attributes))
    ruleset = int(libc.syscall(_CREATE_RULESET, attributes, size, 0))
    checked(min(ruleset, 0), "Landlock's rules")
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        allowed = rights if os.path.isdir(path) else rights & _OF_A_FILE
        rule = struct.pack("=Qi", allowed, place)
        checked(libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0), path)
    finally:
        os.close(place)
