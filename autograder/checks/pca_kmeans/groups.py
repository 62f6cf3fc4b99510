"""What belongs together in `pca_kmeans`, where the course can replace a failed part."""

from __future__ import annotations

from autograder.judging.groups import Group, function

PCA, KMEANS = "unsupervised.pca", "unsupervised.kmeans"

GROUPS = (
    Group(
        name="pca",
        checks=("pca", "pca_wide", "pca_equal_values"),
        parts=(function(PCA, "pca"),),
    ),
    Group(name="reconstruct", checks=("reconstruct",), parts=(function(PCA, "reconstruct"),)),
    Group(name="assign", checks=("assign", "assign_ties"), parts=(function(KMEANS, "assign"),)),
    Group(name="update", checks=("update", "update_empty"), parts=(function(KMEANS, "update"),)),
    Group(name="objective", checks=("objective",), parts=(function(KMEANS, "objective"),)),
    Group(
        name="kmeans",
        checks=("kmeans", "kmeans_start", "kmeans_empty", "kmeans_ties"),
        parts=(function(KMEANS, "kmeans"),),
    ),
    Group(
        name="kmeans_l1",
        checks=("kmeans_l1", "kmeans_l1_edges"),
        parts=(function(KMEANS, "kmeans_l1"),),
    ),
)
