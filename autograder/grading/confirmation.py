"""Grades a share of the submissions once more, every check in a process of its own.

Checks share a process while they pass (see `children`). Whether one has passed for what another
left behind is found out here, on submissions that are drawn by the course's secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from autograder.judging.check import Check
from autograder.results import CheckResult, Status

SHARE = 1 / 50  # of the submissions
LOT = "confirmed in processes of their own"
DIFFERS = (
    "Beside other checks it passes; in a process of its own it is `{status}`: {rationale} Something"
    " of an earlier check is left behind and makes up for it; a person should look at it."
)

Results = Mapping[str, CheckResult]


def confirmed(
    results: Results, checks: Mapping[str, Check], again: Callable[[Results], Results]
) -> Results:
    """The results, with `error` for those that hold only where checks share a process.

    Parameters
    ----------
    again : grades in processes of their own, but for the results that it is given: those of checks
        that never share one. It is asked twice before anything is called a difference, for code
        may draw without a seed.
    """
    known = {id: result for id, result in results.items() if not checks[id].exact}
    worse: dict[str, CheckResult] = {}
    for _ in range(2):
        alone = again(known)
        worse = {id: one for id, one in alone.items() if one.score < results[id].score}
        if not worse:
            return results
    return {id: _open(one, worse[id]) if id in worse else one for id, one in results.items()}


def _open(result: CheckResult, alone: CheckResult) -> CheckResult:
    said = DIFFERS.format(status=alone.status, rationale=alone.rationale)
    return msgspec.structs.replace(
        result, status=Status.ERROR, score=0.0, rationale=said.replace("  ", " "), help=""
    )
