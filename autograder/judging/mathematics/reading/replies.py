"""What a cell answers, by the kind of question: one expression, two sides, or blanks. No values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from . import nodes as n
from .alternatives import BESIDE, two_answers
from .answers import the_answer
from .blanks import blanks
from .chosen import chosen_formula
from .declarations import Declarations
from .errors import (
    Unreadable,
)
from .spoken import ALTERNATIVES
from .statements import Formula, Segment, Statement


def equation(cell: str, declared: Declarations) -> Formula:
    """The equation that a cell answers, in the index of the question."""
    return chosen_formula(with_declared_index(cell, declared), declared)


def all_sides(read: Formula) -> list[n.Node]:
    """Every side of the last statement; raises `Unreadable` unless there is an = between them.

    Raises `Ambiguous` for A = B or C = D.
    """
    _refuse_two_equations(read)
    segments = read.statements[-1].segments
    if len(segments) < 2 or any(segment.relation != "=" for segment in segments[1:]):
        raise Unreadable(
            "An equation is asked for, and there is no = sign here.",
            start=segments[0].start,
            end=segments[-1].end,
            help="Write left side = right side, as in a + b = c.",
        )
    return [read.expression(segment) for segment in segments]


def with_declared_index(text: str, declared: Declarations) -> str:
    """The text with the index that a question spells its symbols with, in place of another one.

    λ_j w_j is λ_i w_i where only this is declared, and nothing else in the text has an index.
    """
    letters = {
        spelling[1][2]
        for spelling, name in declared.spellings.items()
        if len(spelling) == 2 and _is_index(spelling[1]) and declared.kind(name) == "symbol"
    }
    places = _index_places(text)
    used = {text[place] for place in places}
    if len(letters) != 1 or len(used) != 1 or used & letters or "\\sum" in text or "∑" in text:
        return text
    own = next(iter(letters))
    return "".join(own if place in places else sign for place, sign in enumerate(text))


def _is_index(signature: str) -> bool:
    return len(signature) == 4 and signature[:2] == "_{" and signature[2].islower()


def _index_places(text: str) -> set[int]:
    """Where a letter stands alone as a subscript: w_j, w_{j} and, in LaTeX, the j of w_jx."""
    found = set()
    for place, sign in enumerate(text):
        before, behind = text[:place].rstrip(), text[place + 1 :]
        if before.endswith("{"):
            alone = behind.lstrip().startswith("}")
        else:
            alone = "\\" in text or not behind[:1].isalpha()
        small = sign.isascii() and sign.islower()
        if small and alone and before.removesuffix("{").rstrip().endswith("_"):
            found.add(place)
    return found


def _refuse_two_equations(read: Formula) -> None:
    """Raise `Ambiguous` for A = B or C = D, and for T = A, T = B."""
    if len(read.statements) < 2:
        return
    before, last = read.statements[-2:]
    again = last.joined in BESIDE and before.label == last.label and len(before.segments) > 1
    if last.joined in ALTERNATIVES or again:
        raise two_answers(read, _whole(before), _whole(last))


def _whole(statement: Statement) -> Segment:
    tokens = tuple(token for segment in statement.segments for token in segment.tokens)
    return Segment("", tokens)


def sides(read: Formula) -> tuple[n.Node, n.Node]:
    """The first and the last side of the last statement."""
    found = all_sides(read)
    return found[0], found[-1]


def solved(read: Formula) -> Formula:
    """A formula without what an objective is said to belong to: w = arg max …, log p ∝ …."""
    *before, last = read.statements
    places = [k for k, segment in enumerate(last.segments) if k and _begins_objective(segment)]
    if not places:
        return read
    first, *rest = last.segments[places[-1] :]
    kept = replace(last, segments=(replace(first, relation=""), *rest))
    return replace(read, statements=(*before, kept))


def _begins_objective(segment: Segment) -> bool:
    first = segment.tokens[0]
    extremum = first.kind == "function" and first.text in {"argmin", "argmax"}
    return extremum or segment.relation == "∝"


@dataclass(frozen=True)
class Reply:
    """Every expression that an answer consists of, by name ("" for the only one), and remarks.

    That of an objective may be an `Extremum`.
    """

    found: Mapping[str, n.Node]
    notes: tuple[str, ...] = ()


def reply(cell: str, declared: Declarations, kind: str) -> Reply:
    """What a cell answers; raises `MathematicsError`."""
    if kind == "satisfies":
        return Reply(blanks(cell, declared))
    if kind == "equation":
        left, right = sides(equation(cell, declared))
        return Reply({"": n.Add((left, n.Negate(right)), start=left.start, end=right.end)})
    read = chosen_formula(cell, declared)
    answer = the_answer(solved(read) if kind == "objective" else read)
    return Reply({"": answer.node}, answer.notes)
