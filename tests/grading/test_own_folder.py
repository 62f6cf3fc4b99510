"""The folder of a grader: does it go with its grader, and is what a killed one left removed?"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.grading import own_folder as room
from autograder.grading.own_folder import PREFIX, locked_folder, own_folder, remove_left_over
from autograder.grading.trusted import bench

HOLDS = """
import sys, tempfile
from autograder.grading.own_folder import own_folder
with own_folder() as folder:
    open(tempfile.mkstemp()[1], "w").write("work")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def holder() -> tuple[subprocess.Popen[str], Path]:
    """Another process in a folder of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_temporary_files_lie_in_it_and_go_with_it(temporary: Path) -> None:
    with own_folder() as folder:
        name = tempfile.mkstemp()[1]
        assert Path(name).parent == Path(folder)
        assert Path(folder).parent == temporary
        assert Path(folder).stat().st_mode & 0o777 == 0o711
    assert list(temporary.iterdir()) == []
    assert tempfile.gettempdir() == str(temporary)


def test_a_locked_folder_leaves_other_temporary_files_where_they_are(temporary: Path) -> None:
    with locked_folder() as folder:
        assert tempfile.gettempdir() == str(temporary)
        assert list(temporary.iterdir()) == [Path(folder)]
    assert list(temporary.iterdir()) == []


def test_the_bench_of_the_courses_own_code_is_such_a_folder(
    temporary: Path, assignment: Assignment
) -> None:
    """A grader that was killed left it behind."""
    with bench(assignment):
        assert len(list(temporary.glob(f"{PREFIX}*"))) == 1
    assert list(temporary.glob(f"{PREFIX}*")) == []


def test_what_a_killed_grader_left_is_removed_by_the_next(temporary: Path) -> None:
    process, folder = holder()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert list(folder.iterdir()) != []
    with own_folder() as own:
        assert list(temporary.iterdir()) == [Path(own)]


def test_the_folder_of_a_grader_that_lives_stays(temporary: Path) -> None:
    process, folder = holder()
    try:
        remove_left_over()
        assert len(list(folder.iterdir())) == 1
    finally:
        process.communicate("")
    assert list(temporary.iterdir()) == []


def test_what_only_looks_like_it_stays(temporary: Path) -> None:
    (temporary / f"{PREFIX}file").write_text("mine")
    (temporary / "autograder-other").mkdir()
    (temporary / "elsewhere").mkdir()
    (temporary / "elsewhere" / "kept").write_text("mine")
    (temporary / f"{PREFIX}link").symlink_to(temporary / "elsewhere")
    remove_left_over()
    assert len(list(temporary.iterdir())) == 4
    assert (temporary / "elsewhere" / "kept").read_text() == "mine"


def test_the_folder_of_another_user_stays(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (temporary / f"{PREFIX}theirs").mkdir()
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    remove_left_over()
    assert (temporary / f"{PREFIX}theirs").is_dir()


def test_one_that_was_taken_for_left_over_is_made_anew(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another grader looks just between the making and the locking."""
    taken = []

    def lock(descriptor: int, how: int) -> None:
        if not taken:
            taken.extend(temporary.iterdir())
            os.rmdir(taken[0])

    monkeypatch.setattr(room.fcntl, "flock", lock)
    with own_folder() as folder:
        assert taken != [Path(folder)]
        assert list(temporary.iterdir()) == [Path(folder)]


def test_one_that_was_removed_before_it_could_be_locked_is_made_anew(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, made = tempfile.mkdtemp, []

    def made_and_taken(**how: str) -> str:
        made.append(make(**how))
        if len(made) == 1:
            os.rmdir(made[0])
        return made[-1]

    monkeypatch.setattr(room.tempfile, "mkdtemp", made_and_taken)
    with locked_folder() as folder:
        assert list(temporary.iterdir()) == [Path(folder)]
    assert (len(made), list(temporary.iterdir())) == (2, [])


def test_a_file_system_without_locks_is_no_hindrance(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock(descriptor: int, how: int) -> None:
        raise OSError("no locks here")

    monkeypatch.setattr(fcntl, "flock", lock)
    with own_folder() as folder:
        remove_left_over()
        assert Path(folder).is_dir()
    assert list(temporary.iterdir()) == []
