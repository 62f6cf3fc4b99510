"""A bug of ours is an `error` with file and line for its author; a student's mistake is none."""

from __future__ import annotations

import json
import logging

import pytest

from autograder.commands.exits import OUR_FAULT
from autograder.grading import grade_submission
from autograder.grading.failures import Failure, failure_of, summary
from autograder.judging.bounded import BoundedProcess, BrokenJudgeError
from autograder.results import CheckResult, Status

OUR_BUG = "This is our bug, not yours; the score stays open until it is mended."
THREE = "def double(x):\n    return 2 * x, x, x\n"
ONE = "def double(x):\n    return (2 * x,)\n"


def first_result(tiny, **layers) -> CheckResult:
    return grade_submission(tiny.assignment, tiny.right(**layers)).checks[0]


@pytest.mark.parametrize(("layers", "count"), [(THREE, 3), (ONE, 1)])
def test_another_number_of_values_is_the_students_mistake(tiny, layers, count):
    result = first_result(tiny, layers=layers)
    assert (result.status, result.rationale, result.help) == (
        Status.FAILED,
        f"The function returns {count} values, expected 2.",
        "Its docstring says what it returns, and in which order.",
    )


@pytest.mark.parametrize(
    "line",
    ["a, b = (1, 2, 3)", "a, b = fetch(student.layers.double(3.0)) + (1,)", "a, *b, c = (1,)"],
)
def test_a_tuple_of_the_checks_own_is_our_bug(tiny, line):
    """Also where the student's answer has the same wrong number of values."""
    tiny.edit("checks/tiny.py", "    twice, once =", f"    {line}\n    twice, once =")
    tiny.edit(
        "checks/tiny.py", '"""Hidden tests."""', "from autograder.sandbox.remote import fetch"
    )
    result = first_result(tiny)
    assert result.status is Status.ERROR
    assert result.help == OUR_BUG


def test_a_check_that_ends_the_program_is_our_bug_and_ends_nothing(tiny):
    tiny.edit("checks/tiny.py", "    twice, once =", "    raise SystemExit(0)\n    twice, once =")
    result = first_result(tiny)
    assert (result.status, result.rationale) == (
        Status.ERROR,
        "The grader failed: ExitError: SystemExit(0) would end the grader; a hidden test may not"
        " do that",
    )
    tiny.hand_in(tiny.right("ada"))
    done = tiny.grade()
    assert done.exit_code == OUR_FAULT
    assert "checks/tiny.py:" in done.stderr


def test_an_earlier_answer_unpacked_at_the_same_place_is_not_to_blame(tiny):
    loop = "for pair in (student.layers.double(3.0), (1, 2, 3)):\n        twice, once = pair"
    tiny.edit("checks/tiny.py", "twice, once = student.layers.double(3.0)", loop)
    assert first_result(tiny).status is Status.ERROR


def test_a_starred_answer_that_is_too_short(tiny):
    tiny.edit("checks/tiny.py", "twice, once =", "twice, *others, once =")
    result = first_result(tiny, layers=ONE)
    assert result.rationale == "The function returns 1 values, expected 2."


# What the author is told -------------------------------------------------------------------------


def broken(tiny) -> None:
    tiny.edit("checks/tiny.py", "twice, 6.0)", "twice, {}['six'])")
    for name in ("ada", "boris"):
        tiny.hand_in(tiny.right(name))


def test_the_terminal_names_each_bug_once_and_the_log(tiny):
    broken(tiny)
    done = tiny.grade()
    assert done.exit_code == OUR_FAULT
    log = tiny.root / "grades" / "tiny" / "errors.log"
    assert done.stderr.splitlines()[-3:] == [
        "checks/tiny.py:11: KeyError: 'six' (check `double`; 2 submissions)",
        f"Tracebacks of all failures: {log}",
        "The grader itself failed at some checks; the scores with `error` are not final.",
    ]
    assert "Traceback (most recent" not in done.output


def test_the_log_has_every_traceback(tiny):
    broken(tiny)
    for _ in range(2):  # the log is of the last run, not of all
        tiny.grade()
    log = (tiny.root / "grades" / "tiny" / "errors.log").read_text()
    assert log.count("Traceback (most recent call last)") == 2
    assert "=== ada, check `double`\nchecks/tiny.py:11: KeyError: 'six'\n" in log
    assert "=== boris, check `double`\n" in log
    assert "expect_number(\"twice\", twice, {}['six'])" in log


