"""What is kept of a check that failed: the student's lines, arrays, and the call to try again.

No outcome depends on it. Whatever goes wrong here is logged, and less is shown.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from autograder.exhibit import Confusion, Curve, Exhibit, Factors, Filters, Reached, Understood
from autograder.judging.check import Check, Finding
from autograder.judging.handed_in import HandedIn
from autograder.judging.shown import Compared
from autograder.sandbox.faults import CodeRaised, Fault
from autograder.sandbox.messages import Call, CoursePart
from autograder.sandbox.tracing import Tracer, large_in

from .own_code import own_code
from .planning import module_name
from .traced_calls import call_name, last_looked_at, leading_to
from .tryout import NO_CALL, REPLACED, STOOD_IN, TOO_LARGE, tryout

logger = logging.getLogger(__name__)

TRAINS = (
    "This check trains with your code on images that are drawn for grading. Run the cells of the"
    " notebook that train: they do the same on images of yours."
)


def exhibit_of(
    check: Check,
    error: Exception | None,
    tracer: Tracer,
    *,
    submitted: HandedIn,
    parts: Sequence[CoursePart] = (),
) -> Exhibit | None:
    """What is kept of a check that raised `error`; None where there is nothing.

    Parameters
    ----------
    tracer : what the check has talked through.
    parts : the course's parts that stood in for the student's.
    """
    try:
        found = _collected(check, error, tracer, submitted, parts)
    except Exception as failed:  # whatever it is, the outcome stands
        logger.warning("%s: nothing is kept of its failure: %r", check.id, failed)
        return None
    return None if found == Exhibit() else found


def _collected(
    check: Check,
    error: Exception | None,
    tracer: Tracer,
    submitted: HandedIn,
    parts: Sequence[CoursePart],
) -> Exhibit:
    shown = list(_shown(error))
    curves = [one for one in shown if isinstance(one, Curve)]
    calls = bool(tracer.calls) or not tracer.whole
    # A value that was not computed for this submission may be the answer to a question.
    compared = next((one for one in shown if isinstance(one, Compared)), None) if calls else None
    text, reason = _tryout(check, error, tracer, submitted, parts, compared)
    editable = set(submitted.assignment.editable)
    code = own_code(
        check.id,
        error.error if isinstance(error, CodeRaised) else None,
        call_name(tracer.requests + tracer.unanswered),
        release={path: data for path, data in submitted.release.items() if path in editable},
        submitted={path: data for path, data in submitted.files.items() if path in editable},
    )
    return Exhibit(
        code=code,
        arrays=compared.kept() if compared else None,
        curve=next((one for one in curves if one.goal is None), None),
        accuracies=next((one for one in curves if one.goal is not None), None),
        factors=next((one for one in shown if isinstance(one, Factors)), None),
        accuracy=next((one for one in shown if isinstance(one, Reached)), None),
        confusion=next((one for one in shown if isinstance(one, Confusion)), None),
        filters=next((one for one in shown if isinstance(one, Filters)), None),
        understood=next((one for one in shown if isinstance(one, Understood)), None),
        tryout=text,
        no_tryout=reason,
    )


def _shown(error: BaseException | None) -> Iterator[object]:
    """What a finding shows, and what the findings show that it was raised from."""
    while error is not None:
        if isinstance(error, Finding):
            yield from error.shown
        error = error.__cause__


def _tryout(
    check: Check,
    error: Exception | None,
    tracer: Tracer,
    submitted: HandedIn,
    parts: Sequence[CoursePart],
    compared: Compared | None,
) -> tuple[str, str]:
    """The call to try again, or else why there is none."""
    raised = isinstance(error, Fault)
    if not check.exact and not raised:
        return "", TRAINS
    if not tracer.whole:
        return "", TOO_LARGE if check.exact else TRAINS
    asked = tracer.requests + tracer.unanswered
    place = last_looked_at(asked, raised=raised)
    if place is None or not any(isinstance(one.what, Call) for one in asked):
        return "", NO_CALL
    requests = leading_to(asked[: place + 1])
    large = any(large_in((*one.args, *one.kwargs.values())) for one in requests)
    if large and not raised:
        return "", TOO_LARGE
    notebooks = {PurePosixPath(path).stem: path for path in submitted.assignment.notebooks}
    text = tryout(
        requests,
        check=check.id,
        notebooks=notebooks,
        modules={module_name(path) for path in submitted.release if path.endswith(".py")},
        compared=compared,
        notes=(REPLACED if parts else "") + (STOOD_IN if large else ""),
    )
    return text, "" if text else TOO_LARGE
