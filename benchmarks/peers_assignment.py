"""The benchmark's assignment, for whoever grades it: imports nothing that grading does not need."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autograder.assignment import Assignment, load_assignment

ROOT = Path(__file__).parent / "two_layer"
SLUG = "two_layer"


class Benchmark(Assignment):
    """An assignment whose hidden tests lie beside it, and not in the package."""

    @property
    def checks_module(self) -> str:
        """The importable name, once `assignment` was called."""
        return "two_layer_checks"


def assignment() -> Benchmark:
    """The benchmark's assignment, here and in the processes that are started from here."""
    for folder in map(str, (ROOT, ROOT.parent)):
        known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([folder, *filter(None, known)]))
        if folder not in sys.path:
            sys.path.append(folder)
    return Benchmark(**vars(load_assignment(SLUG, ROOT)))
