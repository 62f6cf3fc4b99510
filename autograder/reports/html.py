"""Reports as pages that need nothing else: no font, no picture and no script from anywhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from autograder.files import write_atomically
from autograder.results import MARKS, Report
from autograder.submission import file_stem

from .class_page import class_page
from .rendering import render
from .similar_page import SIMILAR_PAGE
from .wording import NO_MARKS, NO_NOTES, NO_PROBLEMS, Marks, Notes, Problems, counts

CLASS_PAGE = "index.html"


def student_page(
    report: Report, *, title: str, problems: Sequence[str] = (), mark: Sequence[str] = ()
) -> str:
    """One submission for its student. The seed is left out: it would tell the hidden inputs.

    `mark` are sentences about the final mark, where people have decided about it.
    """
    return render(
        "student.html",
        report=report,
        title=title,
        problems=problems,
        mark=mark,
        tally=counts(report),
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
    marks: Problems = NO_PROBLEMS,
    decided: Marks = NO_MARKS,
) -> Path:
    """Write ``STUDENT.html`` for everyone and ``index.html``, whose path is returned.

    The page of the class is the instructor's: it has `seen` in the place of `problems`. Where only
    some were `graded`, the others' pages are written if they are missing or older than the result.
    `marks` are sentences about the final marks that people have decided about, for their students;
    `decided` is the same for the page of the class.
    """
    for report in reports:
        if graded is not None and report.student not in graded and _is_current(folder, report):
            continue
        page = student_page(
            report,
            title=title,
            problems=problems.get(report.student, ()),
            mark=marks.get(report.student, ()),
        )
        write_atomically(folder / f"{file_stem(report.student)}.html", page.encode("utf-8"))
    page = class_page(
        reports,
        title=title,
        problems=problems if seen is None else seen,
        notes=notes,
        warnings=warnings,
        missing=missing,
        marks=decided,
        similar=SIMILAR_PAGE if (folder / SIMILAR_PAGE).is_file() else "",
    )
    write_atomically(folder / CLASS_PAGE, page.encode("utf-8"))
    return folder / CLASS_PAGE


def _is_current(folder: Path, report: Report) -> bool:
    """Whether a student's page was written after the result, and after what people have decided."""
    stem = file_stem(report.student)
    decided = folder / MARKS
    sources = [folder / f"{stem}.json", *([decided] if decided.exists() else [])]
    try:
        written = (folder / f"{stem}.html").stat().st_mtime_ns
        return all(written >= source.stat().st_mtime_ns for source in sources)
    except OSError:
        return False
