"""A small class of made-up students, graded for a newcomer to watch. Knows no hidden test."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import (
    load_mutants,
    load_variants,
    mutant_files,
    reference_files,
    release_files,
)
from autograder.course import shipped_course
from autograder.grading import Conditions, Listener, Processes, course_seed, grade_class
from autograder.reports import class_table, progress, write_pages
from autograder.results import Report
from autograder.submission import find_submissions

SLUG = "fully_connected_nets"
JOBS = 2
LAYERS = "nn/layers.py"
# Mistakes that students of such courses really made, and an unusual right answer, by file name.
MISTAKES = {
    "boris": "softmax_gradient_set_to_one",
    "clara": "relu_forward_notebook_name",
    "deniz": "two_layer_reg_gradient_missing",
}
VARIANT = "dict_caches"

_CRASH = """\
import torch  # the course is about NumPy

"""
_ENDLESS = """

def svm_loss(x, y):
    loss, row = 0.0, 0
    while row < len(x):
        loss += max(0.0, x[row].max() - x[row, y[row]] + 1)
    return loss, x
"""
_CHEAT = """\
import builtins
import os

import numpy as np

np.allclose = np.array_equal = lambda *args, **options: True
np.testing.assert_allclose = lambda *args, **options: None
builtins.abs = lambda x: 0.0
print('{"score": 100, "max_score": 100, "status": "passed"}')


class Right:
    def __eq__(self, other):
        return True


def affine_forward(x, w, b):
    print("All tests passed. Score: 100/100", flush=True)
    os._exit(0)


def relu_forward(x):
    return Right(), Right()


def softmax_loss(x, y):
    raise SystemExit(0)
"""


@dataclass(frozen=True, kw_only=True)
class MadeUp:
    """A student of the demo: a name, what this one did, and the files that came of it."""

    name: str
    did: str
    files: Mapping[str, bytes]


def make_class(assignment: Assignment) -> tuple[MadeUp, ...]:
    """Nine students: one right, one who has not begun, and seven of whom graders should know."""
    right = reference_files(assignment)
    untouched = release_files(assignment)
    (variant,) = (one for one in load_variants(assignment) if one.name == VARIANT)
    return (
        MadeUp(name="ada", did="everything right", files=right),
        *_mistaken(assignment),
        MadeUp(name="emil", did="not begun", files=untouched),
        MadeUp(name="farah", did="imports a missing package", files=_before(right, _CRASH)),
        MadeUp(name="goran", did="svm_loss never ends", files=_after(right, _ENDLESS)),
        MadeUp(
            name="hedy",
            did="cheats: patches np.allclose, prints a score, calls os._exit(0)",
            files={**untouched, LAYERS: _CHEAT.encode()},
        ),
        MadeUp(
            name="ivan",
            did=f"right, but unusual: {variant.description}",
            files=mutant_files(assignment, variant),
        ),
    )


def show_demo(*, level: str = "bubblewrap") -> Sequence[Report]:
    """Grade the class in a temporary folder, print the table and where the pages are."""
    started = time.monotonic()
    console = Console()
    assignment = load_assignment(SLUG, shipped_course())
    folder = Path(tempfile.mkdtemp(prefix="autograder-demo-"))
    students = make_class(assignment)
    _write(students, folder / "submitted")
    submissions = find_submissions(folder / "submitted", assignment)
    console.print(f"Grading {len(students)} made-up students of {SLUG}, {JOBS} at a time.")
    out = folder / "grades"
    conditions = Conditions(assignment=assignment, level=level, seed=course_seed(out))
    with progress(len(submissions)) as shown:
        reports = grade_class(
            conditions,
            submissions,
            out=out,
            place=Processes(JOBS),
            listener=Listener(graded=shown),
        )
    notes = {student.name: student.did for student in students}
    index = write_pages(out / SLUG, reports, title=assignment.title, notes=notes)
    console.print(class_table(reports, notes=notes))
    seconds = time.monotonic() - started
    console.print(f"Graded in {seconds:.0f} s in the sandbox `{level}`. All findings, as pages:")
    console.print(str(index), soft_wrap=True, highlight=False)
    return reports


def _mistaken(assignment: Assignment) -> list[MadeUp]:
    mutants = {mutant.name: mutant for mutant in load_mutants(assignment)}
    return [
        MadeUp(
            name=student,
            did=mutants[name].description,
            files=mutant_files(assignment, mutants[name]),
        )
        for student, name in MISTAKES.items()
    ]


def _before(files: Mapping[str, bytes], code: str) -> dict[str, bytes]:
    return {**files, LAYERS: code.encode() + files[LAYERS]}


def _after(files: Mapping[str, bytes], code: str) -> dict[str, bytes]:
    return {**files, LAYERS: files[LAYERS] + code.encode()}


def _write(students: Sequence[MadeUp], folder: Path) -> None:
    for student in students:
        for path, data in student.files.items():
            target = folder / student.name / SLUG / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
