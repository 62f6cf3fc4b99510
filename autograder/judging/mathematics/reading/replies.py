"""What a cell answers, by the kind of question: one expression, two sides, or blanks. No values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from . import nodes as n
from .alternatives import BESIDE, refuse_rivals, two_answers
from .answers import the_answer, unsolved
from .chosen import chosen_formula
from .declarations import Declarations
from .errors import (
    Empty,
    Implicit,
    MathematicsError,
    Unreadable,
    WrongShape,
    read_from,
)
from .labels import is_label
from .markdown import listed, passages
from .own_names import own
from .render import plain_name
from .shapes import blank_shape, fitted
from .spoken import ALTERNATIVES
from .statements import Formula, Segment, Statement, depth, formula
from .tokens import MAX_DEPTH

MAX_INSERTED = 2000  # parts of an expression


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


def blanks(cell: str, declared: Declarations) -> dict[str, n.Node]:
    """The expression for each blank of a question; a later one replaces an earlier one.

    Raises `Empty` while a blank is missing.
    """
    found: dict[str, n.Node] = {}
    loose = _nameable(declared)
    known = declared.with_shapes({name: declared.blanks[name] for name in loose})
    known = own(cell, known).declared
    for text in _formulas(cell):
        with read_from(text):
            found |= _filled(formula(text, known))
    if not found and len(declared.blanks) == 1:
        found = dict.fromkeys(declared.blanks, _only_one(cell, known))
    if any(name not in found for name in declared.blanks):
        found = {**_spoken(cell, known), **found}
    missing = [name for name in declared.blanks if name not in found]
    if missing:
        shown = plain_name(missing[0])
        raise Empty(f"Nothing is given for {shown}.", help=f"Write {shown} = ... as a formula.")
    return {name: _inserted(name, found, loose) for name in declared.blanks}


def _spoken(cell: str, known: Declarations) -> dict[str, n.Node]:
    """The blanks that the words of a cell give, as in: $W_1$ is the identity."""
    try:
        return _filled(formula(cell.replace("$", " "), known))
    except MathematicsError:
        return {}


def _only_one(cell: str, known: Declarations) -> n.Node:
    """The answer to a question with one blank, where it is not given by name."""
    read = chosen_formula(cell, known)
    node = the_answer(read).node
    (name,) = known.blanks
    error = unsolved(read, plain_name(name))
    if error is not None and not _fits(node, known, name):
        raise error
    return node


def _fits(node: n.Node, known: Declarations, name: str) -> bool:
    """Whether an expression has the shape of a blank in one of the cases."""
    for regime in known.regimes:
        try:
            fitted(node, known, regime, expected=blank_shape(known, name, regime))
        except WrongShape:
            continue
        except MathematicsError:
            return True  # which is said otherwise
        return True
    return False


def _nameable(declared: Declarations) -> list[str]:
    """The blanks by which others may be given; C is none where c is declared, a slip for it."""
    taken = {name.lower() for name in declared.shapes}
    return [name for name in declared.blanks if name.lower() not in taken]


def _inserted(name: str, found: Mapping[str, n.Node], loose: Sequence[str]) -> n.Node:
    """The expression for a blank, with those of the other blanks in place of their names.

    Raises `Implicit` where blanks are given by one another.
    """
    node = found[name]
    for _ in loose:
        for other in loose:
            places = sum(part == n.Symbol(other) for part in n.walk(node))
            if places * _nodes(found[other]) > MAX_INSERTED:
                raise _circular(name)
            node = n.substitute(node, n.Symbol(other), found[other])
    if depth(node) > 2 * MAX_DEPTH or any(_names(node, other) for other in loose):
        raise _circular(name)
    return node


def _nodes(node: n.Node) -> int:
    return sum(1 for _ in n.walk(node))


def _names(node: n.Node, name: str) -> bool:
    return any(part == n.Symbol(name) for part in n.walk(node))


def _circular(name: str) -> Implicit:
    shown = plain_name(name)
    return Implicit(
        f"What you give for {shown} goes back to {shown}.",
        help=f"Write {shown} = ... with the symbols of the question.",
    )


def _formulas(cell: str) -> list[str]:
    """The formulas of a cell; in plain text every line that has an = is one."""
    lines = [line for line in cell.splitlines() if line.strip()]
    plain = not any(mark in cell for mark in ("$", "\\begin", "\\[", "\\(", "`"))
    if plain and len(lines) > 1 and all("=" in line for line in lines):
        return lines
    return [passage.text for passage in listed(cell, passages(cell))]


def _filled(read: Formula) -> dict[str, n.Node]:
    """The blanks filled by one formula; raises `Ambiguous` where one is filled in two ways."""
    found: dict[str, Segment] = {}
    for statement in read.statements:
        segments = _named_first(read, statement.segments)
        last = segments[-1]
        for segment in segments[:-1]:
            name = segment.tokens[0].text
            if name not in read.declared.blanks or not is_label(read, segment):
                continue
            if name in found and statement.joined in BESIDE:
                refuse_rivals(read, last, [found[name]])
            found[name] = last
    return {name: read.expression(segment) for name, segment in found.items()}


def _named_first(read: Formula, segments: Sequence[Segment]) -> Sequence[Segment]:
    """The sides of "… = w" with the name in front; others as they are."""
    *before, last = segments
    name = last.tokens[0].text
    behind = before and name in read.declared.blanks and is_label(read, last)
    if behind and not any(is_label(read, segment) for segment in before):
        return [last, *before]
    return segments


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
