"""Inverses and pseudo-inverses in a hundred digits. Knows small matrices, no expression."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .arrays import Array
from .precise import NoExactValueError, Precise, is_precise, precise, rough

NOTHING = 1e-90  # below this, relative to the matrix, a number is rounding
RANK = 1e-10


class SingularError(Exception):
    """A matrix without an inverse; `rank` is how many columns are independent."""

    def __init__(self, rank: int) -> None:
        super().__init__(f"rank {rank}")
        self.rank = rank


def each(function: Callable[[Array], Array], matrices: Array) -> Array:
    """A function of one matrix applied to the last two axes."""
    flat = matrices.reshape(-1, *matrices.shape[-2:])
    made = [function(matrix) for matrix in flat]
    return np.array(made, dtype=object).reshape(*matrices.shape[:-2], *made[0].shape)


def inverse(matrix: Array) -> Array:
    """The inverse of one matrix by elimination with pivots; raises `SingularError`."""
    size = len(matrix)
    work = np.concatenate([matrix, identity(size)], axis=1)
    largest = float(np.abs(rough(matrix)).max(initial=0.0))
    for column in range(size):
        below = [abs(float(entry)) for entry in work[column:, column]]
        place = column + int(np.argmax(below))
        if not below[place - column] > NOTHING * largest:
            raise SingularError(column)
        work[[column, place]] = work[[place, column]]
        work[column] = work[column] / work[column, column]
        for row in range(size):
            if row != column:
                work[row] = work[row] - work[column] * work[row, column]
    return np.asarray(work[:, size:])


def pseudo_inverse(matrix: Array) -> Array:
    """The pseudo-inverse of one matrix out of A = CF, with independent columns and rows.

    Raises `NoExactValueError` where the rank that floats see is not that of the digits.
    """
    columns = independent_columns(rough(matrix))
    if not columns:
        return matrix.T * 0
    c = matrix[:, columns]
    left = inverse(c.T @ c) @ c.T
    f = left @ matrix
    gap = np.abs(rough(matrix - c @ f)).max()
    if gap > NOTHING * np.abs(rough(matrix)).max():
        raise NoExactValueError("the rank is not certain")
    return np.asarray(f.T @ inverse(f @ f.T) @ left)


def independent_columns(matrix: Array) -> list[int]:
    """Columns that span the columns' span, the largest of what is left first."""
    left, found = matrix.copy(), list[int]()
    largest = float(np.linalg.norm(matrix, axis=0).max(initial=0.0))
    for _ in range(min(matrix.shape)):
        sizes = np.linalg.norm(left, axis=0)
        best = int(np.argmax(sizes))
        if sizes[best] <= RANK * largest:
            break
        found.append(best)
        unit = left[:, best] / sizes[best]
        left = left - np.outer(unit, unit @ left)
    return found


def orthonormal(matrix: Array) -> Array:
    """The matrix with orthonormal columns, or rows, that is nearest to one which nearly has them.

    Newton's iteration Q (3I - QᵀQ) / 2 doubles the digits each time.
    """
    if matrix.shape[0] < matrix.shape[1]:
        return orthonormal(matrix.T).T
    three = identity(matrix.shape[1]) * 3
    for _ in range(4):
        matrix = matrix @ (three - matrix.T @ matrix) / 2
    return matrix


def identity(size: int) -> Array:
    """The identity in a hundred digits."""
    made = np.full((size, size), Precise(0), dtype=object)
    made[np.arange(size), np.arange(size)] = Precise(1)
    return made


def eigenvectors(matrix: Array) -> tuple[Array, Array]:
    """Eigenvalues, ascending, and eigenvectors of one symmetric matrix.

    Ogita and Aishima's refinement of what floats find, "Iterative refinement for symmetric
    eigenvalue decomposition" (2018), algorithm 1; it doubles the digits each time.
    """
    _, floats = np.linalg.eigh(rough(matrix))
    basis = precise(floats)
    size = len(matrix)
    for _ in range(4):
        r = identity(size) - basis.T @ basis
        s = basis.T @ matrix @ basis
        values = np.diagonal(s) / (1 - np.diagonal(r))
        gaps = values[None, :] - values[:, None]
        apart = np.abs(rough(gaps)) > 1e-8 * np.abs(rough(values)).max(initial=1e-300)
        e = np.where(apart, (s + values[None, :] * r) / np.where(apart, gaps, 1), r / 2)
        basis = basis + basis @ e
    return np.asarray(values), np.asarray(basis)


def determinant(matrix: Array) -> Precise:
    """The determinant by expansion along the first row: for matrices up to 4 by 4."""
    if len(matrix) > 4:
        raise NoExactValueError("a large determinant")
    if len(matrix) == 1:
        return Precise(matrix[0, 0].value)
    total = Precise(0)
    for place in range(len(matrix)):
        rest = np.delete(matrix[1:], place, axis=1)
        total = total + matrix[0, place] * determinant(rest) * (-1) ** place
    return total


def span_projector(values: Array) -> Array:
    """The orthogonal projection onto the span of the columns, for arrays of either kind."""
    assert is_precise(values)
    return np.asarray(values @ each(pseudo_inverse, values))
