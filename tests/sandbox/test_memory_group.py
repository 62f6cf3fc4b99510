"""Is memory bounded by the kernel where it can be, and is it said which it was?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import memory_group as groups
from autograder.sandbox.launcher import close_templates, template_of
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.memory_group import (
    JOINING,
    TEMPLATE,
    MemoryGroup,
    memory_bound,
    memory_group,
)
from autograder.sandbox.session import Session

SMALL = Limits(memory=64 * MIB, disk=64 * MIB)
TAKES = "block = bytearray({} << 20); print(len(block))"


@pytest.fixture
def group() -> Iterator[MemoryGroup]:
    made = memory_group()
    if made is None:
        pytest.skip("no control group can be had here")
    yield made
    made.close()


def run_in(group: MemoryGroup, mib: int) -> subprocess.CompletedProcess[str]:
    command = [*JOINING, sys.executable, "-c", TAKES.format(mib)]
    return subprocess.run(command, stdin=group.joining, capture_output=True, text=True)


def test_who_takes_more_is_ended_by_the_kernel(group: MemoryGroup) -> None:
    most = TEMPLATE // MIB
    assert run_in(group, most // 2).stdout == f"{most // 2 * MIB}\n"
    assert run_in(group, most + 50).returncode == -9
    group.allow(SMALL)
    assert run_in(group, most + 50).returncode == 0
    group.count(7, SMALL)
    group.allow(SMALL)
    assert run_in(group, most + 200).returncode == 0
    group.forget(7)
    assert run_in(group, most + 50).returncode == -9


def test_nothing_is_left_of_a_group(group: MemoryGroup) -> None:
    assert group.path.exists()
    group.close()
    assert not group.path.exists()


def test_groups_of_graders_that_have_gone_are_removed(group: MemoryGroup) -> None:
    parent = group.path.parent
    left, own = parent / f"autograder-{1 << 29}-0", parent / f"autograder-{os.getpid()}-x"
    for folder in (left, own):
        folder.mkdir()
    try:
        groups._remove_left_over(parent)
        assert (left.exists(), own.exists()) == (False, True)
    finally:
        own.rmdir()


@pytest.mark.usefixtures("group")
def test_a_templates_workers_are_in_its_group_until_it_ends(level_name: str) -> None:
    close_templates()
    level = get_level(level_name)
    with Session(level, Limits()) as session:
        assert session.run_cell("lesson", "import os", time.monotonic() + 30) is None
        own = template_of(level)._group
        assert own is not None
        assert len((own.path / "cgroup.procs").read_text().split()) >= 2
    close_templates()
    assert not own.path.exists()


def test_where_none_can_be_had_memory_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "ROOT", tmp_path)  # folders, in which no file appears by itself
    groups._parent.cache_clear()
    close_templates()
    try:
        assert memory_bound() == "watched"
        assert memory_group() is None
        assert list(tmp_path.iterdir()) == []
        level = get_level("process")
        with Session(level, Limits()) as session:
            assert session.run_cell("lesson", "import os", time.monotonic() + 30) is None
            assert template_of(level)._group is None
    finally:
        close_templates()
        groups._parent.cache_clear()
