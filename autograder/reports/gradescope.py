"""One report as the results.json that Gradescope reads. Knows nothing of containers.

The format is Gradescope's: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from autograder.printable import printable
from autograder.results import CheckResult, ManualPart, Report, Status

from .elsewhere import plain
from .student_checks import in_order, kind_of
from .visibility import SEEN_AT_ONCE, VISIBLE, Visibility
from .wording import number, score_in_words, states

NOT_YOUR_FAULT = (
    "The grader itself failed, and this is not your fault. You have no score yet, and lose none: "
    "your submission is kept, and your instructor can have it graded again."
)
START = "Start here: {names}."
LATER = "{count} more {checks} not shown yet."
_STATUS = {Status.PASSED: "passed", Status.PERSON: ""}  # every other one is "failed"


def gradescope_results(
    report: Report,
    *,
    problems: Sequence[str] = (),
    group: Sequence[str] = (),
    visibility: Visibility = SEEN_AT_ONCE,
    try_again: bool = False,
    leaderboard: bool = False,
) -> dict[str, Any]:
    """The results of one submission: causes first, as on the student's page.

    Where the grader failed there is no score, neither of the whole nor of a check, because
    Gradescope would add up the others: it shows the sentence, and no zero. What a check says is
    HTML in which all that may be of a student's making is escaped; every other text has no markup.
    The seed is left out, for students see the results.

    Parameters
    ----------
    problems : what is to be said about the student's files.
    group : the names of everyone who hands in together.
    visibility : when students see each check; what they read at once tells nothing of the others.
    try_again : whether the calls that failed are handed out.
    leaderboard : whether the accuracies of checks that are seen at once are on the leaderboard.
    """
    shown = visibility.shown(report.checks)
    common = {
        "execution_time": round(report.seconds, 3),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": _extra(report, group),
    }
    if report.failed_to_grade:
        return {"output": _text([NOT_YOUR_FAULT, *map(_line, shown)]), **common}
    return {
        "score": report.score,
        "output": _text([*problems, *_summary(report, shown), *map(_by_hand, report.manual)]),
        "tests": [
            _test(result, visibility.of(result), try_again=try_again)
            for result in in_order(report.checks)
        ],
        **({"leaderboard": _leaderboard(shown)} if leaderboard else {}),
        **common,
    }


def _leaderboard(shown: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """The student's own accuracies; where the course's part stood in, it is not theirs."""
    found = ((result.id, _accuracy(result)) for result in shown if not result.followed)
    return [
        {"name": f"Accuracy: {id}", "value": round(value, 4), "order": "desc"}
        for id, value in found
        if value is not None
    ]


def _accuracy(result: CheckResult) -> float | None:
    """What a check has measured, whether or not it was enough."""
    if result.accuracy is not msgspec.UNSET:
        return result.accuracy
    exhibit = result.exhibit
    if exhibit is msgspec.UNSET or exhibit.accuracy is None:
        return None
    return exhibit.accuracy.reached


def gradescope_failure(reason: str) -> dict[str, Any]:
    """The results where nothing could be graded; `reason` is for the instructor."""
    return {
        "output": NOT_YOUR_FAULT,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"grader_failed": True, "reason": reason},
    }


def gradescope_json(results: dict[str, Any]) -> bytes:
    """The content of results.json."""
    return msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n"


def _extra(report: Report, group: Sequence[str]) -> dict[str, Any]:
    return {
        "assignment": report.assignment,
        "student": report.student,
        "group": list(group),
        "sandbox": report.sandbox,
        "schema": report.schema,
        "max_score": report.max_score,
        "grader_failed": report.failed_to_grade,
        "statuses": {result.id: str(result.status) for result in report.checks},
        "followed": {one.id: list(one.followed) for one in report.checks if one.followed},
    }


def _test(
    result: CheckResult, visibility: str = VISIBLE, *, try_again: bool = False
) -> dict[str, Any]:
    status = _STATUS.get(result.status, "failed")
    return {
        "name": printable(f"{result.id}: {result.name}", keep=""),
        "name_format": "text",
        "score": result.score,
        "max_score": 0.0 if result.bonus else result.max_score,  # points that are extra
        **({"status": status} if status else {}),
        "output": plain(result, state=_state(result), try_again=try_again),
        "output_format": "html",
        "visibility": visibility,
    }


def _state(result: CheckResult) -> str:
    """What Gradescope's "passed" and "failed" do not say."""
    return "" if result.status in (Status.PASSED, Status.FAILED) else f"({result.status})"


def _summary(report: Report, shown: Sequence[CheckResult]) -> list[str]:
    """The score, the states and where to start, of the checks that are seen at once."""
    causes = ", ".join(result.id for result in shown if kind_of(result) == "causes")
    start = [START.format(names=causes)] if causes else []
    if len(shown) == len(report.checks):
        whole = score_in_words(report.score, report.max_score, extra=report.extra)
        return [f"{whole}: {states(report)}.", *start]
    later = len(report.checks) - len(shown)
    said = LATER.format(count=later, checks="check is" if later == 1 else "checks are")
    return [*([_so_far(report, shown)] if shown else []), *start, said]


def _so_far(report: Report, shown: Sequence[CheckResult]) -> str:
    """The score and the states of some checks."""
    score = sum(result.score for result in shown)
    most = sum(result.max_score for result in shown if not result.bonus)
    extra = sum(result.score for result in shown if result.bonus)
    own = states(msgspec.structs.replace(report, checks=tuple(shown)))
    return f"{score_in_words(score, most, extra=extra)}: {own}."


def _by_hand(part: ManualPart) -> str:
    return f"{part.id}: a person marks this, for up to {number(part.max_points)} points."


def _line(result: CheckResult) -> str:
    if result.status is Status.ERROR:
        return f"{result.id}: the grader failed here."
    return f"{result.id}: {result.status}, {number(result.score)}/{number(result.max_score)}"


def _text(lines: Sequence[str]) -> str:
    return printable("\n".join(lines))
