"""The benchmark's course, for whoever grades it: imports nothing that grading does not need."""

from __future__ import annotations

from pathlib import Path

from autograder.course import read_course

COURSE = read_course(Path(__file__).parent / "two_layer")
SLUG = "two_layer"
