"""Forms that classes write every day: names of indices, units, words for a minimum, half lines."""

from __future__ import annotations

from pathlib import Path

import pytest

import autograder
from autograder.judging.mathematics import judge, question
from autograder.judging.written_questions import asked_by

CHECKS = Path(autograder.__file__).parent / "checks"
RIDGE = "(X^TX+\\lambda I)^{-1}X^Ty"


def _judged(name, answer):
    (path,) = CHECKS.glob(f"*/written/{name}.toml")
    return judge(asked_by(path), answer)


@pytest.mark.parametrize(
    "answer",
    [
        "$XX^Tw_j=\\lambda_jw_j$ for $j=1,\\dots,k$",
        "XX^\\top w_j=\\lambda_j w_j\\quad\\forall j",
        "$\\Sigma w_{m} = \\lambda_{m} w_{m}$",
    ],
)
def test_the_index_of_an_equation_has_any_name(answer):
    assert _judged("pca_equation", answer).is_right


def test_two_indices_in_an_equation_are_no_single_one():
    assert not _judged("pca_equation", "$XX^Tw_i=\\lambda_jw_i$").is_right
    assert not _judged("pca_equation", "$XX^Tw_l=\\lambda_jw_l$").is_right


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("map_objective", "$\\hat w_{MAP}=\\arg\\max_w\\left[-\\frac{1}{2s^2}\\|y-Xw\\|^2"
                          "-\\frac{1}{2t^2}\\|w\\|^2\\right]$"),
        ("map_objective", "$w^* = \\operatorname{argmin}_w t^2\\|y-Xw\\|^2+s^2\\|w\\|^2$"),
        ("map_objective", "$\\log p(w|y)\\propto-\\frac{1}{2s^2}\\|y-Xw\\|^2-\\frac{1}{2t^2}w^Tw$"),
        ("min_norm_conditions", "w = Xᵀ(XXᵀ)⁻¹y\nα = (XXᵀ)⁻¹y"),
        ("fake_data_products", "G = X^TX + λI\n\nh = X^T y"),
        ("limit_large_leading", "$w\\sim\\frac{X^Ty}{\\lambda}\\quad(\\lambda\\to\\infty)$"),
        ("limit_small", "$w = X^+y\\ (\\lambda\\to 0)$"),
        ("ridge_gradient", "$\\frac{\\part f}{\\part w}=2X^T(Xw-y)+2\\lambda w$"),
        ("depth_number", "ten layers"),
        ("depth_number", "Minimum depth: 10"),
        ("sigmoid_range", "Range: (0, 1/4]"),
        ("tikhonov_stack", "$C=[W_1A;W_2]\\in\\mathbb R^{(n+k)\\times k}$ and $d=[W_1b;W_2c]$"),
        ("min_norm_conditions", "$w=X^T\\alpha$, $\\alpha=(XX^T)^{-1}y$"),
        ("fake_features_solution",
         "$w=(X^TX+\\lambda I)^{-1}X^Ty$ and $f=\\frac{1}{\\sqrt\\lambda}(y-Xw)$"),
        ("depth_number", "The answer is ten"),
    ],
)  # fmt: skip
def test_common_forms_are_read(name, answer):
    said = _judged(name, answer)
    assert said.is_right, said.message()


def test_diag_of_one_number_is_asked_back():
    said = _judged("ridge_formula", "$(X^TX+\\operatorname{diag}(\\lambda))^{-1}X^Ty$")
    assert said.says == "unclear_size"
    assert said.rationale == "diag(...) of one number does not say how often it stands there."
    assert said.help == "Write it as a number times the identity, as in 2 I, or with dots."


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("minimize $\\|y-Xw\\|^2+\\frac{s^2}{t^2}\\|w\\|^2$", True),
        ("$t^2\\|y-Xw\\|^2+s^2\\|w\\|^2$ is minimised", True),
        ("Maximise $-t^2\\|y-Xw\\|^2-s^2\\|w\\|^2$.", True),
        ("maximise $\\|y-Xw\\|^2+\\frac{s^2}{t^2}\\|w\\|^2$", False),
    ],
)
def test_words_say_whether_an_objective_is_minimised(answer, right):
    assert _judged("map_objective", answer).is_right == right


@pytest.mark.parametrize(
    "answer",
    ["$w=(X^TX+\\lambda Id_d)^{-1}X^Ty$", f"$w={RIDGE}\\quad(\\text{{ridge}})$",
     f"$w={RIDGE}$ (the ridge solution)"],
)  # fmt: skip
def test_an_identity_by_another_name_and_a_word_in_brackets_are_read(answer):
    assert _judged("ridge_formula", answer).is_right


@pytest.mark.parametrize("length", ["|q|_2", "\\|q\\|_2", "\\lvert q\\rvert_2"])
def test_a_norm_may_stand_between_single_bars(length):
    assert _judged("shift_mean", f"$\\bar x+s\\frac{{q}}{{{length}}}$").is_right


@pytest.mark.parametrize(
    "answer", ["$w=X^T\\alpha$, $\\alpha=Xw$", "$w=w$, $\\alpha=(XX^T)^{-1}y$"]
)
def test_blanks_that_go_round_in_a_circle_are_asked_back(answer):
    said = _judged("min_norm_conditions", answer)
    assert (said.says, said.rationale) == ("implicit", "What you give for w goes back to w.")
    assert said.help == "Write w = ... with the symbols of the question."


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("\\mathbb{R}_{>0}", True),
        ("$f(x)\\in\\mathbb R_{> 0}$", True),
        ("$\\mathbb{R}_{\\ge 0}$", False),
        ("ℝ_{≥0}", False),
    ],
)
def test_half_lines_are_intervals(answer, right):
    plain = {"id": "exp", "answer": {"kind": "interval", "interval": "(0, \\infty)"}}
    said = judge(question(plain), answer)
    assert (said.is_right, said.says) == (right, "right" if right else "closed")


@pytest.mark.parametrize(
    "answer",
    ["a, c, and e are true; b and d are false", "b is wrong. a, c, e are right.",
     "a, c and e but not b"],
)  # fmt: skip
def test_choices_said_to_be_false_are_not_chosen(answer):
    plain = {"id": "relu", "answer": {"kind": "choice", "correct": ["a", "c", "e"]}}
    assert judge(question(plain), answer).is_right


@pytest.mark.parametrize("answer", ["I don't know.", "it tends to the zero vector"])
def test_words_alone_are_no_formula(answer):
    said = _judged("limit_large", answer)
    assert (said.says, said.rationale, said.help) == (
        "unreadable",
        "These are words, and a formula is asked for.",
        "Write your answer as a formula, as in $w = X^T y$.",
    )


@pytest.mark.parametrize("answer", ["$w_{OLS}$", "$\\hat w_{LS}$"])
def test_a_name_alone_is_no_value(answer):
    said = _judged("ols_formula", answer)
    assert (said.rationale, said.help) == (
        "This only names the answer.", "Say what it is, as in w = X^T y.")  # fmt: skip


@pytest.mark.parametrize("answer", ["$X^TX+\\lambda I$", "X'X + lam*I"])
def test_the_only_blank_needs_no_name(answer):
    assert _judged("push_through_factor", answer).is_right


@pytest.mark.parametrize("answer", ["1e3,5", "L = 1e308,0 0 0", "1e3 000"])
def test_digits_behind_an_exponent_are_asked_back(answer):
    said = _judged("depth_number", answer)
    assert said.says == "ambiguous"
    assert said.rationale.startswith("More digits stand behind the exponent of 1e3")
    assert said.help == "Write the decimals before it, as in 1.5e3."
