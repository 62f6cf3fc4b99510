"""Reports as pages that need nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from autograder.files import write_atomically
from autograder.printable import printable
from autograder.results import ManualPart, Report, Status
from autograder.submission import file_stem

from .wording import (
    LOOKS,
    NO_NOTES,
    NO_PROBLEMS,
    Notes,
    Problems,
    by_hand,
    counts,
    number,
    states,
    verdict,
)

OVERVIEW = "index.html"
_TEMPLATES = Path(__file__).parent / "templates"
_CODE = re.compile(r"`([^`\n]+)`")


def student_page(
    report: Report, *, title: str, problems: Sequence[str] = (), mark: Sequence[str] = ()
) -> str:
    """One submission for its student. The seed is left out: it would tell the hidden inputs.

    `mark` are sentences about the final mark, where people have decided about it.
    """
    return (
        _environment()
        .get_template("student.html")
        .render(report=report, title=title, problems=problems, mark=mark, tally=counts(report))
    )


def overview_page(
    reports: Sequence[Report],
    *,
    title: str,
    problems: Problems = NO_PROBLEMS,
    notes: Notes = NO_NOTES,
    warnings: Sequence[str] = (),
    missing: Sequence[str] = (),
) -> str:
    """A class for its instructor, with a link to each student's page.

    Parameters
    ----------
    problems, notes : what is known of each student beside the results: sentences about files, and
        a column of its own for what was known beforehand.
    warnings, missing : what is not certain about whose files some are, and who handed in nothing.
    """
    shares = [report.score / report.max_score for report in reports if report.max_score]
    return _environment().get_template("overview.html").render(
        reports=reports,
        title=title,
        problems=problems,
        notes=notes,
        warnings=warnings,
        missing=missing,
        checks=reports[0].checks if reports else (),
        passed=_passed(reports),
        mean=statistics.mean(shares) if shares else 0.0,
        median=statistics.median(shares) if shares else 0.0,
        open_scores=[report.student for report in reports if report.failed_to_grade],
        to_decide=_to_decide(reports),
        by_hand=_by_hand(reports),
    )  # fmt: skip


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
    marks: Problems = NO_PROBLEMS,
) -> Path:
    """Write ``STUDENT.html`` for everyone and ``index.html``, whose path is returned.

    The overview is the instructor's: it has `seen` in the place of `problems`. `marks` are
    sentences about the final marks that people have decided about.
    """
    for report in reports:
        page = student_page(
            report,
            title=title,
            problems=problems.get(report.student, ()),
            mark=marks.get(report.student, ()),
        )
        write_atomically(folder / f"{file_stem(report.student)}.html", page.encode("utf-8"))
    page = overview_page(
        reports,
        title=title,
        problems=problems if seen is None else seen,
        notes=notes,
        warnings=warnings,
        missing=missing,
    )
    write_atomically(folder / OVERVIEW, page.encode("utf-8"))
    return folder / OVERVIEW


def _passed(reports: Sequence[Report]) -> dict[str, int]:
    """How many of the class passed each check."""
    passed: dict[str, int] = {}
    for report in reports:
        for result in report.checks:
            passed[result.id] = passed.get(result.id, 0) + (result.status is Status.PASSED)
    return passed


def _to_decide(reports: Sequence[Report]) -> list[str]:
    """The students with a check that a person has to decide."""
    found = ((r.student, {result.status for result in r.checks}) for r in reports)
    return [student for student, statuses in found if Status.PERSON in statuses]


def _by_hand(reports: Sequence[Report]) -> dict[str, list[tuple[str, ManualPart]]]:
    """The cells that a person marks, with everyone who wrote something there."""
    found: dict[str, list[tuple[str, ManualPart]]] = {}
    for report in reports:
        for part in report.manual:
            answers = found.setdefault(part.id, [])
            answers += [(report.student, part)] if part.answered else []
    return found


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_legible,
    )
    environment.filters |= {
        "number": number,
        "prose": _prose,
        "by_hand": by_hand,
        "states": states,
        "stem": file_stem,
        "verdict": verdict,
        "look": LOOKS.__getitem__,
    }
    environment.globals["style"] = Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8"))
    return environment


def _legible(value: object) -> object:
    """What a template prints, without characters that hide or turn their neighbours."""
    return printable(value) if type(value) is str else value


def _prose(text: str) -> Markup:
    """Escaped text, in which `words between backticks` are set as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(printable(text)))))
