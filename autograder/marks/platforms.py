"""The platforms that marks can be exported for, by name."""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    """Whose columns the file has."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    NBGRADER = "nbgrader"
