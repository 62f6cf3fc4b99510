"""The words of a cell with their places. Knows no mathematics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SpokenWord:
    """What stands between two gaps, without the punctuation around it.

    `start` and `end` are its place with dollar signs, and without the punctuation behind it, which
    `stops` a clause.
    """

    text: str
    start: int
    end: int
    stops: bool = False


def words_of(text: str) -> list[SpokenWord]:
    """The words of a text.

    >>> [(word.text, word.start) for word in words_of("the first $d$, then")]
    [('the', 0), ('first', 4), ('d', 10), ('then', 15)]
    """
    found, start = [], 0
    for raw in text.split():
        start = text.index(raw, start)
        end = start + len(raw.rstrip(",.;:)"))
        found.append(SpokenWord(raw.strip("$,.;:()"), start, end, raw[-1] in ",.;:!?"))
        start += len(raw)
    return found
