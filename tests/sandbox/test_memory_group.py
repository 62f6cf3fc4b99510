"""Is memory bounded by the kernel where it can be, and is it said which it was?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import memory_group as groups
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.memory_group import MemoryGroup, join, memory_bound, memory_group
from autograder.sandbox.session import Session

SMALL = Limits(memory=100 * MIB, disk=36 * MIB)  # 200 MiB with the kernel's own
TAKES = "block = bytearray({} << 20); print(len(block))"


@pytest.fixture
def group() -> MemoryGroup:
    made = memory_group(SMALL)
    if made is None:
        pytest.skip("no control group can be had here")
    return made


def run_in(group: MemoryGroup, mib: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", TAKES.format(mib)],
        preexec_fn=lambda: join(group.joining),
        capture_output=True,
        text=True,
    )


def test_who_takes_more_is_ended_by_the_kernel(group: MemoryGroup) -> None:
    try:
        assert run_in(group, 50).stdout == f"{50 * MIB}\n"
        assert run_in(group, 400).returncode == -9
    finally:
        group.close()


def test_nothing_is_left_of_a_group(group: MemoryGroup) -> None:
    assert group._path.exists()
    group.close()
    assert not group._path.exists()


def test_groups_of_graders_that_have_gone_are_removed(group: MemoryGroup) -> None:
    parent = group._path.parent
    left, own = parent / f"autograder-{1 << 29}-0", parent / f"autograder-{os.getpid()}-x"
    for folder in (left, own):
        folder.mkdir()
    try:
        groups._remove_left_over(parent)
        assert (left.exists(), own.exists()) == (False, True)
    finally:
        own.rmdir()
        group.close()


@pytest.mark.usefixtures("group")
def test_a_worker_is_in_a_group_of_its_own_until_it_has_ended(level_name: str) -> None:
    with Session(get_level(level_name), Limits()) as session:
        assert session._group is not None
        path = session._group._path
        assert (path / "cgroup.procs").read_text().split()
    assert not path.exists()


def test_where_none_can_be_had_memory_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "ROOT", tmp_path)  # folders, in which no file appears by itself
    groups._parent.cache_clear()
    try:
        assert memory_bound() == "watched"
        assert memory_group(SMALL) is None
        assert list(tmp_path.iterdir()) == []
        with Session(get_level("process"), Limits()) as session:
            assert session._group is None
    finally:
        groups._parent.cache_clear()
