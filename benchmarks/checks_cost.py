"""How long each hidden test of each assignment takes on the reference, in milliseconds.

    python benchmarks/checks_cost.py --rounds 3 --keep

Tests below a limit are summed up in one line for each assignment. The first test of each has the
loading of the submission in it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator

from measured import Table, keep

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files
from autograder.course import find_course
from autograder.grading import grade_submission
from autograder.submission import Submission


def main() -> None:
    """Measure, print and perhaps keep the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("slugs", nargs="*", help="assignments; all of them when left out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=100.0, help="milliseconds")
    parser.add_argument("--keep", action="store_true", help="for the page in docs")
    options = parser.parse_args()
    rows = [
        row
        for slug in options.slugs or find_course().slugs
        for row in _rows(load_assignment(slug), options.rounds, options.limit)
    ]
    table = Table(header=("assignment", "check", "points", "[ms]"), rows=rows)
    title = f"the reference, median of {options.rounds} rounds"
    print(f"{title}\n{table}")
    if options.keep:
        keep("checks", title, table)


def _rows(assignment: Assignment, rounds: int, limit: float) -> Iterator[list[str]]:
    submission = Submission(student="reference", files=reference_files(assignment))
    grade_submission(assignment, submission)  # starts what later ones find running
    reports = [grade_submission(assignment, submission) for _ in range(rounds)]
    print(f"{assignment.slug}: {[report.seconds for report in reports]} s", file=sys.stderr)
    quick, small = 0.0, 0
    for results in zip(*(report.checks for report in reports), strict=True):
        spent = 1000 * statistics.median(result.seconds for result in results)
        if spent >= limit:
            points = f"{results[0].max_score:g}"
            yield [assignment.slug, results[0].id, points, f"{spent:.0f}"]
        else:
            quick, small = quick + spent, small + 1
    yield [assignment.slug, f"{small} others together", "", f"{quick:.0f}"]
    whole = 1000 * statistics.median(report.seconds for report in reports)
    yield [assignment.slug, "the whole submission", "", f"{whole:.0f}"]


if __name__ == "__main__":
    main()
