"""What mistakes may cost, alone and together."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.authoring.cases import (
    LEFT_OUT,
    LOST,
    LOST_OR_SKIPPED,
    PASSED,
    SOFT,
    cases,
    combined_cases,
    expected_of,
)
from autograder.authoring.follow_table import MistakeCost, write_follow_table
from autograder.authoring.settings import read_assignment
from autograder.course import shipped_course
from autograder.judging.check import load_checks
from autograder.judging.groups import load_groups

SLUG = "fully_connected_nets"


@pytest.mark.parametrize(
    ("loses", "expected"),
    [
        (["relu_backward"], {"affine_relu": PASSED, "two_layer_training": LEFT_OUT}),
        (["affine_forward"], {"affine_backward": SOFT, "affine_relu": PASSED}),
        (["softmax_loss"], {"softmax_stability": LEFT_OUT, "two_layer_loss": PASSED}),
        (["affine_forward", "relu_forward"], {"affine_relu": PASSED, "fc_net_scores": PASSED}),
        (["affine_forward", "relu_forward", "affine_relu"], {"fc_net_scores": LEFT_OUT}),
        (["affine_forward", "affine_backward"], {"affine_backward": LOST_OR_SKIPPED}),
        (["affine_forward"], {"affine_forward": LOST, "svm_loss": PASSED}),
    ],
)
def test_what_mistakes_cost(loses: list[str], expected: dict[str, frozenset[object]]) -> None:
    assignment = load_assignment(SLUG, shipped_course())
    found = expected_of(loses, load_checks(assignment), load_groups(assignment))
    assert {id: found[id] for id in expected} == expected


def test_a_check_of_the_same_group_runs_with_the_own_wrong_part() -> None:
    """Backward may share the wrong stride with forward, whatever else is replaced beside it."""
    assignment = load_assignment("modular_nets", shipped_course())
    loses = ["conv_output_size", "conv_forward_strides"]
    found = expected_of(loses, load_checks(assignment), load_groups(assignment))
    assert found["conv_backward_strides"] == SOFT
    assert found["conv_forward_shapes"] == found["small_cnn"] == PASSED


def test_a_sample_is_drawn_by_its_seed_and_without_what_trains() -> None:
    assignment = read_assignment(SLUG, shipped_course())
    checks = load_checks(assignment)
    first, again, other = (
        [case.name for case in combined_cases(assignment, checks, count=4, seed=seed)]
        for seed in (1, 1, 2)
    )
    assert first == again != other
    drawn = list(combined_cases(assignment, checks, count=4, seed=1))
    assert (len(drawn), {case.kind for case in drawn}) == (4, {"pair", "triple"})
    assert set(drawn[0].known) == {id for id, check in checks.items() if check.trains}
    assert not drawn[0].known.keys() & drawn[0].expected.keys()


def test_what_trains_is_left_out_for_mistakes_that_it_does_not_show_but_a_sample() -> None:
    assignment = read_assignment(SLUG, shipped_course())
    checks = load_checks(assignment)
    whole = list(cases(assignment, checks))
    some, again, other = (
        list(cases(assignment, checks, trainings=3, seed=seed)) for seed in (1, 1, 2)
    )
    assert not any(case.known for case in whole)
    trained = {case.name for case in some if case.kind == "mutant" and not case.known}
    assert trained == {case.name for case in again if case.kind == "mutant" and not case.known}
    assert trained != {case.name for case in other if case.kind == "mutant" and not case.known}
    long = {id for id, check in checks.items() if check.trains}
    shown = {one.name for case in whole for one in case.mutants if long.intersection(one.loses)}
    assert shown < trained
    assert len(trained - shown) == 3
    left_out = next(case for case in some if case.known)
    assert long <= set(left_out.known)
    assert left_out.expected.keys() == checks.keys() - left_out.known.keys()
    assert not any(case.known for case in some if case.kind != "mutant")


def test_the_table_has_what_a_mistake_costs_and_keeps_other_rows(tmp_path: Path) -> None:
    costs = [
        MistakeCost(now=2, before=10, seconds=0.5, built_on=True),
        MistakeCost(now=4, before=20, seconds=1.5, built_on=True),
        MistakeCost(now=1, before=1, seconds=0, built_on=False),
    ]
    page = tmp_path / "follow-through.md"
    write_follow_table(page, {"nets": costs, "alone": costs[2:]})
    row = "| nets | 2 | 3.0 / 3 / 4 | 15.0 / 15 / 20 | 1.0 / 1.5 |"
    assert page.read_text().splitlines()[-1] == row
    write_follow_table(page, {"clusters": costs[:1]})
    other = "| clusters | 1 | 2.0 / 2 / 2 | 10.0 / 10 / 10 | 0.5 / 0.5 |"
    assert page.read_text().splitlines()[-2:] == [other, row]
