"""How the points of a question are shared among its test cells, by otter's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

COUNT = "gives {count} numbers of points for {tests} test cells; give one for each"
TOO_MANY = "is worth {total:g} points, and its test cells say {said:g}; lower those or raise that"
NO_POINTS = "has the points {value!r}; give a number, a list of numbers or `each: 1`"

DIGITS = 6


class PointsError(ValueError):
    """The points of a question cannot be shared; the message is the end of a sentence about it."""


def shared(asked: Any, said: Sequence[float | None]) -> tuple[float, ...]:
    """The points of each test cell.

    Parameters
    ----------
    asked : `points` of the question: a number, one for each test, `{"each": x}`, or None.
    said : what each test cell says itself.

    Raises
    ------
    PointsError : they do not fit.
    """
    if isinstance(asked, Mapping):
        asked = _number(asked.get("each", 1)) * len(said)
    if isinstance(asked, list):
        if len(asked) != len(said):
            raise PointsError(COUNT.format(count=len(asked), tests=len(said)))
        said, asked = [None if one is None else _number(one) for one in asked], None
    total = None if asked is None else _number(asked)
    known = sum(one for one in said if one is not None)
    open_ones = sum(one is None for one in said)
    if total is not None and known > total + 1e-9:
        raise PointsError(TOO_MANY.format(total=total, said=known))
    if total is None:
        total = known if known or not open_ones else 1.0
    rest = _parts(total - known, open_ones)
    return tuple(next(rest) if one is None else one for one in said)


def _parts(total: float, count: int) -> Iterator[float]:
    """Equal parts of six digits, the last of which makes up for the others."""
    part = round(total / count, DIGITS) if count else 0.0
    for _ in range(count - 1):
        yield part
    yield round(total - part * (count - 1), DIGITS)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise PointsError(NO_POINTS.format(value=value))
    return float(value)
