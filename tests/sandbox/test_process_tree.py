"""Are memory, processes and disk bounded for all of a submission together?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.buffers import PIPE, TERMINAL, held_by_kernel
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.process_tree import (
    FIRST_RANK,
    LAST_IN_LINE,
    LAST_RANK,
    PROC,
    ProcessTree,
    files_of,
    parents,
    pids_of,
    remove,
)
from autograder.sandbox.session import LostError, Session

SHARED_MEMORY = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        block = bytearray(250 << 20)
        time.sleep(60)
time.sleep(60)
"""
PROCESSES = """
import subprocess, time
for _ in range(30): subprocess.Popen(["sleep", "60"])
time.sleep(60)
"""
FILES = """
import time
for number in range(6):
    with open(f"{number}.bin", "wb") as file: file.write(bytes(30 << 20))
time.sleep(60)
"""


def lost(level_name: str, limits: Limits, cell: str) -> LostError:
    with Session(get_level(level_name), limits) as session:
        with pytest.raises(LostError) as caught:
            session.run_cell("lesson", cell, time.monotonic() + 30)
        return caught.value


def test_memory_of_many_small_processes_is_added_up(level_name: str) -> None:
    reason = lost(level_name, Limits(memory=1 << 30), SHARED_MEMORY).reason
    assert reason == "it used more than 1024 MiB of memory"


def test_memory_that_processes_share_counts_once(level_name: str) -> None:
    limits = Limits(memory=512 * MIB, cell_seconds=20)
    cell = """
import os, time
block = bytearray(150 << 20)
for _ in range(6):
    if os.fork() == 0:
        time.sleep(60)
time.sleep(1)
"""
    with Session(get_level(level_name), limits) as session:
        assert session.run_cell("lesson", cell, time.monotonic() + 20) is None


def test_processes_are_counted_also_where_the_user_is_shared() -> None:
    reason = lost("process", Limits(processes=20), PROCESSES).reason
    assert reason == "it started more than 20 processes"


def test_files_are_added_up_where_the_disk_is_shared() -> None:
    """A file that is open already may grow; to open another is refused, see `test_write_gate`."""
    one = FILES.replace("for number in range(6)", "for number in range(1)").replace(
        "30 <<", "60 <<"
    )
    reason = lost("process", Limits(disk=50 * MIB), one).reason
    assert reason == "it wrote more than 50 MiB of files"


def test_files_are_bounded_where_the_worker_has_its_own() -> None:
    with Session(get_level("bubblewrap"), Limits(disk=100 * MIB)) as session:
        raised = session.run_cell("lesson", FILES, time.monotonic() + 30)
    assert raised is not None
    assert (raised.name, raised.message) == ("OSError", "[Errno 28] No space left on device")


def test_many_empty_files_are_bounded_too() -> None:
    cell = "for number in range(60_000): open(str(number), 'w').close()"
    with Session(get_level("bubblewrap"), Limits()) as session:
        raised = session.run_cell("lesson", cell, time.monotonic() + 60)
    assert raised is not None
    assert "No space left on device" in raised.message


def test_what_the_kernel_holds_for_a_submission_counts(level_name: str) -> None:
    cell = """
import os, socket, time
for _ in range(8):
    if os.fork() == 0:
        pairs = [socket.socketpair() for _ in range(100)]
        time.sleep(60)
time.sleep(60)
"""
    reason = lost(level_name, Limits(memory=256 * MIB), cell).reason
    assert reason == "it used more than 256 MiB of memory"


def test_pipes_sockets_and_terminals_are_counted_once_each() -> None:
    before = held_by_kernel({os.getpid()}, PROC)
    pipe, pair, terminal = os.pipe(), socket.socketpair(), os.openpty()
    copies = [os.dup(pipe[0]), os.dup(pair[0].fileno())]
    try:
        grown = held_by_kernel({os.getpid()}, PROC) - before
    finally:
        for descriptor in (*pipe, *terminal, *copies):
            os.close(descriptor)
        for one in pair:
            one.close()
    socket_bytes = int((PROC / "sys/net/core/wmem_default").read_text())
    assert grown == PIPE + 2 * socket_bytes + 2 * TERMINAL
    assert held_by_kernel({4_000_000}, PROC) == 0


def test_whoever_uses_most_is_the_first_that_the_kernel_ends() -> None:
    hungry = "block = bytearray(300 << 20); print(flush=True); input()"
    modest = "print(flush=True); input()"
    ranks, before = [], int((PROC / "self" / "oom_score_adj").read_text())
    for program in (hungry, modest):
        command = [sys.executable, "-c", program]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
            assert one.stdout is not None
            one.stdout.readline()
            ProcessTree(one.pid, None, "", Limits(memory=512 * MIB)).check(parents())
            ranks.append(int((PROC / str(one.pid) / "oom_score_adj").read_text()))
            one.communicate(b"\n")
    assert FIRST_RANK < ranks[0] <= LAST_RANK
    assert ranks[1] == before  # a small part of its limit: as it was born


