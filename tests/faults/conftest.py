"""A made-up course in a folder of its own, with a source, a release and hidden tests to break."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import build, build_hidden, read_assignment, reference_files
from autograder.cli import app
from autograder.course import Course, read_course
from autograder.judging.check import checks_package
from autograder.submission import Submission

SETTINGS = 'title = "Tiny"\nsummary = "Made up"\npackage = "nn"\ndataset = "none"\n'
CHECKS = '''\
"""Hidden tests."""

from autograder.judging.arrays import expect_number
from autograder.judging.check import check


@check("double", points=2)
def double(student, rng):
    """double doubles."""
    twice, once = student.layers.double(3.0)
    expect_number("twice", twice, 6.0)


@check("answer", points=1)
def answer(student, rng):
    """The answer is known."""
    expect_number("answer", student.notebook().answer, 42)
'''
MODULE = '''\
"""Layers."""


def double(x):
    """Twice x, and x."""
    ### BEGIN SOLUTION double
    twice_the_number = x + x
    return twice_the_number, x
    ### END SOLUTION
'''
LESSON = """\
# %% [markdown]
# # Tiny

# %%
# %matplotlib inline
import nn.layers

# %%
### BEGIN SOLUTION answer
### STUB answer = ...  # TODO(answer)
answer = 40 + 2
### END SOLUTION

# %% check="double"
assert nn.layers.double(2)[0] == 4

# %% check="answer"
assert answer > 1

# %% demo=true
import matplotlib.pyplot as plt

plt.plot([answer])
plt.show()
"""
RIGHT = "def double(x):\n    return 2 * x, x\n"


@dataclass(frozen=True)
class Tiny:
    """The course's folder; `write` changes a file in it."""

    root: Path

    @property
    def course(self) -> Course:
        return read_course(self.root)

    @property
    def source(self) -> Assignment:
        return read_assignment("tiny", self.course)

    @property
    def assignment(self) -> Assignment:
        return load_assignment("tiny", self.course)

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        if path.startswith("checks/"):  # imported anew, as by another process
            sys.modules.pop(f"{checks_package(self.root / 'checks')}.tiny", None)
        return target

    def edit(self, path: str, find: str, replace: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(find) == 1, f"{find!r} occurs {text.count(find)} times"
        self.write(path, text.replace(find, replace))

    def build(self) -> None:
        build(self.source)
        build_hidden(self.source)

    def right(self, student: str = "ada", **changes: str) -> Submission:
        """A submission without a fault, but for its `layers`, if they are given."""
        files = dict(reference_files(self.source))
        files |= {f"nn/{name}.py": text.encode() for name, text in changes.items()}
        return Submission(student=student, files=files)

    def hand_in(self, submission: Submission) -> None:
        for path, data in submission.files.items():
            target = self.root / "submitted" / submission.student / "tiny" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def run(self, *words: str) -> Result:
        """A command in this process."""
        return CliRunner().invoke(app, [*words, f"--course={self.root}"])

    def grade(self, *words: str) -> Result:
        """Grade what was handed in, one submission after the other."""
        paths = [str(self.root / "submitted"), f"--out={self.root / 'grades'}"]
        return self.run("grade", "tiny", *paths, "--jobs=1", "--seed=3", *words)


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A course whose only assignment is right, and built."""
    tiny = Tiny(tmp_path / "course")
    tiny.write("course.toml", 'title = "Made up"\n')
    tiny.write("checks/tiny.py", CHECKS)
    tiny.write("solutions/tiny/assignment.toml", SETTINGS)
    tiny.write("solutions/tiny/README.md", "# Tiny\n")
    tiny.write("solutions/tiny/modules/nn/__init__.py", "")
    tiny.write("solutions/tiny/modules/nn/layers.py", MODULE)
    tiny.write("solutions/tiny/lessons/lesson.py", LESSON)
    tiny.build()
    return tiny
