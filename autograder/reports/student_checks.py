"""The checks of one student in the order in which they are read: causes first, what is right last.

A check that failed with nothing failed before it is a cause. What was skipped, and what was marked
with the course's part in the place of one that failed, follows from another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from markupsafe import Markup

from autograder.exhibit import Exhibit, OwnCode
from autograder.results import CheckResult, Report, Status

from .factor_pictures import factors_picture
from .lesson_places import LessonPlace, LessonPlaces
from .mathml import mathml
from .pictures import Drawing, HeatMap, heat_map
from .training_pictures import (
    accuracy_picture,
    confusion_picture,
    curve_picture,
    filters_picture,
)

DOCSTRING = "        (your docstring)"
BREAKS = "The chain breaks here: this side"
BELOW = "The step that is shown below does"
_QUOTED = re.compile(r"The step from “.*?” to “.*?” does", re.DOTALL)
_FAILED = (Status.FAILED, Status.PARTIAL)
_UNDECIDED = (Status.ERROR, Status.PERSON)
_ORDER = (Status.FAILED, Status.PARTIAL, Status.SKIPPED, Status.NOT_ATTEMPTED)
TITLES = (
    ("causes", "Start here", "Each of these is a mistake of its own."),
    ("open", "Still to be written", ""),
    ("follows", "What builds on that", "Mend what each of these names, and it is marked anew."),
    ("undecided", "Not decided yet", ""),
    ("right", "Right", ""),
)


@dataclass(frozen=True, kw_only=True)
class CodeLine:
    """A line of the student's own, and whether it is the one that is meant.

    The number 0 stands for lines that are left out.
    """

    number: int
    text: str
    marked: bool = False


@dataclass(frozen=True, kw_only=True)
class TypesetFormula:
    """A formula typeset, and what it is."""

    words: str
    markup: Markup


@dataclass(frozen=True, kw_only=True)
class ShownCheck:
    """One check with all that is shown beside its finding.

    `rationale` is the finding without the formulas that are typeset below it.
    """

    result: CheckResult
    rationale: str
    place: LessonPlace | None
    code: OwnCode | None
    lines: tuple[CodeLine, ...]
    heat: HeatMap | None
    drawings: tuple[Drawing, ...]
    formulas: tuple[TypesetFormula, ...]
    file: str


@dataclass(frozen=True, kw_only=True)
class CheckSection:
    """Checks that are read together."""

    kind: str
    title: str
    note: str
    checks: tuple[ShownCheck, ...]


def sections(report: Report, places: LessonPlaces, *, try_again: bool) -> list[CheckSection]:
    """All checks, each in one section; sections without any are left out.

    Parameters
    ----------
    try_again : whether the calls that failed are handed out as files.
    """
    kinds = _by_kind(report.checks)
    return [
        CheckSection(
            kind=kind,
            title=title,
            note=note,
            checks=tuple(
                shown_check(result, places.get(result.id), try_again=try_again)
                for result in kinds[kind]
            ),
        )
        for kind, title, note in TITLES
        if kinds[kind]
    ]


def in_order(results: Sequence[CheckResult]) -> list[CheckResult]:
    """The results as they are read: causes first, what is right last."""
    return [result for found in _by_kind(results).values() for result in found]


def _by_kind(results: Sequence[CheckResult]) -> dict[str, list[CheckResult]]:
    kinds: dict[str, list[CheckResult]] = {kind: [] for kind, _, _ in TITLES}
    for result in results:
        kinds[kind_of(result)].append(result)
    kinds["follows"].sort(key=_place_in_order)
    return kinds


def kind_of(result: CheckResult) -> str:
    """The section of a check."""
    if result.status in _UNDECIDED:
        return "undecided"
    if result.status is Status.SKIPPED or result.followed:
        return "follows"
    if result.status in _FAILED:
        return "causes"
    return "open" if result.status is Status.NOT_ATTEMPTED else "right"


def tryouts(report: Report) -> Iterator[tuple[str, str]]:
    """The files that make the failed calls again: name and content."""
    for result in report.checks:
        if result.exhibit is not msgspec.UNSET and result.exhibit.tryout:
            yield tryout_name(result.id), result.exhibit.tryout


def tryout_name(check: str) -> str:
    """The file that makes the call of a check again.

    >>> tryout_name("relu_forward")
    'try_relu_forward.py'
    """
    return f"try_{''.join(c if c.isalnum() or c in '_-' else '_' for c in check)}.py"


def _place_in_order(result: CheckResult) -> int:
    return _ORDER.index(result.status) if result.status in _ORDER else len(_ORDER)


def shown_check(
    result: CheckResult, place: LessonPlace | None = None, *, try_again: bool = False
) -> ShownCheck:
    """One check with its pictures, code and formulas.

    Parameters
    ----------
    place : where it stands in the notebooks.
    try_again : whether the call that failed is handed out as a file.
    """
    exhibit = Exhibit() if result.exhibit is msgspec.UNSET else result.exhibit
    drawings = [] if exhibit.curve is None else [curve_picture(exhibit.curve)]
    drawings += [] if exhibit.accuracies is None else [curve_picture(exhibit.accuracies)]
    drawings += [] if exhibit.factors is None else [factors_picture(exhibit.factors)]
    drawings += [] if exhibit.accuracy is None else [accuracy_picture(exhibit.accuracy)]
    drawings += [] if exhibit.confusion is None else [confusion_picture(exhibit.confusion)]
    drawings += [] if exhibit.filters is None else [filters_picture(exhibit.filters)]
    formulas = tuple(_formulas(exhibit))
    typeset = any(formula.words == BREAKS for formula in formulas)
    return ShownCheck(
        result=result,
        rationale=_QUOTED.sub(BELOW, result.rationale) if typeset else result.rationale,
        place=place,
        code=exhibit.code,
        lines=tuple(_lines(exhibit.code)),
        heat=None if exhibit.arrays is None else heat_map(exhibit.arrays),
        drawings=tuple(drawings),
        formulas=formulas,
        file=tryout_name(result.id) if try_again and exhibit.tryout else "",
    )


def _lines(code: OwnCode | None) -> Iterator[CodeLine]:
    if code is not None:
        for place, text in enumerate(code.text.split("\n")):
            if code.gap and place == code.before_gap:
                yield CodeLine(number=0, text=DOCSTRING)
            after = code.gap if place >= code.before_gap else 0
            number = code.start + place + after
            yield CodeLine(number=number, text=text, marked=number == code.marked)


def _formulas(exhibit: Exhibit) -> Iterator[TypesetFormula]:
    if exhibit.understood is None:
        return
    read = exhibit.understood
    typeset: Sequence[tuple[str, str]] = [("Your answer was read as", read.latex)]
    if read.left and read.right:
        typeset = [
            *typeset,
            (BREAKS, read.left),
            ("is not", read.right),
        ]
    for words, latex in typeset:
        markup = mathml(latex) if latex else Markup("")
        if markup:
            yield TypesetFormula(words=words, markup=markup)
