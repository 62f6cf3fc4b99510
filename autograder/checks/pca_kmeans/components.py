"""Question 2, first part: PCA by Lagrange multipliers, the three points, and `pca` as code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_shape,
    expect_unchanged,
)
from autograder.judging.check import Finding, check
from autograder.judging.written import derivation_check, written_check
from autograder.sandbox.remote import Student

from . import formulas
from .questions import FOLDER
from .returned import several

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

# Wide enough for eigenvectors in float32.
ORTHONORMAL = 1e-3
DIRECTIONS = (
    "The columns of W are eigenvectors of the scatter matrix, the largest eigenvalue first."
)

pca_gradient = written_check("pca_gradient", points=2, folder=FOLDER)
pca_equation = written_check("pca_equation", points=1, folder=FOLDER)
pca_steps = derivation_check("pca_steps", points=2, of="pca_steps", folder=FOLDER)
pca_value = written_check("pca_value", points=1, folder=FOLDER)
pca_order = written_check("pca_order", points=2, folder=FOLDER)
three_points_scatter = written_check("three_points_scatter", points=1, folder=FOLDER)
three_points = written_check("three_points", points=1, folder=FOLDER)


@check("pca", points=3)
def pca(student: Student, rng: Generator) -> None:
    """pca returns orthonormal directions, the leading ones first, and their eigenvalues."""
    for n, spread, k in ((12, (4.0, 2.5, 1.5, 0.8, 0.4), 3), (9, (3.0, 1.0), 1), (8, (1, 3, 2), 3)):
        X = samples(rng, n, spread)
        sent = student.send(X, "X")
        W, values = returned_components(student.pca.pca(sent, k), X.shape, k)
        expect_directions(W, X, k)
        expect_close("values", values, formulas.leading(formulas.centred(X), k)[1],
                     hints=_value_hints(X, k))  # fmt: skip
        expect_unchanged("X", sent, X)


@check("pca_wide", points=1, needs="pca")
def pca_wide(student: Student, rng: Generator) -> None:
    """pca copes with few samples, whole numbers and a constant coordinate."""
    wide = samples(rng, 5, np.linspace(1, 4, 9))
    whole = np.rint(10 * samples(rng, 12, (4.0, 2.0, 1.0, 0.5))).astype(np.int64)
    constant = samples(rng, 10, (3.0, 2.0, 1.0))
    constant[:, 1] = 7.0
    for X, k in ((wide, 3), (wide, 5), (whole, 2), (constant, 3), (wide[:1], 1)):
        W, values = returned_components(student.pca.pca(X, k), X.shape, k)
        as_float = X.astype(np.float64)
        expect_span(W, values, as_float, k)


@check("pca_equal_values", points=1, needs="pca")
def pca_equal_values(student: Student, rng: Generator) -> None:
    """pca gives an orthonormal basis where eigenvalues are equal and directions are not unique."""
    basis = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    for spread, k in (((2.0, 2.0, 1.0, 0.5), 2), ((2.0, 1.0, 1.0, 1.0), 4)):
        half = basis * np.array(spread)
        X = np.concatenate([half.T, -half.T]) + rng.standard_normal(4)
        W, values = returned_components(student.pca.pca(X, k), X.shape, k)
        expect_span(W, values, X, k)


@check("reconstruct", points=2, needs="pca")
def reconstruct(student: Student, rng: Generator) -> None:
    """reconstruct returns the nearest points on the plane through the mean."""
    cases = (
        (samples(rng, 12, (4.0, 2.5, 1.5, 0.8, 0.4)), 2),
        (samples(rng, 4, (3, 2, 1, 1, 1, 1)), 1),
        (samples(rng, 9, (2, 1)), 2),
        (np.rint(10 * samples(rng, 9, (4.0, 2.0, 1.0))).astype(np.int64), 2),
    )
    for X, k in cases:
        n = len(X)
        sent = student.send(X, "X")
        right = formulas.nearest_points(X, k)
        moved = formulas.centred(X)
        W, plain = formulas.leading(moved, k)[0], formulas.leading(X, k)[0]
        mistakes = [
            Mistake(value=right - X + moved, rationale="the mean is not added back at the end."),
            Mistake(
                value=X @ W @ W.T, rationale="the plane goes through the origin, not the mean."
            ),
            Mistake(value=X @ plain @ plain.T, rationale="the samples are not centred."),
            Mistake(value=moved @ W, rationale="it is the coordinates along the directions."),
        ]
        got = student.pca.reconstruct(sent, k)
        if as_array("nearest", got).shape == (n, k) != right.shape:
            raise Finding(
                f"`reconstruct(X, {k})` has shape {(n, k)}, the coordinates along the directions; "
                f"expected {right.shape}, points in the coordinates of X."
            )
        expect_close("nearest", got, right, like="X", hints=Hints(mistakes=mistakes))
        expect_unchanged("X", sent, X)


def samples(rng: Generator, n: int, spread: Sequence[float] | Array) -> Array:
    """X (n, d), far from centred, with exactly these singular values along random directions.

    There are no more of them than min(n - 1, d), the rank that centred samples can have.
    """
    d = len(spread)
    directions = np.linalg.qr(rng.standard_normal((d, d)))[0]
    left = np.linalg.svd(formulas.centred(rng.standard_normal((n, d))), full_matrices=False)[0]
    rank = min(n - 1, d)
    made: Array = (left[:, :rank] * spread[:rank]) @ directions[:, :rank].T
    return made + rng.uniform(2, 4, d)


def returned_components(got: object, shape: tuple[int, ...], k: int) -> tuple[Any, Any]:
    """W and the values, of the right shapes, the columns of W orthonormal."""
    n, d = shape
    W, values = several("pca", got, ("W", "values"))
    first, second = as_array("W", W), as_array("values", values)
    if first.shape == (k,) and second.shape == (d, k) and k != d:
        raise Finding(
            "`pca` returns the eigenvalues first, as `np.linalg.eigh` does; expected (W, values)."
        )
    if first.shape == (n, k) and n != d:
        raise Finding(
            f"`W` has shape {(n, k)}, expected {(d, k)}: its columns are as long as there are "
            "samples.",
            "Samples are rows here, so the scatter matrix is d×d: it is the transposed of X times "
            "X, once X is centred.",
        )
    if not (k == 1 and first.shape == (d,)):
        expect_shape("W", W, (d, k))
    _expect_orthonormal(first.reshape(d, k))
    return W, values


def expect_directions(got: object, X: Array, k: int) -> None:
    """Require the columns of W to be the leading directions, each up to its sign."""
    moved = formulas.centred(X)
    d, W = X.shape[1], as_array("W", got).reshape(-1, k)
    plain, smallest = formulas.leading(X, k)[0], formulas.leading(moved, d)[0][:, ::-1][:, :k]
    right, crossed = formulas.leading(moved, k)[0], formulas.leading(formulas.centred(X.T).T, k)[0]
    mistakes = [
        Mistake(value=_signed(plain, W), rationale="the samples are not centred.",
                help="Subtract the mean of each column before anything else."),
        Mistake(value=_signed(smallest, W), rationale="the smallest eigenvalues come first.",
                help="`np.linalg.eigh` sorts them in ascending order."),
        Mistake(value=_signed(right[:, ::-1], W), rationale="the largest eigenvalue comes last."),
        Mistake(value=_signed(crossed, W), rationale="the wrong mean is subtracted, that of each "
                "sample.", help="Each coordinate has a mean of its own: `X.mean(axis=0)`."),
    ]  # fmt: skip
    hints = Hints(mistakes=mistakes, help=DIRECTIONS)
    expect_close("W", got, _signed(right, W), hints=hints, also_shapes=[(d,)] if k == 1 else ())


def expect_span(got: object, values: object, X: Array, k: int) -> None:
    """Require the right eigenvalues, and that W catches as much of the scatter as they say."""
    W = as_array("W", got).reshape(-1, k)
    right = formulas.leading(formulas.centred(X), k)[1]
    right = np.concatenate([right, np.zeros(k - len(right))])
    size = float(right.max(initial=0.0)) or 1.0
    now = as_array("values", values)
    if now.shape != (k,) or np.abs(now - right).max() > 1e-4 * size or np.isnan(now).any():
        expect_close("values", values, right, hints=_value_hints(X, k))
    caught = ((formulas.centred(X) @ W) ** 2).sum(axis=0)
    if np.abs(caught - right).max() > 1e-3 * size:
        worst = int(np.abs(caught - right).argmax())
        raise Finding(
            f"Along column {worst} of `W` the squared coordinates add up to {caught[worst]:.4g}, "
            f"expected {right[worst]:.4g}, the eigenvalue.",
            DIRECTIONS,
        )


def _signed(right: Array, W: Array) -> Array:
    """The same directions, each with the sign that brings it nearer to the column of W."""
    flipped: Array = right * np.where((right * W).sum(axis=0) < 0, -1.0, 1.0)
    return flipped


def _expect_orthonormal(W: Array) -> None:
    if not np.isfinite(W).all():
        raise Finding("`W` has values that are not finite.", "Is a column divided by its length 0?")
    products = W.T @ W
    lengths = np.sqrt(np.diag(products))
    worst = int(np.abs(lengths - 1).round(6).argmax())  # the first of equals
    if abs(lengths[worst] - 1) > ORTHONORMAL:
        raise Finding(
            f"Column {worst} of `W` has length {lengths[worst]:.4g}, expected 1.",
            "The constraint is WᵀW = I.",
        )
    off = np.abs(products - np.diag(np.diag(products)))
    if off.max() > ORTHONORMAL:
        i, j = (int(place) for place in np.unravel_index(off.argmax(), off.shape))
        raise Finding(
            f"Columns {i} and {j} of `W` are not orthogonal: their product is "
            f"{products[i, j]:.4g}.",
            "The constraint is WᵀW = I.",
        )


def _value_hints(X: Array, k: int) -> Hints:
    right = formulas.leading(formulas.centred(X), k)[1]
    sum_help = "Here they are those of the plain sum over the samples."
    mistakes = [
        Mistake(value=right / len(X), rationale="they are divided by n.", help=sum_help),
        Mistake(value=np.sqrt(right), rationale="they are the singular values, not squared."),
        Mistake(value=formulas.leading(X, k)[1], rationale="the samples are not centred."),
        Mistake(value=right[::-1], rationale="the largest one comes last."),
    ]
    if len(X) > 1:
        mistakes.append(
            Mistake(value=right / (len(X) - 1), rationale="they are divided by n - 1.",
                    help=sum_help)
        )  # fmt: skip
    return Hints(mistakes=mistakes, help="They are the eigenvalues of the scatter matrix.")
