"""Random matrices, vectors and numbers with declared properties. Knows no question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .arrays import Array

PROPS = ("full_rank", "symmetric", "spd", "psd", "orthogonal", "orthonormal_cols", "diagonal",
         "centered_cols", "centered_rows", "one_hot_rows", "nonnegative")  # fmt: skip
SCALARS = ("positive", "real", "nonnegative", "integer", "unit")
LOW, HIGH = 0.5, 2.0
SCALAR_LOW, SCALAR_HIGH = 0.3, 2.0


@dataclass(frozen=True)
class Special:
    """What makes an edge case: positive numbers fixed, equal singular values, lost rank."""

    label: str = ""
    positive: float | None = None
    repeated: bool = False
    deficient: bool = False


def scalar(kind: str, rng: np.random.Generator, draws: int, special: Special) -> Array:
    """Numbers, shape (draws, 1, 1)."""
    if kind == "integer":
        return rng.integers(1, 6, (draws, 1, 1)).astype(float)
    if kind in {"positive", "nonnegative"} and special.positive is not None:
        return np.full((draws, 1, 1), special.positive)
    values = rng.uniform(SCALAR_LOW, 1.0 if kind == "unit" else SCALAR_HIGH, (draws, 1, 1))
    return values * rng.choice([-1.0, 1.0], (draws, 1, 1)) if kind == "real" else values


def orthogonal(size: int, rng: np.random.Generator, draws: int) -> Array:
    """Orthogonal matrices, shape (draws, size, size)."""
    q, r = np.linalg.qr(rng.standard_normal((draws, size, size)))
    signs = np.sign(np.diagonal(r, axis1=-2, axis2=-1))
    return np.asarray(q * signs[:, None, :])


def spectrum(count: int, rng: np.random.Generator, draws: int, special: Special) -> Array:
    """Descending singular values in [0.5, 2], well apart, shape (draws, count)."""
    if special.repeated:
        return np.full((draws, count), 1.3)
    steps = np.linspace(HIGH, LOW, count)
    values = steps + rng.uniform(-0.1, 0.1, (draws, count)) * (HIGH - LOW) / max(count, 1)
    if special.deficient and count > 1:
        values[:, -1] = 0.0
    return values


def rectangular(values: Array, rows: int, cols: int) -> Array:
    """`values` (draws, m) on the diagonal of zeros (draws, rows, cols)."""
    result = np.zeros((values.shape[0], rows, cols))
    places = np.arange(values.shape[1])
    result[:, places, places] = values
    return result


def matrix(
    rows: int, cols: int, props: Sequence[str], rng: np.random.Generator, draws: int,
    special: Special,
) -> Array:  # fmt: skip
    """Matrices (draws, rows, cols) with the declared properties, signs and order random."""
    made = _base(rows, cols, props, rng, draws, special)
    if "nonnegative" in props:
        made = np.abs(made)
    if "centered_cols" in props:
        made = made - made.mean(axis=1, keepdims=True)
    if "centered_rows" in props:
        made = made - made.mean(axis=2, keepdims=True)
    return made


def _base(
    rows: int, cols: int, props: Sequence[str], rng: np.random.Generator, draws: int,
    special: Special,
) -> Array:  # fmt: skip
    for prop in props:
        if prop in _MAKERS:
            return _MAKERS[prop](rows, cols, rng, draws)
    if cols == 1 or rows == 1:
        return rng.standard_normal((draws, rows, cols)) + 0.3
    values = spectrum(min(rows, cols), rng, draws, special)
    middle = rectangular(values, rows, cols)
    return orthogonal(rows, rng, draws) @ middle @ orthogonal(cols, rng, draws)


def _symmetric(rows: int, cols: int, rng: np.random.Generator, draws: int) -> Array:
    signs = rng.choice([-1.0, 1.0], (draws, rows))
    return _conjugated(spectrum(rows, rng, draws, Special()) * signs, rng)


def _spd(rows: int, cols: int, rng: np.random.Generator, draws: int) -> Array:
    return _conjugated(spectrum(rows, rng, draws, Special()), rng)


def _psd(rows: int, cols: int, rng: np.random.Generator, draws: int) -> Array:
    values = spectrum(rows, rng, draws, Special())
    values[:, -1] = 0.0
    return _conjugated(values, rng)


def _conjugated(values: Array, rng: np.random.Generator) -> Array:
    q = orthogonal(values.shape[1], rng, values.shape[0])
    return np.asarray((q * values[:, None, :]) @ np.swapaxes(q, 1, 2))


def _orthonormal(rows: int, cols: int, rng: np.random.Generator, draws: int) -> Array:
    return orthogonal(max(rows, cols), rng, draws)[:, :rows, :cols]


def _diagonal(rows: int, cols: int, rng: np.random.Generator, draws: int) -> Array:
    return rectangular(spectrum(min(rows, cols), rng, draws, Special()), rows, cols)


def _one_hot(rows: int, cols: int, rng: np.random.Generator, draws: int) -> Array:
    """Each row in one class, no class empty, classes of different sizes."""
    result = np.zeros((draws, rows, cols))
    for draw in range(draws):
        rest = rng.integers(0, max(cols // 2, 1), max(rows - cols, 0))
        classes = np.concatenate([np.arange(min(rows, cols)), rest])
        result[draw, np.arange(rows), rng.permutation(classes)] = 1.0
    return result


_MAKERS: dict[str, Callable[[int, int, np.random.Generator, int], Array]] = {
    "symmetric": _symmetric, "spd": _spd, "psd": _psd, "orthogonal": _orthonormal,
    "orthonormal_cols": _orthonormal, "diagonal": _diagonal, "one_hot_rows": _one_hot,
}  # fmt: skip
