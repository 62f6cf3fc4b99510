"""The folder of results: one JSON file per submission, written whole, and what of it still holds.

Knows keys and files, not how grading is done.
"""

from __future__ import annotations

import contextlib
import hmac
import itertools
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.files import make_private, write_atomically
from autograder.results import CheckResult, Report, Status
from autograder.sandbox.limits import Limits
from autograder.submission import Submission, file_stem

from .contents import fingerprint
from .keys import Conditions, KeyMaker, Keys, keyed
from .origins import with_origin
from .seeds import key, read_seed

logger = logging.getLogger(__name__)

UNREADABLE = "{path} is not a result that can be read ({reason})."
FOREIGN = "{path} is the result of {found}, not of {wanted}."
CHANGED = "{path} was changed after the grader wrote it ({reason})."
UNSIGNED = "its signature is not that of this folder's seed"
AGAIN = " It is kept as {aside}, and the submission is graded again."
KEPT = (
    "{student}: the grader failed, so the result of an earlier run stays in {path}. It may be of an"
    " earlier submission; the same command grades again."
)
LEFT_OUT = " It is not on the page of the class; grade this student again."
NOT_WRITTEN = (
    "The result of {student} could not be written: {reason}. Results that were finished before are"
    " kept. When the cause is mended, run the same command again; it goes on where it stopped."
)
FIRST_SIGNED = 2  # the schema since which results are signed
LATER = ("notes",)  # what reports have since then: not signed where it is empty, as in older files
_STALE_SECONDS = 3600


class NotWrittenError(OSError):
    """A result cannot be kept: the disk is full, or the folder may not be written to."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What the store has for one submission.

    Attributes
    ----------
    report : the whole report, where nothing that it depends on has changed.
    known : otherwise the results of single checks that still hold, by id.
    seconds : how long grading took the last time, whatever has changed since.
    notice : a sentence for the instructor about a file that cannot be used.
    place : where the files of an earlier result were found; None where there is none.
    """

    report: Report | None = None
    known: Mapping[str, CheckResult] = field(default_factory=dict)
    seconds: float | None = None
    notice: str = ""
    place: str | None = None


def report_path(out: Path, slug: str, student: str) -> Path:
    """Where the JSON of one submission is."""
    return out / slug / f"{file_stem(student)}.json"


def remove_parts(folder: Path) -> None:
    """Remove what graders that were killed had begun to write there, an hour ago or earlier."""
    for path in folder.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()


def record(report: Report, out: Path, *, seed: int, notice: Callable[[str], None]) -> None:
    """Write a report, unless it is a failure of the grader's and an earlier score is there.

    Parameters
    ----------
    seed : of the course; results are signed with a key made of it.
    notice : is told where an earlier result stays.

    Raises
    ------
    NotWrittenError : see `write_report`.
    """
    if report.failed_to_grade and kept_report(out, report.assignment, report.student, seed=seed):
        path = report_path(out, report.assignment, report.student)
        notice(KEPT.format(student=report.student, path=path))
    else:
        write_report(report, out, seed=seed)


