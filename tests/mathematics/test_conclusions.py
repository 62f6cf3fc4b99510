"""Which of several formulas a text concludes with, and what in it only says something more."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question

SETS = ("tenth", "eleventh", "twelfth", "thirteenth")


@pytest.fixture(scope="module")
def asked(measure):
    """The questions of the last sets, each prepared once; the later of two with the same name."""
    plain = {}
    for name in SETS:
        plain |= measure.Corpus(measure.HERE / f"answers_{name}.json").plain["questions"]
    made = {}

    def get(name):
        return made.setdefault(name, question(plain[name]))

    return get


SENTENCES = [
    ("gls_formula", "Setting 2XᵀR(Xw − y) to zero gives w = (XᵀRX)⁻¹XᵀR{}.", "y", "Xy"),
    ("gls_formula", "The gradient is zero for w = {}", "(XᵀRX)⁻¹XᵀRy", "(XᵀX)⁻¹Xᵀy"),
    ("conv_output_side", "(64 - 7 + 6)/2 + 1 = 32.5, rounded down to {}", "32", "33"),
    ("conv_params", "{} trainable parameters (4608 weights and 32 biases)", "4640", "4600"),
    ("polynomial_features", "1 + 3 + 6 = {} monomials", "10", "11"),
    ("spam_posterior", "{}, about 63 %", "12/19", "7/19"),
    ("spam_posterior", "{}, roughly 0.63", "12/19", "11/19"),
    ("cheap_order", "n*(m + p) = {}. This is less than mnp.", "mn + np", "mp + np"),
]
NAMES = [
    ("blr_mean", r"$m = \beta S\Phi^Tt$, $S^{-1} = \alpha I + {}$", r"\beta\Phi^T\Phi",
     r"\Phi^T\Phi"),
    ("blr_mean", "m = beta S Phi^T t where S^-1 = alpha I + {}", "beta Phi^T Phi", "Phi^T Phi"),
    ("tanh_backprop", "dh = W.T @ delta\ndz = dh * (1 - {})", "h * h", "h"),
    ("tanh_backprop", "dh = {}; dz = dh * (1 - h**2)", "W.T @ delta", "2 * W.T @ delta"),
    ("poisson_mle", r"$\hat\theta = {} = \bar y$", r"\frac1n\sum y_i", r"\sum y_i"),
    ("ols_residual", "e = {} =: r", "y - X(X^TX)^{-1}X^Ty", "X(X^TX)^{-1}X^Ty"),
    ("expected_quadratic_form", r"$E[x^TAx] = \operatorname{tr}(A{})$", r"(\Sigma+\mu\mu^T)",
     r"\Sigma"),
]  # fmt: skip
SUMS = [
    ("exponential_mle", r"$\hat\theta = 1/\bar y$ with $\bar y = {}$", r"\frac1n\sum y_i",
     r"\sum y_i"),
    ("exponential_mle", r"n/{}", r"\sum y_j", r"\sum y_j^2"),
    ("mse_gradient", r"\frac2n\sum x_i({})", "x_i^Tw-y_i", "y_i-x_i^Tw"),
    ("poisson_mle", "(1/n)∑{}", "yᵢ", "yᵢ²"),
]  # fmt: skip
ORDERS = [
    ("training_step_order", "(c) forward pass → (a) loss → {}",
     "(d) backward pass → (b) update", "(b) update → (d) backward pass"),
    ("training_step_order", "first (c), then (a) the loss, {}", "(d) gradients, (b) update",
     "(b) update, (d) gradients"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "right", "wrong"), [*SENTENCES, *NAMES, *SUMS, *ORDERS])
def test_the_conclusion_is_read_and_its_twin_gains_nothing(name, answer, right, wrong, asked):
    said = judge(asked(name), answer.replace("{}", right, 1))
    assert said.is_right, said.message()
    assert not judge(asked(name), answer.replace("{}", wrong, 1)).is_right


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gls_formula", "half of w = (XᵀRX)⁻¹XᵀRy"),
        ("gls_formula", "The solution is not w = (XᵀRX)⁻¹XᵀRy"),
        ("gls_formula", "Not w = (XᵀRX)⁻¹XᵀRy but w = X y"),
        ("conv_params", "4640 (or 4608) trainable parameters"),
        ("conv_output_side", "32 centimetres of it"),
        ("mse_gradient", r"\frac2n\sum (x_i^Tw-y_j)x_i"),
        ("exponential_mle", r"n/\sum y"),
        ("poisson_mle", r"\theta = \bar y"),
        ("training_step_order", "(b) after (d) after (a) after (c)"),
        ("training_step_order", "(c) forward pass, then (a) loss"),
    ],
)
def test_what_leaves_the_answer_open_is_asked_back(name, answer, asked):
    said = judge(asked(name), answer)
    assert not said.is_right
    assert said.says in {"implicit", "unreadable", "ambiguous", "unknown_symbol"}
