"""The page for the instructor of an adopted assignment: how strong and how safe each test is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.adopted import AdoptedCell, AdoptedRecord, Route

from .adoption import INSIDE, NOTHING, OUTSIDE, verdict
from .rendering import render
from .wording import number

# What each kind of broken solution does, and what a test needs to catch it.
KINDS: Mapping[str, tuple[str, str]] = {
    "raises": (
        "What students are handed out: `raise NotImplementedError()` in the place of the solution.",
        "The solution that raises gets through: call the function, or read the name.",
    ),
    "gives None": (
        "Every function returns `None`, and every name that is assigned is `None`.",
        "The solution that gives `None` gets through: assert something about the value.",
    ),
    "off by one": (
        "Whatever is returned or assigned is off by one: numbers, or the first element.",
        "The solution that is off by one gets through: compare with the value itself, not with its"
        " type, length or sign alone.",
    ),
    "flipped operator": (
        "The first operator or comparison of each cell is another one, or else its first number.",
        "The solution with a flipped operator gets through: add a case where both operators give"
        " different values.",
    ),
}
MEANINGS: Mapping[str, str] = {
    OUTSIDE: "No student's code can read the test or forge its verdict. For the reference and for"
    " each broken solution it ends as it does in the student's interpreter.",
    INSIDE: "The test needs the student's interpreter and runs there, in a sandbox, with limits on"
    " time and memory. Code that is handed in can read it and forge its verdict.",
    NOTHING: "Every broken solution passes.",
}
LOOKS: Mapping[str, str] = {OUTSIDE: "passed", INSIDE: "failed", NOTHING: "partial"}
ALL_SAFE = "Every test cell runs where no student's code can reach it."
NOT_SAFE = (
    "{points} of {total} points can be forged: {cells}. Each cell below says why it runs inside"
    " and, where we know one, the small change that would move it outside."
)
WEAK = "{cells} {test} nothing: a wrong solution earns {points} of {total} points."


@dataclass(frozen=True, kw_only=True)
class ShownCell:
    """One test cell on the page; `tried` is each kind of broken solution and whether it fails."""

    id: str
    points: float
    runs: str
    look: str
    summary: str
    reason: str
    change: str
    tried: tuple[tuple[str, bool], ...]
    caught: int
    advice: tuple[str, ...]


def adoption_page(record: AdoptedRecord) -> str:
    """The page of one assignment. It is the instructor's alone: it says where tests are weak."""
    cells = [_shown(cell) for cell in record.cells]
    return render(
        "adoption.html",
        slug=record.slug,
        cells=cells,
        points=sum(cell.points for cell in record.cells),
        tally=list(_tally(cells)),
        verdict=" ".join(_verdict(record.cells)),
        notebooks=list(_by_notebook(record, cells)),
        manual=record.manual,
        words=[*MEANINGS.items(), *((kind, KINDS[kind][0]) for kind in _kinds(record))],
    )


def _shown(cell: AdoptedCell) -> ShownCell:
    runs = verdict(cell)
    through = [kind for kind in cell.tried if kind not in cell.caught]
    return ShownCell(
        id=cell.id,
        points=cell.points,
        runs=runs,
        look=LOOKS[runs],
        summary=cell.summary,
        reason=cell.reason,
        change=cell.change,
        tried=tuple((kind, kind in cell.caught) for kind in cell.tried),
        caught=len(cell.caught),
        advice=tuple(KINDS[kind][1] for kind in through if kind in KINDS),
    )


def _tally(cells: Sequence[ShownCell]) -> Iterator[tuple[int, str, str]]:
    for words, look in LOOKS.items():
        count = sum(cell.runs == words for cell in cells)
        if count:
            yield count, look, words


def _verdict(cells: Sequence[AdoptedCell]) -> Iterator[str]:
    total = number(sum(cell.points for cell in cells))
    inside = [cell for cell in cells if cell.route is Route.INSIDE]
    nothing = [cell for cell in cells if cell.tests_nothing]
    if inside:
        points = sum(cell.points for cell in inside)
        yield NOT_SAFE.format(points=number(points), total=total, cells=_names(inside))
    else:
        yield ALL_SAFE
    if nothing:
        said = {"cells": _names(nothing), "test": "tests" if len(nothing) == 1 else "test"}
        points = sum(cell.points for cell in nothing)
        yield WEAK.format(**said, points=number(points), total=total)


def _names(cells: Sequence[AdoptedCell]) -> str:
    return ", ".join(f"`{cell.id}`" for cell in cells)


def _by_notebook(
    record: AdoptedRecord, cells: Sequence[ShownCell]
) -> Iterator[tuple[str, list[ShownCell]]]:
    for path in record.notebooks:
        name = path.removesuffix(".ipynb")
        pairs = zip(record.cells, cells, strict=True)
        shown = [cell for known, cell in pairs if known.notebook == name]
        if shown:
            yield name, shown


def _kinds(record: AdoptedRecord) -> list[str]:
    tried = {kind for cell in record.cells for kind in cell.tried}
    return [kind for kind in KINDS if kind in tried]
