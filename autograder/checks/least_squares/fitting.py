"""The same results as code, on inputs of every shape and rank."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    expect_close,
    expect_shape,
    expect_unchanged,
)
from autograder.judging.check import Finding, check, on
from autograder.judging.written_code import code_check
from autograder.sandbox.faults import CodeRaised
from autograder.sandbox.remote import Remote, Student, fetch

from .questions import CODE
from .systems import (
    NEARLY_DEPENDENT,
    SHAPES,
    Array,
    Generator,
    least_norm,
    matrix,
    ridge_solution,
    system,
)

RANK = "Which singular values can be divided by, and which are 0 but for rounding?"
SQUARED = (
    "Is a product such as XᵀX formed? It squares the singular values, and the small ones drown in "
    "the rounding of the large ones."
)
FACTORS = "Look at each factor of the solution by the SVD: its order, its transpose, its inverse."


@check("lstsq_svd", points=3)
def lstsq_svd(student: Student, rng: Generator) -> None:
    """lstsq_svd solves least squares for every shape and rank."""
    solve = student.least_squares.lstsq_svd
    for kind, (n, d) in SHAPES.items():
        X, y = system(rng, n, d)
        sent = student.send(X)
        with on(f"a {kind} X of shape {X.shape}"):
            expect_close("w", solve(sent, y), least_norm(X, y), hints=Hints(help=FACTORS))
            expect_unchanged("X", sent, X)
    _rank_deficient(solve, rng)
    with on("a tall X with nearly dependent columns"):
        X = matrix(rng, 12, 4, np.array([1.0, 0.5, 0.1, NEARLY_DEPENDENT]))
        y = X @ rng.standard_normal(4)
        expect_close("w", solve(X, y), least_norm(X, y), hints=Hints(help=SQUARED))


def _rank_deficient(solve: Remote, rng: Generator) -> None:
    for n, d in ((9, 5), (5, 9)):
        X, y = matrix(rng, n, d, np.array([2.0, 1.1, 0.6])), rng.standard_normal(n)
        with on(f"an X of shape {X.shape} and rank 3"):
            expect_close("w", solve(X, y), least_norm(X, y), hints=Hints(help=RANK))
    with on("an X of shape (6, 4) and rank 2, with the cutoff 0.1"):
        X = matrix(rng, 6, 4, np.array([2.0, 1.0, 0.19, 0.05]))
        y = rng.standard_normal(6)
        right = np.linalg.pinv(X, rcond=0.1) @ y
        absolute = Mistake(
            value=lambda: np.linalg.pinv(X, rcond=0.05) @ y,
            rationale="`cutoff` is compared with the singular values themselves, not with their "
            "ratio to the largest one.",
        )
        hints = Hints(mistakes=[absolute], help=RANK)
        expect_close("w", solve(X, y, cutoff=0.1), right, hints=hints)


@check("min_norm_svd", points=3)
def min_norm_svd(student: Student, rng: Generator) -> None:
    """min_norm_svd finds the shortest solution, and says where there is none."""
    solve = student.least_squares.min_norm_svd
    for kind in ("wide", "square", "one row"):
        X, y = system(rng, *SHAPES[kind])
        with on(f"a {kind} X of shape {X.shape}"):
            w = expect_shape("w", solve(X, y), (X.shape[1],))
            _expect_solution(X, y, w)
            expect_close("w", w, least_norm(X, y), hints=_longer(X, y, w))
    X = matrix(rng, 6, 8, np.array([2.0, 1.1, 0.6]))
    y = X @ rng.standard_normal(8)
    with on("an X of shape (6, 8) and rank 3, y in its column space"):
        expect_close("w", solve(X, y), least_norm(X, y), hints=Hints(help=RANK))
    _expect_refused(solve, X, y + _outside(X, rng), "an X of rank 3 and a y that is no Xw")


def _expect_solution(X: Array, y: Array, w: Array) -> None:
    gap = float(np.linalg.norm(X @ w - y) / np.linalg.norm(y))
    if gap > 1e-6:
        raise Finding(
            f"`w` does not solve the system: ‖Xw - y‖ is {gap:.2g} times ‖y‖.",
            "XᵀX has no inverse for n < d; which matrix has one?",
        )


def _longer(X: Array, y: Array, w: Array) -> Hints:
    ratio = np.linalg.norm(w) / np.linalg.norm(least_norm(X, y))
    return Hints(help=f"It solves the system, but its norm is {ratio:.3g} times the least one.")


def _outside(X: Array, rng: Generator) -> Array:
    """A unit vector orthogonal to the columns of X."""
    v = rng.standard_normal(len(X))
    v = v - X @ least_norm(X, v)
    return np.asarray(v / np.linalg.norm(v))


def _expect_refused(solve: Remote, X: Array, y: Array, kind: str) -> None:
    try:
        fetch(solve(X, y))
    except CodeRaised as raised:
        if raised.error.is_a("ValueError"):
            return
        raise
    raise Finding(
        f"On {kind}: `min_norm_svd` returns, where it should raise a ValueError.",
        "After solving, see whether Xw is y.",
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
    for kind, (X, y) in cases.items():
        lam, sent = float(rng.uniform(0.3, 0.8)), student.send(X)
        with on(kind):
            got = solve(sent, y, lam)
            answer = got[0] if first else got
            expect_close("w", answer, ridge_solution(X, y, lam), hints=_ridge_hints(X, y, lam))
            expect_unchanged("X", sent, X)


def _expect_precise(solve: Remote, rng: Generator, *, first: bool = False) -> None:
    """Where the squares of the singular values and λ are below the rounding of the largest."""
    lam = NEARLY_DEPENDENT**2
    X = matrix(rng, 12, 4, np.array([1.0, 0.5, 0.1, NEARLY_DEPENDENT]))
    y = X @ rng.standard_normal(4) + NEARLY_DEPENDENT * rng.standard_normal(12)
    with on(f"an X with a singular value of {NEARLY_DEPENDENT:g} and λ = {lam:g}"):
        got = solve(X, y, lam)
        right = ridge_solution(X, y, lam)
        expect_close("w", got[0] if first else got, right, hints=Hints(help=SQUARED))


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
            expect_close("w", got_w, w, hints=_ridge_hints(X, y, lam))
            expect_close("f", got_f, f, hints=Hints(mistakes=[rest]))
    _expect_ridge(solve, student, rng, first=True)


def _parts(got: Remote, count: int) -> list[Remote]:
    """The values that a function returns together."""
    parts = list(got)
    if len(parts) != count:
        raise Finding(f"It returns {len(parts)} values, expected {count}: see the docstring.")
    return parts


tikhonov = code_check("tikhonov", points=3, folder=CODE)
