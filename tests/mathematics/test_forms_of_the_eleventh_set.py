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
    (
        "expected_quadratic_form",
        "$\\operatorname{Spur}(\\Sigma A)+{}$",
        "\\mu^TA\\mu",
        "\\mu^T\\mu",
    ),
    ("expected_quadratic_form", "spur(A Σ) + {}", "μᵀ A μ", "μ A μ"),
    ("polynomial_features", "{} (constant, linear, squares, products)", "1 + 3 + 3 + 3", "3 + 6"),
    ("polynomial_features", "{} (constant, linear, quadratic)", "10", "9"),
    ("polynomial_features", "$N = {}$ (linear, quadratic, constant)", "10", "8"),
]
COMMAS = [
    ("soft_threshold_interval", "−0,5 ≤ z ≤ {}", "0,5", "0,8"),
    ("soft_threshold_interval", "[{}; 0,5]", "−0,5", "−0,8"),
    ("soft_threshold_interval", "|z| ≤ {}", "0,5", "5"),
    ("soft_threshold_interval", "z ≥ -0,5, z ≤ {}", "0,5", "0.05"),
    ("soft_threshold_interval", "$z\\ge {}$ and $z\\le 0,5$", "-0,5", "-5"),
    ("rbf_value", "exp(-0,1·{})", "5", "√5"),
    ("rbf_value", "$\\exp({})$", "-0,5", "-0,05"),
    ("rbf_value", "np.exp({})", "-0,5", "0,5"),
]
CHOICES = [
    ("valid_kernels", "(a), {} und (d)", "(c)", "(b)"),
    ("valid_kernels", "a), c) sowie {}", "d)", "b)"),
    ("valid_kernels", "Richtig sind (a), {} und (d).", "(c)", "(b)"),
    ("valid_kernels", "(a), (c) et {}", "(d)", "(b)"),
    ("valid_kernels", "a und c und {}", "d", "b"),
    ("valid_kernels", "(a), (c) {} (d)", "und", "nicht"),
]
CODE = [
    ("lda_coefficient", "w = np.linalg.solve(Sigma, {})", "mu1 - mu0", "mu0 - mu1"),
    ("lda_coefficient", "np.linalg.inv(Sigma) @ ({})", "mu_1 - mu_0", "mu_1 + mu_0"),
    ("lda_coefficient", "Sigma^-1 ({} - mu0)", "mu1", "mu0"),
    ("batchnorm_value", "(8 - np.mean([2,4,6,8])) / np.std({})", "[2,4,6,8]", "[2,4,6]"),
    ("batchnorm_value", "3 / np.sqrt(np.var([2, 4, 6, 8]{}))", "", ", ddof=1"),
    ("batchnorm_value", "3 / numpy.std((2, 4, 6, 8), {})", "ddof=0", "ddof=1"),
]
REASON = "\\mathrm{Var}(y)=\\sigma^2 I_n"
REASONS = [
    (
        "ols_covariance",
        f"$\\mathrm{{Var}}(\\hat w)={{}}$ {word} ${REASON}$.",
        "\\sigma^2(X^TX)^{-1}",
        "\\sigma^2X^TX",
    )
    for word in ("car", "because", ", weil", ", da", "since", "puisque")
] + [("ols_covariance", f"${{}}$ car ${REASON}$", "\\sigma^2(X^TX)^{-1}", "\\sigma^2X^TX")]
FORMS = [*VECTORS, *NUMBERS, *WORDS, *COMMAS, *CHOICES, *CODE, *REASONS]


@pytest.mark.parametrize(("name", "form", "right", "wrong"), FORMS)
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


def test_beside_an_at_sign_a_vector_clashes_by_its_length(asked):
    said = judge(asked["norm_gradient"], "w @ X - X.T @ y")
    assert (said.says, said.rationale) == (
        "shape_clash", "w is d×1 and X is n×d; their product needs d = n.")  # fmt: skip


@pytest.mark.parametrize("answer", ["5 e-1", "6.0653 e - 1", "6.0653 e + 1"])
def test_an_exponent_behind_a_gap_is_no_number_of_euler(answer, asked):
    assert judge(asked["rbf_value"], answer).says == "unknown_symbol"


def test_an_e_beside_symbols_is_not_known(asked):
    assert judge(asked["predictive_variance"], "sigma**2 + e").says == "unknown_symbol"


@pytest.mark.parametrize(
    "answer",
    [
        "np for Bv plus mn for A times the result: np + mn",
        "np for Bv, mn for A(Bv): mn + np",
        "n*p for B v and m*n for A w: n*p + m*n",
    ],
)
def test_formulas_among_words_before_a_colon_are_asked_about(answer, asked):
    said = judge(asked["product_order_cost"], answer)
    head, _, last = answer.partition(": ")
    assert (said.says, said.rationale) == (
        "ambiguous", f"It is not clear which formula is your answer: “{head}” or “{last}”.",
    )  # fmt: skip


@pytest.mark.parametrize("answer", ["np for Bv plus mn for A: np + mp", "np for Bv: mnp"])
def test_nothing_is_asked_where_the_formula_behind_the_colon_is_wrong(answer, asked):
    assert judge(asked["product_order_cost"], answer).says == "different"


@pytest.mark.parametrize(
    "answer", ["3/torch.std([2,4,6,8])", "3/np.std([2,4,6,8], ddof=4)", "3/np.std([2,4], axis=0)"]
)
def test_a_spread_that_is_not_clear_is_not_guessed(answer, asked):
    assert judge(asked["batchnorm_value"], answer).says == "unreadable"


def test_a_reason_about_the_same_thing_is_another_answer(asked):
    answer = "$\\mathrm{Var}(\\hat w)=\\sigma^2(X^TX)^{-1}$ because $\\mathrm{Var}(\\hat w)=X^TX$"
    assert judge(asked["ols_covariance"], answer).says == "ambiguous"
