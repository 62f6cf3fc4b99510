"""Are short answers read in every form in which students write them?"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judging.answers import expect_choice, expect_interval
from autograder.judging.check import Finding, NotAttempted

OPTIONS = {"a": "Think of a.", "b": "Think of b.", "c": "Think of c."}


@pytest.mark.parametrize(
    "got",
    [{"a", "b"}, ["b", "a"], ("A", "b "), "ab", "a, b", "A B", {"(a)", "b."}, ["a", "a", "b"]],
)
def test_right_choices_in_any_form(got: object) -> None:
    assert expect_choice("q", got, {"a", "b"}, options=OPTIONS) is None


@pytest.mark.parametrize("got", [{1, 3}, ["1", "3"], np.array([1, 3]), (1.0, 3), "1,3", "13"])
def test_numbers_are_options_too(got: object) -> None:
    options = {"1": "", "2": "", "3": ""}
    assert expect_choice("q", got, {"1", "3"}, options=options) is None


@pytest.mark.parametrize("got", [..., None, set(), "", []])
def test_nothing_chosen_is_not_an_attempt(got: object) -> None:
    with pytest.raises(NotAttempted):
        expect_choice("q", got, {"a"}, options=OPTIONS)


def test_a_wrong_choice_gets_the_text_of_its_option() -> None:
    with pytest.raises(Finding) as caught:
        expect_choice("q", {"a", "c"}, {"a", "b"}, options=OPTIONS)
    assert caught.value.rationale == (
        "`q`: 2 of 3 options are answered wrongly; one of them is missing."
    )
    assert caught.value.help == "Think of b."


def test_an_option_that_does_not_exist_is_named() -> None:
    with pytest.raises(Finding, match=r"`q` contains 'z'; the options are a, b, c\."):
        expect_choice("q", {"z"}, {"a"}, options=OPTIONS)
    with pytest.raises(Finding, match="`q` is a dict, expected a set of options"):
        expect_choice("q", {"a": 1}, {"a"}, options=OPTIONS)


@pytest.mark.parametrize(
    "got", [(0, float("inf")), [0.0, np.inf], np.array([0, np.inf]), (1e-9, "inf")]
)
def test_right_intervals_in_any_form(got: object) -> None:
    assert expect_interval("q", got, 0, float("inf"), help="") is None


def test_a_wrong_end_is_named() -> None:
    with pytest.raises(Finding) as caught:
        expect_interval("q", (1, 2), 0, 2, help="Where does it begin?")
    assert caught.value.rationale == "`q`: the lower end 1 is not right."
    assert caught.value.help == "Where does it begin?"
    with pytest.raises(Finding, match="the upper end"):
        expect_interval("q", (0, float("nan")), 0, 2, help="")


@pytest.mark.parametrize("got", [3, "ab", (1,), (1, 2, 3), {"low": 1}])
def test_what_is_no_interval_is_said_to_be_so(got: object) -> None:
    with pytest.raises(Finding, match="should be two numbers"):
        expect_interval("q", got, 0, 1, help="")
    with pytest.raises(NotAttempted):
        expect_interval("q", ..., 0, 1, help="")
