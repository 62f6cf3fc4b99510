"""Index notation, einsum and the repeated axes of NumPy are read, and no wrong twin gains."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question


@pytest.fixture(scope="module")
def asked(measure):
    """The questions of the set."""
    plain = measure.Corpus(measure.HERE / "answers_indexed.json").plain["questions"]
    return {name: question(one) for name, one in plain.items()}


@pytest.mark.parametrize(
    ("name", "answer", "right", "wrong"),
    [
        ("layer_dW", r"$\partial L/\partial W_{{ab}} = \sum_i X_{{i{}}}G_{{ib}}$", "a", "b"),
        ("quad", r"$(\nabla f)_k = \sum_j (A_{{kj}} + A_{{{}}})x_j$", "jk", "kj"),
        ("softmax_jac", r"$J_{{ij}} = p_i(\delta_{{ij}} - {})$", "p_j", "p_i"),
        ("bilinear", r"$\sum_i x_i ({}y)_i$", "A", "2A"),
        ("layer_dW", "np.einsum('ni,nj->{}', X, G)", "ij", "ji"),
        ("trace", "np.einsum('ij,{}', A, B)", "ji", "jk"),
        ("row_scale", "s[{}] * X", ":, None", "None, :"),
        ("rownorm", "K / K.sum(axis={}, keepdims=True)", "1", "0"),
        ("affine", "X @ W + b{}", "", "[:, None]"),
        ("kalman", r"Gain $K = PC^T(CPC^T{}R)^{{-1}}$. The rest is $(I-KC)P$.", "+", "-"),
    ],
)
def test_the_form_is_read_and_its_twin_gains_nothing(name, answer, right, wrong, asked):
    assert judge(asked[name], answer.format(right)).is_right
    assert not judge(asked[name], answer.format(wrong)).is_right


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("dist2", "X[:, None, :] - Y[None, :, :]", "Arrays with three axes are not read here."),
        ("layer_dW", "np.einsum('ni,nj->ij', X)", "These subscripts of einsum cannot be read."),
        ("layer_dW", "np.einsum('ni,nj->ij', G.T, X)", "The letter n runs to"),
        ("row_scale", "s.reshape(2, -1) * X", "This reshape(...) is not read here."),
        ("bilinear", "$x_i (Ay)_i$", "Nothing runs over the index i."),
    ],
)
def test_what_cannot_be_read_says_why(name, answer, says, asked):
    assert says in judge(asked[name], answer).message()
