"""What helps to name a mistake: values that known mistakes give, factors, and where to look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .closeness import Array

# What students put under a logarithm: powers of ten, and the smallest steps of two float types.
FLOORS = (*(10.0**-power for power in range(4, 21)), 1.1920929e-7, 2.220446e-16, 1e-50, 1e-100)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A wrong value that students are known to arrive at, and what to tell them.

    Parameters
    ----------
    value : the wrong value, or a function that computes it once the answer is known to be wrong.
    rationale : what happened; the name of the answer is put in front.
    help : where to look; the help of the `Hints` when left out.

    Examples
    --------
    >>> from autograder.judging.arrays import expect_number
    >>> forgotten = Mistake(value=6.0, rationale="the mean was not taken.")
    >>> expect_number("loss", 6.0, 2.0, hints=Hints(mistakes=[forgotten]))
    Traceback (most recent call last):
    autograder.judging.check.Finding: `loss`: the mean was not taken.
    """

    value: Array | float | Callable[[], Array | float]
    rationale: str
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What helps to name a mistake: known wrong values, telling factors, and where to look.

    Parameters
    ----------
    mistakes : known wrong values, each with its own words; the nearest that fits is named.
    factors : a number with what it stands for, such as ``{4: "the number of rows"}``.
    help : where to look, whatever the mistake is: a rule or a question, and never a finding.
    not_finite : what to ask where values are NaN or infinite.

    Examples
    --------
    >>> from autograder.judging.arrays import expect_close
    >>> rows = Hints(factors={4: "the number of rows"})
    >>> expect_close("db", np.array([4.0, 8.0]), np.array([1.0, 2.0]), hints=rows)
    Traceback (most recent call last):
    autograder.judging.check.Finding: This gives `db` that is 4 times the right value, and 4
    is the number of rows.
    """

    mistakes: Sequence[Mistake] = ()
    factors: Mapping[float, str] = field(default_factory=dict)
    help: str = ""
    not_finite: str = "Is there a log(0), an overflow in exp, or a division 0/0?"


def floored_logarithms(probabilities: Array) -> Iterator[Mistake]:
    """The mean of -ln(p) where a small number is added to p, or stands in its place.

    Parameters
    ----------
    probabilities : those of the right classes, some of them rounded to 0.

    Examples
    --------
    >>> from autograder.judging.arrays import expect_number
    >>> known = Hints(mistakes=tuple(floored_logarithms(np.array([0.0, 1.0]))))
    >>> expect_number("loss", 0.5 * np.log(1e12), 500.0, hints=known)
    Traceback (most recent call last):
    autograder.judging.check.Finding: `loss`: the logarithm has 1e-12 where the probability is
    smaller than that.
    """
    for floor in FLOORS:
        rationale = f"the logarithm has {floor:.3g} where the probability is smaller than that."
        for raised in (probabilities + floor, np.maximum(probabilities, floor)):
            yield Mistake(value=float(-np.log(raised).mean()), rationale=rationale)
