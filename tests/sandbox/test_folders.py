"""Folders as deep as code can make them are measured and removed, and cost nobody a check."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from pathlib import Path

import pytest

from autograder.sandbox.folders import MAX_NESTED, UnmeasuredError, remove_folder, sizes
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.process_tree import ProcessTree
from autograder.sandbox.session import LostError, Session

LONG = "x" * 200


def nested(place: Path, depth: int, name: str = LONG) -> None:
    """Folders in folders, each with a file, by descriptors: no path would be short enough."""
    folder = os.open(place, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=folder)
        inner = os.open(name, os.O_RDONLY, dir_fd=folder)
        with open(os.open("file", os.O_WRONLY | os.O_CREAT, dir_fd=inner), "wb") as file:
            file.write(bytes(5000))
        os.close(folder)
        folder = inner
    os.close(folder)


@pytest.mark.parametrize("depth", [0, 1, 30, 5000])
def test_a_folder_of_any_depth_is_removed(tmp_path: Path, depth: int) -> None:
    place = tmp_path / "home"
    place.mkdir()
    (place / "link").symlink_to(tmp_path)
    (tmp_path / "kept").write_bytes(b"1")
    nested(place, depth)
    remove_folder(str(place))
    assert os.listdir(tmp_path) == ["kept"]


def test_closed_and_wide_folders_are_removed(tmp_path: Path) -> None:
    place = tmp_path / "home"
    for number in range(300):
        (place / f"{number}" / "same").mkdir(parents=True)
        (place / f"{number}" / "same" / "file").write_bytes(b"1")
    (place / "7").chmod(0)
    remove_folder(str(place))
    assert os.listdir(tmp_path) == []


def test_removing_what_is_not_there_or_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("gone", "file", "link"):
        remove_folder(str(tmp_path / name))
    assert sorted(os.listdir(tmp_path)) == ["file", "link"]


def test_what_no_path_leads_to_is_measured(tmp_path: Path) -> None:
    nested(tmp_path, 40)  # 8,000 bytes of names
    assert sum(sizes(str(tmp_path))) >= 40 * (4096 + 5000)


def test_links_are_not_followed_and_files_are_measured(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(5000))
    (tmp_path / "loop").symlink_to(tmp_path)
    assert 5000 < sum(sizes(str(tmp_path))) < 20_000
    assert sum(sizes(str(tmp_path / "file"))) >= 5000
    assert list(sizes(str(tmp_path / "gone"))) == []


def test_nesting_has_an_end(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    nested(tmp_path, MAX_NESTED + 1, "d")
    with pytest.raises(UnmeasuredError, match=f"^it nested more than {MAX_NESTED} folders$"):
        list(sizes(str(tmp_path)))
    assert len(os.listdir("/proc/self/fd")) == before
    with subprocess.Popen(["sleep", "60"]) as worker:
        tree = ProcessTree(worker.pid, None, str(tmp_path), Limits())
        assert tree.check({}) == f"it nested more than {MAX_NESTED} folders"
        assert not tree.may_write()
        worker.kill()


DEEP = f"""
import os

def nest(depth):
    for _ in range(depth):
        os.mkdir("{LONG}")
        os.chdir("{LONG}")
    return depth


"""
DEEPER = "import deep; deep.nest(3000)"


def test_deep_folders_of_a_submission_stop_nothing_and_go_with_it(level_name: str) -> None:
    limits = Limits(disk=64 * MIB)
    deadline = time.monotonic() + 60
    with Session(get_level(level_name), limits) as session:
        home = session._home
        session.write_files({"deep.py": DEEP.encode()}, deadline)
        session.import_module("deep", deadline=deadline)
        with contextlib.suppress(LostError):  # where the watch sees it in time
            session.run_cell(notebook="lesson", source=DEEPER, deadline=deadline)
    assert not home or not os.path.exists(home)
