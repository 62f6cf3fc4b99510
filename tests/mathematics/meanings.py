"""What written answers mean, in NumPy by hand: the oracle that the reading is measured against."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.linalg import inv, norm, pinv

from autograder.judging.mathematics.computing.instances import Instance

Meaning = Callable[[SimpleNamespace], object]


def numbers(instance: Instance, draw: int) -> SimpleNamespace:
    """One draw of an instance as a namespace of numbers, vectors and matrices."""
    found: dict[str, Any] = {
        name: size for name, size in instance.sizes.items() if name.isidentifier()
    }
    for name, value in instance.values.items():
        one = value[draw]
        column = name in instance.declared.shapes and instance.declared.shapes[name][1] == "1"
        found[name] = float(one[0, 0]) if one.shape == (1, 1) else one[:, 0] if column else one
    found["lam"] = found.pop("lambda", None)
    if "W" in found and "X" in found:
        found["x_1"] = np.asarray(found["X"])[:, 0]
    return SimpleNamespace(**found)


def _pick(s: SimpleNamespace) -> np.ndarray:
    """The singular values."""
    return np.diagonal(s.Sigma)


def _padded(entries: np.ndarray, rows: int, cols: int) -> np.ndarray:
    out = np.zeros((rows, cols))
    for i, entry in enumerate(entries):
        out[i, i] = entry
    return out


def _filter(s: SimpleNamespace) -> np.ndarray:
    return _pick(s) / (_pick(s) ** 2 + s.lam)


def _ridge(s: SimpleNamespace) -> np.ndarray:
    return inv(s.X.T @ s.X + s.lam * np.eye(s.d)) @ s.X.T @ s.y


def _stack(s: SimpleNamespace) -> np.ndarray:
    return np.vstack([s.X, np.sqrt(s.lam) * np.eye(s.d)])


def _window(s: SimpleNamespace) -> float:
    i, j = int(s.x), int(s.y)
    return float((s.D * s.I[i : i + 3, j : j + 3]).sum())


def _scatter(s: SimpleNamespace) -> np.ndarray:
    return s.X @ s.X.T


def _distances(s: SimpleNamespace) -> float:
    return sum(s.gamma[i, j] * norm(s.X[i] - s.mu[j]) ** 2 for i in range(s.n) for j in range(s.k))


MEANINGS: dict[str, Meaning] = {
    "ols": lambda s: inv(s.X.T @ s.X) @ s.X.T @ s.y,
    "pinv": lambda s: pinv(s.X) @ s.y,
    "min_norm": lambda s: s.X.T @ inv(s.X @ s.X.T) @ s.y,
    "ridge": _ridge,
    "ridge_filter_squared": lambda s: (
        s.V @ _padded(_pick(s) * _filter(s), s.d, s.d) @ s.Sigma.T @ s.U.T @ s.y
    ),
    "shifted": lambda s: s.X.T @ s.X + s.lam * np.eye(s.d),
    "rotated_ridge": lambda s: (
        inv(s.Sigma.T @ s.Sigma + s.lam * np.eye(s.d)) @ s.Sigma.T @ s.U.T @ s.y
    ),
    "ridge_matrix": lambda s: inv(s.X.T @ s.X + s.lam * np.eye(s.d)),
    "smoother": lambda s: s.X @ inv(s.X.T @ s.X + s.lam * np.eye(s.d)) @ s.X.T,
    "smoother_trace": lambda s: np.trace(s.X @ inv(s.X.T @ s.X + s.lam * np.eye(s.d)) @ s.X.T),
    "degrees": lambda s: float((_pick(s) ** 2 / (_pick(s) ** 2 + s.lam)).sum()),
    "filter_matrix": lambda s: _padded(_filter(s), s.d, s.n),
    "filter_square": lambda s: np.diag(_filter(s)),
    "squares_plus": lambda s: np.diag(_pick(s) ** 2 + s.lam),
    "fake_data": _stack,
    "fake_targets": lambda s: np.concatenate([s.y, np.zeros(s.d)]),
    "fake_features": lambda s: np.hstack([s.X, np.sqrt(s.lam) * np.eye(s.n)]),
    "normal_of_fake": lambda s: _stack(s).T @ _stack(s),
    "fake_slack": lambda s: np.sqrt(s.lam) * inv(s.X @ s.X.T + s.lam * np.eye(s.n)) @ s.y,
    "ridge_objective": lambda s: norm(s.y - s.X @ s.w) ** 2 + s.lam * norm(s.w) ** 2,
    "lasso": lambda s: norm(s.y - s.X @ s.w) ** 2 + s.lam * norm(s.w, 1),
    "squares": lambda s: norm(s.y - s.X @ s.w) ** 2,
    "mean_squares": lambda s: norm(s.y - s.X @ s.w) ** 2 / s.n,
    "half_mean_squares": lambda s: norm(s.y - s.X @ s.w) ** 2 / (2 * s.n),
    "ridge_gradient": lambda s: 2 * s.X.T @ (s.X @ s.w - s.y) + 2 * s.lam * s.w,
    "mean_gradient": lambda s: 2 / s.n * s.X.T @ (s.X @ s.w - s.y),
    "half_mean_gradient": lambda s: 1 / s.n * s.X.T @ (s.X @ s.w - s.y),
    "log_posterior": lambda s: -(norm(s.w) ** 2) / 2 - norm(s.y - s.X @ s.w) ** 2 / (2 * s.lam),
    "exp_posterior": lambda s: np.exp(-(norm(s.y - s.X @ s.w) ** 2) / (2 * s.lam)),
    "identity_d": lambda s: np.eye(s.d),
    "zero_d": lambda s: np.zeros(s.d),
    "x": lambda s: s.X,
    "projection": lambda s: s.X @ pinv(s.X),
    "nuclear": lambda s: float(_pick(s).sum()),
    "x_frobenius": lambda s: norm(s.X) ** 2,
    "x_spectral": lambda s: norm(s.X, 2),
    "xtx": lambda s: s.X.T @ s.X,
    "xty": lambda s: s.X.T @ s.y,
    "first_component": lambda s: _pick(s)[0] * s.U[:, 0] @ s.y,
    "filter_one": lambda s: _filter(s)[int(s.i) - 1],
    "filter_square_one": lambda s: (
        _pick(s)[int(s.i) - 1] ** 2 / (_pick(s)[int(s.i) - 1] ** 2 + s.lam)
    ),
    "entry": lambda s: s.X[0, 1],
    "logdet": lambda s: float(np.log(np.linalg.det(s.X.T @ s.X + s.lam * np.eye(s.d)))),
    "ones_y": lambda s: float(s.y.sum()),
    "mean_y": lambda s: float(s.y.mean()),
    "centred_y": lambda s: s.y - s.y.mean(),
    "ordered_pairs": lambda s: sum(s.y[i] * s.y[j] for i in range(s.n) for j in range(i + 1, s.n)),
    "tikhonov": lambda s: (
        inv(s.A.T @ s.W_1.T @ s.W_1 @ s.A + s.W_2.T @ s.W_2)
        @ (s.A.T @ s.W_1.T @ s.W_1 @ s.b + s.W_2.T @ s.W_2 @ s.c)
    ),
    "tikhonov_objective": lambda s: (
        norm(s.W_1 @ (s.A @ s.x - s.b)) ** 2 + norm(s.W_2 @ (s.x - s.c)) ** 2
    ),
    "tikhonov_gradient": lambda s: (
        2 * s.A.T @ s.W_1.T @ s.W_1 @ (s.A @ s.x - s.b) + 2 * s.W_2.T @ s.W_2 @ (s.x - s.c)
    ),
    "tikhonov_c": lambda s: np.vstack([s.W_1 @ s.A, s.W_2]),
    "tikhonov_d": lambda s: np.concatenate([s.W_1 @ s.b, s.W_2 @ s.c]),
    "root_lambda_identity": lambda s: np.sqrt(s.lam) * np.eye(s.d),
    "lagrangian_gradient": lambda s: -2 * _scatter(s) @ s.W + 2 * s.W @ s.Lambda,
    "minus_trace": lambda s: -np.trace(s.W.T @ _scatter(s) @ s.W),
    "plus_trace": lambda s: np.trace(s.W.T @ _scatter(s) @ s.W),
    "lagrangian": lambda s: (
        -np.trace(s.W.T @ _scatter(s) @ s.W) + np.trace(s.Lambda.T @ (s.W.T @ s.W - np.eye(s.k)))
    ),
    "rotated_scatter": lambda s: s.M @ _scatter(s) @ s.M.T,
    "scaled_scatter": lambda s: s.alpha**2 * _scatter(s),
    "scatter": _scatter,
    "rotated_mean": lambda s: (np.eye(s.d) - s.M) @ s.p,
    "rotated_w": lambda s: s.M @ s.W,
    "eigen_sum": lambda s: np.trace(s.Lambda),
    "shift": lambda s: s.x_1 + s.s * s.q / norm(s.q),
    "unit_q": lambda s: s.q / norm(s.q),
    "between": lambda s: sum(s.counts[j] / s.n * norm(s.mu[j] - s.hat_x) ** 2 for j in range(s.k)),
    "kmeans": _distances,
    "total": lambda s: sum(norm(s.X[i] - s.hat_x) ** 2 for i in range(s.n)) / s.n,
    "centre_2": lambda s: s.gamma[:, 1] @ s.X / s.gamma[:, 1].sum(),
    "mean_x": lambda s: s.X.mean(axis=0),
    "within_2": lambda s: (
        sum(s.gamma[i, 1] * norm(s.X[i] - s.mu[1]) ** 2 for i in range(s.n)) / s.gamma[:, 1].sum()
    ),
    "db": lambda s: s.dout.sum(axis=0),
    "dw": lambda s: s.x.T @ s.dout,
    "dx": lambda s: s.dout @ s.w.T,
    "affine": lambda s: s.x @ s.w + np.outer(np.ones(s.N), s.b),
    "window": _window,
    "window_total": lambda s: float(s.D.sum()),
}
