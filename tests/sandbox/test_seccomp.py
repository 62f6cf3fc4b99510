"""The kernel filter: what it refuses, and what a caller may spare."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator

import pytest

from autograder.sandbox.seccomp import filter_program

REFUSE_WITH_EPERM = 0x00050001
JUMP_EQUAL = 0x15


def refused_numbers(program: bytes) -> Iterator[int]:
    """The system calls that are compared with, and refused by the next step."""
    steps = list(struct.iter_unpack("=HBBI", program))
    for (code, _, _, operand), (*_, result) in itertools.pairwise(steps):
        if code == JUMP_EQUAL and result == REFUSE_WITH_EPERM:
            yield operand


@pytest.mark.parametrize(
    ("machine", "socket", "mount"), [("x86_64", 41, 165), ("aarch64", 198, 40)]
)
def test_what_is_spared_is_let_through_and_nothing_else(
    machine: str, socket: int, mount: int
) -> None:
    whole = filter_program(machine)
    container = filter_program(machine, spared=("socket",))
    assert whole is not None
    assert container is not None
    assert {socket, mount} <= set(refused_numbers(whole))
    assert set(refused_numbers(whole)) - set(refused_numbers(container)) == {socket}


def test_a_machine_we_have_no_numbers_of_gets_no_filter() -> None:
    assert filter_program("pdp11") is None
