"""`autograder explain` prints a call that fails again, or says why there is none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from autograder.assignment import Assignment
from autograder.cli import app
from autograder.exhibit import Exhibit
from autograder.grading.store import report_path, write_report
from autograder.grading.tryout import NO_CALL
from autograder.results import CheckResult, Report, Status

HALVED = "def double(x):\n    return x / 2\n\n\ndef negate(x):\n    return -x\n"


def result(id: str, status: Status, **changes) -> CheckResult:
    score = 1.0 if status is Status.PASSED else 0.0
    values = {"id": id, "name": f"{id}.", "status": status, "score": score, "max_score": 1.0}
    return CheckResult(**(values | changes))


REPORT = Report(
    assignment="tiny",
    student="ada",
    score=1,
    max_score=5,
    sandbox="process",
    seed=1,
    seconds=1,
    checks=(
        result("double", Status.FAILED, rationale="It is wrong.", help="Look there.",
               exhibit=Exhibit(tryout="print(1)\n")),
        result("right", Status.PASSED),
        result("todo", Status.NOT_ATTEMPTED, rationale="`TODO(todo)` is still to be written."),
        result("answer", Status.FAILED, rationale="No.", exhibit=Exhibit(no_tryout=NO_CALL)),
        result("old", Status.FAILED, rationale="No."),
    ),
)  # fmt: skip


@pytest.fixture
def explain(assignment: Assignment, tmp_path: Path) -> Callable[..., Result]:
    write_report(REPORT, tmp_path / "grades", seed=1)
    where = ["--out", str(tmp_path / "grades"), "--course", str(assignment.course.root)]
    return lambda *words: CliRunner().invoke(app, ["explain", *words, *where])


def test_the_call_is_printed_apart_from_the_finding(explain: Callable[..., Result]) -> None:
    done = explain("tiny", "ada", "double")
    assert (done.exit_code, done.stdout) == (0, "print(1)\n")
    assert done.stderr == "It is wrong.\nLook there.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tiny", "ada", "right"), "right passed for ada: there is no call that failed."),
        (("tiny", "ada", "todo"), "todo is “not attempted” for ada: no call of it failed."
         " `TODO(todo)` is still to be written."),
        (("tiny", "ada", "doubel"), "tiny has no check 'doubel'. Did you mean double?"),
        (("tiny", "ada", "zzz"), "tiny has no check 'zzz'. There are: double, right, todo,"
         " answer, old."),
        (("tiny", "ida", "double"), "Did you mean ada?"),
        (("tiny", "zacharias", "double"), "Grade first, with `autograder grade tiny PATH`, or name"
         " the folder with --out."),
        (("tiny", "ada", "answer"), f"There is no call to print for answer: {NO_CALL}"),
        (("tiny", "ada", "old"), "The result of ada has no call of old: it was written by an"
         " earlier version of the grader, or the check ended before it called anything."
         " Grade again with --fresh."),
        (("tinny", "ada", "double"), "No assignment is called 'tinny'"),
    ],
)  # fmt: skip
def test_without_a_call_it_says_why_and_exits_with_2(explain, words, said) -> None:
    done = explain(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_result_that_cannot_be_read_is_said(explain, tmp_path: Path) -> None:
    path = report_path(tmp_path / "grades", "tiny", "ada")
    newer = msgspec.structs.replace(REPORT, schema=99)
    path.write_bytes(newer.to_json())
    done = explain("tiny", "ada", "double")
    assert done.exit_code == 2
    assert f"{path} was written by a newer version of the grader." in done.stderr
    path.write_bytes(msgspec.structs.replace(REPORT, student="boris").to_json())
    assert (
        "is the result of boris in tiny, not of ada in tiny"
        in explain("tiny", "ada", "double").stderr
    )
    path.write_bytes(b"{")
    done = explain("tiny", "ada", "double")
    assert done.exit_code == 2
    assert "is not a result that can be read" in done.stderr


def test_a_graded_class_can_be_explained(command, explain) -> None:
    files = {"nn/__init__.py": "", "nn/layers.py": HALVED}
    command.submit("carla", files)
    assert command.run("--jobs=1", "--sandbox=process").returncode == 0
    done = explain("tiny", "carla", "double")
    assert done.exit_code == 0, done.stderr
    folder = command.root / "submitted" / "carla" / "tiny"
    (folder / "try_it.py").write_text(done.stdout)
    again = subprocess.run(
        [sys.executable, "try_it.py"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert float(again.stdout.split()[-1]) > 0
