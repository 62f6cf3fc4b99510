"""Can the course's glue work on objects of the student's, and on nothing else?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.results import CheckResult, Report, Status

Graded = Callable[..., Report]
Lost = Callable[[Report], dict[str, float]]
Result = Callable[[Report, str], CheckResult]

STEP = '        self.layer.params["w"] -= 0.1 * self.layer.grads["w"]\n'
WRONG_STEP = (STEP, STEP.replace("-=", "+="))
WRONG_BUILT = ("Layer(2 * w)", "Layer(w)")


def test_a_method_on_objects_that_stay_with_the_student(graded: Graded, result: Result) -> None:
    train = result(graded(WRONG_STEP), "train")
    assert (train.status, train.followed) == (Status.PASSED, ("net",))
    assert train.rationale == "Marked with the course's `Net.step` in place of yours."


def test_objects_that_it_makes_are_of_the_students_classes(graded: Graded, result: Result) -> None:
    report = graded(WRONG_BUILT, WRONG_STEP)
    train = result(report, "train")
    assert (train.status, train.followed) == (Status.PASSED, ("net", "built"))
    assert "`Net.step` and `Built`" in train.rationale


def test_an_error_of_the_student_in_it_is_the_students(graded: Graded, result: Result) -> None:
    report = graded(
        WRONG_STEP,
        ("    def backward(self, dout):\n", "    def backward(self, dout):\n        1 / 0\n"),
    )
    # The layer fails itself, and so it is replaced as well: two groups.
    assert result(report, "train").followed == ("layer", "net")


def test_an_error_behind_the_glue_is_told_as_it_is(graded: Graded, result: Result) -> None:
    raising = "    def __init__(self, w):\n        self.layer = Layer(w)\n"
    counted = (
        "    def __init__(self, w):\n        self.layer = Layer(w)\n"
        "        self.layer.forward = self.refuse\n\n"
        "    def refuse(self, x):\n        raise KeyError('mine')\n"
    )
    train = result(graded(WRONG_STEP, (raising, counted)), "train")
    assert train.status is Status.FAILED
    assert "raised KeyError: 'mine'" in train.rationale


@pytest.mark.parametrize(
    ("wrong", "followed"),
    [
        (("sum(x) / len(x)", "sum(x) / (len(x) - 1)"), ("mean",)),
        (("return mean(abs(x - mean(x)))", "return 0"), ()),
    ],
)
def test_what_an_answer_may_be_built_on_is_replaced_where_it_fails(
    graded: Graded, result: Result, wrong: tuple[str, str], followed: tuple[str, ...]
) -> None:
    either = result(graded(wrong), "either")
    assert (either.status, either.followed) == (Status.PASSED, followed)


def test_a_wrong_answer_of_its_own_stays_wrong(graded: Graded, result: Result) -> None:
    wrong = ("sum(x) / len(x)", "sum(x) / (len(x) - 1)")
    either = result(graded(wrong, ("    return mean(x)", "    return mean(x) + 1")), "either")
    assert either.status is Status.FAILED
