"""Kinds of questions: equations, objectives, blanks, numbers, intervals, choices."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question

MAP = {
    "id": "map", "dims": ["n", "d"], "regimes": {"tall": "n > d"},
    "symbols": {"X": {"shape": ["n", "d"]}, "y": {"shape": ["n"]}, "w": {"shape": ["d"]},
                "lambda": {"scalar": "positive"}},
    "families": {"x_i": "rows of X", "y_i": "entries of y"},
    "answer": {"kind": "objective", "over": "w", "sense": "min",
               "reference": r"\|y-Xw\|^2 + \lambda\|w\|^2"},
}  # fmt: skip
RANGE = {"id": "range", "answer": {"kind": "interval", "interval": "(0, 1/4]"}}
CHOICE = {"id": "choice", "answer": {"kind": "choice", "correct": ["1", "3"]}}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (r"\operatorname{argmin}_w \sum_{i=1}^n (y_i - x_i^Tw)^2 + \lambda\|w\|^2", "right"),
        (r"\arg\max_w -\frac{\|w\|^2}{2} - \frac{1}{2\lambda}\sum_{i=1}^n(y_i-x_i^Tw)^2", "right"),
        (r"\operatorname{argmin}_w \|w\|^2 + \frac1\lambda\|y-Xw\|^2 + 7", "right"),
        (r"\operatorname{argmax}_w \|y-Xw\|^2 + \lambda\|w\|^2", "sign"),
        (r"-\|y-Xw\|^2 - \lambda\|w\|^2", "sign"),
        (r"\|y-Xw\|^2 + \|w\|^2", "different"),
        (r"y - Xw", "shape"),
    ],
)
def test_an_objective_counts_up_to_a_factor_and_a_constant(answer, says):
    assert judge(question(MAP), answer).says == says


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("(0, 1/4]", "right"), (r"$\left(0,\frac14\right]$", "right"), ("(0, 0.25]", "right"),
        (r"0 < \sigma'(x) \le \frac{1}{4}", "right"), ("]0, 1/4]", "right"),
        ("(0, 1/4)", "closed"), ("[0, 1/4]", "closed"), ("(0, 1)", "ends"), ("(0, 1]", "ends"),
        (r"(-\infty, 1]", "ends"), ("1/4", "unreadable"), ("", "empty"),
    ],
)  # fmt: skip
def test_an_interval(answer, says):
    assert judge(question(RANGE), answer).says == says


@pytest.mark.parametrize(
    ("answer", "says"),
    [("1, 3", "right"), ("3 and 1", "right"), ("{1,3}", "right"), ("1", "choice"),
     ("1, 2, 3", "choice"), ("", "empty")],
)  # fmt: skip
def test_a_choice(answer, says):
    assert judge(question(CHOICE), answer).says == says


def test_a_choice_says_how_many_but_not_which():
    said = judge(question(CHOICE), "1 2")
    assert said.rationale == "1 of your choices should not be there. Something is missing."


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("$$W_1 = I$$ $$W_2 = \\lambda I$$ $$c = 0$$", "W₂ᵀW₂ has to be λI."),
        ("$$W_1 = 2I$$ $$W_2 = \\sqrt\\lambda I$$ $$c = 0$$", "W₁ᵀW₁ has to be the identity."),
        ("$$W_1 = I$$ $$c = 0$$", "Nothing is given for W_{2}."),
    ],
)
def test_a_condition_that_fails_is_named(answer, says, asked):
    assert judge(asked("hw1_3c"), answer).rationale == says


def test_a_minimiser_without_reference_is_judged_by_its_slope():
    plain = {**MAP, "answer": {"kind": "minimiser_of", "over": "w", "shape": ["d"],
                               "objective": r"\|y-Xw\|^2 + \lambda\|w\|^2"}}  # fmt: skip
    asked_one = question(plain)
    assert judge(asked_one, r"(X^TX+\lambda I)^{-1}X^Ty").is_right
    assert judge(asked_one, r"(X^TX+2\lambda I)^{-1}X^Ty").says == "not_stationary"


def test_an_equation_may_be_multiplied_but_not_bent(asked):
    one = asked("hw4_3_4")
    assert judge(one, r"2T = 2\sum_{j=1}^k \frac{n_j}{n} W_j + 2B").is_right
    assert not judge(one, r"T = \sum_{j=1}^k \frac{n_j}{k} W_j + B").is_right


def test_freedom_of_sign_and_span(asked):
    assert judge(asked("hw4_2_2"), r"(0,-1)^T").is_right
    assert judge(asked("hw4_2_3_rotation"), r"\hat W = 3MW").is_right
