"""Reports as pages that need nothing else: no font, no picture and no script of others'."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from autograder.files import write_atomically
from autograder.results import MARKS, Report
from autograder.submission import file_stem

from .class_page import class_page
from .lesson_places import NO_PLACES, LessonPlaces
from .rendering import embedded, render
from .similar_page import SIMILAR_PAGE
from .student_checks import sections, tryouts
from .wording import (
    NO_MARKS,
    NO_NOTES,
    NO_PROBLEMS,
    Marks,
    Notes,
    Problems,
    counts,
    to_come,
)

CLASS_PAGE = "index.html"
TRY_AGAIN = "try_again"


def student_page(
    report: Report,
    *,
    title: str,
    problems: Sequence[str] = (),
    mark: Sequence[str] = (),
    places: LessonPlaces = NO_PLACES,
    try_again: bool = False,
) -> str:
    """One submission for its student. The seed is left out: it would tell the hidden inputs.

    What the grader suggests for a text that a person marks is left out too, whoever has marked it.

    Parameters
    ----------
    mark : sentences about the final mark, where people have decided about it.
    places : where the checks stand in the notebooks.
    try_again : whether files that make the failed calls again come with the page.
    """
    return render(
        "student.html",
        report=report,
        title=title,
        problems=problems,
        mark=mark,
        tally=counts(report),
        sections=sections(report, places, try_again=try_again),
        to_come="" if mark else to_come(report),
        student_style=embedded("exhibit.css") + embedded("student.css"),
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
    places: LessonPlaces = NO_PLACES,
    try_again: bool = False,
) -> Path:
    """Write ``STUDENT.html`` for everyone and ``index.html``, whose path is returned.

    The page of the class is the instructor's: it has `seen` in the place of `problems`. Where only
    some were `graded`, the others' pages are written if they are missing or older than the result.
    `marks` are sentences about the final marks that people have decided about, for their students;
    `decided` is the same for the page of the class. `places` and `try_again` are as for
    `student_page`; the files are in ``try_again/STUDENT/``.
    """
    for report in reports:
        if graded is not None and report.student not in graded and _is_current(folder, report):
            continue
        page = student_page(
            report,
            title=title,
            problems=problems.get(report.student, ()),
            mark=marks.get(report.student, ()),
            places=places,
            try_again=try_again,
        )
        _write_tryouts(
            folder / TRY_AGAIN / file_stem(report.student), report if try_again else None
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


def _write_tryouts(folder: Path, report: Report | None) -> None:
    """Write the files that make failed calls again, and remove those of an earlier result."""
    files = {} if report is None else dict(tryouts(report))
    for old in folder.glob("try_*.py"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        write_atomically(folder / name, text.encode("utf-8"))


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
