"""When something was handed in, as a fact that stays with a result. Reads no clock and no file."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from datetime import UTC, datetime

HANDED_IN = "handed in {when}"
IS_LATE = "marks it as LATE"  # of a platform that does not say when
_FACT = re.compile(r"handed in (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[+-]\d\d:\d\d)?)")
_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T-](\d\d)[:-](\d\d)[:-](\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d|[\w/+-]+)?"
)


def read_stamp(text: str) -> datetime | None:
    """A time as platforms write it, with its zone where one is named; None where it is none.

    >>> print(read_stamp("2015-02-02 15:58:23.948203 America/Los_Angeles"))
    2015-02-02 15:58:23-08:00
    >>> print(read_stamp("2024-02-01-10-00-00"), read_stamp("yesterday"))
    2024-02-01 10:00:00 None
    """
    match = _STAMP.fullmatch(text.strip())
    if not match:
        return None
    day, hour, minute, second, zone = match.groups()
    try:
        found = datetime.fromisoformat(f"{day} {hour}:{minute}:{second}")
        if zone is None:
            return found
        if zone in ("Z", "UTC"):
            return found.replace(tzinfo=UTC)
        if zone[0] in "+-":
            return datetime.fromisoformat(f"{found.isoformat()}{zone}")
        return found.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return None


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


def without_time(facts: Iterable[str]) -> tuple[str, ...]:
    """The facts but for a time, where a student may have written it."""
    return tuple(fact for fact in facts if not _FACT.fullmatch(fact))


def is_marked_late(facts: Iterable[str]) -> bool:
    """Whether a platform says that it is late, and not when it was handed in."""
    return any(fact.endswith(IS_LATE) for fact in facts)
