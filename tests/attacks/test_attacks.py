"""Nothing forged, nothing leaked, nobody lost: every submission of the corpus against the sandbox.

Each attack is the released folder with its code put at the end of one module, so that an answer
which the student never gave cannot be among the points.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.grading import grade_submission
from autograder.grading.loading import read_release
from autograder.results import Report, Status
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.toml"))


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    get_level("bubblewrap")
    return load_assignment("fully_connected_nets")


def grade(assignment: Assignment, attack: dict[str, str]) -> Report:
    files = read_release(assignment)
    path = attack.get("path", "nn/layers.py")
    files[path] = files[path] + b"\n\n" + attack["code"].encode()
    limits = Limits(total_seconds=6) if attack["family"] == "exhausting" else Limits()
    mallory = Submission(student="mallory", files=files)
    return grade_submission(assignment, mallory, seed=7, limits=limits)


def test_the_corpus_is_there() -> None:
    assert len(CORPUS) >= 27


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_an_attack_gains_nothing_and_harms_nobody(assignment: Assignment, path: Path) -> None:
    attack = tomllib.loads(path.read_text(encoding="utf-8"))
    open_files = len(os.listdir("/proc/self/fd"))
    report = grade(assignment, attack)
    assert report.score == 0
    assert {result.status for result in report.checks} <= {
        Status.FAILED,
        Status.NOT_ATTEMPTED,
        Status.SKIPPED,
    }
    rationale = " ".join(result.rationale for result in report.checks)
    for text in attack.get("says", []):
        assert text in rationale
    assert len(os.listdir("/proc/self/fd")) == open_files
