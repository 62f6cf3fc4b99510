"""Questions 2 and 3 as code: ridge regression in four ways, and Tikhonov."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from autograder.judging.arrays import Hints, Mistake, expect_close, expect_unchanged
from autograder.judging.check import Finding, check, on
from autograder.judging.shown import filter_factors
from autograder.judging.written_code import code_check
from autograder.sandbox.remote import Remote, Student

from .questions import CODE
from .systems import (
    NEARLY_DEPENDENT,
    SHAPES,
    SQUARED,
    Array,
    Generator,
    least_norm,
    matrix,
    ridge_solution,
    system,
    whole_numbers,
)


def _ridge_hints(X: Array, y: Array, lam: float) -> Hints:
    n = len(X)
    known = {
        "λ is taken squared.": lam**2,
        "the root of λ is taken.": math.sqrt(lam),
        "λ is multiplied by the number of rows; the objective is a sum, not a mean.": n * lam,
        "λ is divided by the number of rows; the objective is a sum, not a mean.": lam / n,
        "λ is taken twice; the factor 2 of the derivative cancels.": 2 * lam,
        "λ counts half; the factor 2 of the derivative cancels.": lam / 2,
    }
    mistakes = [
        Mistake(value=partial(ridge_solution, X, y, other), rationale=words)
        for words, other in known.items()
    ]
    plain = Mistake(value=lambda: least_norm(X, y), rationale="this is the solution without λ.")
    added = Mistake(
        value=lambda: np.linalg.pinv(X.T @ X + lam) @ (X.T @ y),
        rationale="λ is added to every entry of XᵀX, also off the diagonal.",
        help="NumPy adds a number to all entries; λ times the identity has it on the diagonal.",
    )
    fitted = Mistake(
        value=lambda: _with_squares(X, y, lam),
        rationale="the factors are σ²/(σ² + λ). Those belong to the fitted values Xw, not to w.",
        help="Count the powers of σ in the ridge solution by the SVD.",
    )
    return Hints(mistakes=[*mistakes, plain, added, fitted])


def _with_squares(X: Array, y: Array, lam: float) -> Array:
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return np.asarray(Vt.T @ (s**2 / (s**2 + lam) * (U.T @ y)))


def _expect_ridge(solve: Remote, student: Student, rng: Generator, *, first: bool = False) -> None:
    """On every shape and on lost rank; `first` where the weights are the first of several."""
    cases = {f"a {kind} X of shape {shape}": system(rng, *shape) for kind, shape in SHAPES.items()}
    lost = matrix(rng, 7, 5, np.array([2.0, 1.1, 0.6]))
    cases["an X of shape (7, 5) and rank 3"] = (lost, rng.standard_normal(7))
    cases["an X and a y of whole numbers"] = whole_numbers(rng, 6, 3)
    for number, (kind, (X, y)) in enumerate(cases.items()):
        lam = float(rng.uniform(0.3, 0.8) if number else rng.uniform(20, 30))
        sent = student.send(X)
        with on(kind):
            got = solve(sent, y, lam)
            answer = got[0] if first else got
            _expect_filtered(answer, X, y, lam, _ridge_hints(X, y, lam))
            expect_unchanged("X", sent, X)


def _expect_precise(solve: Remote, rng: Generator, *, first: bool = False) -> None:
    """Where the squares of the singular values and λ are below the rounding of the largest."""
    lam = NEARLY_DEPENDENT**2
    X = matrix(rng, 12, 4, np.array([1.0, 0.5, 0.1, NEARLY_DEPENDENT]))
    y = X @ rng.standard_normal(4) + NEARLY_DEPENDENT * rng.standard_normal(12)
    with on(f"an X with a singular value of {NEARLY_DEPENDENT:g} and λ = {lam:g}"):
        got = solve(X, y, lam)
        _expect_filtered(got[0] if first else got, X, y, lam, Hints(help=SQUARED))


def _expect_filtered(w: Remote, X: Array, y: Array, lam: float, hints: Hints) -> None:
    """Require the ridge solution; a page draws the filter factors of another one."""
    try:
        expect_close("w", w, ridge_solution(X, y, lam), hints=hints)
    except Finding as found:
        squares = np.linalg.svd(X, compute_uv=False) ** 2
        found.showing(*filter_factors(X, y, found, squares / (squares + lam)))
        raise


@check("ridge", points=2)
def ridge(student: Student, rng: Generator) -> None:
    """ridge solves the normal equations of the ridge objective."""
    _expect_ridge(student.ridge.ridge, student, rng)


@check("ridge_svd", points=3)
def ridge_svd(student: Student, rng: Generator) -> None:
    """ridge_svd gives the ridge solution by the SVD, with every digit that it promises."""
    _expect_ridge(student.ridge.ridge_svd, student, rng)
    _expect_precise(student.ridge.ridge_svd, rng)


@check("ridge_fake_data", points=3)
def ridge_fake_data(student: Student, rng: Generator) -> None:
    """ridge_fake_data gives the ridge solution and the larger system that it solves."""
    solve = student.ridge.ridge_fake_data
    X, y = system(rng, 5, 3)
    lam = float(rng.uniform(0.3, 0.8))
    _, X_fake, y_fake = _parts(solve(X, y, lam), 3)
    below = np.vstack([X, math.sqrt(lam) * np.eye(3)])
    rootless = Mistake(
        value=np.vstack([X, lam * np.eye(3)]),
        rationale="λ stands below X, where its root belongs.",
        help="The norm of the fake rows is squared.",
    )
    expect_close("X_fake", X_fake, below, hints=Hints(mistakes=[rootless]))
    expect_close("y_fake", y_fake, np.concatenate([y, np.zeros(3)]))
    _expect_ridge(solve, student, rng, first=True)
    _expect_precise(solve, rng, first=True)


@check("ridge_fake_features", points=3)
def ridge_fake_features(student: Student, rng: Generator) -> None:
    """ridge_fake_features gives the ridge solution and the weights of the fake features."""
    solve = student.ridge.ridge_fake_features
    for kind, (n, d) in SHAPES.items():
        X, y = system(rng, n, d)
        lam = float(rng.uniform(0.3, 0.8))
        w = ridge_solution(X, y, lam)
        f = (y - X @ w) / math.sqrt(lam)
        rest = Mistake(
            value=f * math.sqrt(lam),
            rationale="this is the residual y - Xw; the fake features have the factor √λ.",
        )
        with on(f"a {kind} X of shape {X.shape}"):
            got_w, got_f = _parts(solve(X, y, lam), 2)
            _expect_filtered(got_w, X, y, lam, _ridge_hints(X, y, lam))
            expect_close("f", got_f, f, hints=Hints(mistakes=[rest]))
    _expect_ridge(solve, student, rng, first=True)


def _parts(got: Remote, count: int) -> list[Remote]:
    """The values that a function returns together."""
    parts = list(got)
    if len(parts) != count:
        raise Finding(f"It returns {len(parts)} values, expected {count}: see the docstring.")
    return parts


tikhonov = code_check("tikhonov", points=3, folder=CODE)
