"""The call of a failed check, from a result that is there: what `autograder explain` prints."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from autograder.errors import UserError
from autograder.exhibit import Exhibit
from autograder.results import SCHEMA, CheckResult, Report, Status

from .store import FOREIGN, UNREADABLE, report_path

NO_RESULT = "There is no result of {student} in {folder}. {hint}"
NEWER = "{path} was written by a newer version of the grader. Update this one, or grade again here."
NO_CHECK = "{slug} has no check {check!r}. {hint}"
PASSED = "{check} passed for {student}: there is no call that failed."
NOT_RUN = "{check} is “{status}” for {student}: no call of it failed. {rationale}"
OLDER = (
    "The result of {student} has no call of {check}: it was written by an earlier version of the"
    " grader, or the check ended before it called anything. Grade again with --fresh."
)
NONE_KEPT = "There is no call to print for {check}: {reason}"
_FAILED = (Status.FAILED, Status.PARTIAL)


class NoCallError(UserError, LookupError):
    """There is no failed call to print; the message says why, and what to do."""


def stored_call(out: Path, slug: str, student: str, check: str) -> tuple[CheckResult, str]:
    """The result of a check that failed, and Python that makes its call again.

    Parameters
    ----------
    out : the folder of results.

    Raises
    ------
    NoCallError : there is no such result or check, or no call of it failed or was kept.
    """
    report = _report(out, slug, student)
    results = {result.id: result for result in report.checks}
    if check not in results:
        raise NoCallError(NO_CHECK.format(slug=slug, check=check, hint=_near(check, results)))
    result = results[check]
    if result.status is Status.PASSED:
        raise NoCallError(PASSED.format(check=check, student=student))
    if result.status not in _FAILED:
        said = {"status": result.status.value, "rationale": result.rationale}
        raise NoCallError(NOT_RUN.format(check=check, student=student, **said).rstrip())
    if not isinstance(result.exhibit, Exhibit):
        raise NoCallError(OLDER.format(check=check, student=student))
    if not result.exhibit.tryout:
        reason = result.exhibit.no_tryout
        raise NoCallError(NONE_KEPT.format(check=check, reason=reason))
    return result, result.exhibit.tryout


def _report(out: Path, slug: str, student: str) -> Report:
    path = report_path(out, slug, student)
    try:
        report = Report.from_json(path.read_bytes())
    except FileNotFoundError:
        names = [one.stem for one in path.parent.glob("*.json") if not one.name.startswith(".")]
        said = {"student": student, "folder": path.parent, "hint": _students(student, slug, names)}
        raise NoCallError(NO_RESULT.format(**said)) from None
    except (OSError, msgspec.DecodeError) as error:
        raise NoCallError(UNREADABLE.format(path=path, reason=error)) from error
    if report.schema > SCHEMA:
        raise NoCallError(NEWER.format(path=path))
    if (report.assignment, report.student) != (slug, student):
        found = f"{report.student} in {report.assignment}"
        raise NoCallError(FOREIGN.format(path=path, found=found, wanted=f"{student} in {slug}"))
    return report


def _students(student: str, slug: str, names: list[str]) -> str:
    grade = f"Grade first, with `autograder grade {slug} PATH`, or name the folder with --out."
    near = difflib.get_close_matches(student, names, n=1)
    return f"Did you mean {near[0]}?" if near else grade


def _near(name: str, known: Iterable[str]) -> str:
    listed = list(known)
    near = difflib.get_close_matches(name, listed, n=1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(listed) or 'none'}."
