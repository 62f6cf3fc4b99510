"""Several answers side by side: w = A or w = B, 9, 10. Knows names but no shapes.

Which of them counts is never decided here. The same answer written twice is one answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from .constants import same
from .declarations import signature
from .errors import Ambiguous, MathematicsError
from .spoken import ALTERNATIVES, LISTING
from .statements import Formula, Segment, Statement
from .tokens import Token

IsLabel = Callable[[Formula, Segment], bool]
BESIDE = {",", ";", "quad", "."} | ALTERNATIVES | LISTING


def rivals(read: Formula, is_label: IsLabel) -> list[Segment]:
    """The sides that are offered as the answer besides the last one, in the order written."""
    found: list[Segment] = []
    statements = read.statements
    for before, after in zip(statements[-2::-1], statements[::-1], strict=False):
        if not _is_rival(read, before, after, is_label):
            break
        found.insert(0, before.segments[-1])
    return found


def _is_rival(read: Formula, before: Statement, after: Statement, is_label: IsLabel) -> bool:
    """Whether two neighbours answer the same question."""
    bare = len(before.segments) == len(after.segments) == 1
    if after.joined in ALTERNATIVES or (bare and after.joined in BESIDE | {"if", "newline"}):
        return True
    if after.joined not in BESIDE | {"if"}:
        return False
    if len(after.segments) == 1:
        labelled = len(before.segments) > 1 and is_label(read, before.segments[0])
        return labelled and (after.joined == "if" or _is_readable(read, after.segments[0]))
    labels = [len(s.segments) > 1 and is_label(read, s.segments[0]) for s in (before, after)]
    return not any(labels) or (labels[1] and before.label == after.label)


def _is_readable(read: Formula, segment: Segment) -> bool:
    try:
        read.expression(segment)
    except MathematicsError:
        return False
    return True


def refuse_run_together(read: Formula, segments: Sequence[Segment]) -> None:
    """Raise `Ambiguous` for w = A vs w = B, where the name stands again before another =."""
    label = segments[0].tokens
    for place, (one, other) in enumerate(pairwise(segments[1:])):
        again = one.tokens[-len(label) :]
        if other.relation != "=" or not _is_alike(again, label):
            continue
        if len(one.tokens) > len(label):
            first = replace(one, tokens=one.tokens[: -len(label)])
        elif place and one.relation != "=":
            first = segments[place]  # w = A ≠ w = B
        else:
            continue
        if "\n" not in read.text[first.end : again[0].start]:
            raise two_answers(read, first, other)


def _is_alike(some: Sequence[Token], others: Sequence[Token]) -> bool:
    return [signature(token) for token in some] == [signature(token) for token in others]


def refuse_rivals(read: Formula, last: Segment, others: Sequence[Segment]) -> None:
    """Raise `Ambiguous` where one of the other sides is written differently from the last."""
    mine = read.expression(last)
    for other in others:
        if not same(mine, read.expression(other)):
            raise two_answers(read, other, last)


def two_answers(read: Formula, one: Segment, other: Segment) -> Ambiguous:
    """The error that shows both."""
    return Ambiguous(
        f"Two answers stand side by side: “{read.source(one)}” and “{read.source(other)}”.",
        start=one.start,
        end=other.end,
        help="Give one of them. Steps belong into a chain, as in a = b = c.",
    )
