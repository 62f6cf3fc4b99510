"""Follow-through: one mistake costs its own points, and not those of what is built on it.

A check whose need failed runs again with the course's own part in the place of the student's, and
earns what the later part deserves. Decides which; `runs` and `course_parts` do it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.judging.check import Check
from autograder.judging.groups import all_needs, load_groups
from autograder.results import CheckResult, Status

from .course_parts import CourseParts
from .outcomes import Outcome
from .runs import GradingCase, Runs

logger = logging.getLogger(__name__)

FOLLOWED = "Marked with the course's {parts} in place of yours."
_MET = frozenset({Status.PASSED, Status.PERSON})  # what may be right must not cost other points
_ATTEMPTED = frozenset({Status.FAILED, Status.PARTIAL})


class FollowThrough:
    """What becomes of the checks of one submission whose needs failed."""

    def __init__(
        self, case: GradingCase, checks: Mapping[str, Check], runs: Runs, course: CourseParts
    ) -> None:
        self._checks = checks
        self._runs = runs
        self._course = course
        self._share = case.assignment.course.follow_through
        self._groups = load_groups(case.assignment)

    def broken(self, check: Check, results: Mapping[str, CheckResult]) -> tuple[str, ...]:
        """The needs that did not pass: of its own, or else of those that passed all the same."""
        own = tuple(need for need in check.needs if results[need].status not in _MET)
        return own or (self._failed(check, results) if self._share else ())

    def outcome(self, check: Check, results: Mapping[str, CheckResult]) -> Outcome | None:
        """What a check with a broken need deserves; None where nothing can stand in."""
        failed = self._failed(check, results)
        if not self._share or any(results[id].status not in _ATTEMPTED for id in failed):
            return None
        if all(results[id].usable for id in failed):
            outcome = self._runs.run(check)
            if outcome.status in _MET:
                return outcome
        groups = self._groups.replaced(check.id, failed)
        if groups is None:
            return None
        parts = [part for group in groups for part in group.parts]
        if not parts:
            return self._runs.run(check)
        if not self._course.there:
            return None
        outcome = self._runs.run(check, parts)
        if outcome.unanswered and outcome.status not in _MET:
            logger.info("%s is skipped: %s", check.id, outcome.unanswered)
            return None
        return self._marked(outcome, failed)

    def _failed(self, check: Check, results: Mapping[str, CheckResult]) -> tuple[str, ...]:
        """The checks that failed on their own account, of all that this one is built on."""
        left_out = _MET | {Status.SKIPPED}
        needs = all_needs(check, self._checks)
        return tuple(id for id in needs if results[id].status not in left_out)

    def _marked(self, outcome: Outcome, failed: Sequence[str]) -> Outcome:
        """The outcome with its share of the points, and with what it owes to the course."""
        said = FOLLOWED.format(parts=_listed(self._groups.parts(failed)))
        partly = outcome.status is Status.PASSED and self._share < 1
        return replace(
            outcome,
            status=Status.PARTIAL if partly else outcome.status,
            credit=outcome.credit * self._share,
            rationale=f"{said} {outcome.rationale}".strip(),
            followed=tuple(failed),
        )


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
