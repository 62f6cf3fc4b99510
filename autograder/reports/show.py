"""One way to show results for each format that a user can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.assignment import Assignment
from autograder.files import write_atomically
from autograder.results import Report
from autograder.submission import Submission, file_stem

from .csv import class_csv
from .gradescope import gradescope_json, gradescope_results
from .html import write_pages
from .json import class_json
from .text import print_reports

GRADES = "grades.csv"
GRADESCOPE = "gradescope"


def show(
    kind: str,
    assignment: Assignment,
    submissions: Sequence[Submission],
    reports: Sequence[Report],
    folder: Path,
) -> None:
    """Print results (`kind` text or json), or write them to `folder` and say where.

    Raises `OSError` where nothing can be written, `ValueError` for another kind.
    """
    problems = {
        submission.student: (*submission.problems, *report.problems)
        for submission, report in zip(submissions, reports, strict=True)
    }
    match kind:
        case "text":
            print_reports(reports, problems=problems)
        case "json":
            print(class_json(reports))
        case "html":
            print(write_pages(folder, reports, title=assignment.title, problems=problems))
        case "csv":
            write_atomically(folder / GRADES, class_csv(reports, problems=problems))
            print(folder / GRADES)
        case "gradescope":
            for report in reports:
                results = gradescope_results(report, problems=problems.get(report.student, ()))
                path = folder / GRADESCOPE / f"{file_stem(report.student)}.json"
                write_atomically(path, gradescope_json(results))
            print(folder / GRADESCOPE)
        case _:
            raise ValueError(f"no format is called {kind!r}")
