"""A run that is stopped, politely or not: is nothing lost, left behind or graded twice?"""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.results import Report

pytestmark = pytest.mark.long

ENDLESS = "def double(x):\n    while True: pass\n\ndef negate(x):\n    return -x\n"
WRONG = "def double(x):\n    return x\n"
Wait = Callable[..., bool]


def hand_in(command: Any, right: dict[str, str], count: int) -> list[str]:
    """A class in which every second submission needs more than a second."""
    changes = ({}, {"nn/layers.py": ENDLESS}, {"nn/layers.py": WRONG}, {"nn/layers.py": ENDLESS})
    names = [f"student{number}" for number in range(count)]
    for number, name in enumerate(names):
        command.submit(name, right | changes[number % 4])
    return names


@pytest.mark.parametrize(
    ("number", "jobs"),
    [(signal.SIGINT, 1), (signal.SIGINT, 2), (signal.SIGTERM, 2)],
    ids=["Ctrl-C alone", "Ctrl-C", "terminated"],
)
def test_a_run_that_was_interrupted_goes_on(
    command: Any,
    right: dict[str, str],
    process_tree_of: Callable[[int], set[int]],
    wait_until: Wait,
    number: int,
    jobs: int,
) -> None:
    names = hand_in(command, right, 6)
    process = command.start(f"--jobs={jobs}")
    assert wait_until(lambda: len(command.results()) >= 2)
    everyone = process_tree_of(process.pid)
    assert len(everyone) > 1
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == (
        "Interrupted. Results that were finished are kept. Run the same command again to go on."
    )
    assert wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in everyone))
    assert command.litter() == []
    kept = command.reports()
    assert 2 <= len(kept) < 6

    again = command.run("--jobs=2")
    assert again.returncode == 0, again.stderr
    assert f"\n{len(kept)} of 6 were reused: nothing has changed there." in again.stderr
    after = command.reports()
    assert sorted(after) == names
    assert {name: after[name] for name in kept} == kept


def kill(
    command: Any, wanted: int, process_tree_of: Callable[[int], set[int]], wait_until: Wait
) -> None:
    """Begin to grade, and kill the grader as soon as there are so many results."""
    process = command.start("--jobs=2")
    wait_until(lambda: len(command.results()) >= wanted or process.poll() is not None)
    everyone = process_tree_of(process.pid)
    process.kill()
    process.communicate()
    assert wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in everyone))


def test_killed_at_random_moments_it_ends_as_if_it_had_not_been(
    command: Any,
    right: dict[str, str],
    process_tree_of: Callable[[int], set[int]],
    wait_until: Wait,
) -> None:
    """The short version of `tests/soak/kill_the_grader.py`."""
    names = hand_in(command, right, 6)
    undisturbed = command.run("--jobs=2")
    assert undisturbed.returncode == 0, undisturbed.stderr
    expected = command.reports()
    for path in command.results():
        path.unlink()

    draw = random.Random(5)
    found: dict[str, Report] = {}
    for _ in range(4):
        kill(command, len(found) + draw.randint(0, 1), process_tree_of, wait_until)
        before, found = found, command.reports()  # raises for a torn file
        assert {name: found[name] for name in before} == before

    last = command.run("--jobs=2")
    assert last.returncode == 0, last.stderr
    assert command.reports() == expected
    assert sorted(expected) == names
    # What was being written when it was killed is kept for an hour: another grader may be writing.
    assert [path for path in command.litter() if not path.endswith(".part")] == []
