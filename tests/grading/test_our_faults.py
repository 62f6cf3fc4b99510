"""Faults of our side: an `error` and exit code 3, never a silent zero, and nothing lost."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder import files
from autograder.assignment import Assignment
from autograder.commands.exits import OUR_FAULT
from autograder.grading import (
    Conditions,
    Listener,
    NotWrittenError,
    Processes,
    course_seed,
    grade_class,
    report_path,
)
from autograder.results import Report, Status
from autograder.sandbox.launcher import close_templates
from autograder.submission import Submission

pytestmark = pytest.mark.long


def submissions(right: dict[str, str], *names: str) -> list[Submission]:
    encoded = {path: text.encode() for path, text in right.items()}
    return [Submission(student=name, files=encoded) for name in names]


def is_right_or_error(report: Report) -> bool:
    """Full marks, or the grader's own fault at every check; nothing in between."""
    statuses = {result.status for result in report.checks}
    return statuses in ({Status.PASSED}, {Status.ERROR})


# A full disk -------------------------------------------------------------------------------------


def test_a_full_disk_stops_the_class_and_keeps_what_is_done(
    assignment: Assignment, right: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.grading import store

    real = store.write_atomically
    written: list[Path] = []

    def full(path: Path, data: bytes) -> None:
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        real(path, data)

    monkeypatch.setattr(store, "write_atomically", full)
    out = assignment.course.root / "grades"
    students = submissions(right, *"abcd")
    with pytest.raises(NotWrittenError) as raised:
        grade_class(
            Conditions(assignment=assignment, seed=3), students, out=out, place=Processes(1)
        )
    assert str(raised.value) == (
        f"The result of c could not be written: {out / 'tiny'}: No space left on device. Results"
        " that were finished before are kept. When the cause is mended, run the same command again;"
        " it goes on where it stopped."
    )
    assert sorted(out.glob("tiny/*")) == [report_path(out, "tiny", name) for name in "ab"]
    monkeypatch.undo()
    reused: list[str] = []
    reports = grade_class(
        Conditions(assignment=assignment, seed=3),
        students,
        out=out,
        place=Processes(1),
        listener=Listener(reused=lambda report: reused.append(report.student)),
    )
    assert reused == ["a", "b"]
    assert [report.score for report in reports] == [7.0] * 4


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_command_says_so_and_exits_with_3(
    command: Any, right: dict[str, str], jobs: int
) -> None:
    """A limit on the size of files is a disk that is full for everything above it."""
    for name in "abcd":
        command.submit(name, right)
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900)); "
    command.PROGRAM = limit + command.PROGRAM
    # Python would cut its own files of byte code short as well, for all tests that follow.
    command.environment = {**command.environment, "PYTHONDONTWRITEBYTECODE": "1"}
    done = command.run(f"--jobs={jobs}")
    assert done.returncode == OUR_FAULT, done.stderr
    assert "could not be written" in done.stderr
    assert "run the same command again; it goes on where it stopped." in done.stderr
    assert command.results() == []
    assert command.litter() == []


