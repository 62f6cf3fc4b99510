"""A made-up assignment `tiny` in a folder of its own, with hidden tests that are never run."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.judging.check import Check

SETTINGS = """\
title = "Tiny"
summary = "Two functions and a choice"
package = "pkg"
dataset = "digits"

[given]
"pkg/given.py" = "solutions/given/given.py"
"data/numbers.npz" = "datasets/numbers.npz"

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

NEEDS = {"double": (), "quadruple": ("double",), "choice": ()}
POINTS = {"double": 2.0, "quadruple": 1.0, "choice": 0.5}


@dataclass(frozen=True)
class Tiny:
    """The assignment's folder; `write` changes a file of its source."""

    root: Path

    @property
    def source(self) -> Path:
        return self.root / "solutions" / "tiny"

    @property
    def assignment(self) -> Assignment:
        return load_assignment("tiny", self.root)

    def write(self, path: str, text: str) -> None:
        target = self.source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def edit(self, path: str, find: str, replace: str) -> None:
        text = (self.source / path).read_text(encoding="utf-8")
        assert text.count(find) == 1, f"{find!r} occurs {text.count(find)} times"
        self.write(path, text.replace(find, replace))


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """A fresh copy of the assignment, whose source is right."""
    monkeypatch.setitem(sys.modules, "autograder.checks.tiny", _checks())
    tiny = Tiny(tmp_path)
    tiny.write("assignment.toml", SETTINGS)
    tiny.write("README.md", README)
    tiny.write("modules/pkg/work.py", MODULE)
    tiny.write("modules/pkg/__init__.py", "")
    tiny.write("lessons/tiny.py", LESSON)
    (tmp_path / "solutions" / "given").mkdir()
    (tmp_path / "solutions" / "given" / "given.py").write_text("GIVEN = 1\n")
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "numbers.npz").write_bytes(b"PK\x03\x04\xff\x00")
    return tiny


def _checks() -> types.ModuleType:
    module = types.ModuleType("autograder.checks.tiny")
    for id, needs in NEEDS.items():
        check = Check(
            id=id,
            points=POINTS[id],
            needs=needs,
            seconds=1.0,
            summary=f"{id} is right.",
            run=lambda student, rng: None,
        )
        setattr(module, id, check)
    return module
