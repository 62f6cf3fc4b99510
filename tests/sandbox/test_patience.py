"""Deadlines on a busy machine: does waiting for a core cost nobody, and does nothing else help?"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import patience as room
from autograder.sandbox.faults import OutOfTime
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.messages import Fetched, Reply
from autograder.sandbox.patience import MOST_TIMES, Patience, run_delay
from autograder.sandbox.remote import Conversation, Student, fetch
from autograder.sandbox.session import LostError, Session
from autograder.sandbox.values import Packer
from autograder.sandbox.wire import Channel

COUNTED = Path("/proc/self/schedstat").exists()
SPINNERS = 6 * (os.cpu_count() or 1)
BUDGET = 0.4  # seconds; the most that a deadline is moved by is many times that
WORK = """
import time

def work(seconds):
    "Take so many seconds of a core."
    while time.process_time() < seconds:
        pass
    return 1.0

def sleep(seconds):
    time.sleep(seconds)
    return 1.0
"""

STARVES = """
import os
for _ in range(50):
    if os.fork() == 0:
        os.setsid()
        while True: pass
"""


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.waited = 0.0
        monkeypatch.setattr(room.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(room, "_our_delay", lambda: 0.0)

    def patience(self) -> Patience:
        return Patience(lambda: self.waited)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_deadline_moves_by_what_was_waited_for_a_core(clock: Clock) -> None:
    patience = clock.patience()
    clock.now, clock.waited = 110.0, 4.0
    assert patience.extended(110.0) == 114.0
    clock.now = 113.0
    clock.waited = 6.0
    assert patience.extended(110.0) == 114.0  # not measured before that has passed
    clock.now = 114.5
    assert patience.extended(110.0) == 116.0


def test_who_did_not_wait_gets_nothing(clock: Clock) -> None:
    patience = clock.patience()
    clock.now = 110.0
    assert patience.extended(110.0) == 110.0
    clock.waited = 0.04  # no reason to go on
    assert patience.extended(110.0) == 110.0


def test_nobody_is_waited_for_without_an_end(clock: Clock) -> None:
    patience = clock.patience()
    clock.now, clock.waited = 110.0, 1e6
    assert patience.extended(110.0) == 100.0 + MOST_TIMES * 10.0
    clock.now = 201.0
    assert patience.extended(110.0) == 200.0


def test_each_deadline_is_moved_from_where_it_is(clock: Clock) -> None:
    patience = clock.patience()
    clock.now, clock.waited = 110.0, 4.0
    assert patience.extended(110.0) == 114.0
    assert patience.extended(109.0) == 113.0


def test_a_judge_that_gets_no_core_is_late_as_well(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = iter([50.0, 53.0])
    monkeypatch.setattr(room, "_our_delay", lambda: next(ours))
    patience = clock.patience()
    clock.now, clock.waited = 110.0, 1.0
    assert patience.extended(110.0) == 114.0


@pytest.mark.parametrize("text", ["", "1", "1 x 3"])
def test_a_system_that_does_not_count_moves_nothing(tmp_path: Path, text: str) -> None:
    assert run_delay(tmp_path) == 0.0
    (tmp_path / "schedstat").write_text(text)
    assert run_delay(tmp_path) == 0.0


def test_nanoseconds_are_seconds(tmp_path: Path) -> None:
    (tmp_path / "schedstat").write_text("7 1500000000 3\n")
    assert run_delay(tmp_path) == 1.5


# Over the wire ----------------------------------------------------------------------------------


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_an_answer_after_a_moved_deadline_arrives_whole(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    array = np.arange(3 << 16, dtype="float64")
    reader = Channel(theirs, Reply)
    reader.patience = Patience(lambda: 60.0)
    packer = Packer()
    message = Fetched(packer.value(array))

    def answer() -> None:
        time.sleep(2 * BUDGET)
        Channel(ours, Reply).send(message, packer)

    thread = threading.Thread(target=answer)
    thread.start()
    reply, block = reader.receive(time.monotonic() + BUDGET)
    thread.join()
    assert reply == message
    assert np.array_equal(np.frombuffer(block, dtype="float64"), array)


def test_a_message_in_pieces_over_the_deadline_is_read(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    packer = Packer()
    message = Fetched(packer.value(np.ones(5)))
    bare, copy = socket.socketpair()
    with bare, copy:
        Channel(bare, Reply).send(message, packer)
        data = copy.recv(1 << 16)

    def answer() -> None:
        pieces = [data[start : start + 40] for start in range(0, len(data), 40)]
        for piece in pieces:
            ours.sendall(piece)
            time.sleep(2 * BUDGET / len(pieces))

    thread = threading.Thread(target=answer)
    thread.start()
    reader = Channel(theirs, Reply)
    reader.patience = Patience(lambda: 60.0)
    reply, _ = reader.receive(time.monotonic() + BUDGET)
    thread.join()
    assert reply == message


def test_sending_goes_on_where_it_was_when_the_deadline_passed(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    packer = Packer()
    array = np.arange(1 << 18, dtype="float64")
    message = Fetched(packer.value(array))
    writer = Channel(ours, Reply)
    writer.patience = Patience(lambda: 60.0)
    found: list[object] = []

    def read() -> None:
        time.sleep(2 * BUDGET)
        found.extend(Channel(theirs, Reply).receive(time.monotonic() + 60))

    thread = threading.Thread(target=read)
    thread.start()
    writer.send(message, packer, time.monotonic() + BUDGET)
    thread.join()
    assert found[0] == message
    assert np.array_equal(np.frombuffer(found[1], dtype="float64"), array)  # type: ignore[call-overload]


# On a busy machine ------------------------------------------------------------------------------


@pytest.fixture
def busy() -> Iterator[None]:
    """Others keep every core busy, several times over."""
    endless = [sys.executable, "-S", "-c", "while True: pass"]
    others = [subprocess.Popen(endless, start_new_session=True) for _ in range(SPINNERS)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def asked(session: Session, function: str, *, work: float, budget: float) -> object:
    """What a function of the student's returns within a budget, both in seconds."""
    session.write_files({"slow.py": WORK.encode()}, time.monotonic() + 60)
    with session.check(seed=1) as channel:
        student = Student(Conversation(channel, time.monotonic() + budget), "nn", ())
        return fetch(getattr(student.module("slow"), function)(work))