def kept_report(out: Path, slug: str, student: str, *, seed: int) -> Report | None:
    """The report of an earlier run, as the grader wrote it and without a failure of ours."""
    try:
        report = Report.from_json(report_path(out, slug, student).read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
    whole = (report.assignment, report.student) == (slug, student) and not _changed(report, seed)
    return report if whole and not report.failed_to_grade else None


def stored_class(out: Path, slug: str, *, seed: int, notice: Callable[[str], None]) -> list[Report]:
    """The result of everyone who was ever graded into this folder, by student.

    Parameters
    ----------
    seed : of the course.
    notice : is told of each file that is not as the grader wrote it; it is left out.
    """
    reports = []
    for path in (out / slug).glob("*.json"):
        try:
            report = Report.from_json(path.read_bytes())
        except (OSError, msgspec.DecodeError) as error:
            notice(UNREADABLE.format(path=path, reason=error) + LEFT_OUT)
            continue
        if path != report_path(out, slug, report.student) or report.assignment != slug:
            names = (f"{report.student} in {report.assignment}", f"{path.stem} in {slug}")
            notice(FOREIGN.format(path=path, found=names[0], wanted=names[1]) + LEFT_OUT)
        elif reason := _changed(report, seed):
            notice(CHANGED.format(path=path, reason=reason) + LEFT_OUT)
        else:
            reports.append(msgspec.structs.replace(report, signature=""))
    return sorted(reports, key=lambda report: report.student)


def why_not_ours(report: Report, *, seed: int) -> str:
    """Why a report is not as the grader wrote it, or an empty string."""
    return _changed(report, seed)


def write_report(report: Report, out: Path, *, seed: int) -> Path:
    """Write the JSON of one submission, signed, whole or not at all.

    Raises
    ------
    NotWrittenError : with what to do; whatever was there before is still there.
    """
    path = report_path(out, report.assignment, report.student)
    try:
        make_private(path.parent)
        write_atomically(path, signed(report, seed=seed).to_json())
    except OSError as error:
        reason = f"{path.parent}: {error.strerror or error}"
        raise NotWrittenError(NOT_WRITTEN.format(student=report.student, reason=reason)) from error
    return path


def signed(report: Report, *, seed: int) -> Report:
    """The report with a signature that whoever does not know the course's seed cannot make."""
    return msgspec.structs.replace(report, signature=_signature(report, seed))


def look_up(out: Path, slug: str, student: str, keys: Keys, limits: Limits, *, seed: int) -> Stored:
    """What of an earlier result holds under these keys.

    A file that somebody has changed is put aside, for nobody but them knows why, and is said.

    A result of status `error` never holds, nor does one without a key. Single results are not
    taken from a report that had used up its time: they may owe their end to the other checks.
    """
    path = report_path(out, slug, student)
    try:
        report = Report.from_json(path.read_bytes())
    except FileNotFoundError:
        return Stored()
    except (OSError, msgspec.DecodeError) as error:
        return _put_aside(path, UNREADABLE.format(path=path, reason=error))
    if (report.assignment, report.student) != (slug, student):
        names = (f"{report.student} in {report.assignment}", f"{student} in {slug}")
        return _put_aside(path, FOREIGN.format(path=path, found=names[0], wanted=names[1]))
    if reason := _changed(report, seed):
        return _put_aside(path, CHANGED.format(path=path, reason=reason))
    report, seconds = msgspec.structs.replace(report, signature=""), report.seconds
    if keys.report and report.key == keys.report and not report.failed_to_grade:
        return Stored(report=report, seconds=seconds, place=report.place)
    holds = report.checks if seconds < limits.total_seconds else ()
    known = {result.id: result for result in holds if _holds(result, keys)}
    return Stored(known=known, seconds=seconds, place=report.place)


def grade_or_reuse(
    conditions: Conditions,
    key_maker: KeyMaker,
    submission: Submission,
    *,
    out: Path,
    grade: Callable[..., Report],
    fresh: bool = False,
) -> Report:
    """The stored report of one submission, or a new one, which is then stored.

    Parameters
    ----------
    fresh : grade in any case.
    grade : called as `grade_submission` is, with `known` only where something is known.

    Raises
    ------
    NotWrittenError : see `write_report`. Whatever `grade` raises is not caught.
    """
    slug, keys = conditions.assignment.slug, key_maker.keys(submission)
    seed = conditions.seed
    stored = look_up(out, slug, submission.student, keys, conditions.limits, seed=seed)
    if stored.notice:
        logger.warning("%s", stored.notice)
    if fresh:
        stored = Stored()
    if stored.report is not None:
        logger.info("%s: the result that is there still holds", submission.student)
        return stored.report
    more = {"known": stored.known} if stored.known else {}
    report = grade(conditions.assignment, submission, level=conditions.level, seed=seed, **more)
    report = with_origin(report, submission)
    # Files of ours that were changed since the keys were made leave the result without one.
    if fingerprint(conditions.assignment) == key_maker.fingerprint:
        report = keyed(report, keys)
    record(report, out, seed=seed, notice=lambda said: logger.warning("%s", said))
    return report


def _holds(result: CheckResult, keys: Keys) -> bool:
    same = bool(result.key) and result.key == keys.checks.get(result.id)
    return same and result.status is not Status.ERROR


def _put_aside(path: Path, found: str) -> Stored:
    """Keep a file that is not as the grader wrote it, beside where the new one will be."""
    numbers = (f"{path.name}.changed{number or ''}" for number in itertools.count())
    aside = next(name for name in numbers if not path.with_name(name).exists())
    try:
        path.rename(path.with_name(aside))
    except OSError as error:
        raise NotWrittenError(f"{found} It could not be put aside: {error.strerror}.") from error
    return Stored(notice=found + AGAIN.format(aside=aside))


def _changed(report: Report, seed: int) -> str:
    """Why the report is not as we wrote it, or an empty string.

    A result that was made with another seed is signed with that one.
    """
    if reason := _contradiction(report):
        return reason
    if report.schema < FIRST_SIGNED:
        return ""
    try:
        other = read_seed(str(report.seed))
    except ValueError:
        return UNSIGNED
    right = (_signature(report, one) for one in (seed, other))
    return "" if any(hmac.compare_digest(report.signature, one) for one in right) else UNSIGNED


def _signature(report: Report, seed: int) -> str:
    unsigned = msgspec.structs.replace(report, signature="")
    as_read = Report.from_json(unsigned.to_json())  # where a score of 7 has become 7.0
    fields = msgspec.structs.asdict(as_read)
    said = {name: value for name, value in fields.items() if value or name not in LATER}
    text = msgspec.json.format(msgspec.json.encode(said), indent=2) + b"\n"
    return hmac.digest(key(seed, "results"), text, "sha256").hex()


def _contradiction(report: Report) -> str:
    """Why the report cannot have been written by us, or an empty string."""
    for result in report.checks:
        if not 0 <= result.score <= result.max_score:
            return f"{result.id} has {result.score:g} of {result.max_score:g} points"
        if result.status is Status.PASSED and result.score != result.max_score:
            return f"{result.id} passed with {result.score:g} of {result.max_score:g} points"
    total = sum(result.score for result in report.checks)
    if abs(total - report.score) > 1e-6:
        return f"the checks have {total:g} points, the score is {report.score:g}"
    return ""
