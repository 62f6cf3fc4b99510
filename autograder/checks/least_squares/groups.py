"""What belongs together in `least_squares`: no check needs another, so each stands alone."""

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

GROUPS = tuple(
    Group(name=name, checks=(name,), parts=(function(module, name),))
    for name, module in PLACES.items()
)
