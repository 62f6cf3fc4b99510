"""Explanations: each finding of the judge, with its words."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question
from autograder.judging.mathematics.explaining.judgement import Judgement

RIDGE = [
    (r"(X^TX+\lambda I)^{-1}X^Ty", "right", ""),
    (r"(X^TX+\lambda)^{-1}X^Ty", "scalar_plus_matrix",
     "λ is a number and Xᵀ X is d×d; they cannot be added."),
    (r"2(X^TX+\lambda I)^{-1}X^Ty", "factor", "Your answer is 2 times the right one."),
    (r"-(X^TX+\lambda I)^{-1}X^Ty", "factor", "Your answer has the opposite sign."),
    (r"\frac{1}{n}(X^TX+\lambda I)^{-1}X^Ty", "factor", "Your answer is 1/n times the right one."),
    (r"\lambda(X^TX+\lambda I)^{-1}X^Ty", "factor", "Your answer is λ times the right one."),
    (r"(X^TX)^{-1}X^Ty", "singular",
     "When d > n: Xᵀ X has no inverse here: its rank is "),
    (r"X^+y", "different", "Your answer has another value."),
    (r"(X^TX+\lambda I)^{-1}X^T", "shape", "Your answer is d×n; a column d×1 is asked for."),
    (r"y^TX(X^TX+\lambda I)^{-1}", "shape", "Your answer is 1×d; a column d×1 is asked for."),
    (r"(X^TX+\lambda I)^{-1}Xy", "shape_clash",
     "(Xᵀ X + λ I)⁻¹ is d×d and X is n×d; their product needs d = n."),
    (r"X^{-1}y", "not_square", "X is n×d, so it has no inverse."),
    (r"(X^TX+\lambda I)^{-1}X^Ty^2", "vector_squared", "y is a vector (n×1); it has no power."),
    (r"X^Ty/(X^TX)", "division_by_matrix",
     "Xᵀ X is not a number, so nothing can be divided by it."),
    (r"(X^TX+\lambda I)^{-1}X^TY", "unknown_symbol",
     "The symbol Y is not declared in this question."),
    (r"(X^TX+\lambda I)w = X^Ty", "implicit", "This is an equation for w, not yet w itself."),
    (r"1/2\lambda y", "ambiguous", "1/2 λ can be read in two ways."),
    (r"\sigma_9 v_1", "no_such_member", "σ₉ goes beyond the"),
    (r"\frac{1}{0}X^Ty", "not_finite", "The value is not finite."),
    (r"0", "different", "Your answer has another value."),
    ("", "empty", "There is no formula here yet."),
    (r"w = \text{I give up}", "unreadable", "The word 'I give up' has no meaning in this formula."),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "says", "words"), RIDGE)
def test_what_is_said_to_an_answer_for_ridge_regression(answer, says, words, asked):
    said = judge(asked("hw1_2a"), answer)
    assert said.says == says
    assert said.rationale.startswith(words) if says != "right" else said.rationale == ""
    assert bool(said.help) == (says != "right")


@pytest.mark.parametrize(
    ("answer", "edit", "repair"),
    [
        (r"(X^TX+\lambda I)X^Ty", "inverse_missing", "with ⁻¹ on Xᵀ X + λ I."),
        (r"(X^TX-\lambda I)^{-1}X^Ty", "sign", "with + in front of λ I."),
        (r"(X^TX+\lambda^2 I)^{-1}X^Ty", "square", "with λ in place of λ²."),
        (r"(X^TX+\sqrt\lambda I)^{-1}X^Ty", "lambda", "with λ in place of its root."),
        (r"(X^TX+n\lambda I)^{-1}X^Ty", "lambda", "with λ/n in place of λ."),
        (r"(X^TX+\lambda I)^TX^Ty", "inverse_for_transpose", "with ⁻¹ instead of ᵀ on Xᵀ X + λ I."),
        (r"X^T(X^TX+\lambda I)^{-1}y", "order", "with the order (Xᵀ X + λ I)⁻¹ Xᵀ."),
        (r"(X^TX+\lambda)^{-1}X^Ty", "identity", "with the identity on λ."),
    ],
)
def test_the_one_change_that_would_mend_an_answer_is_kept_back(answer, edit, repair, asked):
    said = judge(asked("hw1_2a"), answer)
    assert said.edit == edit
    assert said.repair == f"It would be right {repair}"
    assert said.repair not in said.message()
    assert said.repair in said.message(reveal=True)


def test_the_minimum_norm_mistake_gets_its_regime_and_its_repair(asked):
    said = judge(asked("hw1_1d"), r"w = (X^T X)^{-1} X^T y")
    assert said.says == "singular"
    assert said.rationale.startswith("Xᵀ X has no inverse here: its rank is ")
    assert said.repair == "It would be right with ⁺ instead of ⁻¹ on Xᵀ X."
    assert said.place == r"w = ▸(X^T X)^{-1}◂ X^T y"


def test_unusual_right_answers(asked):
    said = judge(asked("hw1_2a"), r"(X^TX+\lambda I)^{-1}X^T X X^{+} y")
    assert said.is_right  # X⁺ projects y onto the range, which Xᵀ does as well
    assert judge(asked("hw1_1d"), r"X^+y").is_right


def test_a_regime_in_which_values_differ_is_named():
    plain = {
        "id": "regime", "dims": ["n", "d"], "regimes": {"tall": "n > d", "wide": "n < d"},
        "symbols": {"X": {"shape": ["n", "d"], "props": ["full_rank"]}},
        "answer": {"kind": "expression", "shape": ["d", "d"], "reference": "X^+ X"},
    }  # fmt: skip
    said = judge(question(plain), "I_d")
    assert said.says == "regime"
    assert said.rationale == "Your answer is right when n > d, not when d > n."


def test_an_edge_case_in_which_values_differ_is_named():
    plain = {
        "id": "edge", "dims": ["d"],
        "symbols": {"x": {"shape": ["d"]}, "t": {"scalar": "positive"}},
        "answer": {"kind": "expression", "shape": ["d"], "reference": "x"},
    }  # fmt: skip
    said = judge(question(plain), r"x \max(1, t/100)")
    assert said.says == "edge"
    assert said.rationale == "Your answer is right in general, but not with large positive numbers."


def test_a_transposed_square_answer():
    plain = {
        "id": "turned", "dims": ["d"], "symbols": {"A": {"shape": ["d", "d"]}},
        "answer": {"kind": "expression", "shape": ["d", "d"], "reference": "A A"},
    }  # fmt: skip
    said = judge(question(plain), "A^T A^T")
    assert said.says == "transposed"
    assert said.rationale == "Your answer is the transpose."


def test_the_smallest_whole_number_example(asked):
    said = judge(asked("hw1_2a"), r"X^+ y")
    assert said.counterexample.startswith("Example: X = [")
    assert "λ = " in said.counterexample
    assert ". Yours gives " in said.counterexample


ONE = {"id": "t", "answer": {"kind": "number", "shape": [], "reference": "1"}}


def test_between_the_two_thresholds_more_digits_decide():
    asked_one = question(ONE)
    assert judge(asked_one, "1.00000000001").is_right
    said = judge(asked_one, "1.00001")
    assert (said.says, said.credit) == ("near", 0.0)
    assert said.rationale == (
        "Your answer is close to the right one, but not equal: it is off by 1e-05."
    )
    assert said.help == (
        "Is a number rounded, or a small one added? Fractions and roots are exact."
    )
    assert judge(asked_one, "1.001").says == "different"


def test_what_more_digits_cannot_compute_is_left_to_a_person():
    said = judge(question(ONE), r"1 + 10^{-5}\cos(0)")
    assert (said.says, said.credit) == ("undecided", None)
    assert said.rationale == (
        "Your answer is within 1e-05 of the right value, which decides nothing."
    )


@pytest.mark.parametrize(
    ("reference", "answer", "right"),
    [
        ("1/3", "0.333333", True),
        ("1/3", "0.33333", True),
        ("1/3", "0.333332", False),
        ("1/3", "0.3333332", False),
        (r"\sqrt2", "1.41421", True),
        (r"\sqrt2", "1.414215", False),
        ("1/7", "0.142857", True),
        (r"\pi/4 + 1/3", "0.785398 + 0.333333", True),
        ("2", "2.00001", False),
    ],
)
def test_a_number_of_five_digits_is_read_as_rounded(reference, answer, right):
    plain = {"id": "t", "answer": {"kind": "number", "shape": [], "reference": reference}}
    said = judge(question(plain), answer)
    assert said.is_right == right
    if right:
        assert said.notes[0].startswith("Read as rounded to the last digit: ")


AWKWARD = [
    r"((X^TX+\lambda I)^{12})^{-1}(X^TX+\lambda I)^{11}X^Ty",
    r"(X^TX+\lambda I)^{-16}(X^TX+\lambda I)^{15}X^Ty",
    r"10^{9}(X^TX+\lambda I)^{-1}X^Ty - 999999999(X^TX+\lambda I)^{-1}X^Ty",
    r"(10^{-8}(X^TX+\lambda I))^{-1}X^Ty 10^{-8} + (10^{10} - (10^{10} + 0))X^Ty",
]


@pytest.mark.parametrize("answer", AWKWARD)
def test_rounding_alone_makes_no_answer_wrong(answer, asked):
    assert judge(asked("hw1_2a"), answer).is_right


@pytest.mark.parametrize("answer", [
    AWKWARD[0].replace("{11}", "{10}"),
    r"((X^TX+\lambda I)^{12})^{-1}(X^TX+\lambda I)^{11}X^Ty + 10^{-6} X^Ty",
    r"(X^TX+(\lambda + 10^{-6}) I)^{-1}X^Ty",
    r"((X^TX)^{12})^{-1}(X^TX)^{11}X^Ty",
])  # fmt: skip
def test_awkward_answers_are_wrong_where_they_are(answer, asked):
    said = judge(asked("hw1_2a"), answer)
    assert not said.is_right
    assert said.credit is not None


def test_a_rectangular_diag_is_accepted_with_a_note_or_refused(asked):
    answer = r"V \operatorname{diag}(\frac{\sigma_i}{\sigma_i^2+\lambda})U^Ty"
    said = judge(asked("hw1_2b"), answer)
    assert said.is_right
    assert "diag(...) is d×d; it is read as d×n with zeros around it." in said.notes
    plain = {**asked("hw1_2b").plain}
    plain["answer"] = {**plain["answer"], "lenient": {"rectangular_diag": "reject"}}
    refused = judge(question(plain), answer)
    assert refused.rationale.endswith("diag(...) is d×d, but d×n is needed here.")


def test_a_bug_of_the_engine_is_not_taken_for_a_verdict(asked):
    class Broken:
        plain = asked("hw1_2a").plain

        def judge(self, cell: str) -> Judgement:
            raise ZeroDivisionError(cell)

    with pytest.raises(ZeroDivisionError):
        judge(Broken(), "x")


def test_the_same_answer_gets_the_same_verdict_again(asked):
    plain = asked("hw1_2b").plain
    answer = r"V\Sigma^{+}U^Ty"
    assert judge(question(plain), answer) == judge(question(plain), answer)


FACTS = [
    ("ols_formula", r"X^TXy", "X is n×d and y is n×1; their product needs d = n."),
    ("ols_formula", r"X^T(XX^T)yX", "y is n×1 and X is n×d; their product needs 1 = n."),
    ("ridge_gradient", r"2XX^Tw + 2\lambda w",
     "Xᵀ is d×n and w is d×1; their product needs n = d."),
    ("ridge_gradient", r"2X^TXw + 2\lambda I",
     "2 Xᵀ X w is d×1 and 2 λ I is a square matrix; they cannot be added."),
    ("ridge_as_tikhonov", r"$$W_1 = I, W_2 = \sqrt\lambda, c = 0$$",
     "Your answer is a number; a matrix with k columns is asked for."),
    ("ridge_as_tikhonov", r"$$W_1 = I, W_2 = 0, c = 0$$",
     "The penalty should be λ‖x‖², so W₂ᵀW₂ has to be λI."),
    ("fake_features_stack", r"\begin{bmatrix}X & \sqrt\lambda I\end{bmatrix}(XX^T+\lambda I)^{-1}y",
     "[X, √λ I] is n×(d+n) and (X Xᵀ + λ I)⁻¹ is n×n; their product needs d+n = n."),
    ("ridge_by_svd", r"(X^TX+\lambda I)^{-1}X^Ty", "X should not appear in this answer."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), FACTS)
def test_what_is_stated_is_true_and_in_plain_signs(name, answer, words, shipped):
    assert judge(shipped(name), answer).rationale == words


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("ridge_formula", r"(X^TX+I)^{-1}X^Ty", "The right value depends on λ; yours does not."),
        ("ridge_value_large", r"\frac{\sigma}{\lambda}",
         "Your value depends on λ; the right one does not."),
        ("ridge_formula", r"(X^TX+\lambda^{-1}I)^{-1}X^Ty",
         "One small change would make it right. Look at the inverses: there is one too many."),
        ("ridge_formula", r"(X^TX+\sqrt\lambda I)^{-1}X^Ty",
         "One small change would make it right. Look at how λ comes in."),
        ("ridge_gradient", r"2X^T(y-Xw)+2\lambda w",
         "One small change would make it right. Look at the signs."),
        ("ridge_by_svd", r"U\Sigma^Ty", "Look at the order of the factors and at the transposes."),
    ],
)  # fmt: skip
def test_help_says_where_to_look(name, answer, words, shipped):
    assert judge(shipped(name), answer).help == words


def test_an_example_shows_the_data_alone_and_obeys_what_is_assumed(shipped):
    said = judge(shipped("ridge_formula"), r"(X^TX+I)^{-1}X^Ty")
    assert "X = " in said.counterexample
    assert "w = " not in said.counterexample
    small = judge(shipped("ridge_value_small"), r"\frac{1}{\sigma}").counterexample
    sigma, lam = (float(part.split(" = ")[1]) for part in small[9:].split(". ")[0].split(", "))
    assert 20 * sigma**2 < lam
    for answer in (r"(A^TW_1A+W_2)^{-1}(A^TW_1b+W_2c)", r"(A^TW_1^TW_1A+W_2)^{-1}A^TW_1^TW_1b"):
        assert "W₂ = 0" not in judge(shipped("tikhonov_formula"), answer).counterexample


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (r"\mathbf{w} + \mathbf{q}", r"\mathbf{w} + ▸\mathbf{q}◂"),
        (r"\mathbf w + \vec q", r"\mathbf w + ▸\vec q◂"),
        (r"2\boldsymbol\theta X", r"2▸\boldsymbol\theta◂ X"),
        (r"\left(X^TX+\lambda I\right)^{-1}\left(X^Ty\right)+q",
         r"…\left(X^Ty\right)+▸q◂"),
        (r"\frac{q}{2}", r"\frac{▸q◂}{2}"),
    ],
)  # fmt: skip
def test_no_command_is_cut_where_a_place_is_shown(answer, place, shipped):
    assert judge(shipped("ridge_formula"), answer).place == place
