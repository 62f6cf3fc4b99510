"""The proof that hidden tests notice small mistakes: every mutant of a reference, or a sample.

Is given what tries a mutant, and does not know it.
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.mutation import CodeMutant, CodeText, mutants_of, with_text

from .build import reference_files
from .equivalents import Equivalent, load_equivalents
from .gaps import GapLine, gaps
from .source import hidden_tests

UNUSED = "{entry}: no survivor is of this kind any more; take the entry out"


class Tried(Protocol):
    """What came of one mutant."""

    @property
    def survived(self) -> bool:
        """Whether every check passed."""

    @property
    def failed(self) -> str:
        """Which check failed by itself and what it said, or ``""``."""


Files = Mapping[str, bytes]
Try = Callable[[str, Course, Sequence[tuple[Files, Sequence[str]]]], Sequence[Tried]]


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """A mutant that no check noticed, or on which a check itself failed (`failed` says how)."""

    mutant: CodeMutant
    place: GapLine
    failed: str = ""

    def __str__(self) -> str:
        head = f"{self.place.file}:{self.place.line}: {self.mutant.kind}"
        function = f" in `{self.mutant.function}`" if self.mutant.function else ""
        said = [f"       a check itself fails on it: {self.failed}"] if self.failed else []
        return "\n".join((head + function, *_difference(self.mutant), *said))


@dataclass(frozen=True, kw_only=True)
class MutationScore:
    """The mutants of one assignment that were tried, and what became of them.

    `of` is how many there are in all; `equivalent` counts the survivors that are written down as
    right, and `unused` are statements of the author that no survivor needs.
    """

    assignment: str
    of: int
    tried: int
    equivalent: int
    survivors: tuple[Survivor, ...]
    unused: tuple[str, ...]

    @property
    def noticed(self) -> int:
        """The mutants that cost a point."""
        return self.tried - self.equivalent - len(self.survivors)

    @property
    def score(self) -> float:
        """The share of mutants that are mistakes and were noticed."""
        mistakes = self.tried - self.equivalent
        return self.noticed / mistakes if mistakes else 1.0

    @property
    def holds(self) -> bool:
        """Whether every mistake was noticed, and every statement of the author is needed."""
        return not self.survivors and not self.unused

    def __str__(self) -> str:
        sample = "" if self.tried == self.of else f" of {self.of}"
        verdict = (
            f"{self.assignment}: {self.tried}{sample} mutants, {self.noticed} noticed, "
            f"{self.equivalent} equivalent, {len(self.survivors)} survive ({self.score:.1%})"
        )
        lines = (*map(str, self.survivors), *(UNUSED.format(entry=one) for one in self.unused))
        return "\n".join((verdict, *lines))


def mutation_scores(
    assignments: Sequence[Assignment],
    *,
    try_mutants: Try,
    executor: Executor,
    sample: int | None = None,
    seed: int = 0,
) -> Iterator[MutationScore]:
    """Try the mutants of every assignment; a score for each, in order.

    Parameters
    ----------
    try_mutants : tries mutants of one assignment, given as files with the checks to ask by name.
    sample : how many of each assignment; all of them by default.
    seed : of the sample.

    Raises
    ------
    AuthoringError : the source is wrong, or what is written down as equivalent.
    """
    begun = [_begun(one, try_mutants, executor, sample, seed) for one in assignments]
    return (score() for score in begun)


@dataclass(frozen=True)
class _MutantCase:
    mutant: CodeMutant
    place: GapLine
    text: CodeText


def _begun(
    assignment: Assignment, try_mutants: Try, executor: Executor, sample: int | None, seed: int
) -> Callable[[], MutationScore]:
    equivalents = load_equivalents(assignment)
    every = list(_cases(assignment))
    cases = every if sample is None else _sample(every, sample, seed)
    reference = reference_files(assignment)
    files = {path: reference[path] for path in assignment.editable}
    groups = [list(group) for _, group in groupby(cases, key=lambda case: case.place.part)]
    futures = [
        executor.submit(
            try_mutants,
            assignment.slug,
            assignment.course,
            [_files(case, files, equivalents) for case in group],
        )
        for group in groups
    ]

    def score() -> MutationScore:
        results = [one for future in futures for one in future.result()]
        ended = list(zip((case for group in groups for case in group), results, strict=True))
        return _score(assignment.slug, len(every), ended, equivalents, whole=sample is None)

    return score


def _cases(assignment: Assignment) -> Iterator[_MutantCase]:
    """Every mutant of a part whose values are compared; settings of training are a choice."""
    checks = hidden_tests(assignment)
    for gap in gaps(assignment):
        for mutant in mutants_of(gap.text.text, path=gap.text.name, lines=gap.lines.keys()):
            place = gap.lines.get(mutant.line)
            check = checks.get(place.part) if place else None
            if place and check and not check.trains:
                yield _MutantCase(mutant, place, gap.text)


def _sample(cases: Sequence[_MutantCase], size: int, seed: int) -> list[_MutantCase]:
    chosen = random.Random(seed).sample(range(len(cases)), min(size, len(cases)))
    return [cases[number] for number in sorted(chosen)]


def _files(
    case: _MutantCase, files: Files, equivalents: Sequence[Equivalent]
) -> tuple[Files, list[str]]:
    """All files of a mutant, and the checks that it is tried on by name."""
    path = case.text.path
    changed = with_text(files[path], case.text, case.mutant.text)
    named = [one.noticed_by for one in equivalents if one.noticed_by and _means(one, case)]
    return {**files, path: changed}, [case.place.part, *named]


def _score(
    slug: str,
    every: int,
    ended: Sequence[tuple[_MutantCase, Tried]],
    equivalents: Sequence[Equivalent],
    *,
    whole: bool,
) -> MutationScore:
    used: set[Equivalent] = set()
    survivors, equivalent = [], 0
    for case, tried in ended:
        meant = [one for one in equivalents if _means(one, case)]
        used.update(one for one in meant if tried.survived or one.noticed_by)
        if not tried.survived and not tried.failed:
            continue
        found = [one for one in meant if one.reason and tried.survived]
        equivalent += bool(found)
        if not found:
            survivors.append(Survivor(mutant=case.mutant, place=case.place, failed=tried.failed))
    return MutationScore(
        assignment=slug,
        of=every,
        tried=len(ended),
        equivalent=equivalent,
        survivors=tuple(survivors),
        unused=tuple(str(one) for one in equivalents if whole and one not in used),
    )


def _means(equivalent: Equivalent, case: _MutantCase) -> bool:
    return equivalent.means(
        file=case.place.file,
        part=case.place.part,
        kind=case.mutant.kind,
        before=case.mutant.before,
        after=case.mutant.after,
    )


def _difference(mutant: CodeMutant) -> Iterator[str]:
    before, after = mutant.before.split("\n"), mutant.after.split("\n")
    for line in difflib.ndiff(before, after):
        if line[0] in "+-":
            yield f"       {line}"
