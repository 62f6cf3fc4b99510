"""What the attacks of the family `adopted` are handed in for: a fair target, and two ways to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.adopted import Route
from autograder.attacks import Attack, load_corpus, try_attack
from autograder.attacks.handing_in import hand_in
from autograder.attacks.target import adopted_assignment, target_of
from autograder.attacks.trial import LIMITS, AttackEnd
from autograder.grading import grade_submission
from autograder.grading.loading import read_adopted
from autograder.route import SubmissionRoute
from autograder.submission import Submission

pytestmark = pytest.mark.long

LEVEL = "bubblewrap"
BY_NAME = {attack.name: attack for attack in load_corpus()}


def test_every_test_cell_of_the_target_runs_outside_and_finds_mistakes() -> None:
    record = adopted_assignment(LEVEL).adopted
    assert record is not None
    assert {cell.route for cell in record.cells} == {Route.OUTSIDE}
    assert not [cell.id for cell in record.cells if cell.tests_nothing]


def test_the_reference_solution_has_all_points() -> None:
    assignment = adopted_assignment(LEVEL)
    submission = Submission(student="honest", files=read_adopted(assignment))
    report = grade_submission(assignment, submission, level=LEVEL, limits=LIMITS)
    assert (report.score, report.max_score) == (11, 11)


def test_what_an_honest_solution_earns_would_be_noticed() -> None:
    code = "\n\ndef count(n):\n    yield from range(n)\n"
    honest = Attack(family="adopted", covers=(), tries="", name="honest", code=code)
    trial = try_attack(honest, target_of(honest, LEVEL), level=LEVEL)
    assert "it has 1 points, and 0 are deserved" in trial.harms


def test_nbgrader_autograde_gives_an_attack_nothing_either() -> None:
    attack = BY_NAME["adopted_equal_to_everything"]
    target = target_of(attack, LEVEL)
    trial = try_attack(attack, target, level=LEVEL, route=SubmissionRoute.NBGRADER)
    assert (trial.harms, trial.end) == ((), AttackEnd.HELD)


def test_the_code_of_an_attack_takes_the_place_of_the_solution(tmp_path: Path) -> None:
    attack = BY_NAME["adopted_pickles"]
    folder = hand_in(attack, target_of(attack, LEVEL), {"@TOKEN@": "token"}, tmp_path)
    text = (folder / "adopted.ipynb").read_text()
    assert "UnpicklingError" in text
    assert "YOUR CODE HERE" not in text
