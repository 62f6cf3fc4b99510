"""One way to show results for each format that a user can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.assignment import Assignment
from autograder.files import write_atomically
from autograder.results import Report
from autograder.submission import Submission, file_stem

from .csv import class_csv
from .feedback import read_feedback
from .gradescope import gradescope_json, gradescope_results
from .html import write_pages
from .json import class_json
from .lesson_places import lesson_places
from .text import print_reports
from .visibility import Visibility, read_leaderboard, read_visibility
from .wording import NO_MARKS, NO_PROBLEMS, Marks, Problems

GRADES = "grades.csv"
GRADESCOPE = "gradescope"


def show(
    kind: str,
    assignment: Assignment,
    submissions: Sequence[Submission],
    reports: Sequence[Report],
    folder: Path,
    *,
    before: Sequence[Report] = (),
    warnings: Sequence[str] = (),
    missing: Sequence[str] = (),
    marks: Problems = NO_PROBLEMS,
    decided: Marks = NO_MARKS,
) -> None:
    """Print results (`kind` text or json), or write them to `folder` and say where.

    What is printed is of this run; the files are of the class, so that grading one student again
    leaves the others on its page.

    Parameters
    ----------
    before : the results of everyone in the folder; those of this run take their place.
    warnings, missing : what is not certain about the class as a whole, and who handed in nothing.
    marks : what students are told about marks that people have decided about.
    decided : these marks, and what the instructor reads of them.

    Raises
    ------
    OSError : nothing can be written.
    ValueError : there is no such kind.
    """
    problems = {
        submission.student: (*submission.problems, *report.problems)
        for submission, report in zip(submissions, reports, strict=True)
    }
    # Whose the files may be is for the instructor to read, and on no student's page.
    everyone = _class(reports, before)
    problems = {one.student: (*one.notes, *one.problems) for one in everyone} | problems
    warned = _with(problems, {report.student: report.warnings for report in everyone})
    known = _with(warned, {report.student: report.facts for report in everyone})
    match kind:
        case "text":
            print_reports(reports, problems=warned)
        case "json":
            print(class_json(reports))
        case "html":
            feedback = read_feedback(assignment.course)
            pages = write_pages(
                folder,
                everyone,
                title=assignment.title,
                problems=problems,
                seen=known,
                warnings=warnings,
                missing=missing,
                graded={report.student for report in reports},
                marks=marks,
                decided=decided,
                places=lesson_places(assignment, address=feedback.notebooks),
                try_again=feedback.try_again,
            )
            print(pages)
        case "csv":
            write_atomically(folder / GRADES, class_csv(everyone, problems=known))
            print(folder / GRADES)
        case "gradescope":
            ids = {result.id for report in reports for result in report.checks}
            visibility = read_visibility(assignment.course, assignment.slug, ids)
            _write_gradescope(
                reports,
                problems,
                folder / GRADESCOPE,
                visibility=visibility,
                try_again=read_feedback(assignment.course).try_again,
                leaderboard=read_leaderboard(assignment.course),
            )
            print(folder / GRADESCOPE)
        case _:
            raise ValueError(f"no format is called {kind!r}")


def _write_gradescope(
    reports: Sequence[Report],
    problems: Problems,
    folder: Path,
    *,
    visibility: Visibility,
    try_again: bool,
    leaderboard: bool,
) -> None:
    for report in reports:
        results = gradescope_results(
            report,
            problems=problems.get(report.student, ()),
            visibility=visibility,
            try_again=try_again,
            leaderboard=leaderboard,
        )
        write_atomically(folder / f"{file_stem(report.student)}.json", gradescope_json(results))


def _class(reports: Sequence[Report], before: Sequence[Report]) -> list[Report]:
    """The reports of this run in their order, and then those that only earlier runs have."""
    graded = {report.student for report in reports}
    return [*reports, *(report for report in before if report.student not in graded)]


def _with(problems: Problems, more: Problems) -> Problems:
    """For each student what more there is to say, and then the problems, each once."""
    return {
        student: tuple(dict.fromkeys((*more.get(student, ()), *sentences)))
        for student, sentences in problems.items()
    }
