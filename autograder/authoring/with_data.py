"""An assignment with each of its data sets: released apart, graded, and shown in a table.

What students get is not touched: the release with another data set lies in a folder of its own.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.cores import available_cores
from autograder.data import DATASETS
from autograder.data.places import require
from autograder.errors import UserError
from autograder.results import Report

from .build import build
from .settings import read_assignment
from .source import hidden_tests
from .verify import Grade, VerifiedRow, verify_training

ALL = "all"

UNKNOWN = "No data set is called {name!r}. {hint}"
UNSUPPORTED = "{slug} is not graded with {name}; its data sets are: {known}."
NOBODY = "No assignment here is graded with {name}; there are: {known}."

_ABOUT = """\
# The references on all data sets

Written by `autograder verify --data all --jobs 1 --table docs/data-sets.md`. Each row is one
submission, the reference solution, graded in the sandbox from its first file to its last check.
`training` has the seconds of each check that trains, and how many it may take.

Seconds are those of a clock, on a machine with {cores} cores whose load was {load:.0f} in the last
15 minutes: more than {cores} means that others were waited for.
"""
_HEADER = (
    "| assignment | data set | images to train on | points | seconds | training (allowed) |",
    "|---|---|---|---|---|---|",
)


class UnsupportedDataError(UserError, LookupError):
    """No assignment that was named has settings for the data set."""


@dataclass(frozen=True, kw_only=True)
class WithData:
    """An assignment, one of its data sets, and what was graded: the reference, then mutants."""

    assignment: Assignment
    graded: tuple[tuple[VerifiedRow, Report], ...]
    seconds: dict[str, float]

    @property
    def holds(self) -> bool:
        """Whether the reference gets all points and every mutant loses its own."""
        return all(row.ok for row, _ in self.graded)

    @property
    def verdict(self) -> str:
        """One line about all of it."""
        broken = sum(not row.ok for row, _ in self.graded)
        verdict = f"{broken} of {len(self.graded)} are not as they should be" if broken else "holds"
        return f"{self.assignment.slug} with {self.assignment.dataset}: {verdict}"

    @property
    def line(self) -> str:
        """The row of the reference in the table."""
        row, report = self.graded[0]
        spent = {check.id: check.seconds for check in report.checks}
        training = (f"`{id}` {spent[id]:.1f} ({most:g})" for id, most in self.seconds.items())
        images = " / ".join(f"{count:,}" for count in _counts(self.assignment.settings)) or "none"
        cells = (
            f"`{self.assignment.slug}`", self.assignment.dataset, images, row.result,
            f"{report.seconds:.1f}", ", ".join(training) or "none",
        )  # fmt: skip
        return f"| {' | '.join(cells)} |"


def choices(assignments: Sequence[Assignment], name: str, *, named: bool) -> list[Assignment]:
    """The assignments that a data set is meant for, each with it; ``all`` means every pair.

    Parameters
    ----------
    named : whether somebody named these assignments, so that each has to have the data set.

    Raises
    ------
    UnsupportedDataError : with the nearest known name.
    MissingDataError : the data set is not on this machine.
    """
    if name == ALL:
        return [_with(one, other) for one in assignments for other in one.supported]
    known = sorted({*DATASETS, *(other for one in assignments for other in one.supported)})
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
        raise UnsupportedDataError(UNKNOWN.format(name=name, hint=hint))
    fit = [one for one in assignments if name in one.supported]
    for one in assignments if named else ():
        if one not in fit:
            supported = ", ".join(one.supported)
            raise UnsupportedDataError(
                UNSUPPORTED.format(slug=one.slug, name=name, known=supported)
            )
    if not fit:
        used = sorted({o for one in assignments for o in one.supported if o in DATASETS})
        raise UnsupportedDataError(NOBODY.format(name=name, known=", ".join(used)))
    _require(name)
    return [_with(one, name) for one in fit]


def verify_with_data(
    assignment: Assignment,
    folder: Path,
    *,
    grade: Grade,
    executor: Executor | None = None,
    tell: Callable[[str], None] = lambda _: None,
    kinds: Collection[str] = ("reference", "mutant"),
) -> WithData:
    """Release an assignment into a folder, and grade its reference and mutants that train.

    Parameters
    ----------
    tell : takes a line for each row when it is graded, for training takes its time.
    kinds : of submissions that are graded.

    Raises
    ------
    MissingDataError : its data set is not on this machine.
    AuthoringError : see `build`.
    """
    _require(assignment.dataset)
    course = replace(assignment.course, assignments=folder / assignment.dataset)
    released = replace(assignment, course=course)
    build(released)
    seconds = {one.id: one.seconds for one in hidden_tests(released).values() if one.trains}
    graded = []
    for row, report in verify_training(released, grade=grade, executor=executor, kinds=kinds):
        tell(f"{row}, {report.seconds:.1f} s")
        graded.append((row, report))
    return WithData(assignment=released, graded=tuple(graded), seconds=seconds)


def page(results: Sequence[WithData]) -> str:
    """The references on their data sets, as a page in Markdown."""
    about = _ABOUT.format(cores=available_cores(), load=os.getloadavg()[2])
    return "\n".join((about, *_HEADER, *(result.line for result in results))) + "\n"


def _with(assignment: Assignment, name: str) -> Assignment:
    datasets = {**assignment.course.datasets, assignment.slug: name}
    return read_assignment(assignment.slug, replace(assignment.course, datasets=datasets))


def _require(name: str) -> None:
    if name in DATASETS and DATASETS[name].downloads:
        require(DATASETS[name])


def _counts(settings: object) -> Iterator[int]:
    """How many images the trainings have, each number once."""
    if isinstance(settings, dict):
        numbers = [settings["num_train"]] if "num_train" in settings else []
        inner = (count for value in settings.values() for count in _counts(value))
        yield from dict.fromkeys([*numbers, *inner])
