"""What students write that is more than one sign off, and what they are told of a small edit."""

from __future__ import annotations

import ast

import pytest

from autograder.mutation import OF_STUDENTS, CodeMutant, mutants_of

FUNCTION = """\
def f(x, y, lam=1.0):
    n, d = x.shape
    {}
"""
LOOP = """\
def f(n):
    for i in range(n):
        total = 0
        total += i
        n = total
"""
CASES = [
    ("out = y * (x > 0)", "out = y * (x)", "Values stand where only a mask of 0 and 1 belongs."),
    ("r = x.reshape(n, -1)", "r = x.reshape(-1, n).T",
     "An array is reshaped in the wrong order, so that rows mix their numbers."),
    ("x[np.arange(n), y] -= 1", "x[:, y] -= 1",
     "Whole columns are indexed; one entry of each row is meant."),
    ("w = x[:, y]", "w = x[y].T", "Rows are taken where columns belong."),
    ("w = x[:d]", "w = x[-d:]", "The last ones are taken instead of the first."),
    ("w = x[::-1]", "w = x", "The order is not reversed."),
    ("w = y * lam", "w = y * (lam) ** 2", "A factor is squared that should not be."),
    ("w = y / n", "w = y / (n - 1)", "It is divided by one less than the right number."),
    ("w = x.var(axis=0)", "w = x.var(axis=0, ddof=1)",
     "The variance is divided by one less than the number of values."),
    ("w = y.sum()", "w = y.sum() / len(x)",
     "A value is divided by the length of `x`; it should not be."),
    ("h = np.maximum(0, x)", "h = x", "A maximum with a constant, such as a ReLU, is missing."),
    ("h = x @ y + lam", "h = np.maximum(x @ y + lam, 0)", "A ReLU follows where none belongs."),
    ("h = np.outer(x, y)", "h = np.outer(y, x)", "The arguments of `outer` are exchanged."),
    ("h = np.hstack([x, y])", "h = np.hstack([y, x])",
     "The parts that `hstack` joins are exchanged."),
    ("h = np.maximum(0, x)", "h = np.where(x > 0, x, 0.01 * x)",
     "Negative values are multiplied by 0.01, as in a leaky ReLU."),
    ("w = x + lam", "w = x + (lam + lam)", "A term is added twice."),
    ("w = x @ y", "w = d @ y", "A matrix product has the wrong factor."),
    ("s = share * x", "s = (1 - share) * x", "`share` and 1 - `share` are exchanged."),
    ("s.g[0] = s.g[0] + np.sign(x)", "s.g[0] = s.g[0] + np.sign(s.g[0])",
     "`sign` is given the wrong value."),
    ("w = y / n", "w = 1 / n", "What is divided is missing."),
    ("return x, y", "return y, x", "The results are in the wrong order."),
    # Edits of `REWRITERS`, told more exactly than by their kind.
    ("w = x + y", "w = x - y", "A term is subtracted that should be added."),
    ("w = -x", "w = x", "A minus sign is missing."),
    ("w = x / y", "w = x * y", "It multiplies where it should divide."),
    ("w = x + lam * y", "w = x + y", "A factor is missing: `lam`."),
    ("w = y / len(x)", "w = y", "The division by the length of `x` is missing."),
    ("w = y / d", "w = y", "The division is missing."),
    ("w = y ** 2", "w = y", "A square is missing."),
    ("w = y ** 2", "w = y ** 1", "A power is wrong."),
    ("w = np.sqrt(y)", "w = y", "A square root is missing."),
    ("w = x.sum(axis=1, keepdims=True)", "w = x.sum(axis=1)",
     "`keepdims` is left out in a call of `sum`."),
    ("w = x.sum(axis=1)", "w = x.sum()",
     "`sum` goes over the whole array; it goes along one axis."),
    ("w = x.sum()", "w = x.mean()", "There is a mean where a sum belongs."),
    ("w = x", "w = y", "`y` stands where `x` belongs."),
    ("w = lam", "w = 1.0", "`lam` is ignored, and a fixed value is used."),
    ("x[0] += y", "x[0] = y", "A value is set where it should be added."),
]  # fmt: skip


def sentences(mutants: tuple[CodeMutant, ...]) -> dict[str, str]:
    return {one.after.strip(): one.sentence for one in mutants}


@pytest.mark.parametrize(("right", "wrong", "said"), CASES)
def test_an_edit_is_told_exactly(right: str, wrong: str, said: str) -> None:
    found = sentences(mutants_of(FUNCTION.format(right), path="m.py", rewriters=OF_STUDENTS))
    assert found[wrong] == said


def test_sizes_are_exchanged() -> None:
    found = sentences(mutants_of(FUNCTION.format("pass"), path="m.py", rewriters=OF_STUDENTS))
    assert found["d, n = x.shape"] == "Two sizes are exchanged."


def test_what_is_set_back_in_a_loop_is_set_once() -> None:
    found = {one.sentence: one.text for one in mutants_of(LOOP, path="m.py", rewriters=OF_STUDENTS)}
    text = found["A value is not set back at the start of each round."]
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    assert ast.unparse(function.body[0]) == "total = 0"
    assert "Two steps are in the wrong order." in found


def test_proofs_make_none_of_them() -> None:
    text = FUNCTION.format("return x, y")
    assert "return y, x" not in sentences(mutants_of(text, path="m.py"))
