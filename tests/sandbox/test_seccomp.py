"""The kernel filter: what it refuses, and what a caller may spare."""

from __future__ import annotations

import itertools
import struct
import time
from collections.abc import Iterator

import pytest

from autograder.sandbox.seccomp import filter_program
from autograder.sandbox.session import Session

REFUSE_WITH_EPERM = 0x00050001
JUMP_EQUAL = 0x15


def refused_numbers(program: bytes) -> Iterator[int]:
    """The system calls that are compared with, and refused by the next step."""
    steps = list(struct.iter_unpack("=HBBI", program))
    for (code, _, _, operand), (*_, result) in itertools.pairwise(steps):
        if code == JUMP_EQUAL and result == REFUSE_WITH_EPERM:
            yield operand


@pytest.mark.parametrize(
    ("machine", "socket", "mount"), [("x86_64", 41, 165), ("aarch64", 198, 40)]
)
def test_what_is_spared_is_let_through_and_nothing_else(
    machine: str, socket: int, mount: int
) -> None:
    whole = filter_program(machine)
    container = filter_program(machine, spared=("socket",))
    assert whole is not None
    assert container is not None
    assert {socket, mount} <= set(refused_numbers(whole))
    assert set(refused_numbers(whole)) - set(refused_numbers(container)) == {socket}


def test_a_machine_we_have_no_numbers_of_gets_no_filter() -> None:
    assert filter_program("pdp11") is None


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_calls_that_take_memory_from_nobody_are_refused(machine: str) -> None:
    program = filter_program(machine)
    assert program is not None
    calls = {"x86_64": {278, 275, 276, 54, 319}, "aarch64": {75, 76, 77, 208, 279}}[machine]
    assert calls <= set(refused_numbers(program))


KERNEL_MEMORY = """
import ctypes, fcntl, os, socket, struct

libc = ctypes.CDLL(None, use_errno=True)
one, other = socket.socketpair()
pipe = os.pipe()
locked = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 1, 0)


def tried(call, *arguments):
    try:
        return call(*arguments) is None
    except OSError as error:
        return error.errno


def called(call, *arguments):
    return call(*arguments) == -1 and ctypes.get_errno()


with open("file", "wb") as file:
    got = [
        tried(one.setsockopt, socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20),
        tried(fcntl.fcntl, pipe[1], 1031, 1 << 20),
        tried(fcntl.fcntl, file, fcntl.F_SETLK, locked),
        called(libc.vmsplice, pipe[1], None, 0, 0),
        called(libc.tee, pipe[0], pipe[1], 1, 0),
        called(libc.inotify_init),
        called(libc.inotify_init1, 0),
        called(libc.inotify_add_watch, 0, b".", 1),
        called(libc.fanotify_init, 0, 0),
        tried(fcntl.fcntl, os.open(".", os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_CREATE),
    ]
assert got == [1] * 10, got
# What a program may well do:
assert fcntl.fcntl(pipe[0], fcntl.F_GETFL) == 0
os.set_blocking(pipe[0], False)
fcntl.flock(open("file"), fcntl.LOCK_EX)
os.close(os.dup(pipe[0]))
one.send(b"x")
assert other.recv(1) == b"x"
import asyncio
assert asyncio.run(asyncio.sleep(0, 3)) == 3
"""


@pytest.mark.skipif(filter_program() is None, reason="no filter for this kind of machine")
def test_pipes_and_sockets_work_cannot_be_made_larger_and_nothing_is_watched(
    session: Session,
) -> None:
    assert session.run_cell("lesson", KERNEL_MEMORY, time.monotonic() + 30) is None
