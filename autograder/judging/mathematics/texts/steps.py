"""The steps that a cell takes: every side that can be read, and what is said to be equal to what.

Knows declarations, no values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..reading import nodes as n
from ..reading.declarations import Declarations
from ..reading.errors import MathematicsError
from ..reading.labels import is_label
from ..reading.markdown import passages
from ..reading.own_names import own
from ..reading.statements import Formula, Segment, Statement, formula


@dataclass(frozen=True)
class Side:
    """One side of a statement: as it was written, and as it was read."""

    text: str
    node: n.Node


@dataclass
class Steps:
    """All sides of a cell, all pairs that are said to be equal, and what could not be read."""

    sides: list[Side] = field(default_factory=list)
    links: list[tuple[Side, Side]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


class _Trail:
    """Follows sides from one statement to the next and collects what is claimed to be equal."""

    def __init__(self, found: Steps) -> None:
        self.found = found
        self.named: dict[tuple[str, ...], Side] = {}
        self.label: tuple[str, ...] = ()
        self.before: Side | None = None

    def begin(self, statement: Statement) -> None:
        """A statement that begins with = goes on with the one before it."""
        if statement.segments[0].relation != "=":
            self.label, self.before = statement.label, None

    def recall(self) -> None:
        """A side that is only a name stands for the last value given to that name."""
        self.before = self.named.get(self.label)

    def add(self, relation: str, side: Side | None) -> None:
        """The next side; None where it could not be read."""
        if side is not None and self.before is not None and relation in {"=", ""}:
            self.found.links.append((self.before, side))
        self.found.sides += [side] if side is not None else []
        self.before = side

    def end(self) -> None:
        """Remember the value of the name in front."""
        if self.before is not None:
            self.named[self.label] = self.before


def steps_in(cell: str, declared: Declarations, *, in_prose: bool = False) -> Steps:
    """Read a cell's displayed formulas, with `in_prose` those inside of sentences as well.

    Raises nothing for what a student can write; what cannot be read is listed.
    """
    found = Steps()
    trail = _Trail(found)
    known = own(cell, declared).declared
    for read in _formulas(cell, known, found.unread, in_prose):
        for statement in read.statements:
            trail.begin(statement)
            for segment in statement.segments:
                if is_label(read, segment):
                    trail.recall()
                else:
                    trail.add(segment.relation, _side(read, segment, found.unread))
            trail.end()
    return found


def _formulas(
    cell: str, declared: Declarations, unread: list[str], in_prose: bool
) -> Iterator[Formula]:
    try:
        found = [passage.text for passage in passages(cell) if passage.displayed or in_prose]
    except MathematicsError as error:
        unread.append(error.message)
        return
    for text in found:
        try:
            yield formula(text, declared)
        except MathematicsError as error:
            unread.append(f"{text[:60]!r}: {error.message}")


def _side(read: Formula, segment: Segment, unread: list[str]) -> Side | None:
    text = read.source(segment)
    try:
        return Side(text, read.expression(segment))
    except MathematicsError as error:
        unread.append(f"{text[:60]!r}: {error.message}")
        return None
