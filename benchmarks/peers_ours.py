"""Grades the benchmark's class as `autograder grade` does, and prints JSON: scores and memory.

python benchmarks/peers_ours.py SUBMITTED OUT --jobs 2
"""

from __future__ import annotations

import argparse
import json
import resource
from pathlib import Path

from peers_assignment import COURSE, SLUG

from autograder.assignment import load_assignment
from autograder.cores import use_one_blas_thread
from autograder.sandbox.levels import make_ready
from autograder.submission import find_submissions


def main() -> None:
    """Grade everything in a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("submitted", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    use_one_blas_thread()
    assignment = load_assignment(SLUG, COURSE)
    if options.jobs == 1:
        make_ready("bubblewrap")
    from autograder.grading import Conditions, Processes, course_seed, grade_class

    reports = grade_class(
        Conditions(assignment=assignment, seed=course_seed(options.out)),
        find_submissions(options.submitted, assignment),
        out=options.out,
        place=Processes(options.jobs),
    )
    broken = [report.student for report in reports if report.failed_to_grade]
    if broken:
        raise SystemExit(f"the grader failed for {', '.join(broken[:5])}")
    judge_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scores = {report.student: report.score for report in reports}
    (options.out / "scores.json").write_text(json.dumps({"scores": scores, "judge": judge_mib}))


if __name__ == "__main__":
    main()
