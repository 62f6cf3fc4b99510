"""Derivations: milestones, the first false link, and what a chain of mere identities earns."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import question
from autograder.judging.mathematics.reading.declarations import DeclarationError
from autograder.judging.mathematics.texts.derivations import Derivation

RIDGE_BY_SVD = r"""
$$\therefore W = (X^T X + \lambda E)^{-1} X^T y$$
$$= (V \Sigma^T U^T U \Sigma V^T + \lambda E)^{-1} V \Sigma^T U^T y$$
$$\text{as } \lambda E = \lambda V E V^T$$
$$W = (V \Sigma^T \Sigma V^T + \lambda V E V^T)^{-1} V \Sigma^T U^T y$$
$$= (V (\Sigma^T \Sigma + \lambda E) V^T)^{-1} V \Sigma^T U^T y$$
$$= (V^T)^{-1} (\Sigma^T \Sigma + \lambda E)^{-1} V^T V \Sigma^T U^T y$$
$$= V (\Sigma^T \Sigma + \lambda E) \Sigma^T U^T y$$
"""
RIDGE = r"""
$$\|y - Xw\|^2 + \lambda\|w\|^2 = y^Ty - 2y \cdot Xw + w^TX^TXw + \lambda w^Tw$$
$$\frac{d}{dw}(\dots) = 2X^TXw - 2X^Ty + 2\lambda w = 0$$
$$(X^TX + \lambda I)w = X^Ty$$
$$w = (X^TX+\lambda I)^{-1}X^Ty$$
"""


def test_the_inverse_lost_in_the_middle_of_a_chain_is_found(asked):
    mark = Derivation(asked("hw1_2b")).mark(RIDGE_BY_SVD)
    assert mark.checked == 6
    assert mark.false_link is not None
    assert mark.false_link.rationale == (
        r"The step from “(V^T)^{-1} (\Sigma^T \Sigma + \lambda E)^{-1} V^T V \Sigma^T U^T y” to "
        r"“V (\Sigma^T \Sigma + \lambda E) \Sigma^T U^T y” does not hold."
    )
    assert mark.false_link.repair == "It would hold with ⁻¹ on Σᵀ Σ + λ I."
    assert mark.false_link.repair not in mark.message()
    assert mark.points == 1


def test_a_sound_derivation_earns_everything(asked):
    mark = Derivation(asked("hw1_2a")).mark(RIDGE)
    assert mark.false_link is None
    assert mark.points == mark.max_points == 3
    assert dict(mark.reached) == {"the gradient": True, "the normal equations": True}


def test_an_equation_for_the_unknown_is_a_true_step_only_for_the_solution(asked):
    wrong = RIDGE.replace(r"(X^TX + \lambda I)w = X^Ty", r"(X^TX - \lambda I)w = X^Ty")
    mark = Derivation(asked("hw1_2a")).mark(wrong)
    assert mark.false_link is not None
    assert mark.false_link.left == r"(X^TX - \lambda I)w"
    assert mark.points == 2


def test_true_identities_without_the_idea_earn_only_the_chain(asked):
    mark = Derivation(asked("hw1_2a")).mark("$$y^Ty = y^Ty$$ $$w = X^Ty = X^Ty$$")
    assert not any(mark.reached.values())
    assert mark.points == 1


def test_a_chain_can_be_made_worthless_without_its_milestone(asked):
    one = asked("hw1_2a")
    derivation = Derivation(one)
    derivation.plain = {**derivation.plain, "chain_needs": ["the gradient"]}
    assert derivation.mark("$$y^Ty = y^Ty$$").points == 0


def test_a_step_that_cannot_be_computed_says_why(asked):
    mark = Derivation(asked("hw1_2a")).mark(r"$$(X^TX+\lambda)w = X^Ty$$")
    assert mark.false_link is not None
    assert mark.false_link.rationale.endswith(
        "does not work: λ is a number and Xᵀ X is d×d; they cannot be added."
    )


def test_what_is_not_read_is_listed_and_not_held_against_anyone(asked):
    mark = Derivation(asked("hw1_2a")).mark(r"$$\oint q = y$$ $$y = y$$")
    assert len(mark.unread) == 1
    assert mark.false_link is None
    assert "Not read: " in mark.message()


def derived(asked, name, section):
    """A question of the tests with another derivation section."""
    return Derivation(question({**asked(name).plain, "derivation": section}))


@pytest.mark.parametrize(
    ("written", "reached"),
    [
        (r"$$\|Xw-y\|^2 = y^Ty - 2y^TXw + w^TX^TXw$$", True),  # a whole side, by value
        (r"$$0 = (y-Xw)^T(y-Xw) - 0$$", True),
        (r"$$\|Xw+y\|^2 = (Xw+y)^T(Xw+y)$$", False),
    ],
)
def test_a_milestone_is_found_in_any_form_of_the_same_value(asked, written, reached):
    goal = {"name": "the squares", "formula": "(Xw-y)^T(Xw-y)", "points": 1}
    mark = derived(asked, "hw1_2a", {"milestones": [goal]}).mark(written)
    assert mark.reached == {"the squares": reached}


@pytest.mark.parametrize(
    ("written", "points"),
    [
        (r"$$\lambda w = X^Ty - X^TXw$$", 1),
        (r"$$2X^TXw - 2X^Ty + 2\lambda w = 0$$", 1),
        (r"$$X^TXw - X^Ty = \lambda w$$", 0),
        (r"$$w = w$$", 0),
    ],
)
def test_an_equation_is_a_milestone_in_any_arrangement(asked, written, points):
    section = {"milestones": [{"equation": r"(X^TX+\lambda I)w = X^Ty", "points": 1}]}
    assert derived(asked, "hw1_2a", section).mark(written).points == points


def test_a_milestone_may_ask_for_a_form(asked):
    goal = {"formula": r"(X^TX+\lambda I)^{-1}X^Ty", "points": 1, "forbid": ["X"]}
    derivation = derived(asked, "hw1_2b", {"milestones": [goal]})
    assert derivation.mark(r"$$w = (X^TX+\lambda I)^{-1}X^Ty$$").points == 0
    inserted = r"$$w = V(\Sigma^T\Sigma+\lambda I)^{-1}\Sigma^TU^Ty$$"
    assert derivation.mark(inserted).points == 1


EIGEN = {
    "chain": 1,
    "solved": {"omega": "u_1", "lambda": r"\sigma_1^2"},
    "milestones": [{"equation": r"2XX^T\omega = 2\lambda\omega", "points": 1}],
}


def eigen(asked):
    plain = asked("hw4_2_1_equation").plain
    factors = {"of": "X", "names": ["U", "Sigma", "V"]}
    families = {"u_i": "columns of U", "sigma_i": "diagonal of Sigma"}
    return Derivation(
        question({**plain, "svd": factors, "families": families, "derivation": EIGEN})
    )


def test_an_equation_has_true_and_false_steps_for_what_solves_it(asked):
    good = r"$$-2XX^Tw + 2\lambda w = 0$$ $$XX^Tw = \lambda w$$"
    assert eigen(asked).mark(good).points == 2
    bad = eigen(asked).mark(good + r"$$XX^Tw = \lambda^2 w$$")
    assert bad.points == 1
    assert bad.false_link is not None
    assert bad.false_link.right == r"\lambda^2 w"


def test_a_gradient_has_steps(asked):
    section = {"chain": 1, "milestones": [{"formula": "2X^TXw", "points": 1}]}
    derivation = derived(asked, "hw1_2a_gradient", section)
    expanded = r"$$\nabla_w = 2X^T(Xw - y) + 2\lambda w = 2X^TXw - 2X^Ty + 2\lambda w$$"
    assert derivation.mark(expanded).points == 2
    slip = derivation.mark(expanded.replace("- 2X^Ty", "+ 2X^Ty"))
    assert slip.points == 1
    assert slip.false_link is not None
    assert slip.false_link.repair == "It would hold with - in front of 2 Xᵀ y."


def test_steps_may_use_the_blanks_that_were_filled(asked):
    section = {"chain": 1, "milestones": [{"formula": r"\lambda I_k", "points": 1}]}
    derivation = derived(asked, "hw1_3c", section)
    filled = r"$$W_1 = I, \quad W_2 = \sqrt\lambda I, \quad c = 0$$ "
    assert derivation.mark(filled + r"$$W_2^TW_2 = \lambda I_k$$").points == 2
    false = derivation.mark(filled + r"$$W_2^TW_2 = \lambda^2 I_k$$").false_link
    assert false is not None
    assert false.left == "W_2^TW_2"


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ({"milestones": [{"formula": "y"}]}, "known keys are"),
        ({"milestones": [{"equation": "y = y", "points": 1}]}, "holds for all data"),
        ({"milestones": [{"formula": r"X^{-1}", "points": 1}]}, "has no value"),
        ({"links": 1}, "known keys are"),
    ],
)
def test_a_derivation_that_cannot_be_marked_is_refused(asked, section, says):
    with pytest.raises(DeclarationError, match=says):
        derived(asked, "hw1_2a", section)


def test_an_equation_has_no_unknown_of_its_own(asked):
    with pytest.raises(DeclarationError, match="no value to take; give solved"):
        derived(asked, "hw4_2_1_equation", {"unknown": "omega"})


def test_a_minimiser_without_a_reference_has_none_either(asked):
    plain = asked("hw1_2a").plain
    answer = {key: value for key, value in plain["answer"].items() if key != "reference"}
    open_one = {**plain, "answer": {**answer, "kind": "minimiser_of", **MINIMISED}}
    with pytest.raises(DeclarationError, match="no value to take; give solved"):
        Derivation(question({**open_one, "derivation": {"unknown": "w"}}))
    closed = {"w": r"(X^TX+\lambda I)^{-1}X^Ty"}
    derivation = Derivation(question({**open_one, "derivation": {"solved": closed, "chain": 1}}))
    assert derivation.mark(r"$$(X^TX+\lambda I)w = X^Ty$$").points == 1
    assert derivation.mark(r"$$(X^TX-\lambda I)w = X^Ty$$").points == 0


MINIMISED = {"objective": r"\|y-Xw\|^2 + \lambda\|w\|^2", "over": "w"}
