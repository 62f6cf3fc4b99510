"""Formulas that students write otherwise, and what they are told of them."""

from __future__ import annotations

import pytest

from autograder.mutation import OF_STUDENTS, mutants_of

FUNCTION = "def f(x, y, lam=1.0):\n    w = {}\n"
CASES = [
    ("np.maximum(0, x + y)", "(np.maximum(0, x) + y)",
     "A term stands behind `maximum` that belongs inside of it."),
    ("np.exp(x - y)", "(np.exp(x) - y)", "A term stands behind `exp` that belongs inside of it."),
    ("np.sqrt(x) + lam", "np.sqrt(x + lam)",
     "A term stands inside of `sqrt` that belongs behind it."),
    ("x * (y > 0)", "x * (x > 0)",
     "A mask is taken of the very values that it is applied to."),
    ("lam * np.eye(3)", "lam * np.diag(1.0 * (np.arange(3) > 0))",
     "The first 1 of the identity is missing: one entry is treated otherwise, as an intercept "
     "would be."),
    ("lam * np.eye(3)", "lam * np.ones((3, 3))",
     "There is a matrix full of ones where the identity belongs."),
    ("x / y", "(y / x)", "A quotient is upside down."),
    ("x - y", "(y - x)", "A difference is taken the other way round."),
    ("x * y", "(x + y)", "Two values are added that should be multiplied."),
    ("x * y", "2 * x * y", "There is a factor 2 too many."),
    ("x * y", "0.5 * x * y", "There is a factor 1/2 too many."),
    ("x + y", "(x * y)", "Two values are multiplied that should be added."),
    ("np.sum(x**2, axis=1)", "(np.sum(x, axis=1)) ** 2",
     "The sum is squared, not each of its terms."),
    ("np.sum(x**2)", "np.sqrt(np.sum(x**2))", "A square root is taken that should not be."),
    ("np.sum(x**2)", "np.sum(np.abs(x))", "Absolute values are taken, not squares."),
    ("np.sum(x * x)", "(np.sum(x)) ** 2", "The sum is squared, not each of its terms."),
    ("(x**2).sum(axis=1)", "(x.sum(axis=1)) ** 2", "The sum is squared, not each of its terms."),
    ("(x * x).mean()", "(x.mean()) ** 2", "The mean is squared, not each of its terms."),
    ("(x * x).sum()", "(np.abs(x)).sum()", "Absolute values are taken, not squares."),
    ("x - x.mean(axis=0)", "(x - x.mean(axis=0)) / x.std(axis=0)",
     "It is divided by the standard deviation; it should only be centred."),
    ("np.hstack([x, y, lam])", "np.hstack([x, x, lam])",
     "One of the parts that are joined is there twice, in place of another one."),
    ("x.T @ y", "(x[-1:].T @ y[-1:])", "Only the last row counts in a sum over the rows."),
    ("x.sum(axis=0)", "x[-1]", "Only the last row counts in a sum over the rows."),
    ("x @ y", "(x @ y) / np.linalg.norm(x @ y)",
     "A value is divided by its own norm, so that its length is 1."),
]  # fmt: skip
TOLD = [
    ("x - x.mean(axis=0)", "x", "A term is missing: a mean."),
    ("x / x.sum()", "x", "The division by a sum is missing."),
]


@pytest.mark.parametrize(("right", "wrong", "said"), CASES + TOLD)
def test_a_formula_is_told(right: str, wrong: str, said: str) -> None:
    found = mutants_of(FUNCTION.format(right), path="m.py", rewriters=OF_STUDENTS)
    assert {one.after.strip(): one.sentence for one in found}[f"w = {wrong}"] == said


def test_a_variable_is_told_by_what_computes_it_and_not_by_its_name() -> None:
    text = "def f(x):\n    mean = x.mean(axis=0)\n    return x - mean\n"
    found = mutants_of(text, path="m.py", rewriters=OF_STUDENTS)
    said = {one.after.strip(): one.sentence for one in found}
    assert said["return x"] == "A term is missing: a mean."
    assert not any("`mean` stands" in sentence for sentence in said.values())


def test_what_goes_into_a_relu_is_told_apart_from_what_comes_out() -> None:
    text = "def f(x):\n    h = np.maximum(0, x)\n    return h\n"
    found = mutants_of(text, path="m.py", rewriters=OF_STUDENTS)
    said = "What goes into a ReLU is used where what comes out belongs."
    assert said in [one.sentence for one in found if one.after.strip() == "return x"]


def test_another_number_behind_a_name_is_told_by_both_names() -> None:
    text = "def f(W1, W2):\n    return np.sum(W1 * W1) + np.sum(W2 * W2)\n"
    found = mutants_of(text, path="m.py", rewriters=OF_STUDENTS)
    wrong = "return np.sum(W1 * W1) + np.sum(W1 * W1)"
    said = "`W1` stands where `W2` belongs."
    assert said in [one.sentence for one in found if one.after.strip() == wrong]


def test_another_gradient_in_the_place_of_one_is_told() -> None:
    text = (
        "def back(dout, x, w):\n    dw = x.T @ dout\n    db = dout.sum(axis=0)\n    return dw, db\n"
    )
    found = mutants_of(text, path="m.py", rewriters=OF_STUDENTS)
    said = {one.after.strip(): one.sentence for one in found}
    assert said["db = dw.sum(axis=0)"] == "The gradient `dw` stands where another one belongs."
    assert not any("db.sum" in text for text in said)  # not computed yet


def test_steps_in_the_wrong_order_are_said_of_their_function() -> None:
    text = "def f(x):\n    x[0] -= 1\n    x /= 2\n    return x\n"
    found = mutants_of(text, path="m.py", rewriters=OF_STUDENTS)
    assert {one.function for one in found} == {"f"}
    assert "Two steps are in the wrong order." in {one.sentence for one in found}
