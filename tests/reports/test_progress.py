"""What an instructor sees of a class while it is graded."""

from __future__ import annotations

import re

import pytest
from rich.console import Console

from autograder.reports import progress
from autograder.results import CheckResult, Report, Status


def report(student: str, status: Status = Status.PASSED) -> Report:
    score = 2.0 if status is Status.PASSED else 0.0
    check = CheckResult(id="relu", name="relu.", status=status, score=score, max_score=2.0)
    return Report(
        assignment="two_layers",
        student=student,
        score=score,
        max_score=2.0,
        sandbox="process",
        seed=1,
        seconds=1.0,
        checks=(check,),
    )


@pytest.fixture
def plain() -> Console:
    """What a pipe or a log gets."""
    return Console(force_terminal=False, width=200)


@pytest.fixture
def terminal() -> Console:
    return Console(force_terminal=True, width=120)


def words(text: str) -> str:
    """Text of a terminal without colours and movements of the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_a_line_for_each_submission(plain: Console) -> None:
    with plain.capture() as captured, progress(2, console=plain) as shown:
        shown(report("ada"))
        shown(report("boris", Status.ERROR))
    assert captured.get() == "[1/2] ada: 2/2\n[2/2] boris: 0/2 (not final)\n"


def test_what_is_reused_is_counted_once_and_before_the_rest(plain: Console) -> None:
    with plain.capture() as captured, progress(4, console=plain) as shown:
        for name in "abc":
            shown.reused(report(name))
        shown(report("deniz"))
    assert captured.get() == (
        "3 of 4 were reused: nothing has changed there. --fresh grades all again.\n"
        "[1/1] deniz: 2/2\n"
    )


def test_a_class_of_which_all_is_reused(plain: Console) -> None:
    with plain.capture() as captured, progress(1, console=plain) as shown:
        shown.reused(report("ada"))
    assert captured.get() == (
        "1 of 1 was reused: nothing has changed there. --fresh grades all again.\n"
    )


def test_notices_are_lines_whatever_is_in_them(plain: Console) -> None:
    with plain.capture() as captured, progress(1, console=plain) as shown:
        shown.notice("grades/[red]x\x1b[2J.json is damaged")
    assert "\x1b" not in captured.get()
    assert captured.get().startswith("grades/[red]x")


def test_a_terminal_shows_done_failed_and_the_time_left(terminal: Console) -> None:
    with terminal.capture() as captured, progress(3, console=terminal) as shown:
        shown.reused(report("ada"))
        shown(report("boris", Status.ERROR))
        shown(report("clara"))
    seen = words(captured.get())
    assert "1 of 3 was reused" in seen
    assert "2/2" in seen
    assert "1 failed" in seen
    assert re.search(r"(\d+:\d\d:\d\d|-:--:--) left", seen)
    assert "clara: 2/2" in seen


def test_nothing_failed_is_not_said(terminal: Console) -> None:
    with terminal.capture() as captured, progress(1, console=terminal) as shown:
        shown(report("ada"))
    assert "failed" not in captured.get()
