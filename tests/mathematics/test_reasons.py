"""What explains an answer is no answer; a capital sigma may be the sign of a sum."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge

REASONS = [
    ("rotate_scatter", r"$\Sigma' = M\Sigma M^{-1}$, as $M^T=M^{-1}$", True),
    ("rotate_scatter", r"$\Sigma' = M\Sigma M^T$, since $M^T=M^{-1}$", True),
    ("rotate_scatter", r"$\Sigma' = M\Sigma M^{-1}$ because $M^TM=I$", True),
    ("rotate_scatter", r"Since $M^T=M^{-1}$, it is $\Sigma' = M\Sigma M^{-1}$", True),
    ("three_points", r"$$w_1=(0,1)^T,\quad \lambda_1=6$$", True),
    ("three_points", r"w_1 = (0, 1), \lambda_1 = 6, \lambda_2 = 2", True),
    ("three_points", r"w_1 = (0, 1)^T, w_2 = (1, 0)^T", True),
    ("rotate_scatter", r"$\Sigma' = M^T\Sigma M$, as $\Sigma' = M\Sigma M^T$", False),
    ("rotate_scatter", r"$\Sigma' = M^T\Sigma M$, as $M^T\Sigma M = M\Sigma M^T$", False),
    ("three_points", r"$$w_1=(1,0)^T,\quad w_2=(0,1)^T$$", False),
    ("three_points", r"$$w_1=(1,0)^T,\quad \lambda_1=(0,1)^T$$", False),
]
SIGMAS = [
    ("ols_formula", "w = (Σ_i x_i x_iᵀ)⁻¹ (Σ_i y_i x_i)", True),
    ("ols_formula", "(Σᵢ xᵢxᵢᵀ)⁻¹ Σᵢ xᵢyᵢ", True),
    ("ols_formula", r"(\Sigma_k x_k x_k^T)^{-1} \Sigma_k x_k y_k", True),
    ("ols_formula", r"V\Sigma^{+}U^Ty", True),
    ("ols_formula", r"(\Sigma_i x_i x_i^T)^{-1} \Sigma_i x_i", False),
    ("min_norm_by_svd", r"\sum_{i=1}^r \Sigma_i v_i u_i^T y", False),
]
BRACED = [
    ("min_norm_by_svd", r"w=\sum_{i=1}^r {\bf v}_i \frac{{\bf u}_i^T {\bf y}}{\sigma_i}", True),
    ("min_norm_by_svd", r"\sum_{i=1}^{r} {v}_{i} {u}_{i}^{T} y / {\sigma}_{i}", True),
    ("min_norm_by_svd", r"\sum_{i=1}^{r} {u}_{i} {v}_{i}^{T} y / {\sigma}_{i}", False),
]


@pytest.mark.parametrize(("question", "answer", "right"), [*REASONS, *SIGMAS, *BRACED])
def test_the_answer_is_told_from_its_reason(question, answer, right, shipped):
    assert judge(shipped(question), answer).is_right is right


def test_what_is_passed_over_is_said(shipped):
    said = judge(shipped("three_points"), r"$$w_1=(0,1)^T,\quad \lambda_1=6$$").message()
    assert said == r"“\lambda_1=6” is not part of the answer."
