"""What a person should look for in a free text, and what of it can be found. Decides nothing.

    [answer]
    kind = "rubric"
    [[rubric]]
    id = "lambda"                     # by this name in the examples
    points = 1
    text = "the right λ, by s and t"  # shown to people; it gives no answer away
    evidence = [                      # found by any entry of which every key is found
      {formula = '\\frac{s^2}{t^2}'}, # or equation; with allow or forbid, as for milestones
      {words = [["noise", "s^2"], ["prior"]], within = 2},   # one of each, in two sentences
      {numbers = [[1e-15, 1e-13]]},   # a number in every range
      {check = "ridge"},              # a hidden test that passed
    ]
    [[graded]]                        # proves the rubric when the project is tested
    answer = "..."
    finds = ["lambda"]

A line without evidence is left to the person entirely.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..computing.bank import instances
from ..computing.instances import Instance
from ..explaining.judgement import Judgement
from ..reading.declarations import DeclarationError
from ..reading.declare import declarations
from .milestones import KEYS as MILESTONE_KEYS
from .milestones import Milestone, milestone
from .prose import numbers, said
from .steps import Steps, steps_in

LINE = {"id", "points", "text", "evidence"}
EVIDENCE = MILESTONE_KEYS | {"words", "within", "numbers", "check"}
GRADED = {"answer", "finds", "passed"}
MAX_SHOWN = 90


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """One line of a rubric: `found` is None where only a person can tell, `because` quotes."""

    id: str
    text: str
    points: float
    found: bool | None
    because: str = ""


@dataclass(frozen=True)
class _Evidence:
    """What shows that a line is met, everything in it at once."""

    plain: Mapping[str, Any]
    goal: Milestone | None

    def found(self, cell: str, steps: Steps, passed: Collection[str]) -> str:
        """Where it was found, in the student's words; "" where it was not."""
        because: list[str] = []
        for part in self._parts(cell, steps, passed):
            if not part:
                return ""
            because.append(part)
        return ", ".join(because)

    def _parts(self, cell: str, steps: Steps, passed: Collection[str]) -> Iterator[str]:
        if self.goal is not None:
            side = self.goal.reached(steps)
            yield f"`{_short(side.text)}`" if side else ""
        if "words" in self.plain:
            passage = said(cell, self.plain["words"], within=self.plain.get("within", 1))
            yield f"“{_short(passage)}”" if passage else ""
        if "numbers" in self.plain:
            known = numbers(cell)
            for low, high in self.plain["numbers"]:
                yield next((f"{value:g}" for value in known if low <= value <= high), "")
        if "check" in self.plain:
            yield f"the check `{self.plain['check']}` passed" * (self.plain["check"] in passed)


class RubricQuestion:
    """A free text for a person to mark, of which some parts can be looked for."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.declared = declarations(plain)
        self.batches = _batches(plain)
        self.lines = [(entry, self._evidence(entry)) for entry in plain["rubric"]]
        ids = [entry["id"] for entry, _ in self.lines]
        if len(set(ids)) < len(ids):
            raise DeclarationError("rubric: two lines have the same id")
        for graded in plain.get("graded", []):
            _known("graded", graded, GRADED, {"answer", "finds"})
            if set(graded["finds"]) - set(ids):
                raise DeclarationError(f"graded: finds {graded['finds']!r}; the lines are {ids}")

    def _evidence(self, entry: Mapping[str, Any]) -> list[_Evidence]:
        _known("rubric", entry, LINE, {"id", "points", "text"})
        found: list[_Evidence] = []
        for each in entry.get("evidence", []):
            _known("rubric.evidence", each, EVIDENCE, set())
            is_goal = {"formula", "equation"} & set(each)
            goal = milestone(each, self.declared, self.batches) if is_goal else None
            found.append(_Evidence(each, goal))
        return found

    def suggest(self, cell: str, passed: Collection[str] = ()) -> list[Suggested]:
        """What can be found of each line; raises nothing for what a student can write."""
        steps = steps_in(cell, self.declared, in_prose=True)
        return [self._line(*line, cell, steps, passed) for line in self.lines]

    def _line(
        self, entry: Mapping[str, Any], evidence: Sequence[_Evidence], cell: str, steps: Steps,
        passed: Collection[str],
    ) -> Suggested:  # fmt: skip
        because = next(filter(None, (one.found(cell, steps, passed) for one in evidence)), "")
        return Suggested(
            id=entry["id"],
            text=entry["text"],
            points=float(entry["points"]),
            found=bool(because) if evidence else None,
            because=because,
        )

    def judge(self, cell: str) -> Judgement:
        """A person's affair, whatever the text."""
        return Judgement(
            says="person", credit=None, rationale="A free text.", help="A person will read it."
        )

    def misjudged(self) -> list[str]:
        """Every example of `graded` in which other lines are found than it says."""
        problems = [] if self.plain.get("graded") else ["graded: an example is needed"]
        for graded in self.plain.get("graded", []):
            lines = self.suggest(graded["answer"], graded.get("passed", []))
            found = [line.id for line in lines if line.found]
            if found != sorted(graded["finds"], key=[line.id for line in lines].index):
                problems.append(f"in {graded['answer'][:60]!r} is found {found}")
        return problems


def _batches(plain: Mapping[str, Any]) -> list[Instance]:
    first: dict[str, Instance] = {}
    for batch in instances({**plain, "edges": []}, declarations(plain)):
        first.setdefault(batch.regime.name, batch)
    return list(first.values())


def _known(where: str, given: Mapping[str, Any], known: set[str], needed: set[str]) -> None:
    if set(given) - known or needed - set(given):
        raise DeclarationError(
            f"{where}: {dict(given)!r}; known keys are {sorted(known)}, needed {sorted(needed)}"
        )


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MAX_SHOWN else plain[: MAX_SHOWN - 1] + "…"
