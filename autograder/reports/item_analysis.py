"""Item analysis by classical test theory: how hard a check is, and whether it tells students apart.

Knows scores, not how they came about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.results import Report, Status

FEWEST = 10  # students below whom a correlation is hardly more than chance
_UNDECIDED = {Status.ERROR, Status.PERSON}

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class Item:
    """What a class says about one check. None where there is nothing to compute it from.

    Attributes
    ----------
    students : how many have a decided score there and attempted anything at all.
    difficulty : the difficulty index (p-value) in [0, 1]; see `difficulty`.
    discrimination : the item-rest correlation in [-1, 1]; see `discrimination`.
    """

    students: int
    difficulty: float | None
    discrimination: float | None


def item_analysis(reports: Sequence[Report]) -> dict[str, Item]:
    """Difficulty and discrimination of every check, by id.

    Submissions in which nothing was attempted are left out: each would count as wrong everywhere,
    and so make every check look hard and all checks look alike. A check that is not decided yet is
    left out for that student.
    """
    began = [report for report in reports if _attempted(report)]
    scores: dict[str, list[tuple[float, float, float]]] = {}
    for report in began:
        for result in report.checks:
            if result.status not in _UNDECIDED and result.max_score:
                rest = report.score - result.score
                scores.setdefault(result.id, []).append((result.score, result.max_score, rest))
    return {id: _item(np.array(rows)) for id, rows in scores.items()}


def difficulty(scores: Array, most: Array) -> float:
    r"""The difficulty index: the mean share of the points, :math:`p = \overline{x_i / m_i}`.

    Where a check gives all points or none, it is the proportion of students who are right, which
    the literature calls p-value (no relation to significance tests). High is easy.

    Parameters
    ----------
    scores : (N,), the points of each student.
    most : (N,), the points that could be had.

    References
    ----------
    L. Crocker and J. Algina, Introduction to Classical and Modern Test Theory, 1986, chapter 14.

    Examples
    --------
    >>> difficulty(np.array([2.0, 1.0, 0.0, 2.0]), np.full(4, 2.0))
    0.625
    """
    return float(np.mean(scores / most))


def discrimination(scores: Array, rest: Array) -> float | None:
    r"""The item-rest correlation: Pearson's r of a check's points and of all other checks' points.

    For a check that gives all points or none it is the point-biserial correlation with the rest
    score. The check itself is left out of the total, as it would correlate with itself (corrected
    item-total correlation). Near 0 or below, who does well elsewhere is no more often right here:
    look at the check.

    Parameters
    ----------
    scores : (N,), the points of each student.
    rest : (N,), the points of the same students in all other checks.

    Returns
    -------
    r in [-1, 1], or None where one of the two is the same for everybody or N < `FEWEST`.

    References
    ----------
    S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28, 1963;
    L. Crocker and J. Algina, as above, chapter 14.

    Examples
    --------
    >>> right = np.array([0.0, 1.0] * 5)
    >>> round(discrimination(right, 4 * right), 9), discrimination(np.ones(10), right)
    (1.0, None)
    """
    if len(scores) < FEWEST or not np.ptp(scores) or not np.ptp(rest):
        return None
    return float(np.corrcoef(scores, rest)[0, 1])


def _item(rows: Array) -> Item:
    scores, most, rest = rows.T
    return Item(
        students=len(rows),
        difficulty=difficulty(scores, most),
        discrimination=discrimination(scores, rest),
    )


def _attempted(report: Report) -> bool:
    return any(result.status is not Status.NOT_ATTEMPTED for result in report.checks)
