"""Forms that the tenth set showed, each with relatives and with its wrong twin."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question


@pytest.fixture(scope="module")
def asked(measure):
    """The questions of the tenth set."""
    plain = measure.Corpus(measure.HERE / "answers_tenth.json").plain["questions"]
    return {name: question(one) for name, one in plain.items()}


ENTRIES = [
    ("tanh_backprop", "$(W^\\top\\delta)\\odot(1-{})$", "h^2", "h"),
    ("tanh_backprop", "dz = (W.T @ delta) * (1 - {})", "h**2", "h"),
    ("tanh_backprop", "np.multiply(W.T @ delta, 1 - {})", "h**2", "h**3"),
    ("tanh_backprop", "$W^T\\delta - {}\\odot W^T\\delta$", "h^2", "h^3"),
    ("tanh_backprop", "(W'*delta).*(1-{})", "h.^2", "h"),
    ("tanh_backprop", "(2 - {} - 1) ⊙ Wᵀδ", "h²", "h"),
    ("logreg_l2_gradient", "X^T({} - y) + λ w", "1/(1+exp(-Xw))", "1/(1+exp(Xw))"),
    ("logreg_l2_gradient", "$X^T({}-y)+\\lambda w$", "\\frac{e^{Xw}}{1+e^{Xw}}",
     "\\frac{e^{-Xw}}{1+e^{-Xw}}"),
    ("logreg_l2_gradient", "$X'(p-y)+\\lambda w$ where $p={}$", "\\dfrac{1}{1+\\exp(-Xw)}",
     "\\dfrac{1}{1-\\exp(-Xw)}"),
]  # fmt: skip
OTHER = [
    ("hat_trace", "Spur(H) = {}, die Anzahl der Spalten von X", "d", "n"),
    ("hat_trace", "tr(H) = {}, the number of columns of X", "d", "n"),
    ("hat_trace", "Die Spur ist {}, denn $X$ hat vollen Rang.", "$d$", "$n$"),
    ("projection_line", "$$\\hat x=Px\\quad\\text{mit}\\quad P={}$$", "\\frac{ww^T}{w^Tw}",
     "\\frac{w^Tw}{ww^T}"),
    ("projection_line", "$\\hat x = Px$, wobei $P={}$", "\\frac{ww^T}{\\|w\\|^2}",
     "\\frac{ww^T}{\\|w\\|}"),
    ("projection_line", "$\\hat x = Px$ avec $P={}$", "\\frac{ww^T}{\\|w\\|^2}", "ww^T"),
    ("conv_output_side", "{} + 1", "(64 + 2*3 - 7)//2", "(64 + 2*3 - 9)//2"),
    ("conv_output_side", "{} + 1", "63 // 2", "65 // 2"),
    ("spam_posterior", "0,12 / (0,12 + {})", "0,07", "0,7"),
    ("spam_posterior", "0,3*0,4/(0,3*0,4+{})", "0,7*0,1", "0,7*0,2"),
    ("spam_posterior", "p = {}, i.e. about 63 percent", ".12/.19", ".12/.18"),
    ("spam_posterior", "p = {}, i.e., roughly 0.63", "12/19", "12/18"),
    ("entropy_bits", "{} Bit", "1,75", "1,57"),
    ("entropy_bits", "$H=\\frac12+\\frac12+2\\cdot\\frac38={}\\text{ bits}$", "\\frac74", "2"),
    ("entropy_bits", "-(0.5*log2(0.5) + 0.25*np.log2(0.25) + {}*math.log2(0.125))", "2*0.125",
     "0.125"),
    ("entropy_bits", "$\\frac12\\log_2 2+\\frac14\\log_2 4+\\frac14{}$", "\\log_2 8",
     "\\log_{10} 8"),
    ("he_std", "Écart-type : {}", "√(2/512)", "√(1/512)"),
    ("he_std", "Standard-Abweichung: {}", "√ (1/256)", "√(2)/512"),
    ("newton_step", "w ← w {} H⁻¹g", "-", "+"),
    ("newton_step", "$w \\leftarrow w {} H^{-1}g$", "-", "+"),
    ("hoeffding_samples", "{}(math.log(40)/(2*0.1**2))", "math.ceil", "math.floor"),
    ("quadratic_gradient", "$$\\partial f/\\partial x_k=\\sum_j a_{kj}x_j$$ in matrix form "
                           "$$\\nabla f={}$$", "Ax+A^Tx+b", "Ax+b"),
    ("quadratic_gradient", "$$\\sum_j a_{kj}x_j,$$ or in vector notation $$\\nabla f={}$$",
     "(A+A^T)x+b", "2Ax+b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "form", "right", "wrong"), [*ENTRIES, *OTHER])
def test_a_form_is_read_and_its_wrong_twin_is_wrong(name, form, right, wrong, asked):
    said = judge(asked[name], form.replace("{}", right))
    assert said.is_right, said.message()
    twin = judge(asked[name], form.replace("{}", wrong))
    assert not twin.is_right


def test_a_square_that_is_read_entry_by_entry_is_said(asked):
    said = judge(asked["tanh_backprop"], "$(W^T\\delta)\\odot(1-h^2)$")
    assert said.notes == ("h² is read entry by entry.",)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("$W^T\\delta(1-h^2)$", "vector_squared"),
        ("$W^T\\delta - h$", "different"),
        ("$W^T\\delta/h$", "division_by_matrix"),
        ("$1 - h$", "scalar_plus_matrix"),
    ],
)
def test_without_a_sign_for_entries_nothing_works_on_them(answer, says, asked):
    assert judge(asked["tanh_backprop"], answer).says == says


@pytest.mark.parametrize("answer", ["xᵀy / ‖x‖ ‖y‖", "$x^Ty/|x||y|$", "x'y / norm(x) norm(y)"])
def test_a_slash_that_may_reach_further_is_asked_back(answer, asked):
    said = judge(asked["cosine_similarity"], answer)
    assert (said.says, said.rationale) == (
        "ambiguous", "It is not clear how far this / reaches.")  # fmt: skip
    assert said.help == "Write it as \\frac{a}{b c}, or with brackets: (a / b) c or a / (b c)."


@pytest.mark.parametrize("answer", ["xᵀy / ‖x‖ x", "$x^Ty/|x|^2|y|$", "(x'y / norm(x)) norm(y)"])
def test_a_slash_is_not_asked_about_where_both_readings_are_wrong(answer, asked):
    said = judge(asked["cosine_similarity"], answer)
    assert not said.is_right
    assert said.says != "ambiguous"


@pytest.mark.parametrize(
    "answer", ["about 0.63", "7/4 nats", "$\\log_b 4$", "p = 12/19 or about 63 percent", "[1,75]"]
)
def test_what_stays_open_is_asked_back_or_wrong(answer, asked):
    name = "spam_posterior" if "63" in answer else "entropy_bits"
    assert not judge(asked[name], answer).is_right


@pytest.mark.parametrize("answer", ["$\\pm(0,1)(0,1)$", "$\\pm(0,0)^T$", "$\\pm(0,1)/2 (1,0)$"])
def test_two_signs_in_a_wrong_answer_are_judged_like_one(answer):
    plain = {"kind": "number", "shape": ["2"], "reference": "[0; 1]", "up_to": "sign"}
    said = judge(question({"id": "axis", "answer": plain}), answer)
    assert not said.is_right
    assert said.rationale
