"""No file is opened for writing before the template has measured what is there already."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator

import pytest

from autograder.sandbox.levels import LEVELS, get_level
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.messages import Raised
from autograder.sandbox.process_tree import MAX_WRITABLE
from autograder.sandbox.seccomp import held_openings
from autograder.sandbox.session import LostError, Session

ON_OUR_DISK = [one.name for one in LEVELS if not one.own_files and not one.why_not()]
LIMITS = Limits(disk=8 * MIB, file_size=4 * MIB)

pytestmark = pytest.mark.skipif(
    platform.system() != "Linux", reason="only Linux lets another process decide on system calls"
)


@pytest.fixture(params=ON_OUR_DISK)
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    with Session(get_level(request.param), LIMITS) as session:
        yield session


def ran(session: Session, cell: str) -> Raised | None:
    return session.run_cell("lesson", cell, time.monotonic() + 30)


FILL = """
import errno
written, refused = 0, None
for number in range(100):
    try:
        with open(f"fill{number}", "wb") as file:
            written += file.write(bytes(1 << 20))
    except OSError as error:
        refused = error.errno
        break
assert refused == errno.EDQUOT, refused
raise LookupError(f"{written >> 20} MiB")
"""


def filled(session: Session, cell: str) -> str:
    """What a cell that fills the disk says at its end, or why the worker was ended before."""
    try:
        raised = ran(session, cell)
    except LostError as lost:
        return lost.reason
    return raised.message if raised else ""


# The look that comes ten times a second may be there before the cell ends by itself.
ENDS = ("8 MiB", "it wrote more than 8 MiB of files")


def test_what_is_written_in_many_files_ends_at_the_limit(session: Session) -> None:
    assert filled(session, FILL) in ENDS


def test_files_that_only_promise_to_be_large_count(session: Session) -> None:
    promise = FILL.replace("file.write(bytes(1 << 20))", "file.truncate(1 << 20)")
    assert filled(session, promise) in ENDS


MANY = """
import errno
kept, refused = [], None
try:
    for number in range(40):
        kept.append({open})
except OSError as error:
    refused = error.errno
assert refused == errno.EDQUOT, refused
raise LookupError(str(len(kept)))
"""


@pytest.mark.parametrize(
    "call",
    [
        'open(f"file{number}", "wb")',
        'open(f"file{number}", "a+")',
        '__import__("os").open(f"file{number}", 0o101, 0o600)',
        '__import__("tempfile").TemporaryFile(dir=".")',
        '(lambda f: (__import__("os").unlink(f.name), f))(open(f"file{number}", "wb"))',
    ],
)
def test_few_files_are_open_for_writing_at_a_time(session: Session, call: str) -> None:
    raised = ran(session, MANY.replace("{open}", call))
    assert raised is not None
    assert (raised.name, raised.message) == ("LookupError", str(MAX_WRITABLE))


def test_children_share_the_bound(session: Session) -> None:
    cell = """
import os
kept = [open(f"a{number}", "wb") for number in range(10)]
pid = os.fork()
if pid == 0:
    opened = 0
    try:
        for number in range(10):
            kept.append(open(f"b{number}", "wb"))
            opened += 1
    finally:
        os._exit(opened)
raise LookupError(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
"""
    raised = ran(session, cell)
    assert raised is not None
    assert raised.message == str(MAX_WRITABLE - 10)


def test_reading_is_not_asked_for_and_writing_one_after_the_other_is_free(session: Session) -> None:
    cell = """
for number in range(200):
    with open("log.txt", "a") as file:
        file.write("a line\\n")
    with open("log.txt") as file, open("log.txt") as other:
        assert len(file.readlines()) == number + 1
import numpy as np
np.savez("weights.npz", W1=np.ones((100, 100)))
assert np.load("weights.npz")["W1"].sum() == 1e4
"""
    assert ran(session, cell) is None


def test_the_call_whose_flags_cannot_be_seen_is_unknown(session: Session) -> None:
    cell = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
how = (ctypes.c_uint64 * 3)(0o101, 0o600, 0)
assert libc.syscall(437, -100, b"sly", ctypes.byref(how), 24) == -1
assert not os.path.exists("sly")
raise LookupError(os.strerror(ctypes.get_errno()))
"""
    raised = ran(session, cell)
    assert raised is not None
    assert raised.message == "Function not implemented"


def test_the_listener_is_not_the_student_s(session: Session) -> None:
    cell = """
import os
names = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
         if os.path.lexists(f"/proc/self/fd/{fd}")]
raise LookupError(str([name for name in names if "seccomp" in name]))
"""
    raised = ran(session, cell)
    assert raised is not None
    assert raised.message in ("[]", "[Errno 13] Permission denied: '/proc/self/fd'")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_whole_steps(machine: str) -> None:
    program = held_openings(machine)
    assert program is not None
    assert len(program) % 8 == 0


def test_where_no_numbers_are_known_there_is_no_filter() -> None:
    assert held_openings("riscv64") is None
