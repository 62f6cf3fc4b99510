"""A secret that was given as an argument is gone from the command line, and nothing else is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.arguments import hide

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="the command line is nowhere to be read"
)
PROGRAM = (
    "import sys; from autograder.arguments import hide; print(hide('seed'));"
    "print(open('/proc/self/cmdline').read().split(chr(0))[3:-1]); print(sys.argv[1:])"
)


def seen(*words: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["--seed", "12345", "a"], ["--seed", "*****", "a"]),
        (["grade", "--seed=0xab", "--out=x"], ["grade", "--seed=****", "--out=x"]),
        (["--GradeInSandbox.seed=7", "x"], ["--GradeInSandbox.seed=*", "x"]),
        (["--seed=1", "--seed=22"], ["--seed=*", "--seed=**"]),
    ],
)
def test_the_value_is_written_over_and_still_known_here(words: list[str], left: list[str]) -> None:
    assert seen(*words) == ["True", str(left), str(words)]


@pytest.mark.parametrize("words", [[], ["--seeds=3"], ["seed", "3"], ["--seed"], ["--my-seed=3"]])
def test_nothing_else_is_touched(words: list[str]) -> None:
    assert seen(*words) == ["False", str(words), str(words)]


def test_a_system_without_such_files_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(self: Path) -> bytes:
        raise FileNotFoundError(str(self))

    monkeypatch.setattr(Path, "read_bytes", missing)
    assert hide("seed") is False
