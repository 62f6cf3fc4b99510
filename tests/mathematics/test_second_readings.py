"""Where an answer has a second reading, nobody is told that it is wrong on the first one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import autograder
from autograder.judging.mathematics import judge, question
from autograder.judging.mathematics.reading.between import roles
from autograder.judging.written_questions import asked_by

CHECKS = Path(autograder.__file__).parent / "checks"
OLS, RIDGE = "(X^TX)^{-1}X^Ty", "(X^TX+\\lambda I)^{-1}X^Ty"


def _judged(name, answer):
    (path,) = CHECKS.glob(f"*/written/{name}.toml")
    return judge(asked_by(path), answer)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("limit_small", "$w \\to X^+y$ as $\\lambda\\to0$"),
        ("limit_large_leading", "$w\\approx\\frac1\\lambda X^Ty$ when $\\lambda\\to\\infty$"),
        ("pca_value", "$\\sum_{i=1}^k\\lambda_i$, the sum of the $k$ largest eigenvalues of $X$"),
        ("ols_formula", f"$w={OLS}$, the minimiser of the norm of $Xw-y$"),
        ("partitions", "$k^n$ because each of the $n$ points can go to $k$ clusters"),
        ("partitions", "$k^n$, as all $n$ samples choose one of $k$"),
        ("ols_formula", f"$w={OLS}$. $X^TX$ is invertible."),
        ("ols_formula", f"$w={OLS}$. The matrix $X$ has rank $d$."),
        ("ridge_formula", f"$w={RIDGE}$ instead of $w={OLS}$"),
        ("ols_formula", f"$w={OLS}$, not $(XX^T)^{{-1}}X^Ty$"),
        ("ols_formula", f"$X^TXw=X^Ty$ with the solution $w={OLS}$"),
        ("ridge_formula", f"$X^T(Xw-y)+\\lambda w=0$ holds for $w={RIDGE}$"),
        ("ols_formula", f"$$X^TXw=X^Ty$$ Since $X^TX$ is invertible, we get $$w={OLS}$$"),
        ("ols_formula", f"$$X^TXw=X^Ty$$ If $n \\ge d$ this can be solved: $$w={OLS}$$"),
        ("rotate_components", "$MW$, because if $\\Sigma w=s w$ then $M\\Sigma w=s Mw$"),
        ("ridge_formula", f"$w={RIDGE}$ is a minimum since the Hessian $X^TX+\\lambda I\\succ0$"),
        ("left_product", "$(X^TX)^{-1}X^TX=I_d$, so $A$ is a left inverse of $X$"),
        ("ridge_formula", f"$w={RIDGE}$, hence $w$ is unique"),
        ("spread_identity", "$m\\|\\bar x-a\\|^2$, which is $0$ iff $a=\\bar x$"),
        ("depth_bound", "$4^{-L}$, which is $\\frac14$ for $L=1$"),
        ("ols_formula", f"$w={OLS}$, shape $(d,1)$"),
        (
            "three_points_scatter",
            "$\\begin{pmatrix}2&0\\\\0&6\\end{pmatrix}$, eigenvalues $2$ and $6$",
        ),
        ("ridge_formula", f"$w={RIDGE}$, $I$ is the identity"),
        ("ridge_formula", "$w=(X^TX+\\lambda E_d)^{-1}X^Ty$, $E_d$ = identity matrix"),
        ("ols_formula", f"$w={OLS}$ minimizes $\\|Xw-y\\|^2$"),
        ("ols_formula", f"$w={OLS}$ solves $X^TXw=X^Ty$"),
    ],
)
def test_words_between_formulas_tell_an_answer_from_a_remark(name, answer):
    said = _judged(name, answer)
    assert said.is_right, said.message()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("ols_formula", "$X^Ty$ times $(X^TX)^{-1}$"),
        ("ridge_gradient", "$2X^T(Xw-y)$ plus $2\\lambda w$"),
        ("ols_formula", f"$w={OLS}$, thus $\\hat y=X{OLS}$"),
        ("ridge_formula", f"$w={RIDGE}$; for $\\lambda=0$ we get back $w={OLS}$"),
        ("partitions", "$k^n$, e.g. $2^3=8$ for $k=2$"),
        ("depth_number", "10, because $4^9=262144$ is too small"),
        ("depth_number", "10 ($4^{-10}\\approx 9.5\\cdot10^{-7}$)"),
        ("partitions", "k^n, since there are $n$ points"),
        ("depth_bound", "$4^{-L}$; e.g. $L=5$ gives $4^{-5}\\approx 0.001$"),
    ],
)
def test_which_of_two_formulas_counts_is_asked(name, answer):
    said = _judged(name, answer)
    assert said.says == "ambiguous"
    assert said.rationale.startswith("It is not clear which formula is your answer: “")
    assert said.help == "Put your answer alone between $$ and $$, as in $$a = b$$."


def test_a_wrong_answer_with_a_remark_is_wrong():
    assert _judged("ols_formula", "$w=X^{-1}y$ because $X$ is given").says == "not_square"
    assert _judged("partitions", "$n^k$, since there are $n$ points").says == "different"


@pytest.mark.parametrize(
    "one", ["\\mathbf{1}", "\\mathbf 1", "\\mathbb{1}_d", "{\\bf 1}", "𝟙", "1_d", "1_{d\\times d}"]
)
def test_a_one_can_be_the_identity_or_a_column_of_ones(one):
    said = _judged("ridge_formula", f"$w=(X^TX+\\lambda {one})^{{-1}}X^Ty$")
    assert (said.says, said.rationale) == (
        "ambiguous", "The 1 can be the identity or a vector of ones.")  # fmt: skip
    assert said.help == "Write I for the identity, as in I_n, and 1_n for n ones."
    assert one in said.place.replace("▸", "").replace("◂", "")


def test_a_one_for_the_identity_is_asked_about_in_every_kind_of_question():
    for name, answer in (
        ("left_product", "\\mathbf{1}_{d\\times d}"),
        ("push_through_factor", "$M=X^TX+\\lambda\\mathbf{1}$"),
        ("ridge_as_tikhonov", "$W_1=\\mathbb 1$, $W_2=\\sqrt\\lambda\\,\\mathbb 1$, $c=0$"),
    ):
        assert _judged(name, answer).says == "ambiguous", answer


def test_a_column_of_ones_is_read_as_such():
    plain = {"id": "centering", "dims": ["n"], "identity": ["I"],
             "answer": {"kind": "expression", "names": ["H"], "shape": ["n", "n"],
                        "reference": "I_n - \\frac1n 1_n 1_n^T"}}  # fmt: skip
    asked = question(plain)
    assert judge(asked, "$I-\\frac1n\\mathbf 1\\mathbf 1^T$").is_right
    assert judge(asked, "$I_n-\\frac1n\\mathbf 1_n^T\\mathbf 1_n$").says == "scalar_plus_matrix"


@pytest.mark.parametrize(
    ("name", "answer", "shown"),
    [
        ("ridge_value_small",
         "$\\frac{\\sigma}{\\sigma^2+\\lambda}\\approx\\frac\\sigma\\lambda\\to0$",
         "Your answer can be “\\frac\\sigma\\lambda” or what it comes close to, “0”."),
        ("depth_bound", "$4^{-L} \\to 0$",
         "Your answer can be “4^{-L}” or what it comes close to, “0”."),
    ],
)  # fmt: skip
def test_a_value_and_its_limit_are_two_answers(name, answer, shown):
    said = _judged(name, answer)
    assert (said.says, said.rationale) == ("ambiguous", shown)


@pytest.mark.parametrize("answer", ["$w\\to X^+y$", f"${RIDGE}\\to X^+y$", "w \\to X^+ y"])
def test_a_limit_that_is_asked_for_may_stand_behind_an_arrow(answer):
    assert _judged("limit_small", answer).is_right


def test_a_consequence_ends_a_reason():
    gaps = ["", " because ", ", so we get ", "."]
    assert roles(gaps, ["A", "B", "C"]) == ["answer", "remark", "answer"]
    assert roles(["", ". Since ", ", ", ""], ["A", "B", "C = D"])[-1] == "answer"
    assert roles(["", " and ", ""], ["A", "B"]) == ["answer", "answer"]


@pytest.mark.parametrize(
    "answer",
    [
        f"$w={RIDGE}$ if $n>d$ and $w={OLS}$ if $n<d$",
        f"$w={RIDGE}$, otherwise $w={OLS}$",
        f"$w={OLS}$. Or maybe $w={RIDGE}$.",
        f"$w=X^+y$ or perhaps rather $w={RIDGE}$",
    ],
)
def test_a_right_answer_beside_another_one_gains_nothing(answer):
    assert _judged("ridge_formula", answer).says == "ambiguous"


@pytest.mark.parametrize("between", [" or equivalently ", ". Alternatively, "])
def test_a_right_answer_in_two_forms_is_right(between):
    other = "$w=X^T(XX^T+\\lambda I)^{-1}y$"
    assert _judged("ridge_formula", f"$w={RIDGE}${between}{other}").is_right
