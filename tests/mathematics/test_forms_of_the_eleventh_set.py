"""Forms that the eleventh set showed, each with relatives and with its wrong twin."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question


@pytest.fixture(scope="module")
def asked(measure):
    """The questions of the eleventh set."""
    plain = measure.Corpus(measure.HERE / "answers_eleventh.json").plain["questions"]
    return {name: question(one) for name, one in plain.items()}


VECTORS = [
    ("predictive_variance", "{} + phi @ S @ phi", "sigma**2", "sigma"),
    ("predictive_variance", "sigma**2 + np.dot(phi, {}).dot(phi)", "S", "S.T @ S"),
    ("predictive_variance", "sigma**2 + {} @ phi", "(phi @ S)", "(phi @ S @ S)"),
    ("expected_quadratic_form", "np.trace(A @ {}) + mu @ A @ mu", "Sigma", "Sigma.T @ Sigma"),
    ("expected_quadratic_form", "np.trace(A @ Sigma) + mu @ {}", "A @ mu", "A"),
]
NUMBERS = [
    ("bootstrap_limit", "(1 - 1/n)^n → {} ≈ 36,8 %", "1/e", "1/√e"),
    ("bootstrap_limit", "{} ≈ 36.8%", "1/e", "1 - 1/e"),
    ("bootstrap_limit", "$p\\to {}\\approx 36{,}8\\,\\%$", "\\frac1e", "\\frac2e"),
    ("rbf_value", "1/√{}", "e", "(2e)"),
    ("rbf_value", "$\\frac{1}{}$", "{\\sqrt e}", "{e}"),
    ("rbf_value", "{}**-0.5", "np.e", "math.pi"),
]
WORDS = [
    ("expected_quadratic_form", "Spur({}) + μᵀAμ", "ΣA", "Σ"),
    ("expected_quadratic_form", "$\\operatorname{Spur}(\\Sigma A)+{}$", "\\mu^TA\\mu", "\\mu^T\\mu"),
    ("expected_quadratic_form", "spur(A Σ) + {}", "μᵀ A μ", "μ A μ"),
]


@pytest.mark.parametrize(("name", "form", "right", "wrong"), [*VECTORS, *NUMBERS, *WORDS])
def test_a_form_is_read_and_its_wrong_twin_is_wrong(name, form, right, wrong, asked):
    said = judge(asked[name], form.replace("{}", right))
    assert said.is_right, said.message()
    twin = judge(asked[name], form.replace("{}", wrong))
    assert not twin.is_right


@pytest.mark.parametrize("answer", ["$\\sigma^2+\\phi S\\phi$", "sigma**2 + phi S phi"])
def test_without_an_at_sign_a_vector_needs_its_transpose(answer, asked):
    said = judge(asked["predictive_variance"], answer)
    assert (said.says, said.rationale) == (
        "shape_clash", "φ is d×1 and S is d×d; their product needs 1 = d.")  # fmt: skip


@pytest.mark.parametrize("answer", ["5 e-1", "6.0653 e - 1", "6.0653 e + 1"])
def test_an_exponent_behind_a_gap_is_no_number_of_euler(answer, asked):
    assert judge(asked["rbf_value"], answer).says == "unknown_symbol"


def test_an_e_beside_symbols_is_not_known(asked):
    assert judge(asked["predictive_variance"], "sigma**2 + e").says == "unknown_symbol"
