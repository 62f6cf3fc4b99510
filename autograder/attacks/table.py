"""What each level stops, as Markdown, out of trials that were really run. Nothing by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.files import write_atomically
from autograder.route import SubmissionRoute
from autograder.sandbox.levels import diagnose

from .corpus import FAMILIES, Attack
from .trial import AttackEnd, AttackTrial

Way = tuple[str, SubmissionRoute]  # a level, and how submissions come to it

_TITLE = """\
# Attacks, and the levels that stop them

Written by `autograder verify --attacks --table docs/attacks.md`, which hands in every submission of
`autograder/attacks/corpus` and looks for harm: points that were not earned, a secret in the report,
a file of the host that changed, a message on a socket, a process that stays, memory of the grader
that grows. *Held* means that nothing of it was observed. *Got through* means that something was.
*Not tried* are attacks that would do to the machine what they try to do, where nothing but their
own good will holds them. What a level promises is in [SECURITY.md](../SECURITY.md).

All are graded directly, as `autograder grade` does it. `--through nbgrader` takes `nbgrader
autograde` and its feedback instead, `--through gradescope` the zip for Gradescope, unpacked and
started as there, and `--through cluster` a worker of dask.
"""
_SIGNS = {
    AttackEnd.HELD: "held",
    AttackEnd.GOT_THROUGH: "**got through**",
    AttackEnd.NOT_TRIED: "not tried",
}


def table(attacks: Sequence[Attack], trials: Sequence[AttackTrial]) -> str:
    """The page: a table of families and levels, then a section for each level.

    Parameters
    ----------
    trials : of `attacks`, at any number of levels. Levels without one were not available.
    """
    ways = list(dict.fromkeys((trial.level, trial.route) for trial in trials))
    parts = [_TITLE, "\n".join(_overview(ways, trials)), "\n".join(_what_they_try(attacks))]
    parts += ["\n".join(_section(way, trials)) for way in ways]
    missing = [name for name, _, _ in diagnose() if name not in {level for level, _ in ways}]
    parts += [f"## Level `{name}`\n\nNot run when this page was written." for name in missing]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def write_table(path: Path, attacks: Sequence[Attack], trials: Sequence[AttackTrial]) -> None:
    """Write the page."""
    write_atomically(path, table(attacks, trials).encode())


def summary(trials: Sequence[AttackTrial]) -> str:
    """One line: how many were tried, held, got through, and were not tried."""
    counts = {end: sum(trial.end is end for trial in trials) for end in AttackEnd}
    tried = len(trials) - counts[AttackEnd.NOT_TRIED]
    return (
        f"{tried} attacks tried: {counts[AttackEnd.HELD]} held, "
        f"{counts[AttackEnd.GOT_THROUGH]} got through; {counts[AttackEnd.NOT_TRIED]} not tried"
    )


def way_words(level: str, route: SubmissionRoute) -> str:
    """A level and a route in words.

    >>> way_words("user", SubmissionRoute.DIRECT), way_words("user", SubmissionRoute.NBGRADER)
    ('user', 'user through nbgrader')
    """
    return level if route is SubmissionRoute.DIRECT else f"{level} through {route}"


def _overview(ways: Sequence[Way], trials: Sequence[AttackTrial]) -> Iterator[str]:
    yield f"| family | {' | '.join(_title(way) for way in ways)} |"
    yield f"|---|{'---|' * len(ways)}"
    for family in FAMILIES:
        own = [trial for trial in trials if trial.family == family]
        yield f"| {family} | {' | '.join(_count(_in(way, own)) for way in ways)} |"
    yield f"| all | {' | '.join(_count(_in(way, trials)) for way in ways)} |"


def _title(way: Way) -> str:
    level, route = way
    return f"`{level}`" if route is SubmissionRoute.DIRECT else f"`{level}` through {route}"


def _in(way: Way, trials: Sequence[AttackTrial]) -> list[AttackTrial]:
    return [trial for trial in trials if (trial.level, trial.route) == way]


def _count(trials: Sequence[AttackTrial]) -> str:
    counts = [(sum(trial.end is end for trial in trials), end) for end in AttackEnd]
    return ", ".join(f"{number} {_SIGNS[end]}" for number, end in counts if number) or "–"


def _what_they_try(attacks: Sequence[Attack]) -> Iterator[str]:
    yield "## What they try"
    for family in FAMILIES:
        yield f"\n### {family.capitalize()}\n"
        for attack in attacks:
            if attack.family == family:
                yield f"- `{attack.name}`: {attack.tries}"


def _section(way: Way, trials: Sequence[AttackTrial]) -> Iterator[str]:
    here = _in(way, trials)
    yield f"## Level {_title(way)}\n"
    yield f"{summary(here)}.\n"
    for family in FAMILIES:
        own = [trial for trial in here if trial.family == family]
        if own:
            yield f"- **{family}**: {_count(own)}"
        for end in (AttackEnd.GOT_THROUGH, AttackEnd.HELD, AttackEnd.NOT_TRIED):
            names = [f"`{trial.attack}`" for trial in own if trial.end is end]
            if names:
                yield f"  - {_SIGNS[end]}: {', '.join(names)}"
