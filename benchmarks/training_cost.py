"""CPU seconds that training in grading costs for one right submission, judge and sandbox included.

    python benchmarks/training_cost.py fully_connected_nets mnist_numpy

Grades the reference in a process of its own: with all hidden tests, and without those that train,
which are the ones with a budget of their own. The difference is what training costs. Everything
that a command starts is counted, see `cost.py`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from cost import measure
from measured import Table

from autograder.assignment import load_assignment
from autograder.authoring import reference_files
from autograder.grading import grade_submission
from autograder.judging.check import DEFAULT_SECONDS, load_checks
from autograder.results import CheckResult, Status
from autograder.submission import Submission

SLUGS = ["fully_connected_nets", "mnist_numpy"]


def main() -> None:
    """Measure and print, or grade once as this script asks itself to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("slugs", nargs="*", default=SLUGS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--once", choices=("all", "rest"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        _grade(options.slugs[0], training=options.once == "all")
        return
    rows = [_row(slug, options.rounds) for slug in options.slugs]
    print(f"CPU seconds, median of {options.rounds} rounds")
    print(Table(header=("assignment", "all tests", "without training", "training"), rows=rows))


def _row(slug: str, rounds: int) -> list[str]:
    spent = {
        kind: [
            measure([sys.executable, __file__, slug, "--once", kind], cwd=Path.cwd()).cpu
            for _ in range(rounds)
        ]
        for kind in ("all", "rest")
    }
    whole, rest = (statistics.median(seconds) for seconds in spent.values())
    return [slug, f"{whole:.2f}", f"{rest:.2f}", f"{whole - rest:.2f}"]


def _grade(slug: str, *, training: bool) -> None:
    assignment = load_assignment(slug)
    checks = load_checks(assignment.checks_module)
    known = {
        id: CheckResult(
            id=id,
            name=one.summary,
            status=Status.PASSED,
            score=one.points,
            max_score=one.points,
        )
        for id, one in checks.items()
        if not training and one.seconds > DEFAULT_SECONDS
    }
    submission = Submission(student="reference", files=reference_files(assignment))
    report = grade_submission(assignment, submission, known=known)
    if report.score != report.max_score:
        sys.exit(f"{slug}: the reference has {report.score:g} of {report.max_score:g} points")


if __name__ == "__main__":
    main()
