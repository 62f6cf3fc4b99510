"""A course of one made-up assignment, `tiny`, with hidden tests that are never run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.authoring import read_assignment
from autograder.course import read_course

SETTINGS = """\
title = "Tiny"
summary = "Two functions and a choice"
package = "pkg"
dataset = "digits"

[given]
"pkg/given.py" = "solutions/given/given.py"
"data/numbers.npz" = "data/numbers.npz"

[thresholds.digits]
double = 0.875
"""

README = """\
# [[= assignment.title ]]

[[= total_points ]] points, [[= points.double ]] of them for `double`.
"""

MODULE = '''\
"""Arithmetic."""


def double(x):
    """Twice x."""
    ### BEGIN SOLUTION double
    twice_the_number = x + x
    return twice_the_number
    ### END SOLUTION


def quadruple(x):
    """Four times x."""
    ### BEGIN SOLUTION quadruple
    ### STUB result = ...  # TODO(quadruple)
    result = double(double(x))
    ### END SOLUTION
    return result
'''

LESSON = """\
# %% [markdown]
# # [[= assignment.title ]]
#
# Reach [[= "%.1f" | format(100 * threshold.double) ]] %.

# %%
# %matplotlib inline
import pkg.work

# %% demo=true
print("[[= points.double ]] points")

# %% check="double"
assert pkg.work.double(2) == 4

# %% check="quadruple"
assert pkg.work.quadruple(2) == 8

# %%
### BEGIN SOLUTION choice
### STUB choice = ...  # TODO(choice)
choice = {"a", "c"}
### END SOLUTION

# %% check="choice"
assert choice <= {"a", "b", "c"}

# %%
# %% [markdown] manual="explain" points=1.5
# ### BEGIN SOLUTION explain
# ### STUB *Write here. TODO(explain)*
# Because four is two times two.
# ### END SOLUTION
"""

CHECKS = '''\
from autograder.judging.check import check


@check("double", points=2, seconds=1)
def double(student, rng):
    """double is right."""


@check("quadruple", points=1, needs="double", seconds=1)
def quadruple(student, rng):
    """quadruple is right."""


@check("choice", points=0.5, seconds=1)
def choice(student, rng):
    """choice is right."""
'''


@dataclass(frozen=True)
class Tiny:
    """The course's folder; `write` changes a file of its source."""

    root: Path

    @property
    def source(self) -> Path:
        return self.root / "solutions" / "tiny"

    @property
    def assignment(self) -> Assignment:
        return read_assignment("tiny", read_course(self.root))

    def write(self, path: str, text: str) -> None:
        target = self.source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def edit(self, path: str, find: str, replace: str) -> None:
        text = (self.source / path).read_text(encoding="utf-8")
        assert text.count(find) == 1, f"{find!r} occurs {text.count(find)} times"
        self.write(path, text.replace(find, replace))


@pytest.fixture
def tiny(tmp_path: Path, write_files: Callable[..., None]) -> Tiny:
    """A fresh copy of the course, whose one source is right and is not built yet."""
    write_files(
        tmp_path,
        {
            "course.toml": "",
            "checks/tiny.py": CHECKS,
            "solutions/given/given.py": "GIVEN = 1\n",
            "data/numbers.npz": b"PK\x03\x04\xff\x00",
        },
    )
    tiny = Tiny(tmp_path)
    tiny.write("assignment.toml", SETTINGS)
    tiny.write("README.md", README)
    tiny.write("modules/pkg/work.py", MODULE)
    tiny.write("modules/pkg/__init__.py", "")
    tiny.write("lessons/tiny.py", LESSON)
    return tiny