def test_what_is_not_written_whole_is_not_there(tmp_path: Path, monkeypatch: Any) -> None:
    target = tmp_path / "result.json"
    files.write_atomically(target, b"old")

    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write_atomically(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert target.read_bytes() == b"old"


# A sandbox that is not there ---------------------------------------------------------------------


def bwrap_in(folder: Path, script: str) -> None:
    """Put a `bwrap` of our own before the real one."""
    folder.mkdir(exist_ok=True)
    program = folder / "bwrap"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")
def test_bubblewrap_that_goes_away_half_way(
    assignment: Assignment, right: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is graded after that has full marks or an error; the next run mends the errors."""
    close_templates()
    out = assignment.course.root / "grades"
    students = submissions(right, *"abcd")

    def lose(report: Report) -> None:
        monkeypatch.setenv("PATH", str(assignment.course.root))
        close_templates()

    reports = grade_class(
        Conditions(assignment=assignment, seed=3),
        students,
        out=out,
        place=Processes(1),
        listener=Listener(graded=lose),
    )
    assert reports[0].score == 7
    assert all(map(is_right_or_error, reports))
    assert [report.failed_to_grade for report in reports] == [False, True, True, True]
    assert {result.score for report in reports[1:] for result in report.checks} == {0.0}
    assert "This is our bug, not yours" in reports[1].checks[0].help

    monkeypatch.undo()
    mended = grade_class(
        Conditions(assignment=assignment, seed=3), students, out=out, place=Processes(1)
    )
    assert [report.score for report in mended] == [7.0] * 4


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")
def test_bubblewrap_that_breaks_half_way_is_exit_code_3(
    command: Any, right: dict[str, str], tmp_path: Path
) -> None:
    for name in "abcdef":
        command.submit(name, right)
    real = shutil.which("bwrap")
    count = tmp_path / "count"
    # The trial and the first grader's sandbox start; whatever comes after does not.
    bwrap_in(
        tmp_path / "bin",
        f'echo x >> {count}; [ "$(wc -l < {count})" -le 2 ] && exec {real} "$@"; exit 1',
    )
    command.environment["PATH"] = f"{tmp_path / 'bin'}:{command.environment['PATH']}"
    done = command.run("--jobs=2")
    reports = command.reports()
    assert len(reports) == 6, done.stderr
    assert all(map(is_right_or_error, reports.values()))
    assert any(report.failed_to_grade for report in reports.values())
    assert done.returncode == OUR_FAULT
    assert done.stderr.splitlines()[-1].startswith("The grader itself failed at some checks")


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")
def test_a_worker_program_that_is_missing(
    assignment: Assignment,
    right: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    close_templates()
    monkeypatch.setattr(sys, "executable", str(tmp_path_factory.mktemp("bin") / "no-python"))
    (report,) = grade_class(
        Conditions(assignment=assignment, seed=3),
        submissions(right, "ada"),
        out=assignment.course.root / "grades",
        place=Processes(1),
    )
    assert {result.status for result in report.checks} == {Status.ERROR}
    assert report.max_score == 7


def test_a_grader_program_that_is_missing(
    assignment: Assignment,
    right: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path_factory.mktemp("bin") / "no-python"))
    reports = grade_class(
        Conditions(assignment=assignment, seed=3),
        submissions(right, "ada", "boris"),
        out=assignment.course.root / "g",
        place=Processes(2),
    )
    for report in reports:
        assert {result.status for result in report.checks} == {Status.ERROR}
        assert report.checks[0].rationale.startswith("The grader failed: FileNotFoundError: ")


def test_graders_that_die_at_once(
    assignment: Assignment, right: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.grading.pool._PROGRAM", "raise SystemExit(9); ")
    reports = grade_class(
        Conditions(assignment=assignment, seed=3),
        submissions(right, "ada", "boris"),
        out=assignment.course.root / "g",
        place=Processes(2),
    )
    assert all(report.failed_to_grade for report in reports)
    assert "LostGraderError: the grading process ended" in reports[0].checks[0].rationale


# Clocks ------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_changes_nothing(
    assignment: Assignment, right: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps = iter(range(10**6))
    monkeypatch.setattr(time, "time", lambda: 1e9 * (-1) ** next(jumps))
    monkeypatch.setattr(time, "time_ns", lambda: 10**18 * (-1) ** next(jumps))
    changes = {"nn/layers.py": "def double(x):\n    while True: pass\n"}
    students = [*submissions(right, "ada"), *submissions(right | changes, "boris")]
    ada, boris = grade_class(
        Conditions(assignment=assignment, seed=3),
        students,
        out=assignment.course.root / "g",
        place=Processes(1),
    )
    assert ada.score == 7
    assert [result.status for result in boris.checks] == [
        *(Status.FAILED, Status.SKIPPED, Status.SKIPPED, Status.PASSED)
    ]
    assert 0 <= ada.seconds < 600


# The seed ----------------------------------------------------------------------------------------


def test_graders_that_begin_at_once_have_one_seed(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from autograder.grading import course_seed;"
        " sys.stdin.read(1); print(course_seed(pathlib.Path(sys.argv[1])))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "grades")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    seeds = {process.communicate("x")[0] for process in started}
    assert seeds == {f"{course_seed(tmp_path / 'grades')}\n"}
    assert [path.name for path in (tmp_path / "grades").iterdir()] == [".seed"]


def test_a_file_system_without_links_has_a_seed_too(tmp_path: Path, monkeypatch: Any) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert course_seed(tmp_path) == course_seed(tmp_path)
