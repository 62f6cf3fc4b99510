"""Derivations: milestones, the first false link, and what a chain of mere identities earns."""

from __future__ import annotations

from autograder.judging.mathematics.derivations import Derivation

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
