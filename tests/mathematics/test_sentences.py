"""A formula inside a sentence without marks, accents in words, reasons in brackets."""

from __future__ import annotations

from pathlib import Path

import pytest

import autograder
from autograder.judging.mathematics import judge
from autograder.judging.written_questions import asked_by

CHECKS = Path(autograder.__file__).parent / "checks"


def _judged(name, answer):
    (path,) = CHECKS.glob(f"*/written/{name}.toml")
    return judge(asked_by(path), answer)


SENTENCES = [
    ("outlier_mean", "The outlier pulls the mean to {}, which grows without bound as r grows.",
     "r/(m+1)", "r/m"),
    ("outlier_mean", "The mean becomes {} because the others are 0", "r/(m+1)", "r/(m-1)"),
    ("limit_small", "It converges to {}", "X^+ y", "X y"),
    ("ridge_formula", "Solving for w we obtain {}, which always exists",
     "(X^T X + lam I)^{-1} X^T y", "(X^T X)^{-1} X^T y"),
    ("min_norm_formula", "The vector of least norm is given by {} (by the SVD).",
     "X^T (X X^T)^-1 y", "X (X X^T)^-1 y"),
    ("rotate_mean", "First subtract p; the rotated mean is then {}, as p stays in place.",
     "M(x_bar - p) + p", "M(x_bar - p)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sentence", "right", "wrong"), SENTENCES)
def test_the_only_formula_of_a_sentence_is_the_answer(name, sentence, right, wrong):
    said = _judged(name, sentence.replace("{}", right))
    assert said.is_right, said.message()
    assert _judged(name, sentence.replace("{}", right)).is_right
    other = _judged(name, sentence.replace("{}", wrong))
    assert not other.is_right


@pytest.mark.parametrize(
    "sentence",
    [
        "The mean that results is not r/(m+1)",
        "The mean becomes half of r/(m+1)",
        "The outlier moves it to twice r/(m+1)",
        "The mean is proportional to r/(m+1)",
        "The outlier pulls the mean to r/(m+1) times m",
        "The outlier pulls the mean to r/(m+1) squared",
        "The outlier pulls the mean by r/(m+1)",
        "The outlier pulls the mean to r/(m+1) or so",
    ],
)
def test_words_that_change_a_formula_refuse_it(sentence):
    said = _judged("outlier_mean", sentence)
    assert said.says in {"unreadable", "ambiguous", "unknown_symbol", "free_index"}, said.message()


def test_two_formulas_of_a_sentence_are_shown():
    said = _judged("outlier_mean", "The outlier pulls everything from 0/m towards r/(m+1)")
    assert (said.says, said.rationale) == (
        "ambiguous", "This sentence holds several formulas: “0/m” and “r/(m+1)”.")  # fmt: skip
    assert said.help == "Put your answer alone between $$ and $$, as in $$a = b$$."


@pytest.mark.parametrize("mean", ["x_bar", "xbar", "bar x", "bar(x)", "x̄", "x_{bar}", "x̅"])
def test_an_accent_may_be_a_word(mean):
    assert _judged("rotate_mean", f"M ({mean} - p) + p").is_right
    assert _judged("rotate_mean", f"{mean}' = M ({mean} - p) + p").is_right
    assert _judged("rotate_mean", f"M ({mean} + p) - p").says == "different"


@pytest.mark.parametrize("name", ["w_hat", "hat w", "hat(w)", "w_star", "w_tilde", "tilde w"])
def test_the_answer_may_have_an_accent_in_words(name):
    assert _judged("ols_formula", f"{name} = inv(X'X) X'y").is_right
    assert not _judged("ols_formula", f"{name} = inv(X'X) X y").is_right


@pytest.mark.parametrize("mean", ["x_hat", "xhat", "bar p", "bar(x + p)"])
def test_another_accent_is_no_name_of_the_question(mean):
    said = _judged("rotate_mean", f"M ({mean} - p) + p")
    assert said.says in {"unreadable", "unknown_symbol"}


@pytest.mark.parametrize(
    "reason",
    [
        "(M is orthogonal, so $M^{-1}=M^T$)",
        "(here $M^TM=I$, and so $M^T = M^{-1}$)",
        "(which is $ABC$ with $B=\\Sigma$)",
    ],
)
def test_what_stands_in_brackets_behind_an_answer_explains_it(reason):
    assert _judged("rotate_scatter", f"$M\\Sigma M^{{-1}}$ {reason}").is_right
    assert not _judged("rotate_scatter", f"$M\\Sigma M$ {reason}").is_right


