"""The blanks of a question, each filled by its name: W_1 = I, W_2 = …. Knows names, no values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import nodes as n
from .alternatives import BESIDE, refuse_rivals
from .answers import the_answer
from .chosen import chosen_formula
from .commands import tokenize
from .declarations import Declarations
from .errors import Empty, Implicit, MathematicsError, WrongShape, read_from
from .explicit import unsolved
from .grammar import expression
from .labels import is_label
from .markdown import listed, passages
from .own_names import own
from .render import plain_name
from .shapes import blank_shape, fitted
from .statements import Formula, Segment, depth, formula
from .tokens import MAX_DEPTH, Token

MAX_INSERTED = 2000  # parts of an expression


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
        found |= _side_by_side(read, statement.segments)
        segments = _named_first(read, statement.segments)
        last = segments[-1]
        for segment in segments[:-1]:
            name = _blank(read, segment)
            if not name:
                continue
            if name in found and statement.joined in BESIDE:
                refuse_rivals(read, last, [found[name]])
            found[name] = last
    return {name: read.expression(segment) for name, segment in found.items()}


def _side_by_side(read: Formula, segments: Sequence[Segment]) -> dict[str, Segment]:
    """The blanks of (G, h) = (A, b), each with its part of the right side."""
    if len(segments) != 2:
        return {}
    names, values = (_items(segment) for segment in segments)
    blanks = [_blank(read, name) for name in names]
    if len(names) < 2 or len(names) != len(values) or not all(blanks):
        return {}
    return dict(zip(blanks, values, strict=True))


def _items(segment: Segment) -> list[Segment]:
    """The parts of (A, b) between its commas; none where a side is no such list."""
    tokens = segment.tokens
    if (tokens[0].text, tokens[-1].text) != ("(", ")"):
        return []
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens[1:-1]:
        sign = token.text if token.kind == "symbol" else ""
        depth += (sign in {"(", "["}) - (sign in {")", "]"})
        if depth < 0:
            return []
        if sign in {",", ";"} and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return [Segment("", tuple(part)) for part in parts if part]


def _blank(read: Formula, segment: Segment) -> str:
    """The blank that a side names, or stands for by the question; "" for none."""
    name = segment.tokens[0].text
    if name in read.declared.blanks and is_label(read, segment):
        return name
    forms = read.declared.left_sides
    return next((blank for blank, form in forms.items() if _is_written(read, segment, form)), "")


def _is_written(read: Formula, segment: Segment, form: str) -> bool:
    """Whether a side is a form with names of its own, as the X̂ᵀX̂ of a question without X̂."""
    known = read.declared
    stack = list(tokenize(form))
    while stack:
        token = stack.pop()
        stack.extend(token.inner)
        if token.kind == "letter" and not known.kind(token.text) and len(token.text) > 1:
            known = known.with_shapes({token.text: ("1", "2")})
    try:
        return expression(segment.tokens, known) == formula(form, known).expression(
            formula(form, known).statements[0].segments[0]
        )
    except MathematicsError:
        return False


def _named_first(read: Formula, segments: Sequence[Segment]) -> Sequence[Segment]:
    """The sides of "… = w" with the name in front; others as they are."""
    *before, last = segments
    name = last.tokens[0].text
    behind = before and name in read.declared.blanks and is_label(read, last)
    if behind and not any(is_label(read, segment) for segment in before):
        return [last, *before]
    return segments
