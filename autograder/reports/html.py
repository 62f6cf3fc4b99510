"""Reports as pages that need nothing else: no font, no picture and no script from anywhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from autograder.files import write_atomically
from autograder.results import Report
from autograder.submission import file_stem

from .class_page import class_page
from .rendering import render
from .wording import NO_NOTES, NO_PROBLEMS, Notes, Problems, counts

CLASS_PAGE = "index.html"


def student_page(report: Report, *, title: str, problems: Sequence[str] = ()) -> str:
    """One submission for its student. The seed is left out: it would tell the hidden inputs."""
    return render(
        "student.html", report=report, title=title, problems=problems, tally=counts(report)
    )


def write_pages(
    folder: Path,
    reports: Sequence[Report],
    *,
    title: str,
    problems: Problems = NO_PROBLEMS,
    seen: Problems | None = None,
    notes: Notes = NO_NOTES,
    warnings: Sequence[str] = (),
    missing: Sequence[str] = (),
    graded: Collection[str] | None = None,
) -> Path:
    """Write ``STUDENT.html`` for everyone and ``index.html``, whose path is returned.

    The page of the class is the instructor's: it has `seen` in the place of `problems`. Where only
    some were `graded`, the others' pages are written if they are missing or older than the result.
    """
    for report in reports:
        if graded is not None and report.student not in graded and _is_current(folder, report):
            continue
        page = student_page(report, title=title, problems=problems.get(report.student, ()))
        write_atomically(folder / f"{file_stem(report.student)}.html", page.encode("utf-8"))
    page = class_page(
        reports,
        title=title,
        problems=problems if seen is None else seen,
        notes=notes,
        warnings=warnings,
        missing=missing,
    )
    write_atomically(folder / CLASS_PAGE, page.encode("utf-8"))
    return folder / CLASS_PAGE


def _is_current(folder: Path, report: Report) -> bool:
    """Whether a student's page was written after the result."""
    stem = file_stem(report.student)
    try:
        written = (folder / f"{stem}.html").stat().st_mtime_ns
        return written >= (folder / f"{stem}.json").stat().st_mtime_ns
    except OSError:
        return False
