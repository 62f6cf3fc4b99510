"""What a cell answers, by the kind of question: one expression, two sides, or blanks. No values."""

from __future__ import annotations

from collections.abc import Mapping

from . import nodes as n
from .answers import final_answer
from .declarations import Declarations
from .errors import Empty, Unreadable
from .labels import is_label
from .markdown import answer_text, passages
from .render import plain_name
from .statements import Formula, formula


def all_sides(read: Formula) -> list[n.Node]:
    """Every side of the last statement; raises `Unreadable` unless there is an = between them."""
    segments = read.statements[-1].segments
    if len(segments) < 2 or any(segment.relation != "=" for segment in segments[1:]):
        raise Unreadable(
            "An equation is asked for, and there is no = sign here.",
            start=segments[0].start,
            end=segments[-1].end,
            help="Write left side = right side.",
        )
    return [read.expression(segment) for segment in segments]


def sides(read: Formula) -> tuple[n.Node, n.Node]:
    """The first and the last side of the last statement."""
    found = all_sides(read)
    return found[0], found[-1]


def blanks(cell: str, declared: Declarations) -> dict[str, n.Node]:
    """The expression for each blank of a question; a later one replaces an earlier one.

    Raises `Empty` while a blank is missing.
    """
    found: dict[str, n.Node] = {}
    for passage in passages(cell):
        read = formula(passage.text, declared)
        for statement in read.statements:
            for segment in statement.segments[:-1]:
                name = segment.tokens[0].text
                if name in declared.blanks and is_label(read, segment):
                    found[name] = read.expression(statement.segments[-1])
    missing = [name for name in declared.blanks if name not in found]
    if missing:
        shown = plain_name(missing[0])
        raise Empty(f"Nothing is given for {shown}.", help=f"Write {shown} = ... as a formula.")
    return {name: found[name] for name in declared.blanks}


def expressions(cell: str, declared: Declarations, kind: str) -> Mapping[str, n.Node]:
    """Every expression that an answer consists of, by name ("" for the only one)."""
    if kind == "satisfies":
        return blanks(cell, declared)
    read = formula(answer_text(cell), declared)
    if kind == "equation":
        left, right = sides(read)
        return {"": n.Add((left, n.Negate(right)), start=left.start, end=right.end)}
    node = final_answer(read).node
    return {"": node.body if isinstance(node, n.Extremum) else node}
