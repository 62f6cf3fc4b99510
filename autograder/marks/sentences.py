"""What people have decided about a mark, in words: for the instructor, and for the student."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from .decisions import BONUS, DEDUCTION, DUE, LATE, SUBMITTED, Decision
from .late import Lateness
from .mark import Mark, PartMark

DATES = (DUE, SUBMITTED)


def points(value: float) -> str:
    """Points as people write them.

    >>> points(3.0), points(2.5), points(1 / 3)
    ('3', '2.5', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def signed_points(value: float) -> str:
    """A difference, with its sign.

    >>> signed_points(2), signed_points(-1.5), signed_points(0)
    ('+2', '−1.5', '0')
    """
    shown = points(abs(value))
    return shown if shown == "0" else ("+" if value > 0 else "−") + shown


def counted(count: float, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "point"), counted(2.5, "point")
    ('1 point', '2.5 points')
    """
    return f"{points(count)} {noun}{'' if count == 1 else 's'}"


def sentences(mark: Mark) -> tuple[str, ...]:
    """For the student: the mark, and each decision with its reason. Nobody else is named.

    The reasons of dates and of late days stay with the instructor: they may be private.
    """
    return tuple(_sentences(mark))


def told(marks: Iterable[Mark]) -> dict[str, tuple[str, ...]]:
    """Result -> what its page says, where people have decided about the mark or it is late.

    Those who hand in together share a page: it says what is the same for all of them.
    """
    found: dict[str, set[tuple[str, ...]]] = {}
    for mark in marks:
        if mark.handed_in:
            decided = mark.decided.counts or mark.lateness.days
            found.setdefault(mark.result, set()).add(sentences(mark) if decided else ())
    return {result: next(iter(said)) for result, said in found.items() if len(said) == 1}


def in_class(marks: Iterable[Mark]) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Result -> the points that count and, for the instructor, who has decided what and why.

    Only where people have decided, or it is late; for those who hand in together, of the first.
    """
    found: dict[str, tuple[float, tuple[str, ...]]] = {}
    for mark in marks:
        total = mark.so_far
        if mark.handed_in and total is not None and (mark.decided.counts or mark.lateness.days):
            found.setdefault(mark.result, (total, tuple(_decided(mark))))
    return found


def _decided(mark: Mark) -> Iterator[str]:
    parts = {part.id: part for part in mark.parts}
    for decision in sorted(mark.decided.counts.values(), key=lambda one: one.line):
        said = what(decision, parts.get(decision.about))
        yield f"{said}, by {decision.by}: {_reason(decision)}"
    if mark.lateness.days:
        yield late_sentence(mark)


def _sentences(mark: Mark) -> Iterator[str]:
    total = mark.final if mark.final is not None else mark.so_far
    if total is not None:
        open_points = sum(part.max_points for part in mark.parts if part.points is None)
        more = f" so far; {counted(open_points, 'point')} to come" if open_points else ""
        yield f"Your mark: {points(total)} of {counted(mark.max_points, 'point')}{more}."
    for part in mark.parts:
        if part.decision and part.decision.points is not None:
            yield f"{_part(part)}. {_reason(part.decision)}"
    taken = {part.id for part in mark.parts}
    for word, said in ((BONUS, "Bonus: {}"), (DEDUCTION, "Deduction: {}")):
        decision = mark.decided.counts.get(word)
        if decision and decision.points and word not in taken:
            yield f"{said.format(counted(decision.points, 'point'))}. {_reason(decision)}"
    if mark.lateness.days:
        yield late_sentence(mark)


def late_sentence(mark: Mark) -> str:
    """How late, and what it costs, as a sentence for the student."""
    late = mark.lateness
    if late.cost >= 1:
        return f"Handed in {counted(late.days or 0, 'day')} late, which is too late to count."
    free = f", of which {points(late.free)} free" if late.free else ""
    cost = f": {counted(mark.late_points, 'point')} taken off" if mark.late_points else ""
    return f"Handed in {counted(late.days or 0, 'day')} late{free}{cost}."


def late_words(late: Lateness) -> str:
    """How late, for a table.

    >>> late_words(Lateness(days=3, free=1, cost=0.2))
    '3 days, 1 free'
    """
    if late.days is None:
        return "late, days unknown"
    if not late.days:
        return ""
    free = f", {late.free} free" if late.free else ""
    return f"{counted(late.days, 'day')}{free}" + (", cut off" if late.cost >= 1 else "")


def what(decision: Decision, part: PartMark | None = None) -> str:
    """What a row does, for the instructor: the part or word, and its value."""
    if part is not None:
        before = "" if part.automatic is None else f"{points(part.automatic)} → "
        after = "automatic" if decision.points is None else points(decision.points)
        return f"{decision.about} {before}{after}"
    if decision.about in DATES:
        return f"{decision.about} {_date(decision.when)}"
    if decision.about == LATE:
        return f"late {counted(decision.points or 0, 'day')}"
    sign = -1 if decision.about == DEDUCTION else 1
    return f"{decision.about} {signed_points(sign * (decision.points or 0))}"


def _part(part: PartMark) -> str:
    given = part.decision.points if part.decision else None
    before = "" if part.automatic is None else f", instead of {points(part.automatic)}"
    return f"`{part.id}`: {points(given or 0)} of {counted(part.max_points, 'point')}{before}"


def _reason(decision: Decision) -> str:
    why = " ".join(decision.why.split())
    return why if why.endswith((".", "!", "?")) else f"{why}."


def _date(when: datetime | None) -> str:
    return when.isoformat(" ", "minutes") if when else "automatic"
