"""What belongs together in `least_squares`: each function alone, though one may call another."""

from __future__ import annotations

from autograder.judging.groups import Group, function

PLACES = {
    "lstsq_svd": "linear.least_squares",
    "min_norm_svd": "linear.least_squares",
    "ridge": "linear.ridge",
    "ridge_svd": "linear.ridge",
    "ridge_fake_data": "linear.ridge",
    "ridge_fake_features": "linear.ridge",
    "tikhonov": "linear.tikhonov",
}

# Which functions are likely to be called in others: a mistake of theirs costs no points there.
SOLVERS = ("lstsq_svd", "min_norm_svd")
CALLED = {
    "min_norm_svd": ("lstsq_svd",),
    "ridge_fake_data": SOLVERS,
    "ridge_fake_features": SOLVERS,
    "tikhonov": SOLVERS,
}

GROUPS = tuple(
    Group(name=name, checks=(name,), parts=(function(module, name),), uses=CALLED.get(name, ()))
    for name, module in PLACES.items()
)
