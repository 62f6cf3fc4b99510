"""Hidden tests of `pca_kmeans`, in the order in which they run.

The written questions are specified in `written/`, one file each, and in `written/also/` a second
right answer where one reference does not cover what is right. Nothing in there is handed out.
"""

from . import absolute, clusters, components, gradients, lloyd, settled, transformed
from .groups import GROUPS

__all__ = ["GROUPS", "PARTS"]

PARTS = (gradients, components, transformed, clusters, lloyd, settled, absolute)
