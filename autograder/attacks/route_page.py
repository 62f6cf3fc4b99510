"""What each route to the grader stops, as Markdown, out of trials that were really run.

The page has a section for each route. One is written at a time, and the others stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.files import write_atomically
from autograder.route import SubmissionRoute

from .corpus import FAMILIES, Attack
from .sending import takes
from .table import summary
from .trial import AttackEnd, AttackTrial

_TITLE = """\
# Attacks by every route

Written by `autograder verify --attacks --through ROUTE --table docs/attack-routes.md`, once for
each route, at the level that is named. Every attack of [the corpus](attacks.md) is handed in as
instructors get it:

- *nbgrader*: a class of attackers, for `nbgrader autograde` and `nbgrader generate_feedback`. The
  gradebook has to have the points of the report, and the feedback pages are searched for secrets.
- *gradescope*: the zip for Gradescope, unpacked, and one start for each submission as in its
  container.
- *cluster*: a class of attackers on a scheduler of dask with one worker.

What exhausts the machine meets the same limits by every route, and is tried directly alone. A link
in the place of a submission exists only where a folder of submissions is read.
"""
_SECTION = re.compile(r"^## Through (\w+)\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def write_route(path: Path, attacks: Sequence[Attack], trials: Sequence[AttackTrial]) -> None:
    """Write the section of the route that the trials took; those of other routes stay.

    Parameters
    ----------
    trials : of `attacks`, at one level and by one route.
    """
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = {match[1]: match[0].strip() for match in _SECTION.finditer(old)}
    sections[str(trials[0].route)] = "\n".join(_section(attacks, trials))
    ordered = [sections[route] for route in SubmissionRoute if route in sections]
    write_atomically(path, ("\n\n".join([_TITLE.strip(), *ordered]) + "\n").encode())


def _section(attacks: Sequence[Attack], trials: Sequence[AttackTrial]) -> Iterator[str]:
    route = trials[0].route
    left_out = sum(not takes(route, attack) for attack in attacks)
    yield f"## Through {route}\n"
    yield f"Level `{trials[0].level}`. {summary(trials)}; {left_out} left out.\n"
    for family in FAMILIES:
        for end in (AttackEnd.GOT_THROUGH, AttackEnd.HELD):
            own = [one for one in trials if one.family == family and one.end is end]
            if own:
                names = ", ".join(f"`{one.attack}`" for one in own)
                sign = "**got through**" if end is AttackEnd.GOT_THROUGH else "held"
                yield f"- **{family}**, {len(own)} {sign}: {names}"
