"""Which side of a formula is the answer, and what only names it. Knows names but no shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import nodes as n
from .alternatives import BESIDE, refuse_rivals, refuse_run_together, rivals
from .by_entries import by_entries
from .component_lists import last_value, listed_column
from .constants import constant_value
from .errors import MathematicsError, Unreadable
from .explicit import check_explicit, refuse_name_alone
from .labels import indexed, is_label, is_new_name, is_transposed_label
from .spoken import CONSEQUENCES, REMARKS
from .statements import Formula, Segment, Statement, gives_own

# Which relations lead to a bound, the first of them before the others. A lower bound with > would
# leave the number itself out.
INEQUALITIES = set("<≤>≥≪≫≠∈")
BOUNDS = {"upper": "≤<", "lower": "≥"}
ENDINGS = {
    "": "End it with = and the answer, as in w = X^T y.",
    "upper": "End it with \\le and the upper bound, as in x \\le 2.",
    "lower": "End it with \\ge and the lower bound, as in x \\ge 2.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The side that counts as the answer, its expression, and what was left unread beside it."""

    formula: Formula
    segment: Segment
    node: n.Node
    notes: tuple[str, ...] = ()
    others: tuple[Segment, ...] = ()

    @property
    def exact(self) -> n.Node | None:
        """The side before the ≈ where the answer ends in a rounded number, None without one."""
        segments = self.formula.statements[-1].segments
        place = segments.index(self.segment)
        rounded = self.segment.relation == "≈" and constant_value(self.node) is not None
        if not place or not rounded or is_label(self.formula, segments[place - 1]):
            return None
        try:
            return self.formula.expression(segments[place - 1])
        except MathematicsError:
            return None


def the_answer(read: Formula) -> Answer:
    """`final_answer` where no other one stands beside it; raises `Ambiguous` for two."""
    answer = final_answer(read)
    refuse_rivals(read, answer.segment, answer.others)
    return answer


def final_answer(read: Formula) -> Answer:
    """The last side of the last statement; raises `Implicit` if it is no solved form.

    `others` are the sides that are offered beside it and may have another value.
    """
    column = listed_column(read)
    if column is not None:
        return Answer(read, last_value(read), column, ("Your values are read as a column.",))
    read, notes = _without_condition(read)
    read, notes = _without_reason(read, notes)
    statement = read.statements[-1]
    others = rivals(read, is_label)
    segments = statement.segments
    if is_label(read, segments[0]):
        refuse_run_together(read, segments)
    if len(segments) == 1 and not others and _looks_like_remark(read, statement):
        raise Unreadable(
            "What stands after the formula is not read.",
            start=segments[0].start,
            end=segments[0].end,
            help="Put remarks outside of the formula: $w = X^T y$, where ...",
        )
    if len(segments) == 1 and not others:
        refuse_name_alone(read, segments[0])
    notes += _number_notes(read)
    last = _last_place(read, segments)
    if (
        last
        and _is_zero(segments[last])
        and segments[last].relation == "="
        and not is_label(read, segments[last - 1])
    ):
        last -= 1
        notes += ("The final '= 0' is not part of the answer.",)
    _check_relation(read, segments, last)
    node = _expression(read, segments[0], segments[last])
    if last and is_transposed_label(read, segments[0]):
        node = n.Transpose(node, start=node.start, end=node.end)
    elif last and not is_label(read, segments[0]):
        notes += check_explicit(read, segments[0])
        check_explicit(read, segments[last])
    return Answer(read, segments[last], node, notes, tuple(others))


def _without_condition(read: Formula) -> tuple[Formula, tuple[str, ...]]:
    """A formula without a last λ > 0 behind the answer, which is a condition and no answer."""
    if len(read.statements) < 2:
        return read, ()
    before, last = read.statements[-2:]
    signs = {segment.relation for segment in last.segments[1:]}
    said = signs & set(BOUNDS.get(read.declared.bound, ""))
    answered = any(s.relation in {"", "="} for s in before.segments[-1:]) or read.declared.bound
    if not signs & INEQUALITIES or said or not answered or last.joined not in BESIDE | {"newline"}:
        return read, ()
    written = read.text[last.segments[0].start : last.segments[-1].end]
    return replace(read, statements=read.statements[:-1]), (
        f"The condition “{written}” is not read.",
    )


def _without_reason(read: Formula, notes: tuple[str, ...]) -> tuple[Formula, tuple[str, ...]]:
    """A formula without the equations behind an answer by its name that are about something else.

    In Σ' = M Σ M^{-1}, M^T = M^{-1} and in w_1 = a, w_2 = b the answer is the first one.
    """
    while len(read.statements) > 1:
        *before, last = read.statements
        named = [one for one in before if len(one.segments) > 1 and is_label(read, one.segments[0])]
        if not named or not _is_beside(read, named[-1], last):
            break
        written = read.text[last.segments[0].start : last.segments[-1].end]
        notes += (f"“{written}” is not part of the answer.",)
        read = replace(read, statements=read.statements[:-1])
    return read, notes


