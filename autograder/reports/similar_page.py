"""Pairs of submissions with the code that both have, side by side. A hint, and it says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.similarity import SharedLines, SimilarPair, WrittenSource

from .rendering import embedded, render

SIMILAR_PAGE = "index.similar.html"  # a name that no student's page has
CONTEXT = 2  # lines shown around those that are shared


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """A line of a source; number 0 stands for lines that are left out."""

    number: int
    text: str = ""
    shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """The lines of one file that another student has too, with what is around them."""

    path: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, kw_only=True)
class ShownSide:
    """One of the two students."""

    student: str
    share: float
    excerpts: tuple[Excerpt, ...]


def similar_page(
    students: Sequence[str],
    works: Sequence[Sequence[WrittenSource]],
    pairs: Sequence[SimilarPair],
    *,
    title: str,
) -> str:
    """The page of all pairs, those that share most first. It is the instructor's alone."""
    shown = [(pair.fingerprints, _sides(students, works, pair)) for pair in pairs]
    return render(
        "similar.html",
        title=title,
        count=len(students),
        pairs=shown,
        class_style=embedded("class.css"),
    )


def _sides(
    students: Sequence[str], works: Sequence[Sequence[WrittenSource]], pair: SimilarPair
) -> list[ShownSide]:
    return [
        ShownSide(student=students[place], share=share, excerpts=excerpts(works[place], shared))
        for place, share, shared in zip(pair.students, pair.shares, pair.shared, strict=True)
    ]


def excerpts(work: Sequence[WrittenSource], shared: SharedLines) -> tuple[Excerpt, ...]:
    """What is shown of a student's files."""
    return tuple(
        Excerpt(path=source.path, lines=tuple(_lines(source.text, shared.lines[source.path])))
        for source in work
        if source.path in shared.lines
    )


def _lines(text: str, shared: frozenset[int]) -> list[ShownLine]:
    near = {line + by for line in shared for by in range(-CONTEXT, CONTEXT + 1)}
    found: list[ShownLine] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if number in near:
            found.append(ShownLine(number=number, text=line, shared=number in shared))
        elif found and found[-1].number:
            found.append(ShownLine(number=0))
    return found[:-1] if found and not found[-1].number else found
