"""The layouts in which the files of a class may lie, by name. Reads nothing, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Layout(StrEnum):
    """How the files of students lie in what the grader was given."""

    AUTO = "auto"
    STUDENT = "student"
    CLASS = "class"
    SECTIONS = "sections"
    NBGRADER = "nbgrader"
    CANVAS = "canvas"
    MOODLE = "moodle"
    BLACKBOARD = "blackboard"
    BRIGHTSPACE = "brightspace"
    GRADESCOPE = "gradescope"
    GITHUB = "github"
    EXCHANGE = "exchange"


TITLES: Mapping[Layout, str] = {
    Layout.CANVAS: "Canvas",
    Layout.MOODLE: "Moodle",
    Layout.BLACKBOARD: "Blackboard",
    Layout.BRIGHTSPACE: "Brightspace",
    Layout.GRADESCOPE: "Gradescope",
    Layout.GITHUB: "GitHub Classroom",
    Layout.EXCHANGE: "nbgrader's exchange",
}