def _is_beside(read: Formula, named: Statement, last: Statement) -> bool:
    """Whether the last statement is an equation beside the answer, for something else."""
    if [s.relation for s in last.segments] != ["", "="] or last.joined not in BESIDE | REMARKS:
        return False
    if [one.label in read.declared.labels for one in (named, last)] == [False, True]:
        return False  # m_1 = a, m_2 = b where m_2 is asked for
    numbers = [_number_of(one.segments[0]) for one in (named, last)]
    return not is_label(read, last.segments[0]) or ("" not in numbers and len(set(numbers)) == 2)


def _number_of(label: Segment) -> str:
    """The number at a name, as in w_2."""
    scripts = [token.inner for token in label.tokens[1:] if token.kind == "sub"]
    texts = [token.text for inner in scripts for token in inner]
    return texts[0] if len(texts) == 1 and texts[0].isdigit() else ""


def _number_notes(read: Formula) -> tuple[str, ...]:
    """What is said about decimal commas."""
    written = [
        f"{source} is read as {token.text}."
        for statement in read.statements
        for segment in statement.segments
        for token in segment.tokens
        if token.kind == "number" and "," in (source := read.text[token.start : token.end])
    ]
    return tuple(dict.fromkeys(written))


def _last_place(read: Formula, segments: Sequence[Segment]) -> int:
    """The side that counts: the last one, or the bound where one is asked for.

    In w = A > B it is A.
    """
    compared = [k for k, s in enumerate(segments) if k > 1 and s.relation in INEQUALITIES]
    signs = BOUNDS.get(read.declared.bound, "")
    bounded = any(segment.relation in signs for segment in segments[1:])
    if compared and not bounded and segments[1].relation == "=" and is_label(read, segments[0]):
        return compared[0] - 1
    for sign in signs:
        places = [k for k, s in enumerate(segments) if s.relation == sign]
        if places:
            return _end_of_equals(segments, places[-1])
    turned = {"upper": "≥>", "lower": "≤"}.get(read.declared.bound, "")
    places = [k for k, s in enumerate(segments) if k and s.relation in turned]
    if turned and places and _is_value(read, segments[places[0] - 1]):
        return places[0] - 1
    return _last(read, segments)


def _is_value(read: Formula, segment: Segment) -> bool:
    """Whether a side in front of ≥ can be a bound, and is no name or unknown."""
    if is_label(read, segment):
        return False
    try:
        read.expression(segment)
    except MathematicsError:
        return False
    return True


def _end_of_equals(segments: Sequence[Segment], place: int) -> int:
    while place + 1 < len(segments) and segments[place + 1].relation == "=":
        place += 1
    return place


def _last(read: Formula, segments: Sequence[Segment]) -> int:
    """Which side is the last one; in "… = w" the name behind the answer is none."""
    last = len(segments) - 1
    named = {"=", "→", "≈"}  # 9 < L names no answer
    while (
        last
        and segments[last].relation in named
        and (is_label(read, segments[last]) or is_new_name(read, segments[last]))
        and not is_label(read, segments[last - 1])
    ):
        last -= 1
    return last


def _expression(read: Formula, left: Segment, side: Segment) -> n.Node:
    """A side of the answer, with the declared indices where the left side has letters of its own.

    dG[m,n] = ... says what m and n are; all letters are exchanged at once, so that none is caught.
    """
    declared = tuple(read.declared.indices)
    own = indexed(left.tokens)[1] if left is not side else ()
    if not declared and own:
        return by_entries(read, side, own)
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


def _looks_like_remark(read: Formula, statement: Statement) -> bool:
    if len(read.statements) < 2:
        return False
    follows = statement.joined in CONSEQUENCES | {"⇒", "⇔", "newline"}
    return len(read.statements[-2].segments) > 1 and not follows


def _is_zero(segment: Segment) -> bool:
    return len(segment.tokens) == 1 and segment.tokens[0].text == "0"


def _check_relation(read: Formula, segments: Sequence[Segment], place: int) -> None:
    segment = segments[place]
    allowed = {"", "=", "→", "≈", *BOUNDS.get(read.declared.bound, "")}
    named = segment.relation in {":", "∼"} and is_label(read, segments[place - 1])
    named = named or (segment.relation == ":" and gives_own(read, segments[:place]))
    if segment.relation not in allowed and not named:
        raise Unreadable(
            f"The formula ends with {segment.relation!r}, so it does not say what the answer is.",
            start=segment.start - 1,
            end=segment.end,
            help=ENDINGS[read.declared.bound],
        )
