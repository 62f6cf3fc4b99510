"""What belongs together in `linearized_features`, where the course can replace a failed part."""

from __future__ import annotations

from autograder.judging.groups import Group, function

SHALLOW, DEEP = "linearized.shallow", "linearized.deep"
DESCENT, SPECTRUM = "linearized.descent", "linearized.spectrum"

GROUPS = (
    Group(
        name="shallow.predict",
        checks=("shallow_predict",),
        parts=(function(SHALLOW, "predict"),),
    ),
    Group(name="elbows", checks=("elbows", "elbows_flat"), parts=(function(SHALLOW, "elbows"),)),
    Group(
        name="shallow.features",
        checks=("shallow_features", "single_point"),
        parts=(function(SHALLOW, "features"),),
    ),
    Group(name="deep.predict", checks=("deep_predict",), parts=(function(DEEP, "predict"),)),
    Group(name="deep.features", checks=("deep_features",), parts=(function(DEEP, "features"),)),
    Group(
        name="gradient_step",
        checks=("gradient_step",),
        parts=(function(DESCENT, "gradient_step"),),
    ),
    Group(name="train", checks=("training",)),
    Group(name="elbow_path", checks=("elbow_path",), parts=(function(DESCENT, "elbow_path"),)),
    Group(
        name="principal_features",
        checks=("principal_features",),
        parts=(function(SPECTRUM, "principal_features"),),
    ),
    Group(
        name="features_needed",
        checks=("features_needed",),
        parts=(function(SPECTRUM, "features_needed"),),
    ),
    Group(
        name="least_change",
        checks=("least_change", "least_change_rank"),
        parts=(function(SPECTRUM, "least_change"),),
    ),
)
