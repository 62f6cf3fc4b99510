"""Several answers in one cell, bounds, gradients set to 0: what counts, and what is refused."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question

FILTER = {
    "id": "filter",
    "symbols": {"sigma": {"scalar": "positive"}, "lambda": {"scalar": "positive"}},
    "answer": {"kind": "expression", "shape": [], "names": ["f"],
               "reference": r"\frac{\sigma}{\lambda}"},
}  # fmt: skip
COLUMN = {
    "id": "column", "dims": ["n", "d"], "regimes": {"tall": "n > d"},
    "symbols": {"X": {"shape": ["n", "d"]}, "y": {"shape": ["n"]},
                "lambda": {"scalar": "positive"}},
    "answer": {"kind": "expression", "shape": ["d"], "names": ["w"],
               "reference": r"\frac1\lambda X^Ty"},
}  # fmt: skip
BOUND = {
    "id": "bound", "symbols": {"L": {"scalar": "integer"}},
    "answer": {"kind": "expression", "shape": [], "reference": "4^{-L}", "bound": "upper"},
}  # fmt: skip
TWO = (
    "{0} or {1}", "{0}, {1}", "{0}; {1}", "{0} and {1}", "either {0} or {1}", "{0} (or {1})",
    "${0}$ or ${1}$", "${0}$, ${1}$", "${0}$ and ${1}$", "$${0}$$ or $${1}$$",
    r"{0} \text{{ or }} {1}", r"{0} \quad {1}", r"{0} \lor {1}", "{0} vs {1}", "{0} resp. {1}",
    r"\begin{{cases}} {0} \\ {1} \end{{cases}}", "{0} if x, {1} otherwise", "{{{0}, {1}}}",
    "({0}, {1})", "{0} & {1}", "{0} | {1}", "{0} oder {1}", "{0} rather than {1}",
)  # fmt: skip


@pytest.mark.parametrize("phrase", TWO)
@pytest.mark.parametrize("labels", [("", ""), ("f = ", "f = ")])
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_values_none_counts(phrase, labels, turned):
    values = [f"{label}{value}" for label, value in zip(labels, ("1/σ", "σ/λ"), strict=True)]
    said = judge(question(FILTER), phrase.format(*(values[::-1] if turned else values)))
    assert not said.is_right
    assert said.help


@pytest.mark.parametrize("phrase", ["{0} or {1}", "{0}, {1}", "{0} (or {1})", "${0}$ or ${1}$"])
def test_the_same_value_twice_is_one_answer(phrase):
    said = judge(question(FILTER), phrase.format(r"\sigma\lambda^{-1}", r"\frac{\sigma}{\lambda}"))
    assert said.is_right


def test_both_of_two_answers_are_shown():
    said = judge(question(FILTER), "1/σ, σ/λ")
    assert said.says == "ambiguous"
    assert said.rationale == "Two answers stand side by side: “1/σ” and “σ/λ”."
    assert said.help == "Give one of them. Steps belong into a chain, as in a = b = c."
    assert said.place == "▸1/σ, σ/λ◂"


@pytest.mark.parametrize(
    "answer",
    [
        "1,0σ/λ", "1,0 σ/λ", "σ/λ, since λ > 0", "σ/λ for σ² ≪ λ", "σ/λ, λ > 0", "1/λ . σ",
        r"\sigma/\lambda \text{ where } \lambda > 0", "f = 1/λ . σ", "f = 2σ/λ - σ/λ, so f = σ/λ",
        "The answer is σ/λ.", r"f = \frac{\sigma^2}{\sigma\lambda} \\ f = \sigma/\lambda",
    ],
)  # fmt: skip
def test_what_stands_beside_one_answer_costs_nothing(answer):
    assert judge(question(FILTER), answer).is_right


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (r"1/\lambda . X^Ty", True), (r"\frac1\lambda . X^T . y", True),
        (r"w = \frac1\lambda X^Ty.", True), (r"w = \frac1\lambda X^Ty, \lambda > 0", True),
        (r"\frac1\lambda. X^Ty", False), (r"w = X^Ty, w = \frac1\lambda X^Ty", False),
        (r"w = X^Ty, \frac1\lambda X^Ty", False), (r"w = X^Ty ≠ w = \frac1\lambda X^Ty", False),
        (r"$w = X^Ty$ so $w = \frac1\lambda X^Ty$", True),
        ("w = X^Ty\nw = (1/λ) X^Ty", True),
    ],
)  # fmt: skip
def test_a_full_stop_between_factors_is_a_product(answer, right):
    assert judge(question(COLUMN), answer).is_right == right


@pytest.mark.parametrize(
    "answer",
    ["W_1 = 2I, W_1 = I, W_2 = \\sqrt\\lambda I, c = 0",
     "W_1 = 2I or W_1 = I, W_2 = \\sqrt\\lambda I, c = 0"],
)  # fmt: skip
def test_a_blank_filled_in_two_ways_is_refused(answer, asked):
    said = judge(asked("hw1_3c"), answer)
    assert said.rationale == "Two answers stand side by side: “2I” and “I”."


@pytest.mark.parametrize(
    "answer",
    ["T = B, T = \\sum_{j=1}^k \\frac{n_j}{n} W_j + B", "T = \\sum_j \\frac{n_j}{n}W_j+B or T = B"],
)
def test_two_equations_are_refused(answer, asked):
    assert judge(asked("hw4_3_4"), answer).says == "ambiguous"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("0,25^L", "right"), ("(0,25)^L", "right"), (r"0{,}25^L", "right"), ("25%^L", "right"),
        ("≤ 4^{-L}", "right"), (r"|g| \le 4^{-L}", "right"), (r"|g| < 4^{-L}", "right"),
        (r"|g| \le \prod_{l=1}^L \frac14 = 4^{-L}", "right"), (r"|g| \le 4^{-L} < 1", "right"),
        (r"|g| \le 4^{-L} \to 0", "right"), (r"4^{-L} \ge |g|", "right"),
        ("at most 4^{-L}", "right"), (r"\left|\frac{\partial a_L}{\partial a_0}\right| \le 4^{-L}",
                                      "right"),
        (r"g \ge 4^{-L}", "unknown_symbol"), ("at least 4^{-L}", "unreadable"),
        (r"|g| \le 2^{-L}", "different"),
    ],
)  # fmt: skip
def test_an_upper_bound_may_stand_behind_its_relation(answer, says):
    said = judge(question(BOUND), answer)
    assert (said.says == "right") == (says == "right"), said.message()


def test_a_bound_where_none_is_asked_for_is_no_answer():
    plain = {**BOUND, "answer": {**BOUND["answer"], "bound": "lower"}}
    assert not judge(question(plain), r"|g| \le 4^{-L}").is_right
    assert not judge(question(FILTER), r"f \le \sigma/\lambda").is_right


def test_a_decimal_comma_is_told():
    assert judge(question(BOUND), "0,25^L").notes == ("0,25 is read as 0.25.",)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (r"2X^TXw + 2\lambda w = 2X^Ty", "right"), (r"2X^Ty = 2X^TXw + 2\lambda w", "right"),
        (r"2X^T(Xw-y) = -2\lambda w", "right"), (r"2X^TXw + 2\lambda w - 2X^Ty = 0", "right"),
        (r"X^TXw + \lambda w = X^Ty", "factor"), (r"2X^TXw + 2\lambda w = X^Ty", "different"),
    ],
)  # fmt: skip
def test_a_gradient_may_be_an_equation_set_to_zero(answer, says, asked):
    said = judge(asked("hw1_2a_gradient"), answer)
    assert said.says == says, said.message()


@pytest.mark.parametrize(
    "sum_",
    ["\\sum_{j=1}^k (n_j/n)W_j", "Σ_j (n_j/n) W_j", "\\sum_j \\left(n_j/n\\right) W_j",
     "\\sum_j {n_j/n} W_j"],
)  # fmt: skip
def test_a_quotient_in_brackets_goes_no_further(sum_, asked):
    assert judge(asked("hw4_3_4"), f"T = {sum_} + B").is_right


def test_a_quotient_without_brackets_stays_unclear(asked):
    assert judge(asked("hw4_3_4"), "T = \\sum_j n_j/n W_j + B").says == "ambiguous"


@pytest.mark.parametrize(
    ("shape", "bound", "answer", "problem", "help"),
    [
        ([], "lower", "10 or so", "“or” leaves the answer open.", "Give one answer, as in a = b."),
        ([], "lower", "L <= 10",
         "The formula ends with '≤', so it does not say what the answer is.",
         r"End it with \ge and the lower bound, as in x \ge 2."),
        ([], "upper", "L >= 10",
         "The formula ends with '≥', so it does not say what the answer is.",
         r"End it with \le and the upper bound, as in x \le 2."),
        ([], "upper", "(9, 10)", "Your answer is 1×2; a number is asked for.",
         "Give one number. Decimals stand behind a point, as in 2.5."),
        (["2"], "upper", "0,1", "Your answer is a number; a column 2×1 is asked for.",
         "Write its entries in brackets with commas between them, as in (3, 4)."),
        ([], "upper", "q + 1", "The index q is used outside of a sum or a subscript.", ""),
        ([], "upper", "Q", "The symbol Q is not declared in this question.",
         "Write numbers, as in 1/2 or 2.5."),
        ([], "upper", "10 if n > 1, otherwise 9", "“otherwise” gives a second answer.",
         "Give one answer for all cases, as in a = b."),
    ],
)  # fmt: skip
def test_what_is_said_where_the_answer_stays_open(shape, bound, answer, problem, help):
    reference = "[0; 1]" if shape else "10"
    plain = {"kind": "number", "shape": shape, "bound": bound, "reference": reference}
    said = judge(question({"id": "open", "answer": plain}), answer)
    assert said.rationale == problem
    assert not help or said.help == help
