"""A check's result as the outputs of its grade cell. Knows how nbgrader reads a score there.

The finding is text; pictures, code and the call to try again are HTML of ours after it.
"""

from __future__ import annotations

import textwrap
from typing import Any

import nbformat

from autograder.printable import encodable
from autograder.reports.elsewhere import fragment
from autograder.results import CheckResult, Status

_new_output: Any = nbformat.v4.new_output  # has no annotations
WIDTH = 88  # characters of a line
_ERROR_NAMES = {
    Status.FAILED: "Failed",
    Status.PARTIAL: "Failed",
    Status.NOT_ATTEMPTED: "NotAttempted",
    Status.SKIPPED: "Skipped",
    Status.PERSON: "ForAPerson",
}


def outputs_for(result: CheckResult, *, try_again: bool = False) -> list[Any]:
    """Outputs from which `nbgrader.utils.determine_grade` reads exactly `result.score`.

    nbgrader gives no credit for an error output, the number of an `execute_result`, and full
    credit when there is neither. A stream named stderr would count as an error, so the text for
    the student goes to stdout. The cell of extra credit is worth 0 points, whatever is in it;
    `gradebook.leave_to_people` enters what was earned there. It passes over `display_data`, which
    is what shows pictures.

    Parameters
    ----------
    try_again : whether the call that failed is handed out.

    Raises
    ------
    ValueError : the score is not within 0 and the points of the check, or the check ended in
        `Status.ERROR`, for which no score may be recorded.
    """
    if result.status is Status.ERROR:
        raise ValueError(f"check {result.id!r} was not graded: {result.rationale}")
    if not 0 <= result.score <= result.max_score:  # NaN is refused here too
        raise ValueError(
            f"check {result.id!r} has the score {result.score} of {result.max_score} points"
        )
    return [*_scored(result), *_shown(result, try_again)]


def _scored(result: CheckResult) -> list[Any]:
    """What nbgrader reads the score from, with the finding."""
    if result.score == result.max_score and result.status is Status.PASSED:
        return [_stdout(result)]
    if result.score == 0:
        return [_error(result)]
    if result.bonus:
        return [_stdout(result)]
    number = {"text/plain": repr(float(result.score))}
    return [_stdout(result), _new_output("execute_result", data=number, execution_count=None)]


def _shown(result: CheckResult, try_again: bool) -> list[Any]:
    """What stands beside the finding."""
    page = encodable(fragment(result, try_again=try_again))
    return [_new_output("display_data", data={"text/html": page})] if page else []


def _stdout(result: CheckResult) -> Any:
    return _new_output("stream", name="stdout", text="\n".join(_lines(result)) + "\n")


def _error(result: CheckResult) -> Any:
    return _new_output(
        "error",
        ename=_ERROR_NAMES.get(result.status, "Failed"),
        evalue=encodable(result.rationale or result.name),
        traceback=_lines(result),
    )


def _lines(result: CheckResult) -> list[str]:
    unit = "points of extra credit" if result.bonus else "points"
    verdict = f"{result.status}: {result.score:g} of {result.max_score:g} {unit}"
    texts = [f"{result.name} ({verdict})", result.rationale, result.help]
    lines = [line for text in texts if text for line in text.splitlines()]
    return [encodable(part) for line in lines for part in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    """A line in parts that a page shows without scrolling sideways."""
    if len(line) <= WIDTH:
        return [line]
    return textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
