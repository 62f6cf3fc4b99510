"""A class → its `Report`s: in parallel, each written as soon as it is there, nobody lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from autograder.assignment import Assignment
from autograder.files import write_atomically
from autograder.judging.check import load_checks
from autograder.results import CheckResult, Report, Status
from autograder.sandbox.levels import get_level
from autograder.submission import Submission, file_stem

from .loading import read_release
from .one import grade_submission


def grade_class(
    assignment: Assignment,
    submissions: Sequence[Submission],
    *,
    out: Path,
    seed: int,
    jobs: int | None = None,
    level: str = "bubblewrap",
    on_report: Callable[[Report], None] = lambda report: None,
    executor: Executor | None = None,
) -> list[Report]:
    """Grade every submission and write ``OUT/SLUG/STUDENT.json`` as each one is done.

    Parameters
    ----------
    jobs : submissions at a time; the number of cores by default.
    on_report : called in this thread for every report, in the order in which they are done.
    executor : where to run; threads that watch over worker processes by default.

    Returns
    -------
    The reports in the order of `submissions`. A failure of the grader itself gives that student
    checks of status `error`.

    Raises
    ------
    UnknownLevelError, UnavailableLevelError, NotBuiltError : before anything is graded.
    """
    get_level(level)
    read_release(assignment)
    if executor is None:
        with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as threads:
            return grade_class(
                assignment, submissions, out=out, seed=seed, level=level,
                on_report=on_report, executor=threads,
            )  # fmt: skip
    grade = partial(_grade_safely, assignment, level=level, seed=seed)
    places = {executor.submit(grade, one): number for number, one in enumerate(submissions)}
    reports: dict[int, Report] = {}
    for future in as_completed(places):
        report = reports[places[future]] = future.result()
        write_report(report, out)
        on_report(report)
    return [reports[number] for number in range(len(submissions))]


def report_path(out: Path, slug: str, student: str) -> Path:
    """Where the JSON of one submission is."""
    return out / slug / f"{file_stem(student)}.json"


def write_report(report: Report, out: Path) -> Path:
    """Write the JSON of one submission, whole or not at all."""
    path = report_path(out, report.assignment, report.student)
    write_atomically(path, report.to_json())
    return path


def _grade_safely(
    assignment: Assignment, submission: Submission, *, level: str, seed: int
) -> Report:
    """Grade one submission; a failure of ours becomes a report that says so."""
    try:
        return grade_submission(assignment, submission, level=level, seed=seed)
    except Exception as error:
        return _failed_report(assignment, submission, error, level, seed)


def _failed_report(
    assignment: Assignment, submission: Submission, error: Exception, level: str, seed: int
) -> Report:
    rationale = f"The grader failed: {type(error).__name__}: {error}"
    results = tuple(
        CheckResult(
            id=check.id,
            name=check.summary,
            status=Status.ERROR,
            score=0.0,
            max_score=check.points,
            rationale=rationale,
            help="This is our bug, not yours; the score stays open until it is mended.",
        )
        for check in load_checks(assignment.checks_module).values()
    )
    return Report(
        assignment=assignment.slug,
        student=submission.student,
        score=0.0,
        max_score=sum(result.max_score for result in results),
        sandbox=level,
        seed=seed,
        seconds=0.0,
        checks=results,
    )
