"""Is an interruption heard, whenever it comes, and is an error told as what it is?"""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
import time
import warnings
import weakref
from collections.abc import Callable, Iterator

import pytest

import autograder
from autograder.authoring import AuthoringError
from autograder.commands.exits import AGAIN_SECONDS, BUG, OUR_FAULT, USAGE, ended_in_order, explain
from autograder.data import DataFormatError
from autograder.errors import UserError


def of_kind(kind: type[Exception]) -> set[type[Exception]]:
    """The classes of errors below one, and below those."""
    return {one for below in kind.__subclasses__() for one in {below, *of_kind(below)}}


def everything() -> Iterator[str]:
    """Every module of ours but the hidden tests."""
    for found in pkgutil.walk_packages(autograder.__path__, "autograder."):
        if not found.name.startswith(("autograder.checks.", "autograder.shipped")):
            yield found.name


@pytest.fixture(scope="module")
def mendable() -> set[type[Exception]]:
    """The errors whose message tells a user what to do, wherever they are defined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own, when it is imported
        for name in everything():
            importlib.import_module(name)
    return {kind for kind in of_kind(UserError) if kind.__module__.startswith("autograder.")}


def test_what_a_user_can_mend_is_its_message_and_exit_code_2(
    mendable: set[type[Exception]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(mendable) >= 12
    for kind in (*mendable - {AuthoringError}, DataFormatError):
        assert explain(kind("Do this.")) == USAGE, kind
        assert capsys.readouterr().err == "Do this.\n", kind
    assert explain(AuthoringError("a.py", 3, "Do this.")) == USAGE
    assert capsys.readouterr().err == "a.py:3: Do this.\n"


def test_anything_else_is_a_bug_of_the_grader(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(ValueError("how odd")) == OUR_FAULT
    assert capsys.readouterr().err == f"ValueError: how odd\n{BUG}\n"


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
