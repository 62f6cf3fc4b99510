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
        ("$$W_1 = I$$ $$c = 0$$", "Nothing is given for W₂."),
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


@pytest.mark.parametrize(
    ("answer", "edit", "repair"),
    [
        (r"X^TXw = \lambda w", "", ""),
        (r"XX^Tw = w", "", ""),
        (r"XX^Tw = \lambda^2 w", "square", "It would hold with λ in place of λ²."),
        (r"2XX^Tw = \lambda w", "number", "It would hold with 1 in place of 2."),
        (r"Xw = \lambda w", "", ""),
    ],
)
def test_the_one_edit_that_mends_an_equation(answer, edit, repair, asked):
    said = judge(asked("hw4_2_1_equation"), answer)
    assert (said.is_right, said.edit, said.repair) == (False, edit, repair)
    assert not repair or repair not in said.message()


@pytest.mark.parametrize(
    ("answer", "edit", "repair"),
    [
        (r"$$W_1 = I, W_2 = \lambda I, c = 0$$", "lambda", "with √λ in place of λ."),
        (r"$$W_1 = 2I, W_2 = \sqrt\lambda I, c = 0$$", "number", "with 1 in place of 2."),
        (r"$$W_1 = I, W_2 = n\lambda I, c = 0$$", "", ""),
    ],
)
def test_the_one_edit_that_mends_a_blank(answer, edit, repair, asked):
    said = judge(asked("hw1_3c"), answer)
    assert (said.says in {"w1", "w2"}, said.edit) == (True, edit)
    assert said.repair == (f"It would be right {repair}" if repair else "")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (r"10^{10} XX^Tw - (10^{10} - 1) XX^Tw = \lambda w", True),
        (r"XX^Tw = (\lambda + 10^{-6}) w", False),
        (r"((XX^T + I)^{14})^{-1}(XX^T + I)^{14} XX^Tw = \lambda w", True),
    ],
)
def test_rounding_alone_makes_no_equation_wrong(answer, right, asked):
    assert judge(asked("hw4_2_1_equation"), answer).is_right == right


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (r"$$W_1 = I, W_2 = (10^{12} + 1)\sqrt\lambda I - 10^{12}\sqrt\lambda I, c = 0$$", True),
        (r"$$W_1 = I, W_2 = \sqrt{\lambda + 10^{-4}} I, c = 0$$", False),
    ],
)
def test_rounding_alone_makes_no_blank_wrong(answer, right, asked):
    assert judge(asked("hw1_3c"), answer).is_right == right


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (r"10^{11}\|y-Xw\|^2 + \lambda\|w\|^2 - (10^{11}-1)\|y-Xw\|^2", True),
        (r"\|y-Xw\|^2 + (\lambda + 10^{-5})\|w\|^2", False),
    ],
)
def test_rounding_alone_makes_no_objective_wrong(answer, right):
    assert judge(question(MAP), answer).is_right == right


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("hw4_2_1_equation", r"XX^Tw = (\lambda + 10^{-6}\cos(0)) w"),
        ("hw1_3c", r"$$W_1 = I, W_2 = \sqrt{\lambda + 10^{-4}\cos(0)} I, c = 0$$"),
    ],
)
def test_what_digits_cannot_tell_is_left_to_a_person(kind, answer, asked):
    assert judge(asked(kind), answer).says == "undecided"
