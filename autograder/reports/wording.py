"""The words, signs and colours that every kind of report shares. Writes no file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from autograder.results import STILL_OPEN, CheckResult, ManualPart, Report, Status

# What is known of a student from outside of the results, by student id.
Problems = Mapping[str, Sequence[str]]  # sentences about files that were not taken as they are
Notes = Mapping[str, str]  # what the demo knows beforehand
Marks = Mapping[str, tuple[float, Sequence[str]]]  # the points that count, and the decisions
NO_PROBLEMS: Problems = MappingProxyType({})
NO_NOTES: Notes = MappingProxyType({})
NO_MARKS: Marks = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a status is shown: never by colour alone."""

    sign: str
    colour: str  # rich's name
    css: str  # class in style.css


LOOKS: Mapping[Status, Look] = {
    Status.PASSED: Look(sign="✓", colour="green", css="passed"),
    Status.PARTIAL: Look(sign="◐", colour="yellow", css="partial"),
    Status.FAILED: Look(sign="✗", colour="red", css="failed"),
    Status.NOT_ATTEMPTED: Look(sign="○", colour="cyan", css="open"),
    Status.SKIPPED: Look(sign="–", colour="bright_black", css="skipped"),
    Status.ERROR: Look(sign="!", colour="magenta", css="error"),
    Status.PERSON: Look(sign="?", colour="blue", css="person"),
}

_FOUND = (Status.ERROR, Status.PERSON, Status.FAILED, Status.PARTIAL)


def number(value: float) -> str:
    """A score as people write it.

    >>> number(3.0), number(2.5), number(1 / 3)
    ('3', '2.5', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def short_score(report: Report) -> str:
    """A score beside a name, with what of it is extra credit.

    >>> short_score(Report(assignment="a", student="s", score=2, max_score=5, sandbox="", seed=0,
    ...                    seconds=0, checks=()))
    '2/5'
    """
    extra = f" ({number(report.extra)} extra)" if report.extra else ""
    return f"{number(report.score)}/{number(report.max_score)}{extra}"


def score_in_words(score: float, most: float, *, extra: float = 0) -> str:
    """A score in a sentence, with what of it is extra credit.

    >>> score_in_words(9, 8, extra=3)
    '9 of 8 points, 3 of them extra credit'
    """
    said = f"{number(score)} of {number(most)} point{'' if most == 1 else 's'}"
    return f"{said}, {number(extra)} of them extra credit" if extra else said


def full_marks(reports: Iterable[Report]) -> str:
    """Why a score may exceed its maximum; an empty string where none can.

    The points are those of the first report that has extra credit.
    """
    for report in reports:
        if more := sum(result.max_score for result in report.checks if result.bonus):
            unit, verb = ("point", "is") if report.max_score == 1 else ("points", "are")
            most = f"{number(report.max_score)} {unit} {verb} full marks"
            return f"{most}; {number(more)} more {'is' if more == 1 else 'are'} extra credit."
    return ""


def counts(report: Report) -> dict[Status, int]:
    """How many checks ended how; statuses that do not occur are left out."""
    counted = Counter(result.status for result in report.checks)
    return {status: counted[status] for status in Status if counted[status]}


def findings(report: Report) -> list[CheckResult]:
    """The checks with something found against the answer, or against the grader."""
    return [result for result in report.checks if result.status in _FOUND]


def by_hand(part: ManualPart) -> str:
    """What is to be said about a cell that a person marks; it cannot be taken for a mark.

    >>> by_hand(ManualPart(id="why", max_points=3, answered=False, summary="Nothing was written."))
    '`why`, 3 points by hand. Nothing was written.'
    """
    return f"`{part.id}`, {number(part.max_points)} points by hand. {part.summary}"


def for_a_person(part: ManualPart) -> str:
    """What a student reads of such a cell: no suggestion, before or after a person has marked it.

    >>> for_a_person(ManualPart(id="why", max_points=1, answered=False, suggested=1))
    '`why`: a person marks this, for up to 1 point. You have written nothing there.'
    """
    unit = "point" if part.max_points == 1 else "points"
    empty = "" if part.answered else " You have written nothing there."
    return f"`{part.id}`: a person marks this, for up to {number(part.max_points)} {unit}.{empty}"


def to_come(report: Report) -> str:
    """The points that are still to come, or an empty string."""
    if not report.manual:
        return ""
    most = sum(part.max_points for part in report.manual)
    unit = "point is" if most == 1 else "points are"
    names = ", ".join(f"`{part.id}`" for part in report.manual)
    return f"Up to {number(most)} more {unit} still to come: a person marks {names}."


def verdict(report: Report) -> str:
    """The one sentence to read about a submission: what was found first."""
    found = findings(report)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        return f"{found[0].id}: {found[0].rationale}{more}"
    kinds = set(counts(report))
    if kinds <= {Status.PASSED}:
        return "Every check passed."
    if any(map(_is_unread, report.checks)):
        return "Files are missing or could not be read: see the notes."
    if kinds <= {Status.NOT_ATTEMPTED, Status.SKIPPED}:
        return "Nothing was attempted."
    return "Nothing is wrong so far; some checks are still open."


def _is_unread(result: CheckResult) -> bool:
    """Whether a part is open for another reason than that nobody has written it yet."""
    reason = result.rationale if result.status is Status.NOT_ATTEMPTED else ""
    return bool(reason) and not reason.endswith(STILL_OPEN)


def states(report: Report) -> str:
    """All counts in words.

    >>> states(Report(assignment="a", student="s", score=0, max_score=0, sandbox="", seed=0,
    ...               seconds=0, checks=()))
    'no checks'
    """
    return ", ".join(f"{count} {status}" for status, count in counts(report).items()) or "no checks"
