"""Forms that the twelfth and thirteenth sets showed, with relatives and with wrong twins."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question
from autograder.judging.mathematics.reading.show import show
from autograder.judging.mathematics.specification import public


@pytest.fixture(scope="module")
def asked(measure):
    """The questions of both sets."""
    plain = {}
    for name in ("twelfth", "thirteenth"):
        plain |= measure.Corpus(measure.HERE / f"answers_{name}.json").plain["questions"]
    return {name: question(one) for name, one in plain.items()}


INTERVALS = [
    ("gd_interval", r"$0 < \eta < {}$", r"\frac{2}{L}", r"\frac{L}{2}"),
    ("gd_interval", "η ∈ (0, {})", "2/L", "1/L"),
    ("gd_interval", "]0; 2/L{}", "[", "]"),
    ("gd_interval", "η < {} and η > 0", "2L^{-1}", "2L"),
    ("gd_interval", "η < 2/L (and η {} 0)", ">", "≥"),
    ("gd_interval", "{} between 0 and 2/L", "strictly", "all numbers"),
    ("definite_interval", "|{}| < 4", "2a", "2a + 1"),
    ("definite_interval", "-1 < {} < 1", "a/2", "2a"),
    ("definite_interval", "{} > -2 and a < 2", "a", "-a"),
    ("definite_interval", "between -2 and 2, {}", "both excluded", "both included"),
    ("definite_interval", "for a between -2 and 2 ({})", "exclusive", "inclusive"),
    ("hinge_subdifferential", "every number from -1 to 0, {}", "both included", "both excluded"),
]
NUMBERS = [
    ("conv_width", "The output is {} pixels wide.", "32", "33"),
    ("conv_width", "{} px", "32", "31"),
    ("conv_width", "31.5 + 1 = 32.5, rounded down: {}", "32", "33"),
    ("sample_size", "{} observations", "246", "245"),
    ("sample_size", "n >= 245.86, hence {} people", "246", "245"),
    ("halving_epochs", "after {} epochs", "10", "9"),
    ("conv_parameters", "It has {} parameters in total.", "4640", "4608"),
    ("conv_parameters", "There are {} of them", "4640", "4600"),
    ("mlp_parameters", "Layer 1: 200960\nLayer 2: 2570\nTotal: {}", "203530", "203264"),
    (
        "mlp_parameters",
        "200960 in one layer, 2570 in the other, so {} in total",
        "203530",
        "203531",
    ),
]
NAMED = [
    ("adam_first_moment", "m_1 = 0.1, m_2 = 0.19, m_3 = {}", "0.271", "0.281"),
    ("adam_first_moment", "m1 = 0.1; m2 = 0.19; m3 = {}", "0.271", "0.281"),
    ("adam_first_moment", "m_1 = 0.1\nm_2 = 0.19\nm_3 = {}", "0.271", "0.281"),
    ("adam_first_moment", "$m_1 = 0.271$, $m_2 = 0.19$, $m_3 = {}$", "0.271", "0.1"),
    ("kkt_point", "x = {}, y = 2", "1", "2"),
    ("kkt_point", "y = {}, x = 1", "2", "1"),
    ("kkt_point", "x = 1\ny = {}", "2", "3"),
    ("kkt_point", "x_1 = 1 and x_2 = {}", "2", "1"),
    ("rank_one_inverse", "With v = A⁻¹u: A⁻¹ − {}/(1 + uᵀv)", "vvᵀ", "2vvᵀ"),
    ("rank_one_inverse", "with $v = A^{-1}u$: $A^{-1} - vv^T/(1 + {})$", "u^Tv", "v^Tv"),
]
CODE = [
    ("ols_residual", r"y - X*(X\{})", "y", "(2*y)"),
    ("ols_residual", r"y - X @ ({}\y)", "X", "(2*X)"),
    ("smoother", r"(speye(n) + lambda*({})) \ y", "D'*D", "2*D'*D"),
    ("smoother", "spsolve = np.linalg.solve(sparse.eye(n) + lambda*{}, y)", "D.T@D", "2*D.T@D"),
    ("layer_dW", "torch.mm({}, G)", "X.t()", "2*X.t()"),
    ("layer_dW", "X.t().mm({})", "G", "2*G"),
    ("cheap_order", "C = mn + {}.", "np", "mp"),
]
CHOICES = [
    ("convex_losses", "a: yes, b: no, c: {}, d: no", "yes", "no"),
    ("convex_losses", "a ✓ b ✗ c {} d ✗", "✓", "✗"),
    ("convex_losses", "a and c true, {} false", "b and d", "b is true, d"),
    ("convex_losses", "(a) ✓, (b) ✗, (c) ✓, (d) {}", "✗", "✓"),
    ("descent_lemma_order", "{}", "3142", "3124"),
]


@pytest.mark.parametrize(
    ("name", "answer", "right", "wrong"), [*INTERVALS, *NUMBERS, *NAMED, *CODE, *CHOICES]
)
def test_the_form_is_read_and_its_twin_gains_nothing(name, answer, right, wrong, asked):
    assert judge(asked[name], answer.replace("{}", right, 1)).is_right
    assert not judge(asked[name], answer.replace("{}", wrong, 1)).is_right


ASKED_BACK = [
    ("definite_interval", "a² < 4", "Your inequality is not solved for a."),
    ("gd_interval", "0 < ηL < 2", "Your inequality is not solved for η."),
    ("gd_interval", "(2/L, 0)", "The left end 2/L is larger than the right end 0."),
    ("gd_interval", "(0, 2/M)", "The ends of an interval are numbers, or formulas in L."),
    ("definite_interval", "between -2 and 2", "“between -2 and 2” does not say"),
    ("he_std", "Var(w) = 2/m, std = sqrt(2/m)", "“2/m” or “sqrt(2/m)”"),
    ("kkt_point", "x = 1 or y = 2", "Two answers stand side by side"),
    ("convex_losses", "a ✓ and b or c ✗", "It is not clear which choices are marked."),
    ("mlp_parameters", "203.530", "The point in 203.530 can separate thousands or decimals."),
    ("mlp_parameters", "203.531", "Your answer has another value."),
    ("conv_width", "32 thousand", "The word 'thousand' has no meaning"),
    ("conv_width", "It has 32 columns, not 31", "This sentence holds several formulas"),
    ("conv_width", "about 32 pixels", "The word 'about' has no meaning"),
    ("affine_projection", r"z - A\(A*z - b)", "A is m×n, so it has no inverse."),
]


@pytest.mark.parametrize(("name", "answer", "says"), ASKED_BACK)
def test_what_stays_open_is_asked_back_or_explained(name, answer, says, asked):
    said = judge(asked[name], answer)
    assert not said.is_right
    assert says in said.message()


def test_an_interval_with_symbols_is_shown_as_written(asked):
    form = show(r"0 < \eta < \frac{2}{L}", public(asked["gd_interval"].plain))
    assert form.understood == r"\left(0,\; \frac{2}{L}\right)"
    assert form.notes == ("0 does not belong to it.", "2/L does not belong to it.")


def test_what_is_told_to_a_list_of_entries(asked):
    assert "Your values are read as a column." in judge(asked["kkt_point"], "x=2, y=1").message()
