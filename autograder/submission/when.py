"""When something was handed in, as a fact that stays with a result. Reads no clock and no file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

HANDED_IN = "handed in {when}"
IS_LATE = "marks it as LATE"  # of a platform that does not say when
_FACT = re.compile(r"handed in (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[+-]\d\d:\d\d)?)")


def fact_of(when: datetime) -> str:
    """The fact, with the time zone where it is known.

    >>> fact_of(datetime(2026, 3, 14, 23, 59))
    'handed in 2026-03-14 23:59:00'
    """
    return HANDED_IN.format(when=when.replace(microsecond=0).isoformat(" "))


def time_in(facts: Iterable[str]) -> datetime | None:
    """The time that one of the facts says.

    >>> time_in(["Canvas's number: 5", "handed in 2026-03-14 23:59:00+00:00"]).day
    14
    """
    found = (match for match in map(_FACT.fullmatch, facts) if match)
    return next((datetime.fromisoformat(match[1]) for match in found), None)


def is_marked_late(facts: Iterable[str]) -> bool:
    """Whether a platform says that it is late, and not when it was handed in."""
    return any(fact.endswith(IS_LATE) for fact in facts)
