"""Right solutions over many seeds: the reference and every variant pass, whatever is drawn.

Is given what runs them; does not know it. Checks that train are not asked: what they do is chance,
and `benchmarks/` measures it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.files import write_atomically

from .build import reference_files
from .kept_rows import with_kept_rows
from .mutants import load_variants, mutant_files

BLOCK = 500  # seeds of one call
FIXED = 3  # seeds of a check that calls no function: the answers are always the same
SHOWN = 5
REFERENCE = "reference"
LINE = "{slug}: {solution}: {check} fails {failed} of {seeds} seeds, {first}: {said}"
TITLE = f"""# Right solutions over many seeds

Written by `autograder verify --seeds N --table docs/seeds.md`; the rows of assignments that were
not asked for stay. Every check that trains nothing on a data set runs on the reference and on every
variant, each time with other inputs. A variant is asked with all seeds where a check runs a
function that differs from the reference's; what it shares is proved by the reference. A check that
calls no function of the solution is asked {FIXED} times.

| assignment | seeds | solutions | checks | runs | failures | CPU seconds |
|---|---:|---:|---:|---:|---:|---:|
"""


class SolutionRun(Protocol):
    """One check of one solution with some seeds."""

    check: str
    seeds: int
    failed: tuple[int, ...]
    said: str
    seconds: float


class AskedParts(Protocol):
    """What a check asks of a solution: functions by digest, and whether it calls any."""

    functions: frozenset[str]
    calls: bool
    notebook: bool


class Laboratory(Protocol):
    """What runs solutions, as `autograder.grading.over_seeds` does it."""

    def exact_checks(self, slug: str, course: Course) -> tuple[str, ...]:
        """The ids of the checks that train nothing."""

    def asked(
        self, slug: str, course: Course, files: Mapping[str, bytes], ids: Sequence[str]
    ) -> Mapping[str, Any]:
        """What each check asks of a solution."""

    def frames(self, files: Mapping[str, bytes]) -> Mapping[str, str]:
        """What stands in each file beside the bodies of functions, as a digest."""

    def run_seeds(
        self,
        slug: str,
        course: Course,
        files: Mapping[str, bytes],
        ids: Sequence[str],
        first: int,
        last: int,
    ) -> Sequence[Any]:
        """Run checks with these seeds."""


@dataclass(frozen=True, kw_only=True)
class SolutionRuns:
    """What the checks of one right solution did, over all seeds."""

    solution: str
    runs: tuple[SolutionRun, ...]


@dataclass(frozen=True, kw_only=True)
class SeedResult:
    """The solutions of one assignment, over so many seeds."""

    assignment: str
    seeds: int
    solutions: tuple[SolutionRuns, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """A line for each check of a solution that did not pass with every seed."""
        return tuple(
            line for solution in self.solutions for line in _failures(self.assignment, solution)
        )

    @property
    def holds(self) -> bool:
        """Whether every right solution passed with every seed."""
        return not self.failures

    @property
    def row(self) -> str:
        """A row of the table."""
        runs = [run for solution in self.solutions for run in solution.runs]
        checks = len({run.check for run in runs})
        count, failed = sum(run.seeds for run in runs), sum(len(run.failed) for run in runs)
        seconds = sum(run.seconds for run in runs)
        return (
            f"| {self.assignment} | {self.seeds:,} | {len(self.solutions)} | {checks} "
            f"| {count:,} | {failed} | {seconds:,.0f} |"
        )

    def __str__(self) -> str:
        count = sum(run.seeds for solution in self.solutions for run in solution.runs)
        verdict = f"{len(self.failures)} checks fail" if self.failures else "holds"
        head = f"{self.assignment}: {len(self.solutions)} solutions, {count:,} runs: {verdict}"
        return "\n".join((head, *self.failures))


def seed_results(
    assignments: Sequence[Assignment], laboratory: Laboratory, executor: Executor, *, seeds: int
) -> Iterator[SeedResult]:
    """Run every exact check of every right solution; the results as they are there.

    Raises
    ------
    AuthoringError : a source or a variant is wrong.
    """
    begun = [(one.slug, _begun(one, laboratory, executor, seeds)) for one in assignments]
    for slug, solutions in begun:
        done = tuple(
            SolutionRuns(solution=name, runs=tuple(_joined(f.result() for f in parts)))
            for name, parts in solutions.items()
        )
        yield SeedResult(assignment=slug, seeds=seeds, solutions=done)


def write_seed_table(path: Path, results: Sequence[SeedResult]) -> None:
    """Write the page: a row for each assignment, and what failed; other rows stay."""
    rows = with_kept_rows(path, {result.assignment: result.row for result in results})
    failures = [f"* {line}" for result in results for line in result.failures]
    lines = [*rows, *([""] if failures else []), *failures]
    write_atomically(path, (TITLE + "\n".join(lines) + "\n").encode())


def _begun(
    assignment: Assignment, laboratory: Laboratory, executor: Executor, seeds: int
) -> dict[str, list[Future[Sequence[SolutionRun]]]]:
    """Begin to run all solutions: name -> the blocks of seeds."""
    slug, course = assignment.slug, assignment.course
    ids = laboratory.exact_checks(slug, course)
    solutions = {REFERENCE: _editable(assignment, reference_files(assignment))}
    for variant in load_variants(assignment):
        solutions[variant.name] = _editable(assignment, mutant_files(assignment, variant))
    looked = {
        name: executor.submit(laboratory.asked, slug, course, files, ids)
        for name, files in solutions.items()
    }
    plain, frames = looked[REFERENCE].result(), laboratory.frames(solutions[REFERENCE])
    parts: dict[str, list[Future[Sequence[SolutionRun]]]] = {}
    for name, files in solutions.items():
        found = looked[name].result()
        chosen = ids if name == REFERENCE else _differing(found, plain, frames, laboratory, files)
        calling = [id for id in chosen if found[id].calls]
        fixed = [id for id in chosen if not found[id].calls]
        blocks = [(calling, at, min(at + BLOCK, seeds)) for at in range(0, seeds, BLOCK)]
        blocks.append((fixed, 0, min(FIXED, seeds)))
        parts[name] = [
            executor.submit(laboratory.run_seeds, slug, course, files, some, first, last)
            for some, first, last in blocks
            if some
        ]
    return parts


def _editable(assignment: Assignment, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: files[path] for path in assignment.editable}


def _differing(
    found: Mapping[str, AskedParts],
    plain: Mapping[str, AskedParts],
    frames: Mapping[str, str],
    laboratory: Laboratory,
    files: Mapping[str, bytes],
) -> list[str]:
    """The checks that run something else than the reference, or may read something else."""
    other = {path for path, frame in laboratory.frames(files).items() if frame != frames.get(path)}
    modules = any(path.endswith(".py") for path in other)
    notebooks = any(path.endswith(".ipynb") for path in other)
    return [
        id
        for id in found
        if modules
        or (notebooks and found[id].notebook)
        or found[id].functions != plain[id].functions
    ]


def _joined(parts: Iterable[Sequence[SolutionRun]]) -> Iterator[SolutionRun]:
    """The blocks of each check put together."""
    by_check: dict[str, list[SolutionRun]] = {}
    for runs in parts:
        for run in runs:
            by_check.setdefault(run.check, []).append(run)
    for check, runs in by_check.items():
        yield _Joined(
            check=check,
            seeds=sum(run.seeds for run in runs),
            failed=tuple(seed for run in runs for seed in run.failed),
            said=next((run.said for run in runs if run.said), ""),
            seconds=sum(run.seconds for run in runs),
        )


@dataclass(kw_only=True)
class _Joined:
    check: str
    seeds: int
    failed: tuple[int, ...]
    said: str
    seconds: float


def _failures(slug: str, solution: SolutionRuns) -> Iterator[str]:
    for run in solution.runs:
        if run.failed:
            first = ", ".join(map(str, run.failed[:SHOWN]))
            yield LINE.format(
                slug=slug,
                solution=solution.solution,
                check=run.check,
                failed=len(run.failed),
                seeds=run.seeds,
                first=f"first {first}",
                said=run.said,
            )
