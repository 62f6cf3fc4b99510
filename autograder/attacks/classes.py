"""Many attacks by a route, as one class of which each is a student: what is made once is made once.

What one of them does to the machine cannot be told apart from what another does. Where anything
was done to it, each is tried again alone.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from autograder.assignment import Assignment
from autograder.route import SubmissionRoute

from .bait import Bait
from .corpus import Attack
from .handing_in import STUDENT, hand_in, hand_in_second
from .programs import NoResultError
from .sending import Trip, send_class
from .target import target_of
from .trial import (
    SEED,
    AttackEnd,
    AttackTrial,
    harms_seen,
    limits_of,
    second_harms,
    student_id,
    try_attack,
)

TOGETHER = "one of the {number} that were graded together: {harm}"


def classes_of(attacks: Sequence[Attack], number: int) -> list[tuple[Attack, ...]]:
    """Attacks as classes that can be graded in one run: of one assignment, with equal limits.

    The larger ones are divided into `number`. Who needs to know an earlier report is alone.
    """
    groups = defaultdict(list)
    for attack in attacks:
        alone = attack.name if "@TOLD@" in attack.second else ""
        same = (attack.family == "adopted", limits_of(attack), alone)
        groups[same].append(attack)
    return [
        tuple(group[start::number])
        for group in groups.values()
        for start in range(number)
        if group[start::number]
    ]


def try_class(
    attacks: Sequence[Attack], *, level: str, route: SubmissionRoute
) -> list[AttackTrial]:
    """Run attacks as one class, and return a trial of each, in their order."""
    assignment = target_of(attacks[0], level)
    if "@TOLD@" in attacks[0].second:
        return _alone(attacks, assignment, level, route)
    trials, traces = _together(attacks, assignment, level, route)
    if not traces:
        return trials
    alone = _alone(attacks, assignment, level, route)
    if any(trial.harms for trial in alone):
        return alone
    said = tuple(TOGETHER.format(number=len(attacks), harm=harm) for harm in traces)
    return [
        replace(trial, end=AttackEnd.GOT_THROUGH, harms=trial.harms + said, expected=False)
        for trial in trials
    ]


def _alone(
    attacks: Sequence[Attack], assignment: Assignment, level: str, route: SubmissionRoute
) -> list[AttackTrial]:
    return [try_attack(attack, assignment, level=level, route=route) for attack in attacks]


def _together(
    attacks: Sequence[Attack], assignment: Assignment, level: str, route: SubmissionRoute
) -> tuple[list[AttackTrial], list[str]]:
    """The trials, and what was done to the machine by any of them."""
    begun = time.monotonic()
    with (
        Bait(assignment, beside=any(attack.beside for attack in attacks)) as bait,
        tempfile.TemporaryDirectory(prefix="attack-") as place,
    ):
        trip = Trip(
            assignment=assignment,
            level=level,
            seed=SEED,
            limits=limits_of(attacks[0]),
            place=Path(place, "trip"),
        )
        trip.place.mkdir()
        arrived = _Arrived(attacks, bait, trip, route, Path(place))
        traces = list(bait.traces())
        trials = [arrived.trial(number, attack) for number, attack in enumerate(attacks)]
    seconds = round((time.monotonic() - begun) / len(attacks), 2)
    return [replace(trial, seconds=seconds) for trial in trials], traces


class _Arrived:
    """What came back from a class of attacks."""

    def __init__(
        self,
        attacks: Sequence[Attack],
        bait: Bait,
        trip: Trip,
        route: SubmissionRoute,
        place: Path,
    ) -> None:
        self._bait = bait
        self._trip = trip
        self._route = route
        handed_in: dict[str, Path] = {}
        for number, attack in enumerate(attacks):
            name = _name(number)
            words = bait.words(student_id(name, route))
            own = place / name
            own.mkdir()
            handed_in[name] = hand_in(attack, trip.assignment, words, own)
            if attack.second:  # graded right after the attack
                handed_in[_friend(number)] = hand_in_second(attack, trip.assignment, words, own)
        self._arrivals = send_class(route, handed_in, trip)

    def trial(self, number: int, attack: Attack) -> AttackTrial:
        """How the attack ended of whoever has this number."""
        harms = tuple(self._harms(number, attack))
        arrival = self._arrivals[_name(number)]
        return AttackTrial(
            attack=attack.name,
            family=attack.family,
            level=self._trip.level,
            route=self._route,
            end=AttackEnd.GOT_THROUGH if harms else AttackEnd.HELD,
            harms=harms,
            score=0.0 if isinstance(arrival, NoResultError) else arrival.report.score,
            expected=not harms or self._trip.level in attack.open_at,
        )

    def _harms(self, number: int, attack: Attack) -> Iterator[str]:
        arrival = self._arrivals[_name(number)]
        if isinstance(arrival, NoResultError):
            yield str(arrival)
            return
        yield from harms_seen(attack, arrival, self._trip.limits, self._bait)
        if attack.second:
            friend = self._arrivals[_friend(number)]
            if isinstance(friend, NoResultError):
                yield str(friend)
            else:
                yield from second_harms(attack, friend.report)


def _name(number: int) -> str:
    return f"{STUDENT}-{number:03}"


def _friend(number: int) -> str:
    return f"{_name(number)}z"