@pytest.mark.skipif(not COUNTED, reason="the kernel does not count how long a process waits")
def test_slow_but_right_code_has_its_time_on_a_busy_machine(session: Session, busy: None) -> None:
    begun = time.monotonic()
    assert asked(session, "work", work=1.0, budget=2.0) == 1.0
    if time.monotonic() - begun < 2.0:
        pytest.skip("the machine was not busy")


def test_on_a_busy_machine_who_sleeps_gains_nothing(session: Session, busy: None) -> None:
    with pytest.raises(OutOfTime):
        asked(session, "sleep", work=60.0, budget=1.0)


def test_who_keeps_the_machine_busy_is_not_waited_for(session: Session) -> None:
    begun = time.monotonic()
    with pytest.raises(LostError) as caught:
        session.run_cell("notebook", STARVES + "while True: pass", time.monotonic() + 1.0)
    assert caught.value.out_of_time
    assert time.monotonic() - begun < MOST_TIMES  # with patience it would be that


def test_who_computes_without_an_end_runs_out_of_time(session: Session) -> None:
    begun = time.monotonic()
    with pytest.raises(OutOfTime):
        asked(session, "work", work=1e9, budget=0.5)
    assert time.monotonic() - begun < 0.5 * (MOST_TIMES + 1) + 30


@pytest.mark.skipif(not COUNTED, reason="the kernel does not count how long a process waits")
def test_a_cell_has_its_time_on_a_busy_machine(level_name: str, busy: None) -> None:
    with Session(get_level(level_name), Limits()) as session:
        cell = WORK + "work(time.process_time() + 1.0)"
        assert session.run_cell("notebook", cell, time.monotonic() + 2.0) is None


def test_a_cell_that_sleeps_is_not_waited_for(level_name: str, busy: None) -> None:
    with Session(get_level(level_name), Limits()) as session:
        with pytest.raises(LostError) as caught:
            session.run_cell("notebook", WORK + "sleep(60)", time.monotonic() + 1.0)
        assert caught.value.out_of_time


# Beside a submission that wants every core -----------------------------------------------------


def test_a_neighbour_that_wants_every_core_starves_nobody(level_name: str) -> None:
    level = get_level(level_name)
    with Session(level, Limits()) as greedy, Session(level, Limits()) as honest:
        assert greedy.run_cell("notebook", STARVES, time.monotonic() + 60) is None
        cell = WORK + "work(time.process_time() + 1.0)"
        assert honest.run_cell("notebook", cell, time.monotonic() + 3.0) is None
