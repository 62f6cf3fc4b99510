"""A slip in a forward step costs once; a step that is easy to differentiate earns nothing."""

from __future__ import annotations

import pytest

from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.grading.seeds import Draws
from autograder.grading.trusted import trusted
from autograder.judging.check import Finding, load_checks
from autograder.solved import read_solved

from .own_forward_cases import SHAMS, SLIPS

Case = tuple[str, str, str, tuple[str, ...]]


def raised(case: Case) -> list[Exception | None]:
    """What each check raises, with two seeds."""
    slug, path, code, ids = case
    assignment = load_assignment(slug, shipped_course())
    solved, checks = read_solved(assignment), load_checks(assignment)
    assert solved is not None
    files = {**solved.reference()}
    files[path] += f"\n\n{code}".encode()
    edited = {name: files[name] for name in assignment.editable}
    with trusted(assignment, edited) as loaded:
        return [
            loaded.run(checks[id], Draws(seed=seed, student="ada")) for id in ids for seed in (1, 2)
        ]


@pytest.mark.parametrize("name", SLIPS)
def test_gradients_of_a_wrong_forward_step_are_right(name: str) -> None:
    assert not any(raised(SLIPS[name]))


@pytest.mark.parametrize("name", SHAMS)
def test_gradients_of_an_easy_step_earn_nothing(name: str) -> None:
    assert all(isinstance(one, Finding) for one in raised(SHAMS[name]))


@pytest.mark.parametrize("name", SLIPS)
def test_the_forward_step_itself_is_wrong(name: str) -> None:
    slug, path, code, ids = SLIPS[name]
    checks = load_checks(load_assignment(slug, shipped_course()))
    forward = checks[ids[0]].needs[0]
    assert all(isinstance(one, Finding) for one in raised((slug, path, code, (forward,))))
