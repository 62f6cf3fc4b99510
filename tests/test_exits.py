"""Is an interruption heard, whenever it comes?"""

from __future__ import annotations

import signal
import sys
import time
import weakref
from collections.abc import Callable

import pytest

from autograder.exits import AGAIN_SECONDS, ended_in_order


class Interrupted:
    """Is asked to end while Python tidies it up, where exceptions are dropped."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


def test_a_request_to_end_is_an_interruption() -> None:
    with pytest.raises(KeyboardInterrupt), ended_in_order():
        signal.raise_signal(signal.SIGTERM)


def heard(interrupted: Callable[[], object]) -> list[str]:
    """What happened when an interruption came meanwhile."""
    happened = []
    try:
        with ended_in_order():
            interrupted()
            happened.append("dropped")
            time.sleep(60)
            happened.append("slept in peace")
    except KeyboardInterrupt:
        happened.append("heard")
    return happened


def test_one_that_python_drops_is_made_again() -> None:
    assert heard(Interrupted) == ["dropped", "heard"]


def test_one_in_the_callback_of_a_weak_reference_is_made_again() -> None:
    class Watched:
        pass

    watched = [Watched()]
    watch = weakref.ref(watched[0], lambda _: signal.raise_signal(signal.SIGTERM))
    assert heard(watched.clear) == ["dropped", "heard"]
    assert watch() is None


def test_one_that_comes_too_late_harms_nobody() -> None:
    ours: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: ours.append(number))
    try:
        with ended_in_order():
            Interrupted()
        time.sleep(4 * AGAIN_SECONDS)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ours == []


def test_other_exceptions_that_are_dropped_are_shown_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Failing:
        def __del__(self) -> None:
            raise ValueError("not tidy")

    shown: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: shown.append(str(what.exc_value)))
    with ended_in_order():
        Failing()
    assert shown == ["not tidy"]


def test_all_is_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM), sys.unraisablehook
    with ended_in_order():
        assert signal.getsignal(signal.SIGTERM) != before[0]
        assert sys.unraisablehook != before[1]
    assert (signal.getsignal(signal.SIGTERM), sys.unraisablehook) == before