FORKS = """
import os, sys, time
for _ in range(int(sys.argv[1])):
    if os.fork() == 0:
        if sys.argv[2] == "alone":
            os.setsid()
        print("up", flush=True)
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""


def priorities(number: int, how: str) -> tuple[set[int], set[str]]:
    """Of a worker that starts so many processes: their nice values, and those of their groups."""
    with subprocess.Popen(
        [sys.executable, "-c", FORKS, str(number), how],
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as worker:
        tree = ProcessTree(worker.pid, None, "", Limits())
        try:
            assert worker.stdout is not None
            for _ in range(number):
                worker.stdout.readline()
            tree.check(parents())
            members = tree.members()
            assert len(members) == number + 1
            nice = {os.getpriority(os.PRIO_PROCESS, pid) for pid in members}
            groups = {
                (PROC / str(pid) / "autogroup").read_text().split()[-1]
                for pid in members
                if (PROC / str(pid) / "autogroup").exists()
            }
        finally:
            tree.kill_descendants()
            worker.kill()
    return nice, groups


@pytest.mark.parametrize("how", ["alone", "together"])
def test_who_starts_many_processes_gets_what_others_leave(how: str) -> None:
    nice, groups = priorities(20, how)
    assert nice == {LAST_IN_LINE}
    if os.geteuid() == 0:  # others may set one group in a tenth of a second
        assert groups <= {str(LAST_IN_LINE)}


def test_who_starts_a_few_keeps_their_place() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    nice, groups = priorities(3, "together")
    assert nice == {before}
    assert str(LAST_IN_LINE) not in groups


def test_many_threads_count_as_many_processes() -> None:
    threads = (
        "import threading, time\n"
        "for _ in range(20): threading.Thread(target=time.sleep, args=[60], daemon=True).start()\n"
        "print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", threads], stdout=subprocess.PIPE, start_new_session=True
    ) as worker:
        try:
            assert worker.stdout is not None
            worker.stdout.readline()
            ProcessTree(worker.pid, None, "", Limits()).check(parents())
            tasks = [int(name) for name in os.listdir(PROC / str(worker.pid) / "task")]
            assert len(tasks) > 20
            assert {os.getpriority(os.PRIO_PROCESS, task) for task in tasks} == {LAST_IN_LINE}
        finally:
            worker.kill()


def test_the_group_that_others_are_in_is_left_alone() -> None:
    """A worker in the session of its judge would take that down as well."""
    group = PROC / "self" / "autogroup"
    before = group.read_text() if group.exists() else ""
    spawn = "import subprocess, sys, time\n"
    spawn += "[subprocess.Popen(['sleep', '60']) for _ in range(12)]\n"
    spawn += "print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", spawn], stdout=subprocess.PIPE) as worker:
        tree = ProcessTree(worker.pid, None, "", Limits())
        try:
            assert worker.stdout is not None
            worker.stdout.readline()
            tree.check(parents())
            assert os.getpriority(os.PRIO_PROCESS, worker.pid) == LAST_IN_LINE
        finally:
            tree.kill_descendants()
            worker.kill()
    assert before == (group.read_text() if group.exists() else "")


def test_descendants_belong_to_the_tree() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 60 & wait"]) as shell:
        try:
            family = ProcessTree(shell.pid, None, "", Limits())
            deadline = time.monotonic() + 5
            while len(family.members()) < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            members = family.members()
            assert len(members) == 2
            assert {shell.pid} < members
            assert os.getpid() not in members
            assert parents()[shell.pid] == os.getpid()
            assert family.kill_descendants()
        finally:
            os.kill(shell.pid, signal.SIGKILL)


def test_a_users_files_are_found_and_removed_without_following_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, outside = tmp_path / "shared", tmp_path / "outside"
    for folder in (shared, outside):
        folder.mkdir()
    (outside / "precious").write_text("kept")
    (shared / "folder").mkdir()
    (shared / "folder" / "file").write_text("x")
    (shared / "link").symlink_to(outside)
    monkeypatch.setattr("autograder.sandbox.process_tree.SHARED_FOLDERS", (str(shared),))
    assert {entry.name for entry in files_of(os.getuid())} == {"folder", "link"}
    remove(files_of(os.getuid()))
    assert list(shared.iterdir()) == []
    assert (outside / "precious").read_text() == "kept"


def test_the_processes_of_a_user_are_those_that_live() -> None:
    assert os.getpid() in pids_of(os.getuid())
    assert pids_of(4_000_000_000) == set()
