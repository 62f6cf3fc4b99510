"""The ways in which submissions come to the grader, by name. Grades nothing."""

from __future__ import annotations

from enum import StrEnum


class SubmissionRoute(StrEnum):
    """What an instructor has started: us, nbgrader, Gradescope's container, or a cluster."""

    DIRECT = "direct"
    NBGRADER = "nbgrader"
    GRADESCOPE = "gradescope"
    CLUSTER = "cluster"
