"""What one mistake costs with follow-through and without, as Markdown. Nothing by hand."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.files import write_atomically
from autograder.judging.check import Check
from autograder.results import Report

from .kept_rows import with_kept_rows
from .mutants import dependents

_TITLE = """\
# What one mistake costs

Written by `autograder verify --table docs/follow-through.md`, from every known mistake on which
other hidden tests are built. *Now* are the points that it loses, graded in the sandbox; *without
follow-through* those of the checks that it fails and of all that need one of them. *Seconds* is
what running the others with the course's part took, on the machine that wrote this page.
"""
_HEADER = (
    "| assignment | mistakes | now: mean / median / max | without follow-through "
    "| seconds: median / max |",
    "|---|---:|---:|---:|---:|",
)


@dataclass(frozen=True, kw_only=True)
class MistakeCost:
    """One known mistake: points lost `now` and `before`, and the seconds of what it used to skip.

    `built_on` is whether any check needs one that it fails.
    """

    now: float
    before: float
    seconds: float
    built_on: bool


def cost_of(loses: Sequence[str], report: Report, checks: Mapping[str, Check]) -> MistakeCost:
    """What a mistake cost that fails `loses` by its own fault."""
    others = {id for lost in loses for id in dependents(lost, checks)} - set(loses)
    return MistakeCost(
        now=sum(result.max_score - result.score for result in report.checks),
        before=sum(checks[id].points for id in {*loses, *others}),
        seconds=sum(result.seconds for result in report.checks if result.id in others),
        built_on=bool(others),
    )


def write_follow_table(path: Path, costs: Mapping[str, Sequence[MistakeCost]]) -> None:
    """Write the page, a row for each assignment that has such mistakes; other rows stay."""
    rows = with_kept_rows(path, dict(_rows(costs)))
    write_atomically(path, ("\n".join((_TITLE, *_HEADER, *rows)) + "\n").encode())


def _rows(costs: Mapping[str, Sequence[MistakeCost]]) -> Iterator[tuple[str, str]]:
    for name, every in costs.items():
        some = [cost for cost in every if cost.built_on]
        if some:
            now, before = [one.now for one in some], [one.before for one in some]
            seconds = [one.seconds for one in some]
            yield (
                name,
                f"| {name} | {len(some)} | {_three(now)} | {_three(before)} "
                f"| {statistics.median(seconds):.1f} / {max(seconds):.1f} |",
            )


def _three(values: Sequence[float]) -> str:
    mean, median = statistics.mean(values), statistics.median(values)
    return f"{mean:.1f} / {median:g} / {max(values):g}"
