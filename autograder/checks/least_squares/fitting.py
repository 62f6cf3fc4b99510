"""Question 1 as code: least squares and least norm, on inputs of every shape and rank."""

from __future__ import annotations

from collections.abc import Callable
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
from autograder.sandbox.faults import CodeRaised
from autograder.sandbox.remote import Remote, Student, fetch

from .systems import (
    NEARLY_DEPENDENT,
    SHAPES,
    SQUARED,
    Array,
    Generator,
    least_norm,
    matrix,
    system,
    whole_numbers,
)

RANK = "Which singular values can be divided by, and which are 0 but for rounding?"
REFUSED = "`min_norm_svd` raises a ValueError where the system has a solution."
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
    X, y = whole_numbers(rng, 6, 3)
    with on("an X and a y of whole numbers"):
        expect_close("w", solve(X, y), least_norm(X, y), hints=Hints(help=FACTORS))
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
    with on("an X of shape (7, 5) of which the cutoff 0.1 leaves rank 4"):
        # Each way of reading `cutoff` keeps another number of these; to ignore it keeps all.
        X = matrix(rng, 7, 5, np.array([0.8, 0.2, 0.12, 0.095, 0.07]))
        y = rng.standard_normal(7)
        right = np.linalg.pinv(X, rcond=0.1) @ y
        absolute = Mistake(
            value=lambda: np.linalg.pinv(X, rcond=0.125) @ y,
            rationale="`cutoff` is compared with the singular values themselves, not with their "
            "ratio to the largest one.",
        )
        hints = Hints(mistakes=[absolute], help=RANK)
        expect_close("w", solve(X, y, cutoff=0.1), right, hints=hints)
    with on("an X of zeros"):
        expect_close("w", solve(np.zeros((4, 3)), y[:4]), np.zeros(3), hints=Hints(help=RANK))


@check("min_norm_svd", points=3)
def min_norm_svd(student: Student, rng: Generator) -> None:
    """min_norm_svd finds the shortest solution, and says where there is none."""
    solve = student.least_squares.min_norm_svd
    for kind, shape in SHAPES.items():
        X, _ = system(rng, *shape)
        sent = student.send(X)
        with on(f"a {kind} X of shape {X.shape}, y in its column space"):
            _expect_shortest(solve, sent, X, X @ rng.standard_normal(X.shape[1]))
            expect_unchanged("X", sent, X)
    X = matrix(rng, 6, 8, np.array([2.0, 1.1, 0.6]))
    y = X @ rng.standard_normal(8)
    with on("an X of shape (6, 8) and rank 3, y in its column space"):
        expect_close("w", solve(X, y), least_norm(X, y), hints=Hints(help=RANK))
    refused = partial(solve, X, y + _outside(X, rng))
    _expect_refused(refused, "an X of rank 3 and a y that is no Xw")
    _nearly_outside(solve, rng)
    _without_small_values(solve, rng)


def _nearly_outside(solve: Remote, rng: Generator) -> None:
    """Where the bound of 1e-6 decides, and where its factor, the norm of y, is far from 1."""
    X, _ = system(rng, 7, 3)
    inside, outside = _unit(X @ rng.standard_normal(3)), _outside(X, rng)
    for size in (1e-9, 1.0, 1e12):
        with on(f"a y of norm {size:g} in the column space"):
            _expect_shortest(solve, X, X, size * inside)
        refused = partial(solve, X, size * (inside + 5e-6 * outside))
        _expect_refused(refused, f"a y of norm {size:g}, outside the column space by 5e-6 of that")
    with on("a y that is outside the column space by 1e-7 times its norm"):
        _expect_shortest(solve, X, X, inside + 1e-7 * outside)
    with on("a y of zeros"):
        expect_close("w", solve(X, np.zeros(7)), np.zeros(3))


def _without_small_values(solve: Remote, rng: Generator) -> None:
    X = matrix(rng, 4, 6, np.array([2.0, 1.0, 0.19, 0.05]))
    y = np.linalg.svd(X)[0].sum(axis=1)
    with on("an X whose singular values are 2, 1, 0.19 and 0.05"):
        _expect_shortest(solve, X, X, y)
    refused = partial(solve, X, y, cutoff=0.1)
    _expect_refused(refused, "a y outside the column space that the cutoff 0.1 leaves")


def _expect_shortest(solve: Remote, sent: object, X: Array, y: Array) -> None:
    try:
        got = solve(sent, y)
    except CodeRaised as raised:
        if raised.error.is_a("ValueError"):
            raise Finding(REFUSED) from raised
        raise
    w = expect_shape("w", got, (X.shape[1],))
    _expect_solution(X, y, w)
    expect_close("w", w, least_norm(X, y), hints=_longer(X, y, w))


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
    return _unit(v)


def _unit(v: Array) -> Array:
    return np.asarray(v / np.linalg.norm(v))


def _expect_refused(solve: Callable[[], Remote], kind: str) -> None:
    try:
        fetch(solve())
    except CodeRaised as raised:
        if raised.error.is_a("ValueError"):
            return
        raise
    raise Finding(
        f"On {kind}: `min_norm_svd` returns, where it should raise a ValueError.",
        "After solving, see whether Xw is y.",
    )