@pytest.mark.parametrize("answer", ["$M\\Sigma M^T$ (or $M^T\\Sigma M$)", "$M$ (i.e. $M^T$)"])
def test_another_answer_in_brackets_is_no_reason(answer):
    assert not _judged("rotate_scatter", answer).is_right


def test_the_answer_by_its_name_may_stand_in_brackets():
    answer = "$X^TXw=X^Ty$ (full rank, so $w=(X^TX)^{-1}X^Ty$)"
    assert _judged("ols_formula", answer).is_right
    assert not _judged("ols_formula", answer.replace("^{-1}", "")).is_right


TIKHONOV = [
    "Take c as the zero vector, W_1 the identity matrix and W_2 = {} times the identity.",
    "$W_1$ is the identity, $W_2 = {} I$ and $c$ is the zero vector",
    "W_1 = identity, W_2 = {}*identity, c = zero vector",
    "Let W_1 be the identity, W_2 = {} times the identity matrix, and c the null vector",
]


@pytest.mark.parametrize("answer", TIKHONOV)
def test_values_may_stand_in_words(answer):
    said = _judged("ridge_as_tikhonov", answer.replace("{}", "\u03bb^{1/2}"))
    assert said.is_right, said.message()
    assert _judged("ridge_as_tikhonov", answer.replace("{}", "\u03bb")).says == "w2"


@pytest.mark.parametrize("word", ["nearly", "not", "twice", "half", "minus", "a multiple of"])
def test_a_blank_in_words_that_are_not_known_is_missing(word):
    answer = f"$W_1$ is {word} the identity, $W_2 = \\sqrt\\lambda I$, $c = 0$"
    said = _judged("ridge_as_tikhonov", answer)
    assert (said.says, said.rationale) == ("empty", "Nothing is given for W\u2081.")


@pytest.mark.parametrize(
    ("name", "answer", "asked"),
    [
        ("push_through_factor",
         "$$X^T(XX^T+\\lambda I_n) = (X^TX+\\lambda I_d)X^T$$", "M"),
        ("push_through_factor", "$X^TXX^T = X^T(XX^T)$", "M"),
        ("ridge_formula",
         "$(X^TX+\\lambda I)^{-1}X^T=X^T(XX^T+\\lambda I)^{-1}$", "w"),
        ("min_norm_formula", "$X^TX = V\\Sigma^T\\Sigma V^T$", "w"),
    ],
)  # fmt: skip
def test_an_equation_between_two_expressions_is_no_value(name, answer, asked):
    said = _judged(name, answer)
    words = f"This is an equation between two expressions; what is asked for is {asked}."
    assert (said.says, said.rationale) == ("implicit", words)
    assert said.help == f"Give it alone, as in {asked} = ..."


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("push_through_factor", "$X^TX+\\lambda I = V(\\Sigma^T\\Sigma+\\lambda I)V^T$", "right"),
        ("push_through_factor", "$M = XX^T + \\lambda I$", "shape"),
        ("ridge_formula", "$w = XX^T$", "shape"),
        ("ridge_formula", "$X^Ty = V\\Sigma^TU^Ty$", "different"),
    ],
)
def test_a_chain_of_values_and_a_named_one_are_judged(name, answer, says):
    assert _judged(name, answer).says == says


@pytest.mark.parametrize(
    "answer",
    ["$$\\hat X^T\\hat X = {}$$ $$\\hat X^\\top\\hat y = X^Ty + 0 = X^Ty$$",
     "X̂ᵀX̂ = {}, X̂ᵀŷ = Xᵀy",
     "$G=\\hat X^T\\hat X = {}$, $h=\\hat X^T\\hat y = X^Ty$"],
)  # fmt: skip
def test_what_a_blank_is_by_the_question_may_stand_for_it(answer):
    said = _judged("fake_data_products", answer.replace("{}", "X^TX + λI"))
    assert said.is_right, said.message()
    assert _judged("fake_data_products", answer.replace("{}", "X^TX")).says == "gram"


def test_a_blank_given_by_the_question_alone_is_not_answered():
    said = _judged("fake_data_products", "$G = \\hat X^T\\hat X$, $h=\\hat X^T\\hat y$")
    assert said.says == "unknown_symbol"
