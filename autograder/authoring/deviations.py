"""Where a report is not what an author knows that it should be, in words."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.results import CheckResult, Report, Status

from .cases import LEFT_OUT, LOST, SKIPPED, ProofCase

UNEXPECTED = "{id}: expected {expected}, got {got}"
OTHER_SCORE = "{id}: expected {expected:g} of {points:g} points, got {got:g}"
NOT_LOST = "{id}: expected points lost, got all {points:g}"
MISSING = "{id}: the report does not have this check"
UNKNOWN = "{id}: the report has this check, and the assignment has not"
UNSAID = "says: no lost check tells the student {text!r}; they say: {said}"


def deviations(case: ProofCase, report: Report) -> Iterator[str]:
    """A line for each check that did not end as it should, and for each text that is not said."""
    results = {result.id: result for result in report.checks}
    usable = any(result.usable for result in report.checks)
    for id, expected in case.expected.items():
        if id in results:
            exact = SKIPPED if expected is LEFT_OUT and not usable else expected
            yield from _deviation(results[id], exact, case.points[id])
        else:
            yield MISSING.format(id=id)
    for id in results:
        if id not in case.expected and id not in case.known:
            yield UNKNOWN.format(id=id)
    lost = [results[id] for id, e in case.expected.items() if e is LOST and id in results]
    said = [_one_line(f"{result.rationale} {result.help}") for result in lost]
    for text in case.says:
        if not any(_one_line(text) in told for told in said):
            yield UNSAID.format(text=text, said=" / ".join(filter(None, said)) or "nothing")


def _deviation(result: CheckResult, expected: frozenset[Status], points: float) -> Iterator[str]:
    """What is wrong with the end of one check: its status, or else its points."""
    id, score = result.id, result.score
    if result.status not in expected:
        names = " or ".join(sorted(f"`{status}`" for status in expected))
        line = UNEXPECTED.format(id=id, expected=names, got=f"`{result.status}`")
        said = _one_line(f"{result.rationale} {result.help}")
        yield f"{line}: {said}" if said else line
    elif expected >= LOST and Status.PASSED not in expected:
        if not score < points:
            yield NOT_LOST.format(id=id, points=points)
    elif result.status is not Status.PARTIAL and score != (
        wanted := points if result.status is Status.PASSED else 0.0
    ):
        yield OTHER_SCORE.format(id=id, expected=wanted, points=points, got=score)


def _one_line(text: str) -> str:
    return " ".join(text.split())