def test_a_log_goes_when_nothing_fails_any_more(tiny):
    broken(tiny)
    tiny.grade()
    tiny.edit("checks/tiny.py", "{}['six']", "6.0")
    done = tiny.grade()
    assert done.exit_code == 0, done.output
    assert not (tiny.root / "grades" / "tiny" / "errors.log").exists()


def test_students_are_told_nothing_of_it(tiny):
    broken(tiny)
    tiny.grade("--format=html", "--format=gradescope", "--format=csv")
    told = [path for path in (tiny.root / "grades").rglob("*") if path.suffix in (".json", ".html")]
    assert len(told) >= 5
    for path in told:
        text = path.read_text()
        assert "Traceback" not in text
        assert "tiny.py" not in text
    result = json.loads((tiny.root / "grades" / "tiny" / "ada.json").read_text())["checks"][0]
    assert (result["status"], result["rationale"], result["help"]) == (
        "error",
        "The grader failed: KeyError: 'six'",
        OUR_BUG,
    )


def test_grader_processes_tell_too(tiny):
    broken(tiny)
    done = tiny.grade("--jobs=2")
    assert "checks/tiny.py:11: KeyError: 'six' (check `double`; 2 submissions)" in done.stderr
    log = (tiny.root / "grades" / "tiny" / "errors.log").read_text()
    assert log.count("Traceback (most recent call last)") == 2


def test_a_library_reads_failures_from_the_log(tiny, caplog):
    broken(tiny)
    with caplog.at_level(logging.ERROR, logger="autograder"):
        grade_submission(tiny.assignment, tiny.right())
    (record,) = caplog.records
    assert record.name == "autograder.grading.failures"
    assert record.getMessage().startswith("=== ada, check `double`\nchecks/tiny.py:11: KeyError")


def test_a_bug_of_the_engine_has_its_place(tiny, monkeypatch):

    program = "from autograder.judging.bounded import serve_lines; serve_lines(lambda q: 1 // 0)"
    process = BoundedProcess(program)
    with pytest.raises(BrokenJudgeError) as caught:
        process.ask({})
    process.close()
    failure = failure_of(caught.value, tiny.assignment, student="ada", check="double")
    assert failure.place == "<string>:1"
    assert (
        failure.error == "BrokenJudgeError: ZeroDivisionError: integer division or modulo by zero"
    )
    assert "In the process that judges answers:\nTraceback (most recent call last):" in (
        failure.traceback
    )


def test_verify_shows_the_traceback_to_the_author(tiny, capfd):
    tiny.edit("checks/tiny.py", "twice, 6.0)", "twice, {}['six'])")
    done = tiny.run("verify", "--jobs=1")
    assert "double: expected `passed`, got `error`: The grader failed: KeyError: 'six'" in (
        done.stdout
    )
    said = capfd.readouterr().err
    assert said.count("checks/tiny.py:11: KeyError: 'six'") == 1
    assert "Traceback (most recent call last)" in said


def test_a_fault_of_many_checks_is_one_line():
    def one(student: str, check: str) -> Failure:
        return Failure(student=student, check=check, error="E: no", place="a.py:1", traceback="")

    assert summary([one("ada", "double"), one("ada", "answer"), one("boris", "double")]) == [
        "a.py:1: E: no (check `double` and 1 more; 2 submissions)"
    ]
    assert summary([one("ada", "")]) == ["a.py:1: E: no (the submission as a whole; 1 submission)"]


def test_a_rubric_that_breaks_the_engine_is_told(tiny, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise BrokenJudgeError("ZeroDivisionError: by zero")

    monkeypatch.setattr("autograder.judging.written.suggest_written", broken)
    cell = """
# %% [markdown] manual="why" points=1
# ### BEGIN SOLUTION why
# ### STUB *Write here. TODO(why)*
# So.
# ### END SOLUTION
"""
    lesson = tiny.root / "solutions/tiny/lessons/lesson.py"
    tiny.write("solutions/tiny/lessons/lesson.py", lesson.read_text() + cell)
    tiny.build()
    tiny.write("checks/tiny/manual/why.toml", "")
    told: list[Failure] = []
    report = grade_submission(tiny.assignment, tiny.right(), failed=told.append)
    assert [(one.check, one.error) for one in told] == [
        ("why", "BrokenJudgeError: ZeroDivisionError: by zero")
    ]
    assert report.manual[0].summary == "No suggestion: ZeroDivisionError: by zero"
