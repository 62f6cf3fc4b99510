"""The unit of hidden testing: a function that asks a student's code and raises what it finds."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from autograder.sandbox.remote import Student

CheckFunction = Callable[["Student", np.random.Generator], None]

DEFAULT_SECONDS = 10.0


class Finding(Exception):  # noqa: N818 - an outcome, not an error
    """What a check found against the student's answer: what happened, apart from where to look.

    Parameters
    ----------
    rationale : what happened, as a sentence that a student reads.
    help : where to look; it does not contain the answer.
    credit : the share of the points that is earned all the same, in [0, 1).

    Examples
    --------
    >>> raise Finding("The loss does not fall.", "Is the step taken downhill?", credit=0.5)
    Traceback (most recent call last):
    autograder.judging.check.Finding: The loss does not fall.
    """

    def __init__(self, rationale: str, help: str = "", *, credit: float = 0.0) -> None:
        super().__init__(rationale)
        self.rationale = rationale
        self.help = help
        self.credit = credit


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
        raise Finding(f"On {kind}: {found.rationale}", found.help, credit=found.credit) from found


@dataclass(frozen=True, kw_only=True)
class Check:
    """One hidden test: `run(student, rng)` returns when all is well, and raises otherwise.

    `summary` is the first line of the function's docstring, the line that a student reads.
    `needs` are ids of checks without which this one would only repeat their failure.
    `seconds` is its wall-clock budget. `bonus` makes it extra credit: its points count in a score
    and not in the `max_score` of the whole.
    """

    id: str
    points: float
    needs: tuple[str, ...]
    seconds: float
    summary: str
    run: CheckFunction
    bonus: bool = False

    @property
    def counted(self) -> float:
        """The points in a submission's `max_score`: none for extra credit."""
        return 0.0 if self.bonus else self.points


def check(
    id: str,
    *,
    points: float,
    needs: str | tuple[str, ...] = (),
    seconds: float = DEFAULT_SECONDS,
    bonus: bool = False,
) -> Callable[[CheckFunction], Check]:
    """Turn a function into a `Check`; its docstring's first line is what the student reads.

    Parameters
    ----------
    id : the name of the check, which its cell in the lesson and its gap have as well.
    points : what it is worth.
    needs : ids of earlier checks without which this one would only repeat their failure.
    seconds : its budget of wall-clock time.
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
        return Check(
            id=id,
            points=points,
            needs=(needs,) if isinstance(needs, str) else tuple(needs),
            seconds=seconds,
            summary=function.__doc__.strip().splitlines()[0],
            run=function,
            bonus=bonus,
        )

    return decorate


def load_checks(module_name: str) -> Mapping[str, Check]:
    """The checks of a module by id, in the order in which they are written.

    A package names its modules in that order in `PARTS`.

    Raises
    ------
    ValueError : for a duplicate id and for a need that is not an earlier check.
    """
    checks: dict[str, Check] = {}
    module = importlib.import_module(module_name)
    for value in (v for part in getattr(module, "PARTS", (module,)) for v in vars(part).values()):
        if not isinstance(value, Check):
            continue
        if value.id in checks:
            raise ValueError(f"{module_name}: two checks are called {value.id!r}")
        unknown = [need for need in value.needs if need not in checks]
        if unknown:
            raise ValueError(f"{module_name}: {value.id!r} needs {unknown[0]!r}, no earlier check")
        checks[value.id] = value
    return checks
