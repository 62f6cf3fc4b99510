"""The unit of hidden testing: a function that asks a student's code and raises what it finds."""

from __future__ import annotations

import hashlib
import importlib
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Self

import numpy as np

from autograder.adopted import AdoptedCell
from autograder.errors import UserError, exit_error
from autograder.exhibit import Reached

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.sandbox.remote import Student

CheckFunction = Callable[["Student", np.random.Generator], Reached | None]
Budget = Callable[["Assignment"], float]

DEFAULT_SECONDS = 10.0


TEST_CELL = "The test cell {id}."
NONE_IN = "{slug} has no hidden tests: no function in {place} is marked with `@check`."
NO_CHECKS = "{slug} has no hidden tests: there is neither {place}.py nor {place}/__init__.py."


class NoChecksError(UserError, ModuleNotFoundError):
    """The course's folder of checks has no module of that assignment."""


class Finding(Exception):  # noqa: N818 - an outcome, not an error
    """What a check found against the student's answer: what happened, apart from where to look.

    Parameters
    ----------
    rationale : what happened, as a sentence that a student reads.
    help : where to look; it does not contain the answer.
    credit : the share of the points that is earned all the same, in [0, 1).
    named : whether it says which mistake was made, so that nobody has to look for it.

    Examples
    --------
    >>> raise Finding("The loss does not fall.", "Is the step taken downhill?", credit=0.5)
    Traceback (most recent call last):
    autograder.judging.check.Finding: The loss does not fall.
    """

    def __init__(
        self, rationale: str, help: str = "", *, credit: float = 0.0, named: bool = False
    ) -> None:
        super().__init__(rationale)
        self.rationale = rationale
        self.help = help
        self.credit = credit
        self.named = named
        self.shown: tuple[object, ...] = ()

    def showing(self, *shown: object) -> Self:
        """The same finding with what a page may draw of it; see `judging.shown`."""
        self.shown = (*self.shown, *shown)
        return self


class InputChanged(Finding):
    """The values are right, and the function changes what it was given.

    Checks that need this one still run with the student's own parts.
    """


class NotAttempted(Exception):  # noqa: N818 - an outcome, not an error
    """The student left this part as it was handed out: no points, and no blame.

    The words of `arrays`, `answers` and `written` raise it for the placeholder ``...``.
    """


class PersonNeeded(Exception):  # noqa: N818 - an outcome, not an error
    """Right and wrong cannot be told apart here, so the score stays open until a person has.

    The check gets the status ``for a person``; the message says what the person should look at.
    """


@contextmanager
def on(kind: str) -> Iterator[None]:
    """Say which kind of input a finding is about.

    Raises
    ------
    Finding : the one that was raised inside, with the kind in front.

    Examples
    --------
    >>> with on("a batch of one row"):
    ...     raise Finding("`out` has the wrong shape.")
    Traceback (most recent call last):
    autograder.judging.check.Finding: On a batch of one row: `out` has the wrong shape.
    """
    try:
        yield
    except Finding as found:
        said = f"On {kind}: {found.rationale}"
        again = type(found)(said, found.help, credit=found.credit, named=found.named)
        raise again.showing(*found.shown) from found


@dataclass(frozen=True, kw_only=True)
class Check:
    """One hidden test: `run(student, rng)` returns when all is well, and raises otherwise.

    What it returns is the accuracy that it has measured, or nothing.

    `summary` is the first line of the function's docstring, the line that a student reads.
    `needs` are ids of checks without which this one would only repeat their failure.
    `seconds` is its wall-clock budget, `budget` what computes it, and `trains` whether it was
    computed from the assignment's settings, as for a check that trains on the data set. `bonus`
    makes it extra credit: its points count in a score and not in the `max_score` of the whole.
    """

    id: str
    points: float
    needs: tuple[str, ...]
    seconds: float
    summary: str
    run: CheckFunction
    bonus: bool = False
    budget: Budget | None = None
    trains: bool = False

    @property
    def counted(self) -> float:
        """The points in a submission's `max_score`: none for extra credit."""
        return 0.0 if self.bonus else self.points

    @property
    def exact(self) -> bool:
        """Whether it is quick, and so decides by comparing; one with more time trains."""
        return self.seconds <= DEFAULT_SECONDS


