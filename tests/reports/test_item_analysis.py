"""Difficulty and discrimination are those of the textbook, and left out where they mean nothing."""

import numpy as np
import pytest

from autograder.reports.item_analysis import FEWEST, discrimination, item_analysis
from autograder.results import CheckResult, Report, Status


def graded(*scores: float | Status, most: float = 2.0) -> Report:
    """A student with these points, or with a check of that status and none."""
    checks = tuple(one(f"c{n}", score, most) for n, score in enumerate(scores))
    return Report(
        assignment="a",
        student="s",
        score=sum(check.score for check in checks),
        max_score=most * len(checks),
        sandbox="",
        seed=0,
        seconds=0,
        checks=checks,
    )


def one(id: str, score: float | Status, most: float) -> CheckResult:
    status = score if isinstance(score, Status) else Status.PARTIAL
    points = 0.0 if isinstance(score, Status) else score
    return CheckResult(id=id, name=id, status=status, score=points, max_score=most)


def test_the_item_rest_correlation_is_pearsons():
    draw = np.random.default_rng(0)
    scores = draw.integers(0, 3, (40, 5)).astype(float)
    items = item_analysis([graded(*row) for row in scores])
    for n in range(5):
        rest = scores.sum(axis=1) - scores[:, n]
        assert items[f"c{n}"].discrimination == pytest.approx(np.corrcoef(scores[:, n], rest)[0, 1])
        assert items[f"c{n}"].difficulty == pytest.approx(scores[:, n].mean() / 2)


def test_of_right_and_wrong_it_is_the_point_biserial_correlation():
    draw = np.random.default_rng(1)
    rest, right = draw.normal(size=30), draw.integers(0, 2, 30).astype(float)
    ones, zeros, p = rest[right == 1], rest[right == 0], right.mean()
    textbook = (ones.mean() - zeros.mean()) / rest.std() * np.sqrt(p * (1 - p))
    assert discrimination(right, rest) == pytest.approx(textbook)


def test_blank_submissions_are_left_out():
    class_ = [graded(2.0, 0.0), graded(0.0, 2.0)] * 10
    blank = [graded(Status.NOT_ATTEMPTED, Status.NOT_ATTEMPTED)] * 10
    assert item_analysis(class_ + blank) == item_analysis(class_)
    assert item_analysis(class_)["c0"].discrimination == pytest.approx(-1)


@pytest.mark.parametrize("status", [Status.ERROR, Status.PERSON])
def test_what_is_not_decided_counts_neither_way(status):
    items = item_analysis([graded(2.0, 2.0), graded(status, 2.0)])
    assert (items["c0"].students, items["c0"].difficulty) == (1, 1.0)
    assert items["c1"].students == 2


def test_few_students_and_equal_scores_have_no_discrimination():
    few = [graded(float(n % 3), float(n % 2)) for n in range(FEWEST - 1)]
    assert item_analysis(few)["c0"].discrimination is None
    same = [graded(2.0, float(n % 3)) for n in range(FEWEST)]
    assert item_analysis(same)["c0"].discrimination is None
    assert item_analysis(same)["c0"].difficulty == 1.0


def test_nobody_and_checks_without_points():
    assert item_analysis([]) == {}
    assert item_analysis([graded(0.0, most=0.0)]) == {}
