"""Which mistakes a class made: findings that say the same, with everyone of whom it is said.

The grader's words are all it knows: the diagnosis comes first in a rationale, and what differs
between two students with one mistake are the numbers drawn for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.results import CheckResult, Report, Status

VARIES = "…"  # stands for a number that is another one for another student
_WRONG = (Status.FAILED, Status.PARTIAL)
_KNOWN = re.compile(r"A known mistake ends in the same way: (.+)", re.DOTALL)
_PLACE = re.compile(r" \([^()]*\bline \d+\b.*\)(?=[.\s]|$)")  # with the student's own line
_ENTRIES = re.compile(r" \(relative\): .*", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")
_NUMBER = re.compile(r"(?<![\w.])-?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|inf|nan)(?!\w)%?")


@dataclass(frozen=True, kw_only=True)
class SharedMistake:
    """One mistake at one check: what is said of it, and the places of its students in the class."""

    check: str
    text: str
    students: tuple[int, ...]


def mistakes(reports: Sequence[Report]) -> list[SharedMistake]:
    """The mistakes of a class, the most frequent first; each student counts once for each."""
    texts: dict[tuple[str, ...], list[str]] = {}
    students: dict[tuple[str, ...], list[int]] = {}
    for number, report in enumerate(reports):
        for result in report.checks:
            if result.status in _WRONG and result.rationale:
                said = diagnosis(result)
                key = (result.id, *_NUMBER.split(said))
                texts.setdefault(key, []).append(said)
                students.setdefault(key, []).append(number)
    found = [
        SharedMistake(check=key[0], text=common(texts[key]), students=tuple(dict.fromkeys(numbers)))
        for key, numbers in students.items()
    ]
    return sorted(found, key=lambda mistake: -len(mistake.students))


def diagnosis(result: CheckResult) -> str:
    """What a finding says of the mistake: the known one it ends like, or else its first sentence.

    Examples
    --------
    >>> diagnosis(CheckResult(id="a", name="a", status=Status.FAILED, score=0, max_score=1,
    ...     rationale="`dw` is the mean. `f(x)` gives `dw` that is 1/4 of the right value."))
    '`dw` is the mean.'
    """
    if known := _KNOWN.search(result.help):
        return known[1].strip()
    text = _ENTRIES.sub(" (relative).", _PLACE.sub("", result.rationale.strip()))
    return _SENTENCE.split(text, maxsplit=1)[0]


def common(texts: Sequence[str]) -> str:
    """One text for several that differ in numbers alone: a number that varies becomes ``…``.

    Examples
    --------
    >>> common(["18% of the 50 images are right", "6% of the 50 images are right"])
    '… of the 50 images are right'
    """
    between = _NUMBER.split(texts[0])
    columns = zip(*map(_NUMBER.findall, texts), strict=True)
    numbers = [column[0] if len(set(column)) == 1 else VARIES for column in columns]
    return "".join(a + b for a, b in zip(between, [*numbers, ""], strict=True))
