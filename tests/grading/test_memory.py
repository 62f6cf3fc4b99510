"""A judge does not stay as large as the largest submission that it has seen."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from autograder.grading.memory import give_back_free_memory

MIB = 1 << 20


def resident() -> int:
    return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what is freed")
def test_memory_below_something_still_in_use_is_given_back() -> None:
    blocks = [bytes(600) for _ in range(100_000)]  # too large for Python's own arenas
    last = blocks.pop()
    before = resident()
    del blocks
    give_back_free_memory()
    assert before - resident() > 40 * MIB
    assert len(last) == 600
