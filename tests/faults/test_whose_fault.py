"""An exception in a check is the answer's fault where the reference passes, and else ours."""

from __future__ import annotations

import logging

import pytest

from autograder.grading import grade_submission
from autograder.results import CheckResult, Status

HELP = "Is it of the type and the shape that are asked for, and are its numbers finite?"


def first_result(tiny, **layers) -> CheckResult:
    return grade_submission(tiny.assignment, tiny.right(**layers)).checks[0]


def with_check_line(tiny, line: str) -> None:
    """Put a line before the comparison of the check `double`."""
    tiny.edit(
        "checks/tiny.py", '    expect_number("twice"', f'    {line}\n    expect_number("twice"'
    )
    tiny.edit(
        "checks/tiny.py", '"""Hidden tests."""', "from autograder.sandbox.remote import fetch"
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("None", "TypeError: unsupported operand type(s) for +: 'NoneType' and 'int'"),
        ("'six'", 'TypeError: can only concatenate str (not "int") to str'),
        ("[6.0]", 'TypeError: can only concatenate list (not "int") to list'),
    ],
)
def test_what_an_answer_does_to_a_checks_arithmetic_is_a_finding(tiny, answer, reason):
    with_check_line(tiny, "fetch(twice) + 1")
    result = first_result(tiny, layers=f"def double(x):\n    return {answer}, x\n")
    assert (result.status, result.rationale, result.help) == (
        Status.FAILED,
        f"The test cannot work with what `double(3.0)[0]` gives: {reason}.",
        HELP,
    )
    assert first_result(tiny).status is Status.PASSED


def test_the_author_finds_the_traceback_in_the_log(tiny, caplog):
    with_check_line(tiny, "fetch(twice) + 1")
    with caplog.at_level(logging.WARNING, "autograder.grading.whose_fault"):
        first_result(tiny, layers="def double(x):\n    return None, x\n")
    (record,) = caplog.records
    assert record.getMessage().startswith(
        "ada: the answer is to blame for what double raised, which passes the reference:\n"
    )
    assert "fetch(twice) + 1" in record.getMessage()


def test_where_the_reference_fails_as_well_it_is_our_bug(tiny):
    with_check_line(tiny, "fetch(twice) + {}['six']")
    result = first_result(tiny, layers="def double(x):\n    return None, x\n")
    assert result.status is Status.ERROR


def test_where_there_is_no_reference_it_is_our_bug(tiny):
    with_check_line(tiny, "fetch(twice) + 1")
    (tiny.root / "checks" / "tiny.solved.json").unlink()
    result = first_result(tiny, layers="def double(x):\n    return None, x\n")
    assert result.status is Status.ERROR


def test_a_bug_that_the_references_answer_does_not_meet_is_in_the_log_and_a_finding(tiny):
    """Nobody can tell it from an odd answer; the traceback is there for the author."""
    with_check_line(tiny, "[][0] if fetch(twice) != 6.0 else None")
    result = first_result(tiny, layers="def double(x):\n    return 3 * x, x\n")
    assert result.status is Status.FAILED
    assert result.rationale.endswith("gives: IndexError: list index out of range.")
