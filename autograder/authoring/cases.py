"""The submissions whose grades an author knows, and how each check of them has to end."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, combinations

from autograder.assignment import Assignment
from autograder.judging.check import Check
from autograder.judging.groups import Groups, all_needs, load_groups
from autograder.results import CheckResult, Status

from .build import reference_files, release_files
from .errors import AuthoringError
from .mutants import Mutant, load_mutants, load_variants, mutant_files

LOST = frozenset({Status.FAILED, Status.PARTIAL, Status.NOT_ATTEMPTED})
# What a second mistake in the same group may cost as well: the check may not even have run.
LOST_OR_SKIPPED = LOST | {Status.SKIPPED}
PASSED, SKIPPED = frozenset({Status.PASSED}), frozenset({Status.SKIPPED})
# Where a mistake leaves the values right, such as one that changes an input.
LEFT_OUT = SKIPPED | PASSED
# Run with the student's own parts, of which one is wrong.
SOFT = PASSED | LOST

LONG = "This check trains, and was left out."


@dataclass(frozen=True, kw_only=True)
class ProofCase:
    """A submission and how each check of it has to end; `known` are results that are not asked.

    `mutants` are the mistakes that are in it, and `says` is what the student has to read of them.
    """

    kind: str
    name: str
    files: Mapping[str, bytes]
    expected: Mapping[str, frozenset[Status]]
    points: Mapping[str, float]
    mutants: tuple[Mutant, ...] = ()
    says: tuple[str, ...] = ()
    known: Mapping[str, CheckResult] = field(default_factory=dict)


def cases(
    assignment: Assignment,
    checks: Mapping[str, Check],
    *,
    trainings: int | None = None,
    seed: int = 0,
) -> Iterator[ProofCase]:
    """Reference, skeleton, variants and mutants. Raises `AuthoringError`.

    Checks that train run for every mutant that loses one of them, and of the others for so many
    `trainings`, drawn by `seed`; without a number, for all.
    """
    right = dict.fromkeys(checks, PASSED)
    untouched = dict.fromkeys(checks, frozenset({Status.NOT_ATTEMPTED}))
    case = partial(ProofCase, points={check.id: check.points for check in checks.values()})
    yield case(kind="reference", name="", files=reference_files(assignment), expected=right)
    yield case(kind="skeleton", name="", files=release_files(assignment), expected=untouched)
    for variant in load_variants(assignment):
        files = mutant_files(assignment, variant)
        yield case(kind="variant", name=variant.name, files=files, expected=right)
    groups = load_groups(assignment) if assignment.course.follow_through else Groups()
    long = _long(checks)
    quick = _without_training(load_mutants(assignment), long, trainings, random.Random(seed))
    for mutant in load_mutants(assignment):
        known = long if mutant.name in quick else {}
        asked = {id: check for id, check in checks.items() if id not in known}
        yield case(
            kind="mutant",
            name=mutant.name,
            files=mutant_files(assignment, mutant),
            expected=expected_of(mutant.loses, asked, groups),
            mutants=(mutant,),
            says=mutant.says,
            known=known,
        )


def _without_training(
    mutants: Sequence[Mutant], long: Collection[str], trainings: int | None, draws: random.Random
) -> frozenset[str]:
    """The names of the mutants for which checks that train do not run."""
    others = [one.name for one in mutants if not set(long).intersection(one.loses)]
    kept = len(others) if trainings is None else min(trainings, len(others))
    return frozenset(others).difference(draws.sample(others, kept))


def combined_cases(
    assignment: Assignment, checks: Mapping[str, Check], *, count: int, seed: int
) -> Iterator[ProofCase]:
    """A seeded sample of pairs and triples of mutants that change different places.

    Checks that train do not run: they take long, and what they show of two mistakes at once the
    others show as well.
    """
    groups = load_groups(assignment) if assignment.course.follow_through else Groups()
    left_out = _long(checks)
    asked = {id: check for id, check in checks.items() if id not in left_out}
    mutants = [one for one in load_mutants(assignment) if not left_out.keys() & set(one.loses)]
    drawn = _drawn(mutants, random.Random(seed))
    found = 0
    for together in drawn:
        if found == count:
            return
        files = _combined(assignment, together)
        if files is None:
            continue
        found += 1
        loses = tuple(dict.fromkeys(id for one in together for id in one.loses))
        yield ProofCase(
            kind="pair" if len(together) == 2 else "triple",
            name=" + ".join(one.name for one in together),
            files=files,
            expected=expected_of(loses, asked, groups),
            points={id: check.points for id, check in asked.items()},
            mutants=together,
            known=left_out,
        )


def expected_of(
    loses: Sequence[str], checks: Mapping[str, Check], groups: Groups
) -> dict[str, frozenset[Status]]:
    """How every check ends after mistakes that lose `loses` by their own fault.

    What is built on them is marked with the course's part in their place, and has all its points;
    it is left skipped where nothing can stand in (see `Groups.replaced`).
    """
    expected = {}
    for id, check in checks.items():
        failed = [need for need in all_needs(check, checks) if need in loses]
        if id in loses:
            expected[id] = LOST_OR_SKIPPED if failed else LOST
        elif failed:
            replaced = groups.replaced(id, failed)
            own = groups.shares_with(id, failed)
            expected[id] = LEFT_OUT if replaced is None else SOFT if own else PASSED
        else:
            expected[id] = PASSED
    return expected


def _drawn(mutants: Sequence[Mutant], draws: random.Random) -> Iterator[tuple[Mutant, ...]]:
    """Pairs and triples in turn, each once, in an order that is drawn."""
    pairs = list(combinations(mutants, 2))
    draws.shuffle(pairs)
    triples = (tuple(draws.sample(mutants, 3)) for _ in pairs if len(mutants) > 2)
    return (
        chain.from_iterable(zip(pairs, triples, strict=False)) if len(mutants) > 2 else iter(pairs)
    )


def _combined(assignment: Assignment, together: Sequence[Mutant]) -> dict[str, bytes] | None:
    """The files of somebody who made all these mistakes; None where one undoes another's place."""
    edits = tuple(edit for one in together for edit in one.edits)
    try:
        return reference_files(assignment, edits)
    except AuthoringError:
        return None


def _long(checks: Mapping[str, Check]) -> dict[str, CheckResult]:
    """The checks that train, and those that need one of them."""
    found: dict[str, CheckResult] = {}
    for id, check in checks.items():
        if check.trains or found.keys() & set(check.needs):
            found[id] = _skipped(check)
    return found


def _skipped(check: Check) -> CheckResult:
    return CheckResult(
        id=check.id,
        name=check.summary,
        status=Status.SKIPPED,
        score=0.0,
        max_score=check.points,
        bonus=check.bonus,
        rationale=LONG,
    )
