"""Answers as students write them: names of functions, left sides, what stands behind, spellings.

Each has the meaning of a formula in plain notation, whose own reading other tests prove, or must be
refused. What is refused although it has a meaning is listed, so that the list can only shrink.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.judging.mathematics import judge
from autograder.judging.mathematics.computing.evaluate import evaluate
from autograder.judging.mathematics.reading.answers import final_answer
from autograder.judging.mathematics.reading.errors import MathematicsError
from autograder.judging.mathematics.reading.markdown import answer_text
from autograder.judging.mathematics.reading.shapes import fitted
from autograder.judging.mathematics.reading.statements import formula

HERE = Path(__file__).parent
LOST = {
    "t(X) %*% y",
    "np.sum(np.diag(Lambda))",
    r"\|\Sigma^{-1/2}(x-\mu)\|^2",
    r"w = (X^TX+\lambda I)^{-1}X^Ty\tag*{$\square$}",
}


def _entries(name):
    data = json.loads((HERE / f"answers_{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(entry, id=f"{name}-{entry['id']}") for entry in data["answers"]]


ALL = [*_entries("spelled"), *_entries("spelled_again"), *_entries("spelled_third")]


def _instances(world):
    first = {}
    for instance in world.instances:
        first.setdefault(instance.regime.name, []).append(instance)
    return [instance for batch in first.values() for instance in batch[:2]]


def _values(text, world):
    node = final_answer(formula(answer_text(text), world.declared)).node
    return [
        evaluate(fitted(node, world.declared, instance.regime).node, instance)
        for instance in _instances(world)
    ]


@pytest.mark.parametrize("entry", [p for p in ALL if "as" in p.values[0]])
def test_a_spelling_has_the_value_of_what_it_means(entry, worlds):
    world = worlds[entry["world"]]
    try:
        found = _values(entry["answer"], world)
    except MathematicsError:
        assert entry.get("or_refuse") or entry["answer"] in LOST
        return
    assert entry["answer"] not in LOST
    for mine, right in zip(found, _values(entry["as"], world), strict=True):
        np.testing.assert_allclose(mine, right, rtol=1e-8, atol=1e-10, strict=True)


@pytest.mark.parametrize("entry", [p for p in ALL if "refuse" in p.values[0]])
def test_a_spelling_with_two_meanings_is_refused_with_a_way_out(entry, worlds):
    with pytest.raises(MathematicsError) as caught:
        _values(entry["answer"], worlds[entry["world"]])
    assert caught.value.help


def test_at_most_three_in_a_hundred_are_lost():
    assert len(ALL) > 600
    assert len(LOST) < 0.03 * len(ALL)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sigmoid_slope", r"\sigma(z)(1-z)"),
        ("sigmoid_slope", r"\sigma(1-z)"),
        ("sigmoid_slope", r"\sigma z (1-\sigma z)"),
        ("sigmoid_slope", r"\sigma(-z)"),
        ("sigmoid_slope", r"\sigma(z)(1-\sigma)(z)"),
        ("sigmoid_slope", r"\sigma^{-1}(z)"),
        ("sigmoid_slope", r"\sigma(z)\sigma(z)"),
        ("sigmoid_slope", r"\sigma(2z)(1-\sigma(2z))"),
        ("sigmoid_slope", r"\sigma'(z)(1-\sigma(z))"),
        ("ridge_formula", r"(X^TX+\lambda I)w = X^Ty"),
        ("ridge_formula", r"X^Ty = (X^TX+\lambda I)w"),
        ("ridge_formula", r"w^T = (X^TX+\lambda I)^{-1}X^Ty"),
        ("ridge_formula", r"\theta_{ridge} = X^+ y"),
        ("ridge_formula", r"X^+y = w_{ridge}"),
        ("ridge_formula", r"w = X^+y \text{ for } \lambda > 0"),
        ("ridge_formula", r"w = (X^TX)^{-1}X^Ty, \lambda I"),
        ("ridge_formula", r"(X^TX + \cancel{\lambda I})^{-1}X^Ty"),
        ("ridge_formula", r"\frac{\cancel{2}}{\cancel{\lambda}}(X^TX+\lambda I)^{-1}X^Ty"),
        ("ridge_formula", r"(X^TX+\lambda I) \backslash y"),
        ("ridge_formula", r"X \ y"),
        ("ridge_formula", "np.linalg.lstsq(X, y)[0]"),
        ("ridge_formula", "np.linalg.lstsq(X, y)"),
        ("ridge_formula", "inv(X'*X + lam*eye(size(X,1)))*X'*y"),
        ("ridge_formula", "np.linalg.inv(X.T@X + lam*np.eye(X.shape[0]))@X.T@y"),
        ("ridge_formula", "np.linalg.inv(X.T@X + lam*np.ones(X.shape[1]))@X.T@y"),
        ("ridge_gradient", r"2X^T(Xw-y) + 2\lambda w^T"),
        ("ridge_gradient", r"2X^T(Xw-y)^2 + 2\lambda w^*"),
        ("ridge_gradient", "2*X.T@(X@w-y)**2 + 2*lam*w"),
        ("map_objective", "-np.sum(y-X@w)**2/(2*s**2) - np.sum(w**2)/(2*t**2)"),
        ("map_objective", r"-\frac{1}{2s^2}\|y-Xw\|^2 + C"),
        ("map_objective", r"-\frac{1}{2s^2}\|y-Xw\|^2 - C\|w\|^2"),
        ("ridge_formula", r"(X^TX+\lambda I)^{-1}X^Ty + \text{const}"),
        ("pca_value", r"\lambda_1 + \dots + \lambda_{k-1}"),
        ("pca_value", r"\lambda_1 \cdots \lambda_k"),
        ("pca_value", r"\lambda_1 + \lambda_3 + \dots + \lambda_k"),
        ("pca_value", r"\lambda_2 + \dots + \lambda_k"),
        ("pca_value", r"\sum_{i\in\{2,\dots,k\}} \lambda_i"),
        ("depth_bound", r"\frac{1}{4} + \dots + \frac{1}{4^L}"),
        ("shift_components", r"W = \hat W + q"),
        ("rotate_mean", r"M\bar x^* - Mp + p"),
        ("rotate_scatter", r"M XX^T {}^TM M"),
        ("ols_by_svd", r"\sum_i \frac{\langle v_i, y\rangle}{\sigma_i}u_i"),
        ("ols_by_svd", r"\sum_i \langle u_i, y\rangle\sigma_i v_i"),
    ],
)
def test_a_wrong_answer_in_an_unusual_spelling_gains_nothing(name, answer, shipped):
    said = judge(shipped(name), answer)
    assert said.credit == 0.0
    assert said.help


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sigmoid_slope", r"\sigma(z)\sigma(-z)"),
        ("sigmoid_slope", "s(z)(1-s(z))"),
        ("sigmoid_slope", "sigma(z)(1-sigma(z))"),
        ("sigmoid_slope", r"\sigma'(z) = \sigma(z) - \sigma^2(z)"),
        ("ridge_formula", r"(X^TX+\lambda I)^{-1}X^Ty = \hat w_{\text{ridge}}"),
        ("ridge_formula", r"\hat w^T = y^TX(X^TX+\lambda I)^{-1}"),
        ("ridge_formula",
         r"w_\lambda = ({}^tXX + \lambda\,\mathrm{Id})^{-1}\,{}^tX y \in \mathbb R^d"),
        ("ridge_formula", "w = np.linalg.solve(X.T@X + lam*np.eye(X.shape[1]), X.T@y)  # ridge"),
        ("ridge_formula", r"(X'*X + lambda*eye(size(X,2))) \ (X'*y)"),
        ("map_objective",
         r"\underset{w}{\arg\min}\; \frac{1}{2s^2}\vert\vert y-Xw\vert\vert^2 + "
         r"\frac{1}{2t^2}\vert\vert w\vert\vert^2"),
        ("map_objective", r"-\frac{1}{2s^2}\|y-Xw\|^2 - \frac{1}{2t^2}\|w\|^2 + \text{const}"),
        ("map_objective", r"-\frac{1}{2s^2}\|y-Xw\|^2 - \frac{1}{2t^2}\|w\|^2 + \mathrm{const.}"),
        ("map_objective", r"-\frac{\|y-Xw\|^2}{2s^2} - \frac{\|w\|^2}{2t^2} + C"),
        ("map_objective",
         r"-\frac{\|y-Xw\|^2}{2s^2} - \frac{\|w\|^2}{2t^2} - \frac{n}{2}\log(2\pi s^2)"),
        ("map_objective", "-np.sum((y-X@w)**2)/(2*s**2) - np.sum(w**2)/(2*t**2)"),
        ("map_objective", "-1/(2*s**2)*norm(y-X*w)^2 - 1/(2*t**2)*norm(w)^2 + const"),
        ("pca_value", r"\lambda_1 + \lambda_2 + \dots + \lambda_k"),
        ("ols_by_svd", r"w^+ = \sum_{l=1}^{d} \frac{\langle u_l, y\rangle}{\sigma_l} v_l"),
        ("limit_small", r"\lim_{\lambda\to0} w_\lambda \overset{!}{=} X^{+}y"),
        ("limit_large", r"w \xrightarrow{\lambda\to\infty} 0"),
        ("ridge_value_small",
         r"f(\sigma) \approx \frac{\sigma}{\lambda} \text{ for } \sigma^2 \ll \lambda"),
        ("min_norm_conditions", r"$$X^+y = w, \quad (XX^T)^{-1}y = \alpha$$"),
        ("push_through_factor", r"$$X^TX+\lambda I =: M$$"),
        ("tikhonov_stack", r"$$C^* = [W_1A; W_2], d^* = [W_1b; W_2c]$$"),
        ("pca_equation", r"XX^Tw^* = \lambda^* w^*"),
        ("pca_equation", r"XX^Tw \overset{!}{=} \lambda w"),
        ("ridge_gradient", r"2X^T(Xw^*-y) + 2\lambda w^*"),
        ("outlier_mean", r"\frac{0 + \dots + 0 + r}{m+1}"),
        ("shift_mean", r"\bar{x}_{new} = \bar x + s\,\frac{q}{\sqrt{\langle q, q\rangle}}"),
    ],
)  # fmt: skip
def test_a_right_answer_in_an_unusual_spelling_is_right(name, answer, shipped):
    said = judge(shipped(name), answer)
    assert said.is_right, said.message()


def _promised():
    """The rows of the table of spellings in the documentation."""
    page = (HERE.parent.parent / "docs" / "formula-question.md").read_text(encoding="utf-8")
    table = page.split("| written | read as |")[1].split("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if "`" in line]
    return [tuple(cell.strip("` ") for cell in row) for row in rows]


@pytest.mark.parametrize(("written", "means"), _promised())
def test_the_documented_spellings_are_read_as_promised(written, means, worlds):
    world = worlds["ridge"]
    for mine, right in zip(_values(written, world), _values(means, world), strict=True):
        np.testing.assert_allclose(mine, right, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(
    ("answer", "world", "words"),
    [
        ("1/2n", "ridge", "1/2 n can be read in two ways."),
        (r"\log(y_1)^2", "ridge", "This power can belong to the logarithm or to what is inside."),
        (r"\sigma(1-z)", "sigmoid", "σ can be a factor here, or the function of what follows."),
        (r"\sigma z", "sigmoid", "σ can be a factor here, or the function of what follows."),
        (r"(1-\sigma)(z)", "sigmoid", "(z) can be an argument or a factor here."),
        (r"\sigma^{-1}(z)", "sigmoid", "σ to the power -1 is 1/σ or its inverse function."),
        (r"\sigma'(z)", "sigmoid", "Derivatives are not computed here."),
        (r"\sigma w^Tx_1", "logistic",
         "σ is a function here; it is unclear what it is applied to."),
        (r"\sin^{-1} y_1", "ridge", "sin to the power -1 is 1/sin or its inverse function."),
        ("sum(X, 1)", "ridge",
         "The second argument of sum counts from 0 in NumPy and from 1 in MATLAB."),
        ("sum(X)", "ridge", "X is a matrix (n×d), so it is unclear what is summed."),
        ("np.sum(y, axis=1)", "ridge", "y is a vector (n×1); it has no axis 1."),
        ("np.sum(X, axis=2)", "ridge", "There is no such axis."),
        ("np.linalg.norm(y, 3)", "ridge", "The norm of order '3' is not known here."),
        ("np.linalg.lstsq(X, y)", "ridge", "lstsq returns several things."),
        ("(X@w).shape[0]", "ridge", "This size is not known."),
        ("X.sum(axis=0)/X.shape", "ridge", "This size is not known."),
        ("X.T @ y / X.shape(0)", "ridge", "This size is not known."),
        ("size(X)", "ridge", "These arguments of size are not clear."),
        (r"X^Ty\cancel{+w}", "ridge",
         "One crossed-out part is left over, so it is unclear whether it counts."),
        (r"2y^*", "ridge", "The star on y can name another vector or transpose it."),
        (r"\langle y \rangle", "ridge", "An inner product takes two vectors."),
        (r"\langle y, w \rangle", "ridge",
         "y is n×1 and w is d×1; an inner product needs two of one shape."),
        (r"\sum_y y_y", "ridge",
         "y is no index here; it stands for something else in this question."),
        (r"1+2+4+\dots+2^n", "ridge", "It is not clear what the dots stand for."),
        (r"x_1 x_2 \cdots x_n", "ridge",
         "xⱼ is d×1; a product with dots or ∏ is one of numbers here."),
        (r"X.^7", "ridge",
         "Entries of a vector or a matrix have the powers 2, 3 and 4 here."),
        (r"\infty y", "ridge", "'∞' cannot stand here."),
        (r"y)", "ridge", "')' cannot stand here."),
    ],
)  # fmt: skip
def test_what_is_unclear_is_refused_in_these_words(answer, world, words, worlds):
    with pytest.raises(MathematicsError) as caught:
        _values(answer, worlds[world])
    assert caught.value.message == words
    assert caught.value.help
    assert caught.value.place(answer)
