"""How late, and what that costs: due dates and the policy of ``[late]`` in ``course.toml``.

Knows times and days; the marks that it takes from are told to it.
"""

from __future__ import annotations

import math
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from autograder.course import SETTINGS, Course
from autograder.course_settings import CourseError

KEYS = ("timezone", "free_days", "free_days_each", "percent_per_day", "cut_off_days",
        "grace_minutes", "due")  # fmt: skip
DAY = 86_400.0

UNKNOWN_KEY = "{path}: unknown key {key!r} in [late]; there are: {known}."
NOT_NUMBER = "{path}: [late] {key} is {value!r}; give {wanted}."
NO_ZONE = (
    "{path}: [late] timezone is {value!r}, and this machine knows no such zone; give one such as"
    ' "Europe/Berlin" or "America/Los_Angeles".'
)
NO_TABLE = "{path}: [late] due should be a table: the assignment and its due date."
NO_SLUG = "{path}: [late.due] names {slug!r}, and no assignment is called that. There are: {known}."
NOT_DATE = (
    "{path}: [late.due] {slug} is {value!r}; give a date and time without quotes, such as"
    " 2026-03-14T23:59:00."
)
NEEDS_ZONE = (
    "The time {one} has a time zone and {other} has none. Say in {path} which zone is meant:"
    ' [late] timezone = "Europe/Berlin".'
)


@dataclass(frozen=True, kw_only=True)
class LatePolicy:
    """What being late costs.

    Attributes
    ----------
    zone : of times that name none; None where all of them name one, or none does.
    free_days : late days that cost nothing, for each student over all assignments.
    free_days_each : at most so many of these on one assignment; None for no such bound.
    percent_per_day : of the points earned, taken off for each further day that has begun.
    cut_off_days : what comes later than that counts nothing; None where anything counts.
    grace_minutes : after the due date, that count as in time.
    due : assignment -> due date.
    """

    path: str = SETTINGS
    zone: zoneinfo.ZoneInfo | None = None
    free_days: int = 0
    free_days_each: int | None = None
    percent_per_day: float = 0.0
    cut_off_days: int | None = None
    grace_minutes: float = 0.0
    due: Mapping[str, datetime] = field(default_factory=dict)

    def days_late(self, submitted: datetime, due: datetime) -> int:
        """How many days have begun since the due date and the grace that follows it.

        Raises
        ------
        CourseError : one of the times has a zone, and nobody knows that of the other.
        """
        handed_in, until = self._in_zone(submitted), self._in_zone(due)
        if (handed_in.tzinfo is None) != (until.tzinfo is None):
            one, other = (submitted, due) if due.tzinfo is None else (due, submitted)
            raise CourseError(NEEDS_ZONE.format(one=one, other=other, path=self.path))
        seconds = (handed_in - until).total_seconds() - 60 * self.grace_minutes
        return max(0, math.ceil(seconds / DAY)) if seconds > 0 else 0

    def free_for(self, days: int, *, left: int) -> int:
        """How many of the late days of one assignment are free, where `left` are left."""
        if self.is_cut_off(days):
            return 0
        bound = days if self.free_days_each is None else self.free_days_each
        return min(days, left, bound)

    def is_cut_off(self, days: int) -> bool:
        """Whether a submission that late counts nothing."""
        return self.cut_off_days is not None and days > self.cut_off_days

    def _in_zone(self, when: datetime) -> datetime:
        return when.replace(tzinfo=self.zone) if when.tzinfo is None and self.zone else when


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """How late one submission is.

    Attributes
    ----------
    days : that have begun since the due date; None where a platform says late, and nobody when.
    free : how many of them cost nothing.
    cost : the share of the points earned, in [0, 1], that is taken off.
    """

    days: int | None = 0
    free: int = 0
    cost: float = 0.0


IN_TIME = Lateness()


def lateness(policy: LatePolicy, days: int | None, *, left: int) -> Lateness:
    """What so many late days cost a student who has `left` free ones left.

    >>> lateness(LatePolicy(percent_per_day=10), 3, left=1)
    Lateness(days=3, free=1, cost=0.2)
    """
    if not days:
        return Lateness(days=days)
    if policy.is_cut_off(days):
        return Lateness(days=days, cost=1.0)
    free = policy.free_for(days, left=left)
    cost = min(1.0, (days - free) * policy.percent_per_day / 100)
    return Lateness(days=days, free=free, cost=cost)


def late_policy(course: Course) -> LatePolicy:
    """The policy of a course; without ``[late]`` nothing is late.

    Raises
    ------
    CourseError : with the key that is wrong, and what to give.
    """
    table, path = course.late, str(course.root / SETTINGS)
    for key in table:
        if key not in KEYS:
            raise CourseError(UNKNOWN_KEY.format(path=path, key=key, known=", ".join(KEYS)))
    days = "a whole number of days, 0 or more"
    return LatePolicy(
        path=path,
        zone=_zone(table.get("timezone"), path),
        free_days=_whole(table, "free_days", path, days) or 0,
        free_days_each=_whole(table, "free_days_each", path, days),
        percent_per_day=_number(table, "percent_per_day", path, "a percentage from 0 to 100", 100),
        cut_off_days=_whole(table, "cut_off_days", path, days),
        grace_minutes=_number(table, "grace_minutes", path, "a number of minutes", 1e5),
        due=_due(table.get("due", {}), course, path),
    )


def _zone(name: object, path: str) -> zoneinfo.ZoneInfo | None:
    if name is None:
        return None
    try:
        return zoneinfo.ZoneInfo(str(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CourseError(NO_ZONE.format(path=path, value=name)) from error


def _whole(table: Mapping[str, Any], key: str, path: str, wanted: str) -> int | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise CourseError(NOT_NUMBER.format(path=path, key=key, value=value, wanted=wanted))
    return value


def _number(table: Mapping[str, Any], key: str, path: str, wanted: str, most: float) -> float:
    value = table.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise CourseError(NOT_NUMBER.format(path=path, key=key, value=value, wanted=wanted))
    return float(value)


def _due(table: object, course: Course, path: str) -> dict[str, datetime]:
    if not isinstance(table, dict):
        raise CourseError(NO_TABLE.format(path=path))
    due = {}
    for slug, value in table.items():
        if slug not in course.slugs:
            known = ", ".join(course.slugs) or "none"
            raise CourseError(NO_SLUG.format(path=path, slug=slug, known=known))
        if isinstance(value, datetime):
            due[slug] = value
        elif isinstance(value, date):  # the end of that day
            due[slug] = datetime.combine(value, time(23, 59, 59))
        else:
            raise CourseError(NOT_DATE.format(path=path, slug=slug, value=value))
    return due
