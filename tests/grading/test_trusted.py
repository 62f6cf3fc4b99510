"""Checks against the course's own code, in the judge's process."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import load_mutants, mutant_files, reference_files
from autograder.course import shipped_course
from autograder.grading.seeds import Draws
from autograder.grading.trusted import trusted
from autograder.judging.check import Finding, NotAttempted, check, load_checks
from autograder.sandbox.faults import CodeRaised, NotDefined, OutOfTime
from autograder.sandbox.remote import Student, fetch

SLUGS = shipped_course().slugs
EXACT = 30  # seconds; a check with a larger budget trains


@pytest.mark.parametrize("slug", SLUGS)
def test_the_reference_passes_every_check_that_does_not_train(slug: str) -> None:
    assignment = load_assignment(slug, shipped_course())
    checks = [one for one in load_checks(assignment).values() if one.seconds < EXACT]
    with trusted(assignment, reference_files(assignment)) as code:
        raised = {one.id: code.run(one, Draws(seed=3, student="ada")) for one in checks}
    assert raised == dict.fromkeys(raised)
    assert len(raised) > 10


def test_a_mutant_loses_what_it_loses_in_a_sandbox() -> None:
    assignment = load_assignment("fully_connected_nets", shipped_course())
    checks = load_checks(assignment)
    mutants = [one for one in load_mutants(assignment) if checks[one.loses[0]].seconds < EXACT]
    for mutant in mutants:
        with trusted(assignment, mutant_files(assignment, mutant)) as code:
            for id in mutant.loses:
                assert code.run(checks[id], Draws(seed=0, student="ada")) is not None, (
                    mutant.name,
                    id,
                )
    assert len(mutants) > 20


@pytest.fixture
def made_up(tmp_path: Path, write_release: Callable[..., Assignment]) -> Assignment:
    stub = "def twice(x):\n    raise NotImplementedError('TODO(twice)')\n"
    return write_release(tmp_path, "tiny", {"nn/twice.py": stub, "nn/__init__.py": "FACTOR = 2\n"})


@check("twice", points=1)
def twice(student: Student, rng: np.random.Generator) -> None:
    """Twice is twice."""
    x = rng.standard_normal(3)
    if not np.allclose(fetch(student.twice.twice(x)), 2 * x):
        raise Finding("It is not twice.")


def ran(assignment: Assignment, text: str) -> Exception | None:
    with trusted(assignment, {"nn/twice.py": text.encode()}) as code:
        return code.run(twice, Draws(seed=1, student="ada"))


def test_right_and_wrong_code_are_told_apart(made_up: Assignment) -> None:
    assert ran(made_up, "from . import FACTOR\ndef twice(x):\n    return FACTOR * x\n") is None
    assert isinstance(ran(made_up, "def twice(x):\n    return x\n"), Finding)


def test_what_code_raises_is_a_fault_as_in_a_sandbox(made_up: Assignment) -> None:
    raised = ran(made_up, "def twice(x):\n    return x / y\n")
    assert isinstance(raised, CodeRaised)
    assert (raised.error.name, raised.error.line) == ("NameError", 2)
    assert isinstance(ran(made_up, "def thrice(x):\n    return 3 * x\n"), NotDefined)


def test_time_is_over_when_the_budget_is(made_up: Assignment) -> None:
    slow = "import time\ndef twice(x):\n    time.sleep(0.05)\n    return 2 * x\n"
    with trusted(made_up, {"nn/twice.py": slow.encode()}) as code:
        short = check("twice", points=1, seconds=0.01)(twice.run)
        assert isinstance(code.run(short, Draws(seed=1, student="ada")), OutOfTime)


def test_an_input_that_is_changed_is_the_code_s_own_copy(made_up: Assignment) -> None:
    assert ran(made_up, "def twice(x):\n    x *= 2\n    return x\n") is None


def test_nothing_of_the_process_is_different_afterwards(made_up: Assignment) -> None:
    here, path = os.getcwd(), list(sys.path)
    random.seed(7)
    expected = random.random()
    random.seed(7)
    np.random.seed(5)
    number = np.random.rand()
    np.random.seed(5)
    assert (
        ran(made_up, "import random\ndef twice(x):\n    random.random()\n    return 2 * x\n")
        is None
    )
    assert (os.getcwd(), sys.path) == (here, path)
    assert "nn.twice" not in sys.modules
    assert (random.random(), np.random.rand()) == (expected, number)


def test_prints_are_nobody_s(made_up: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(made_up, "print('hello')\ndef twice(x):\n    print(x)\n    return 2 * x\n") is None
    assert capsys.readouterr().out == ""


def test_a_size_that_is_still_a_placeholder_was_not_attempted() -> None:
    """So what is built on it is left open, and not marked with the course's."""
    assignment = load_assignment("modular_nets", shipped_course())
    files = reference_files(assignment)
    path = "lib/cnn/layer_utils.py"
    text = files[path].decode()
    start = text.index("def get_output_size")
    end = text.index("        return ", start)
    line = text[end : text.index("\n", end)]
    placeholder = text[:end] + "        return ..." + text[end + len(line) :]
    checks = load_checks(assignment)
    with trusted(assignment, {**files, path: placeholder.encode()}) as code:
        raised = code.run(checks["conv_output_size"], Draws(seed=0, student="ada"))
    assert isinstance(raised, NotAttempted)
