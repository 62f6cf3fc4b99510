"""Mutants against the hidden tests, each in a child of its own."""

from __future__ import annotations

import pytest

from autograder.assignment import load_assignment
from autograder.authoring import reference_files
from autograder.course import shipped_course
from autograder.grading import trial
from autograder.grading.trial import MutantTrial, Noticed, try_mutants

SLUG = "fully_connected_nets"
LAYERS = "nn/layers.py"
LINE = b"out = np.maximum(0, x)"


def tried(line: bytes, part: str = "relu_forward") -> MutantTrial:
    assignment = load_assignment(SLUG, shipped_course())
    reference = reference_files(assignment)
    assert reference[LAYERS].count(LINE) == 1
    files = {**reference, LAYERS: reference[LAYERS].replace(LINE, line)}
    (result,) = try_mutants(SLUG, shipped_course(), [(files, [part])])
    return result


def test_the_reference_itself_survives() -> None:
    found = tried(LINE)
    assert found == MutantTrial(noticed=Noticed.SURVIVED)
    assert (found.survived, found.failed) == (True, "")


def test_the_check_that_noticed_it_is_named_with_its_words() -> None:
    found = tried(b"out = np.abs(x)")
    assert (found.noticed, found.check) == (Noticed.LOST, "relu_forward")
    assert "absolute value" in found.said


@pytest.mark.parametrize("end", [b"while True: pass", b"import os; os._exit(3)"])
def test_a_process_that_does_not_end_or_dies_is_noticed(
    end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "CPU_SECONDS", 2)
    assert tried(LINE + b"\n    " + end) == MutantTrial(noticed=Noticed.ENDED)


def test_one_that_waits_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "WALL_SECONDS", 2.0)
    assert tried(LINE + b"\n    import time; time.sleep(60)").noticed is Noticed.ENDED


def test_recursion_and_prints_are_only_mistakes() -> None:
    assert tried(b"print(x); return relu_forward(x)").check == "relu_forward"


def test_checks_that_train_are_asked_only_by_name() -> None:
    assignment = load_assignment(SLUG, shipped_course())
    asked = [
        one.id
        for one in trial._asked(trial.load_checks(assignment), ["svm_loss", "tuning"], ["sgd"])
    ]
    assert asked[:2] == ["svm_loss", "sgd"]
    assert len(asked) == len(set(asked)) > 15
    assert "two_layer_training" not in asked
    assert asked[-1] == "tuning"
