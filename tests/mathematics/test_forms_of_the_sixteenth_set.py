"""Forms that the sixteenth set showed, with relatives and with wrong twins."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question


@pytest.fixture(scope="module")
def asked(measure):
    plain = measure.Corpus(measure.HERE / "answers_sixteenth.json").plain["questions"]
    return {name: question(one) for name, one in plain.items()}


REPEATING = [
    (r"$0.\overline{6}$", r"$0.\overline{67}$"),
    (r"$F_1 = 0.\bar{6}$", r"$F_1 = 0.\bar{7}$"),
    (r"$0.6\dot6$", r"$0.5\dot6$"),
    ("0.(6)", "0.(7)"),
    (r"$66.\overline{6}\%$", r"$6.\overline{6}\%$"),
    (r"$2\cdot 0.\overline{3}$", r"$2\cdot 0.\overline{4}$"),
]
REASONS = [
    r"$M = {}$, since $\hat y = XX^\dagger y$ and $r=y-\hat y$.",
    r"$M = {}$, because $\hat y = XX^\dagger y$, $r=y-\hat y$.",
    r"$M = {}$, as $r = y - \hat y$ and $\hat y = Xw$.",
]
ONES = [
    r"where $\mathbf{1}_n$ is the $n\times n$ matrix with all entries $1/n$.",
    r"with $\mathbb{1}$ the matrix of ones divided by $n$",
    r"Here $\boldsymbol 1_n$ denotes a matrix whose entries are all $1/n$.",
]


@pytest.mark.parametrize(("right", "wrong"), REPEATING)
def test_a_repeating_decimal_is_its_fraction(asked, right, wrong):
    assert judge(asked["f_one"], right).is_right
    assert not judge(asked["f_one"], wrong).is_right


@pytest.mark.parametrize("written", ["≈ 66.7 %", "0.67", "0.667"])
def test_a_number_that_was_rounded_is_told_so(asked, written):
    said = judge(asked["f_one"], written)
    assert said.message() == (
        "Your number is the right one, rounded to too few digits.\n"
        "Give a fraction or a root, or 5 digits behind the point."
    )


@pytest.mark.parametrize("written", ["66 %", "0.66", "0.6", "0.68"])
def test_another_number_is_not_called_rounded(asked, written):
    assert judge(asked["f_one"], written).says == "different"


@pytest.mark.parametrize("written", REASONS)
def test_a_reason_of_two_formulas_is_no_answer(asked, written):
    assert judge(asked["annihilator"], written.format(r"I - XX^\dagger")).is_right
    assert not judge(asked["annihilator"], written.format(r"XX^\dagger")).is_right


@pytest.mark.parametrize("words", ONES)
def test_a_1_that_is_said_to_be_a_matrix_is_asked_back(asked, words):
    formula = r"$\tilde K=K-\mathbf 1_nK-K\mathbf 1_n+\mathbf 1_nK\mathbf 1_n$, "
    said = judge(asked["kernel_centering"], formula + words)
    assert said.says == "ambiguous"
    assert "you say that it is a matrix of your own" in said.message()


def test_ones_that_are_not_called_a_matrix_are_a_column(asked):
    words = r"$\tilde K = HKH$ with $H=I-\frac1n\mathbf 1\mathbf 1^T$, a symmetric matrix"
    assert judge(asked["kernel_centering"], words).is_right
