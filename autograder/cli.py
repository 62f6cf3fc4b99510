"""The command line. Knows which commands there are; each is in a room of `commands`.

Exit codes: 0 done (whatever the marks), 1 what was to be proved does not hold, 2 wrong usage,
3 the grader itself failed somewhere, 130 interrupted.
"""

from __future__ import annotations

from autograder.arguments import hide
from autograder.commands import (
    adopting,
    courses,
    explaining,
    grading,
    intake,
    machine,
    marks,
    proving,
    similar,
)
from autograder.commands.app import app

__all__ = [
    "adopting",
    "app",
    "courses",
    "explaining",
    "grading",
    "intake",
    "machine",
    "main",
    "marks",
    "proving",
    "similar",
]


def main() -> None:
    """Run the command line."""
    hide("seed")  # other users of the machine can read it, and so can submissions at some levels
    app()
