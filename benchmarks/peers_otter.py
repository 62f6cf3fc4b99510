"""Grades notebooks by otter's own function, one after the other, and writes their scores.

    OTTER_PYTHON benchmarks/peers_otter.py autograder.zip scores.json NOTEBOOK...

Runs in an environment that has otter-grader and nothing of ours.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from otter.api import grade_submission


def main() -> None:
    """Grade what the command line names."""
    configuration, target, *notebooks = sys.argv[1:]
    scores = {}
    for path in notebooks:
        results = grade_submission(path, configuration, quiet=True)
        scores[Path(path).parent.parent.name] = results.total
    Path(target).write_text(json.dumps(scores))


if __name__ == "__main__":
    main()
