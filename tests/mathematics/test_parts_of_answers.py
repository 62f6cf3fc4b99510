"""Answers in parts: blanks side by side, gradients by component, unions, intervals in words."""

from __future__ import annotations

from pathlib import Path

import pytest

import autograder
from autograder.judging.mathematics import judge, question
from autograder.judging.written_questions import asked_by

CHECKS = Path(autograder.__file__).parent / "checks"
SLOPE = {"kind": "interval", "interval": "(0, 0.25]", "names": ["\\sigma'"]}


def _judged(name, answer):
    (path,) = CHECKS.glob(f"*/written/{name}.toml")
    return judge(asked_by(path), answer)


@pytest.mark.parametrize(
    "answer",
    [
        "$(W_1, W_2, c) = (I, {}, 0)$",
        "$(W_1, W_2) = (I, {})$, $c=0$",
        "(c, W_1, W_2) = (0, I, {})",
        "$(W_2, c) = ({}, 0)$ and $W_1 = I$",
    ],
)
def test_blanks_may_stand_side_by_side(answer):
    said = _judged("ridge_as_tikhonov", answer.replace("{}", "√λ I"))
    assert said.is_right, said.message()
    assert _judged("ridge_as_tikhonov", answer.replace("{}", "λ I")).says == "w2"


def test_lists_of_two_lengths_give_no_blank():
    said = _judged("ridge_as_tikhonov", "$(W_1, W_2, c) = (I, √λ I)$")
    assert (said.says, said.rationale) == ("empty", "Nothing is given for W₁.")


COMPONENTS = [
    ("ridge_gradient", "$\\frac{\\partial L}{\\partial w_j} = 2\\sum_i X_{ij}(x_i^Tw-y_i)+{} w_j$",
     "2\\lambda", "\\lambda"),
    ("ridge_gradient", "$\\partial L/\\partial w_j = 2\\sum_i x_{ij}(x_i^Tw-y_i)+{} w_j$",
     "2\\lambda", "\\lambda"),
    ("ridge_gradient", "$(\\nabla L)_k = 2\\sum_i x_{ik}(x_i^Tw-y_i)+2\\lambda {}$", "w_k", "1"),
    ("ridge_gradient", "$\\frac{\\partial L}{\\partial w_k} = -2\\sum_{i=1}^n X_{{}}(y_i - "
                       "\\sum_{j=1}^d X_{ij}w_j)+2\\lambda w_k$", "ik", "ki"),
    ("ols_by_svd", "$w_j = \\sum_{i=1}^d V_{{}} u_i^Ty/\\sigma_i$", "ji", "ij"),
    ("ols_by_svd", "$w_k = \\sum_{i=1}^d V_{ki} u_i^Ty{}$", "/\\sigma_i", "\\sigma_i"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "form", "right", "wrong"), COMPONENTS)
def test_a_column_may_be_given_by_its_components(name, form, right, wrong):
    said = _judged(name, form.replace("{}", right))
    assert said.is_right, said.message()
    assert not _judged(name, form.replace("{}", wrong)).is_right


@pytest.mark.parametrize("entry", ["w", "w_k", "w_{j+1}"])
def test_a_component_with_another_index_is_not_read_as_one(entry):
    form = "$\\frac{\\partial L}{\\partial w_j} = 2\\sum_i X_{ij}(x_i^Tw-y_i)+2\\lambda "
    assert not _judged("ridge_gradient", f"{form}{entry}$").is_right


def test_two_indices_at_a_column_are_asked_back():
    said = _judged("shift_mean", "$\\bar x_j = \\frac1n\\sum_i x_{ij} + s q_j/\\|q\\|$")
    assert (said.says, said.rationale) == (
        "ambiguous", "x_ij can be entry i or entry j of a column.")  # fmt: skip
    assert said.help == "Write it as an entry of the matrix: X_{ij} in row i and column j."


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("between 0 (excluded) and 1/4 (included)", "right"),
        ("from 0, exclusive, to 0.25 inclusive", "right"),
        ("between 0 (excluded) and 1/4 (excluded)", "closed"),
        ("$(0,1/8] \\cup [1/8,1/4]$", "right"),
        ("(0, 0.2) ∪ (0.1, 1/4]", "right"),
        ("[0, 1/8) ∪ [1/8, 1/4]", "closed"),
        ("(0, 1/8) ∪ (1/8, 1/4]", "unreadable"),
        ("(0, 1/8] ∪ (1/6, 1/4]", "unreadable"),
        ("between 0 and 1/4: (0, 1/4]", "right"),
    ],
)
def test_intervals_in_words_and_touching_parts(answer, says):
    assert judge(question({"id": "slope", "answer": SLOPE}), answer).says == says


@pytest.mark.parametrize("answer", ["between 0 and 1/4", "It goes from 0 to 1/4."])
def test_words_that_leave_the_ends_open_are_asked_back(answer):
    said = judge(question({"id": "slope", "answer": SLOPE}), answer)
    assert said.says == "ambiguous"
    assert said.rationale.endswith("1/4” does not say whether the ends belong to it.")
    assert said.help == "Write it like [-1, 2), or like -1 \\le x < 2."


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("\\frac14\\operatorname{sech}^2(\\frac z2)", True),
        ("\\frac{1}{4\\cosh^2(z/2)}", True),
        ("\\frac04\\operatorname{sech}^2(\\frac z2)", False),
        ("\\frac{\\sinh z}{4\\cosh^2(z/2)}", False),
        ("\\tan(z)", False),
        ("\\lfloor z\\rfloor", False),
    ],
)
def test_every_function_of_numbers_is_judged(answer, right):
    assert _judged("sigmoid_slope", answer).is_right == right
