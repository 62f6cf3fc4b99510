"""Puts the course of this repository into the wheel, as `autograder/shipped/`; see course.toml.

Not into an editable install: there the repository itself is the course, and a copy among Python's
libraries would show hidden tests to every submission.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COURSE = ("course.toml", "solutions", "assignments", "autograder/checks", "datasets")


class ShippedCourse(BuildHookInterface[Any]):
    """Adds the files of the course to a wheel that is not editable."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See the class; called by hatchling before it builds."""
        if version == "standard":
            build_data["force_include"] |= {path: f"autograder/shipped/{path}" for path in COURSE}
