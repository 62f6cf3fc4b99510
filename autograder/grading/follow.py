"""Follow-through: one mistake costs its own points, and not those of what is built on it.

A check whose need failed runs again with the course's own part in the place of the student's, and
earns what the later part deserves. Decides which; `runs` and `course_parts` do it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.judging.check import Check
from autograder.judging.groups import MOST, Group, all_needs, load_groups
from autograder.results import CheckResult, Status
from autograder.sandbox.messages import CoursePart

from .course_parts import CourseParts
from .diagnosis import Diagnoser
from .outcomes import Outcome
from .repair import Gone, Repair, repair
from .runs import GradingCase, Runs

logger = logging.getLogger(__name__)

FOLLOWED = "Marked with the course's {parts} in place of yours."
_MET = frozenset({Status.PASSED, Status.PERSON})  # what may be right must not cost other points
_ATTEMPTED = frozenset({Status.FAILED, Status.PARTIAL})

Results = Mapping[str, CheckResult]


@dataclass(frozen=True, kw_only=True)
class PartsInPlace:
    """What the course puts in place for one check.

    Attributes
    ----------
    failed : the checks that failed for what is replaced.
    groups : the groups of those that failed while they ran.
    gone : what was not there to begin with.
    names : what is replaced, as a student reads it.
    """

    failed: tuple[str, ...]
    groups: tuple[Group, ...]
    gone: tuple[Gone, ...]
    names: tuple[str, ...]

    @property
    def parts(self) -> list[CoursePart]:
        """All that stands in."""
        groups = [*self.groups, *(group for one in self.gone for group in one.groups)]
        return list(dict.fromkeys(part for group in groups for part in group.parts))


class FollowThrough:
    """What becomes of the checks of one submission whose needs failed."""

    def __init__(self, case: GradingCase, checks: Mapping[str, Check], course: CourseParts) -> None:
        self._case = case
        self._checks = checks
        self._course = course
        self._diagnoser = Diagnoser(case.assignment, case.draws)
        self._runs = Runs(case, case.plan, course, self._diagnoser)
        self._repaired: Runs | None = None  # the submission with what is gone replaced
        self._share = case.assignment.course.follow_through
        self._groups = load_groups(case.assignment)

    def broken(self, check: Check, results: Results) -> tuple[str, ...]:
        """The needs that did not pass: of its own, or else of those that passed all the same."""
        own = tuple(need for need in check.needs if results[need].status not in _MET)
        return own or (self._failed(check, results) if self._share else ())

    def run(self, check: Check, results: Results) -> Outcome:
        """The outcome of a check whose needs are met.

        If it fails for the lack of somebody else's module, or for what its answer may be built on,
        it is marked with the course's.
        """
        outcome = self._runs.run(check)
        if outcome.status is not Status.FAILED or not self._share:
            return outcome
        used = self._groups.used(check.id)
        failed = [id for id in results if id in used and results[id].status in _ATTEMPTED]
        if not failed and not self._gone:
            return outcome
        return self._followed(check, failed, results) or outcome

    def outcome(self, check: Check, results: Results) -> Outcome | None:
        """What a check with a broken need deserves; None where nothing can stand in."""
        if not self._share:
            return None
        failed = self._failed(check, results)
        if failed and all(results[id].usable for id in failed):
            outcome = self._runs.run(check)
            if outcome.status in _MET:
                return outcome
        return self._followed(check, failed, results)

    def _followed(self, check: Check, failed: Sequence[str], results: Results) -> Outcome | None:
        """The outcome with the course's parts in place; None where that shows nothing."""
        chosen = self._replacement(check, failed, results)
        if chosen is None:
            return None
        if not chosen.parts:
            return self._runs.run(check)
        outcome = self._runs_for(chosen).run(check, chosen.parts)
        if outcome.unanswered and outcome.status not in _MET:
            logger.info("%s is skipped: %s", check.id, outcome.unanswered)
            return None
        return self._marked(outcome, chosen)

    def close(self) -> None:
        """End the workers."""
        self._runs.close()
        if self._repaired is not None:
            self._repaired.close()

    @property
    def unwritten(self) -> Sequence[str]:
        """The files that could not be used where the code runs, a sentence each."""
        return self._runs.unwritten

    def _failed(self, check: Check, results: Results) -> tuple[str, ...]:
        """The checks that failed on their own account, of all that this one is built on."""
        left_out = _MET | {Status.SKIPPED}
        needs = all_needs(check, self._checks)
        return tuple(id for id in needs if results[id].status not in left_out)

    def _replacement(
        self, check: Check, failed: Sequence[str], results: Results
    ) -> PartsInPlace | None:
        """What to replace: what was attempted, and no more than leaves the check a meaning."""
        gone_ids = [
            id for one in self._gone for group in one.groups for id in group.checks if id in results
        ]
        apart = [id for id in failed if id not in gone_ids]
        groups = self._groups.replaced(check.id, apart)
        attempted = all(results[id].status in _ATTEMPTED for id in apart)
        own = self._groups.of_check.get(check.id)
        if groups is None or not attempted or any(own in one.groups for one in self._gone):
            return None
        if len(groups) + len(self._gone) > MOST or not self._course.there:
            return None
        # What a check shares with its own failed group stays the student's.
        others = [id for id in apart if self._groups.of_check[id] in groups]
        missed = [id for id in gone_ids if results[id].status in _ATTEMPTED]
        return PartsInPlace(
            failed=tuple(id for id in results if id in {*others, *missed}),
            groups=groups,
            gone=self._gone,
            names=(*(one.name for one in self._gone), *self._groups.short_names(others)),
        )

    @property
    def _gone(self) -> tuple[Gone, ...]:
        return self._repair.gone if self._repair else ()

    @cached_property
    def _repair(self) -> Repair | None:
        """What to load where modules could not be imported."""
        case = self._case
        return repair(case.plan, case.release, self._runs.not_imported(), self._groups)

    def _runs_for(self, chosen: PartsInPlace) -> Runs:
        if not chosen.gone:
            return self._runs
        if self._repaired is None:
            assert self._repair is not None
            self._repaired = Runs(self._case, self._repair.planned, self._course, self._diagnoser)
        return self._repaired

    def _marked(self, outcome: Outcome, chosen: PartsInPlace) -> Outcome:
        """The outcome with its share of the points, and with what it owes to the course."""
        said = FOLLOWED.format(parts=_listed(chosen.names))
        partly = outcome.status is Status.PASSED and self._share < 1
        return replace(
            outcome,
            status=Status.PARTIAL if partly else outcome.status,
            credit=outcome.credit * self._share,
            rationale=f"{said} {outcome.rationale}".strip(),
            followed=chosen.failed,
        )


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
