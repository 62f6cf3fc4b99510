"""Hidden tests of the singular value decomposition of features."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_number,
    expect_unchanged,
)
from autograder.judging.check import Finding, check, on
from autograder.sandbox.remote import Student

from . import formulas

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

ORTHONORMAL = 1e-3
COUNT_SQUARES = "Add up squares until they reach the share of the sum of all squares."


@check("principal_features", points=3)
def principal_features(student: Student, rng: Generator) -> None:
    """principal_features gives orthonormal functions of x and their singular values."""
    for shape in ((12, 5), (6, 20), (7, 1)):
        matrix = rng.standard_normal(shape) * rng.uniform(0.5, 3, size=shape[1])
        sent = student.send(matrix, "matrix")
        answer = student.spectrum.principal_features(sent)
        functions, values = answer
        _, right = formulas.left_part(matrix)
        wrong = [
            (right**2, "they are squared: eigenvalues of the matrix times its transpose."),
            (right[::-1], "they are in ascending order."),
            (right / np.sqrt(len(matrix)), "they are divided by the root of the number of rows."),
        ]
        hints = Hints(
            mistakes=[Mistake(value=value, rationale=text) for value, text in wrong],
            help="The singular values of the matrix as it is, the largest first.",
        )
        expect_close("values", values, right, hints=hints)
        _expect_functions(as_array("functions", functions), matrix, right)
        expect_unchanged("matrix", sent, matrix)


@check("features_needed", points=2)
def features_needed(student: Student, rng: Generator) -> None:
    """features_needed counts the principal features that hold a share of all squares."""
    drawn = np.sort(rng.uniform(0.1, 5, size=12))[::-1]
    cases = [(drawn, share) for share in (0.3, 0.5, 0.8, 0.9, 0.99)]
    cases += [(np.array([2.0, 2.0, 2.0, 2.0]), 0.5), (np.array([3.0]), 0.9)]
    needed = student.spectrum.features_needed
    answers = [as_array("k", needed(values, share)).reshape(-1).tolist() for values, share in cases]
    right = np.array([_needed(values**2, share) for values, share in cases])
    wrong = [
        (right - 1, "it is one too few."),
        (right + 1, "it is one too many."),
        (
            np.array([_needed(values, share) for values, share in cases]),
            "the values are added up, not their squares.",
        ),
    ]
    for counts, rationale in wrong:
        if answers == [[count] for count in counts]:
            raise Finding(f"`k`: {rationale}", COUNT_SQUARES)
    for (values, share), count in zip(cases, right, strict=True):
        expect_number("k", needed(values, share), count, hints=Hints(help=COUNT_SQUARES))


def _needed(amounts: Array, share: float) -> int:
    return int(np.sum(np.cumsum(amounts) / np.sum(amounts) < share)) + 1


@check("least_change", points=3, needs="principal_features")
def least_change(student: Student, rng: Generator) -> None:
    """least_change is the smallest change that removes what the first features see."""
    for shape, count in (((9, 14), 3), ((12, 5), 2), ((8, 8), 1), ((6, 10), 6)):
        matrix, residual = rng.standard_normal(shape), rng.standard_normal(shape[0])
        right = formulas.least_change(matrix, residual, count)
        full = formulas.least_change(matrix, residual, min(shape))
        wrong = [
            (formulas.least_change(matrix, residual, count, power=1), "it is not divided by s."),
            (formulas.least_change(matrix, residual, count, power=3), "it is divided by s twice."),
            (formulas.least_change(matrix, residual, count, power=0), "it is multiplied by s."),
            (full, "all features are used, not the first `count`."),
            (-full, "all features are used, not the first `count`, and the sign is wrong."),
        ]
        hints = Hints(
            mistakes=[Mistake(value=value, rationale=text) for value, text in wrong],
            help="Each of the first `count` features has the term v (u . residual) / s.",
        )
        change = student.spectrum.least_change(matrix, residual, count)
        expect_close("change", change, right, also_shapes=[(shape[1], 1)], hints=hints)


@check("least_change_rank", points=1, needs="least_change")
def least_change_rank(student: Student, rng: Generator) -> None:
    """least_change leaves out features whose singular value is 0."""
    for size in (1.0, 1e-12, 1e8):
        matrix = size * rng.standard_normal((9, 2)) @ rng.standard_normal((2, 7))
        residual = rng.standard_normal(9)
        _expect_finite_change(student, matrix, residual)
    values = np.array([1.0, 1e-3, 5e-10, 2e-11])  # the bound is 1e-10 here
    left, right = (np.linalg.qr(rng.standard_normal((n, 4)))[0] for n in (9, 7))
    weights = np.array([0.0, 0.0, *rng.choice([-1.0, 1.0], size=2)])
    change = student.spectrum.least_change((left * values) @ right.T, left @ weights, 4)
    with on("a matrix with the singular values 1, 1e-3, 5e-10 and 2e-11"):
        expect_close(
            "change",
            change,
            -right[:, 2] * weights[2] / values[2],
            also_shapes=[(7, 1)],
            hints=Hints(help="Those above 1e-10 times the largest count, and no others."),
        )


def _expect_finite_change(student: Student, matrix: Array, residual: Array) -> None:
    change = as_array("change", student.spectrum.least_change(matrix, residual, 5)).reshape(-1)
    right = formulas.least_change(matrix, residual, 2)
    if change.shape == right.shape and not np.abs(change).max() < 1e3 * np.abs(right).max():
        raise Finding(
            "Where only 2 singular values are not 0 and count is 5, the change is "
            f"{np.abs(change).max():.2g} in size, expected {np.abs(right).max():.2g}.",
            "Is a term divided by a singular value that is 0 but for rounding, about 1e-16? Those "
            "above 1e-10 times the largest count.",
        )
    expect_close("change", change, right)


def _expect_functions(functions: Array, matrix: Array, values: Array) -> None:
    """Orthonormal, and with the right values: then they are right up to what is free."""
    rows, size = len(matrix), min(matrix.shape)
    if functions.shape == (rows, rows):
        functions = functions[:, :size]
    if functions.shape != (rows, size):
        raise Finding(
            f"`functions` has shape {functions.shape}, expected ({rows}, {size}): one function "
            "of x in each column.",
            "The functions of x are the columns of U; those of V belong to parameters.",
        )
    if not np.allclose(functions.T @ functions, np.eye(size), atol=ORTHONORMAL):
        raise Finding("The columns of `functions` are not orthonormal.", "The columns of U are.")
    seen = functions.T @ matrix
    off = seen @ seen.T - np.diag(values**2)
    if not np.abs(off).max() <= ORTHONORMAL * values[0] ** 2:
        raise Finding(
            "The columns of `functions` are orthonormal, but are not the principal features: the "
            "matrix has other lengths along them than the singular values.",
            "Column i of U belongs to value i.",
        )
