"""Which side of a formula is the answer, and what only names it. Knows names but no shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import nodes as n
from .errors import Ambiguous, Implicit, MathematicsError, UnknownSymbol, Unreadable
from .labels import indexed, is_label, is_transposed_label
from .render import plain_name
from .statements import Formula, Segment, Statement


@dataclass(frozen=True, slots=True)
class Answer:
    """The side that counts as the answer, its expression, and what was left unread beside it."""

    formula: Formula
    segment: Segment
    node: n.Node
    notes: tuple[str, ...] = ()


def final_answer(read: Formula) -> Answer:
    """The last side of the last statement; raises `Implicit` if it is no solved form."""
    statement = read.statements[-1]
    segments = statement.segments
    if len(read.statements) > 1 and len(segments) == 1 and _looks_like_remark(read, statement):
        raise Unreadable(
            "What stands after the formula is not read.",
            start=segments[0].start,
            end=segments[0].end,
            help="Put remarks outside of the formula: $w = X^T y$, where ...",
        )
    _check_one_answer(read)
    notes: tuple[str, ...] = ()
    last = _last(read, segments)
    if last and _is_zero(segments[last]) and not is_label(read, segments[last - 1]):
        last -= 1
        notes = ("The final '= 0' is not part of the answer.",)
    _check_relation(segments[last])
    node = _expression(read, segments[0], segments[last])
    if last and is_transposed_label(read, segments[0]):
        node = n.Transpose(node, start=node.start, end=node.end)
    elif last and not is_label(read, segments[0]):
        notes += _check_explicit(read, segments[0])
        _check_explicit(read, segments[last])
    return Answer(read, segments[last], node, notes)


def _last(read: Formula, segments: Sequence[Segment]) -> int:
    """Which side is the last one; in "… = w" the name behind the answer is none."""
    last = len(segments) - 1
    while last and is_label(read, segments[last]) and not is_label(read, segments[last - 1]):
        last -= 1
    return last


def _expression(read: Formula, left: Segment, side: Segment) -> n.Node:
    """A side of the answer, with the declared indices where the left side has letters of its own.

    dG[m,n] = ... says what m and n are; all letters are exchanged at once, so that none is caught.
    """
    declared = tuple(read.declared.indices)
    own = indexed(left.tokens)[1] if declared and left is not side else ()
    free = all(read.declared.kind(letter) in {"", "index"} for letter in own)
    if own == declared or not len(own) == len(set(own)) == len(declared) or not free:
        return read.expression(side)
    back = zip(
        [name for name in declared if name not in own],
        [name for name in own if name not in declared],
        strict=True,
    )
    names = dict([*zip(own, declared, strict=True), *back])
    return n.renamed(read.expression(side, own), names)


def _check_one_answer(read: Formula) -> None:
    """Refuse w = …, w = … in one line, which leaves the choice to the grader."""
    for before, after in zip(read.statements[:-1], read.statements[1:], strict=True):
        between = read.text[before.segments[-1].end : after.segments[0].start]
        beside = ("," in between or "quad" in between) and "\\\\" not in between
        if beside and before.label == after.label and is_label(read, after.segments[0]):
            raise Ambiguous(
                "Two answers stand side by side.",
                start=before.segments[0].start,
                end=after.segments[-1].end,
                help="Give one of them.",
            )


def _looks_like_remark(read: Formula, statement: Statement) -> bool:
    before = read.statements[-2]
    between = read.text[before.segments[-1].end : statement.segments[0].start]
    return len(before.segments) > 1 and "\\\\" not in between and "⇒" not in between


def _is_zero(segment: Segment) -> bool:
    return len(segment.tokens) == 1 and segment.tokens[0].text == "0"


def _check_relation(segment: Segment) -> None:
    if segment.relation not in {"", "=", "→", "≈"}:
        raise Unreadable(
            f"The formula ends with {segment.relation!r}, so it does not say what the answer is.",
            start=segment.start - 1,
            end=segment.start,
            help="End it with = and the answer, as in w = X^T y.",
        )


def _check_explicit(read: Formula, segment: Segment) -> tuple[str, ...]:
    """Refuse (…) w = …, where the unknown is not alone; note a side that is not read."""
    names = {label[0] for label in read.declared.labels if len(label) == 1}
    unknown = {t.text for t in segment.tokens} & names
    if unknown and len(segment.tokens) > 1:
        name = plain_name(sorted(unknown)[0])
        raise Implicit(
            f"This is an equation for {name}, not yet {name} itself.",
            start=segment.start,
            end=segment.end,
            help=f"Solve it, so that {name} stands alone: {name} = ...",
        )
    try:
        read.expression(segment)
    except UnknownSymbol as error:
        return (f"The left side {read.source(segment)!r} is not read: {error.message}",)
    except MathematicsError:
        return (f"The side {read.source(segment)!r} is not read.",)
    return ()
