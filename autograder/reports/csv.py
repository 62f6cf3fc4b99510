"""A class as CSV for a spreadsheet: one line per student, one column per check."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from autograder.results import CheckResult, Report, Status
from autograder.tables import harmless

from .wording import NO_PROBLEMS, Problems, number


def class_csv(reports: Sequence[Report], *, problems: Problems = NO_PROBLEMS) -> bytes:
    """``student,score,max_score,final,notes,followed``, then each check's score, in their order.

    A check that the grader itself could not decide says ``error``, one that is left to a person
    ``open``, and that student's ``final`` is ``no``; ``notes`` are the `problems` with the files,
    ``followed`` the checks that were marked with the course's part in the place of a failed one.
    UTF-8; what a spreadsheet would run as a formula begins with ``'``, also behind a ``;``.
    """
    ids = list(dict.fromkeys(result.id for report in reports for result in report.checks))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(
        ["student", "score", "max_score", "final", "notes", "followed", *map(harmless, ids)]
    )
    for report in reports:
        results = {result.id: result for result in report.checks}
        final = "yes" if report.is_final else "no"
        head = [harmless(report.student), number(report.score), number(report.max_score), final]
        head.append(harmless(" ".join(problems.get(report.student, ()))))
        head.append(harmless(" ".join(result.id for result in report.checks if result.followed)))
        writer.writerow([*head, *(_cell(results.get(id)) for id in ids)])
    return buffer.getvalue().encode("utf-8")


def _cell(result: CheckResult | None) -> str:
    if result is None:
        return ""
    undecided = {Status.ERROR: "error", Status.PERSON: "open"}
    return undecided.get(result.status) or number(result.score)
