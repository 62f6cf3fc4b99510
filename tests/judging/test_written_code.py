"""Functions specified by a formula: what they are called with, and what is said about them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from autograder.judging.check import Finding
from autograder.judging.mathematics.reading.declarations import DeclarationError
from autograder.judging.written import prove_written
from autograder.judging.written_code import code_check
from autograder.judging.written_questions import asked_by, read_written

RIDGE = r"""
id = "ridge"
title = "ridge solves ridge regression."
right = ['(X^TX + \lambda I)^{-1} X^Ty', 'X^T(XX^T + \lambda I)^{-1}y']
dims = ["n", "d"]
[regimes]
tall = "n > d"
wide = "n < d"
[symbols]
X = {shape = ["n", "d"], props = ["full_rank"]}
y = {shape = ["n"]}
lambda = {scalar = "positive"}
[answer]
kind = "code"
module = "ridge"
function = "ridge"
arguments = ["X", "y", "lambda"]
name = "w"
shape = ["d"]
reference = '(X^TX + \lambda I)^{-1} X^Ty'
help = "Set the gradient to zero."
[[wrong]]
answer = '(X^TX + 2\lambda I)^{-1} X^Ty'
says = "edit"
teach = "λ is taken twice."
"""
LEADING = r"""
id = "leading"
title = "leading gives a direction."
right = ['-u_1']
dims = ["n", "d"]
edges = ["one", "small"]
[regimes]
tall = "n > d"
[symbols]
X = {shape = ["n", "d"]}
[svd]
of = "X"
names = ["U", "Sigma", "V"]
[families]
u_i = "columns of U"
[answer]
kind = "code"
function = "leading"
arguments = ["X"]
shape = ["n"]
reference = 'u_1'
up_to = "sign"
"""


def ridge(X, y, lam):
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)


def run(tmp_path, text, function, **place):
    path = tmp_path / f"{text.split(chr(34))[1]}.toml"
    path.write_text(text, encoding="utf-8")
    check = code_check(path.stem, points=2, folder=tmp_path)
    student = SimpleNamespace(send=np.array, **place)
    student.ridge = SimpleNamespace(ridge=function)
    student.notebook = lambda: SimpleNamespace(leading=function)
    check.run(student, np.random.default_rng(1))
    return check


def test_a_right_function_passes_and_the_title_is_what_students_read(tmp_path):
    check = run(tmp_path, RIDGE, ridge)
    assert (check.summary, check.points) == ("ridge solves ridge regression.", 2)
    prove_written(tmp_path / "ridge.toml")


def test_it_is_called_in_every_regime_with_plain_arrays(tmp_path):
    seen = []

    def spying(X, y, lam):
        seen.append((X.shape[0] > X.shape[1], y.ndim, type(lam)))
        return ridge(X, y, lam)

    run(tmp_path, RIDGE, spying)
    assert {(True, 1, float), (False, 1, float)} == set(seen)


@pytest.mark.parametrize(
    ("function", "rationale", "help"),
    [
        (lambda X, y, lam: ridge(X, y, 2 * lam), r"`w`: λ is taken twice\.", "Set the gradient"),
        (lambda X, y, lam: ridge(X, y, lam + 1), "wrong values", "Set the gradient"),
        (lambda X, y, lam: ridge(X, y, lam)[:, None], r"expected \(\d,\)", "Set the gradient"),
        (lambda X, y, lam: np.linalg.inv(X.T @ X) @ X.T @ y, "wrong values", "Set the gradient"),
    ],
)
def test_a_wrong_function_is_told_on_which_data_and_why(tmp_path, function, rationale, help):
    with pytest.raises(Finding, match=rf"On X of shape \(\d, \d\), y of shape.*{rationale}") as it:
        run(tmp_path, RIDGE, function)
    assert it.value.help.startswith(help)


def test_a_changed_argument_is_a_finding(tmp_path):
    def careless(X, y, lam):
        w = ridge(X, y, lam)
        X *= 2
        return w

    with pytest.raises(Finding, match="changes its input `X` in place"):
        run(tmp_path, RIDGE, careless)


def test_a_freedom_of_the_question_is_used(tmp_path):
    def leading(X):
        return -np.linalg.svd(X)[0][:, 0]

    run(tmp_path, LEADING, leading)
    prove_written(tmp_path / "leading.toml")
    with pytest.raises(Finding, match="wrong values"):
        run(tmp_path, LEADING, lambda X: leading(X)[::-1])
    with pytest.raises(Finding, match=r"shape"):
        run(tmp_path, LEADING, lambda X: leading(X)[:1])


def test_an_argument_that_is_no_symbol_is_refused(tmp_path):
    text = RIDGE.replace('"lambda"]', '"mu"]')
    with pytest.raises(DeclarationError, match=r"answer.arguments: 'mu' is not a declared symbol"):
        run(tmp_path, text, ridge)


@pytest.fixture(autouse=True)
def fresh():
    """Questions are remembered by path, and the tests write several to one."""
    read_written.cache_clear()
    asked_by.cache_clear()