def check(
    id: str,
    *,
    points: float,
    needs: str | tuple[str, ...] = (),
    seconds: float | Budget = DEFAULT_SECONDS,
    bonus: bool = False,
) -> Callable[[CheckFunction], Check]:
    """Turn a function into a `Check`; its docstring's first line is what the student reads.

    Parameters
    ----------
    id : the name of the check, which its cell in the lesson and its gap have as well.
    points : what it is worth.
    needs : ids of earlier checks without which this one would only repeat their failure.
    seconds : its budget of wall-clock time, or a function of the assignment that gives it, where
        it depends on its settings.
    bonus : whether it is extra credit, on top of the points of the assignment.

    Returns
    -------
    A decorator of ``function(student, rng)``, which returns when all is well and raises otherwise.

    Raises
    ------
    ValueError : the function has no docstring.

    Examples
    --------
    >>> @check("relu_forward", points=2)
    ... def relu_forward(student, rng):
    ...     '''relu_forward replaces negative numbers by 0.'''
    >>> relu_forward.points, relu_forward.summary
    (2, 'relu_forward replaces negative numbers by 0.')
    """

    def decorate(function: CheckFunction) -> Check:
        if not function.__doc__:
            raise ValueError(f"check {id!r} needs a docstring: it is the line a student reads")
        if not points >= 0:
            raise ValueError(f"check {id!r} is worth {points:g} points; give 0 or more")
        return Check(
            id=id,
            points=points,
            needs=(needs,) if isinstance(needs, str) else tuple(needs),
            seconds=DEFAULT_SECONDS if callable(seconds) else seconds,
            budget=seconds if callable(seconds) else None,
            summary=function.__doc__.strip().splitlines()[0],
            run=function,
            bonus=bonus,
        )

    return decorate


def load_checks(assignment: Assignment) -> Mapping[str, Check]:
    """The checks of an assignment by id, in the order in which they are written.

    They are a module or package `<slug>` in the course's folder of checks, imported by its path.
    A package names its modules in that order in `PARTS`.

    Raises
    ------
    NoChecksError : there is no such module.
    ValueError : for a duplicate id and for a need that is not an earlier check.
    """
    if assignment.adopted is not None:
        return {cell.id: _adopted(cell) for cell in assignment.adopted.cells}
    checks: dict[str, Check] = {}
    for part in check_modules(assignment):
        for value in vars(part).values():
            if isinstance(value, Check):
                _add(_with_budget(value, assignment), checks, assignment.slug)
    if not checks:
        place = assignment.course.shown(assignment.checks_folder)
        raise NoChecksError(NONE_IN.format(slug=assignment.slug, place=place))
    return checks


def _adopted(cell: AdoptedCell) -> Check:
    """A test cell as a check; it runs with the others of its notebook, and never by itself."""
    return Check(
        id=cell.id,
        points=cell.points,
        needs=(),
        seconds=DEFAULT_SECONDS,
        summary=cell.summary or TEST_CELL.format(id=cell.id),
        run=_with_its_notebook,
    )


def _with_its_notebook(*_: object) -> None:
    raise NotImplementedError("a test cell of an adopted notebook runs with its notebook")


def check_modules(assignment: Assignment) -> tuple[ModuleType, ...]:
    """The modules of an assignment's checks, imported. Raises `NoChecksError`, `ExitError`."""
    name = f"{checks_package(assignment.course.checks)}.{assignment.slug}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        place = assignment.course.shown(assignment.checks_folder)
        raise NoChecksError(NO_CHECKS.format(slug=assignment.slug, place=place)) from error
    except SystemExit as error:
        raise exit_error(error) from None
    return tuple(getattr(module, "PARTS", (module,)))


def place_in(folder: Path, error: BaseException) -> tuple[Path, int] | None:
    """The innermost file and line in a folder that an error went through, or that it is about."""
    places = [(f.filename, f.lineno or 1) for f in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno or 1))
    inside = [(Path(file), line) for file, line in places if Path(file).is_relative_to(folder)]
    return inside[-1] if inside else None


def checks_package(folder: Path) -> str:
    """The name under which a folder of checks is imported, as a package of its own.

    Two courses in one process have two names, whatever their folders are called.
    """
    place = str(folder.resolve())
    name = f"checks_{hashlib.blake2b(place.encode(), digest_size=6).hexdigest()}"
    if name not in sys.modules:
        package = ModuleType(name, "The hidden tests of a course.")
        package.__path__ = [place]
        sys.modules[name] = package
    return name


def _with_budget(check: Check, assignment: Assignment) -> Check:
    if check.budget is None:
        return check
    return replace(check, seconds=float(check.budget(assignment)), budget=None, trains=True)


def _add(check: Check, checks: dict[str, Check], slug: str) -> None:
    if check.id in checks:
        raise ValueError(f"{slug}: two checks are called {check.id!r}")
    unknown = [need for need in check.needs if need not in checks]
    if unknown:
        raise ValueError(f"{slug}: {check.id!r} needs {unknown[0]!r}, no earlier check")
    checks[check.id] = check
