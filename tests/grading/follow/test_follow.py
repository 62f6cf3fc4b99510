"""Does one mistake cost its own points, and no other?"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from autograder.grading.tryout import REPLACED
from autograder.results import CheckResult, Report, Status

Graded = Callable[..., Report]
Lost = Callable[[Report], dict[str, float]]
Result = Callable[[Report, str], CheckResult]

WRONG = {
    "forward": ("return x * w, (x, w)", "return x + w, (x, w)"),
    "backward": ("    return dout * w\n", "    return dout / w\n"),
    "shift": ("return x + 1", "return x - 1"),
    "layer": ('return x * self.params["w"]', 'return x + self.params["w"]'),
    "mean": ("sum(x) / len(x)", "sum(x) / (len(x) - 1)"),
    "net": ('["w"] -= 0.1 *', '["w"] += 0.1 *'),
    "built": ("Layer(2 * w)", "Layer(w)"),
    "chain": ("return shift(out), cache", "return out, cache"),
}


def test_a_right_submission_earns_everything(graded: Graded, lost: Lost) -> None:
    report = graded()
    assert lost(report) == {}
    assert not any(one.followed for one in report.checks)


@pytest.mark.parametrize(
    ("mistake", "costs"),
    [
        ("forward", {"scale_forward": 2, "scale_backward": 2, "scale_twice": 1, "fixed": 1}),
        ("backward", {"scale_backward": 2, "fixed": 1}),
        ("shift", {"shift": 1, "fixed": 1}),
        ("layer", {"layer": 2}),
        ("mean", {"mean": 1}),
        ("net", {"net": 2}),
        ("built", {"built": 1}),
        ("chain", {"chain": 3, "fixed": 1}),
    ],
)
def test_one_mistake_costs_its_own_group(
    graded: Graded, lost: Lost, mistake: str, costs: dict[str, float]
) -> None:
    assert lost(graded(WRONG[mistake])) == costs


def test_a_check_says_what_was_put_in_place(graded: Graded, result: Result) -> None:
    report = graded(WRONG["backward"], WRONG["shift"])
    chain = result(report, "chain")
    assert chain.status is Status.PASSED
    assert chain.followed == ("scale_backward", "shift")
    assert chain.rationale == (
        "Marked with the course's `scale_backward` and `shift` in place of yours."
    )
    written = json.loads(report.to_json())["checks"]
    assert next(one for one in written if one["id"] == "chain")["followed"] == [
        "scale_backward",
        "shift",
    ]


def test_a_later_mistake_is_found_all_the_same(graded: Graded, result: Result) -> None:
    chain = result(graded(WRONG["shift"], WRONG["chain"]), "chain")
    assert (chain.status, chain.score, chain.followed) == (Status.FAILED, 0, ("shift",))
    assert chain.rationale.startswith(
        "Marked with the course's `shift` in place of yours. `chain_forward(array (4,), 2.0)` gives"
    )
    assert REPLACED in chain.exhibit.tryout
    assert "nn.chain.chain_forward(" in chain.exhibit.tryout
    assert "return x + 1" not in chain.exhibit.tryout


def test_more_than_two_groups_are_not_replaced(graded: Graded, result: Result) -> None:
    three = graded(WRONG["shift"], WRONG["backward"], WRONG["layer"])
    assert result(three, "all_three").status is Status.SKIPPED
    assert result(three, "all_three").rationale == "It needs `scale_backward`, which did not pass."
    assert result(graded(WRONG["shift"], WRONG["layer"]), "all_three").score == 1


def test_a_soft_need_leaves_the_students_own_part_in_place(graded: Graded, result: Result) -> None:
    twice = result(graded(WRONG["backward"]), "scale_twice")
    assert (twice.status, twice.score, twice.followed) == (Status.PASSED, 1, ())


def test_what_was_not_attempted_is_not_replaced(graded: Graded, result: Result) -> None:
    stub = 'def shift(x):\n    raise NotImplementedError("TODO(shift)")'
    untouched = ("def shift(x):\n    return x + 1", stub)
    chain = result(graded(untouched), "chain")
    assert (chain.status, chain.followed) == (Status.SKIPPED, ())


def test_sham_answers_gain_nothing(graded: Graded) -> None:
    sham = {
        "nn/layers.py": (
            "def scale_forward(x, w): return 0, 0\ndef scale_backward(dout, cache): return 0\n"
            "def shift(x): return 0\nclass Layer:\n    def __init__(self, w): pass\n"
            "    def forward(self, x): return 0\n    def backward(self, dout): return 0\n"
        ),
        "nn/chain.py": (
            "def chain_forward(x, w): return 0, 0\ndef chain_backward(dout, cache): return 0\n"
            "class Net:\n    def __init__(self, w): pass\ndef all_three(x): return 0\n"
        ),
        "lesson.ipynb": json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "metadata": {},
                        "source": "mean = spread = lambda x: 0",
                    }
                ]
            }
        ),
    }
    assert graded(files=sham).score == graded(files=sham, share=0).score == 0


@pytest.mark.parametrize(("share", "score"), [(1, 3.0), (0.5, 1.5), (0, 0.0)])
def test_a_course_sets_the_share_that_is_earned(
    graded: Graded, result: Result, share: float, score: float
) -> None:
    chain = result(graded(WRONG["shift"], share=share), "chain")
    assert chain.score == score
    assert chain.status is {1: Status.PASSED, 0.5: Status.PARTIAL, 0: Status.SKIPPED}[share]


def test_right_values_are_not_replaced(graded: Graded, lost: Lost, result: Result) -> None:
    report = graded(("    return x * w, (x, w)", "    x *= w\n    return x, (x / w, w)"))
    assert lost(report) == {"scale_forward": 2}
    assert result(report, "scale_forward").usable
    assert result(report, "chain").followed == ()


def test_right_values_that_spoil_others_are_replaced(graded: Graded, result: Result) -> None:
    report = graded(
        ("    return x * w, (x, w)", "    x *= w\n    return x, (x / w, w)"),
        (
            "    out, cache = scale_forward(x, w)\n",
            "    out, cache = scale_forward(x, w)\n    out = x * w\n",
        ),
    )
    assert result(report, "chain").followed == ("scale_forward",)
    assert result(report, "chain").status is Status.PASSED
