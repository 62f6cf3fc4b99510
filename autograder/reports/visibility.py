"""What students see on Gradescope, and when: ``[gradescope]`` in ``course.toml``."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from autograder.course import SETTINGS, Course
from autograder.course_settings import CourseError
from autograder.results import CheckResult

# From what students see first to what they never see. Words of Gradescope's format.
MOMENTS = ("visible", "after_due_date", "after_published", "hidden")
VISIBLE = MOMENTS[0]

KEYS = ("visibility", "checks", "leaderboard")

UNKNOWN_KEY = "{path}: unknown key {key!r} in [gradescope]; there are: {known}."
BAD_LEADERBOARD = (
    "{path}: [gradescope] leaderboard is {value!r}; give true to show accuracies on Gradescope's"
    " leaderboard, or false."
)
BAD_MOMENT = "{path}: [gradescope] {key} is {value!r}; give one of: {known}."
NO_TABLE = "{path}: [gradescope.checks] should have a table for each assignment, such as"
NO_TABLE += " [gradescope.checks.{slug}]."
NO_SLUG = "{path}: [gradescope.checks] names {slug!r}, and no assignment is called that. {hint}"
NO_CHECK = "{path}: [gradescope.checks.{slug}] names {check!r}, and no check is called that. {hint}"


class Visibility(msgspec.Struct, frozen=True, kw_only=True):
    """The moment from which students see a check: that of all, and those of single ones."""

    all: str = VISIBLE
    checks: dict[str, str] = {}

    def of(self, result: CheckResult) -> str:
        """When one result is seen: not before every other check that its text names.

        Otherwise "It needs `loss`, which did not pass" would tell of a check that is not shown.
        """
        text = f"{result.rationale} {result.help}"
        named = [when for id, when in self.checks.items() if f"`{id}`" in text]
        named += [self._when(id) for id in result.followed]
        return max([self._when(result.id), *named], key=MOMENTS.index)

    def shown(self, results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
        """Those that students see at once."""
        return tuple(result for result in results if self.of(result) == VISIBLE)

    def _when(self, id: str) -> str:
        return self.checks.get(id, self.all)


SEEN_AT_ONCE = Visibility()


def read_visibility(course: Course, slug: str, ids: Iterable[str]) -> Visibility:
    """What a course says for one assignment; without ``[gradescope]`` all is seen at once.

    Parameters
    ----------
    ids : of the assignment's checks.

    Raises
    ------
    CourseError : with the key that is wrong, and what to give.
    """
    table, path = course.gradescope, str(course.root / SETTINGS)
    for key in table:
        if key not in KEYS:
            raise CourseError(UNKNOWN_KEY.format(path=path, key=key, known=", ".join(KEYS)))
    every = _moment(table.get("visibility", VISIBLE), "visibility", path)
    checks = table.get("checks", {})
    if not isinstance(checks, dict) or not all(isinstance(one, dict) for one in checks.values()):
        raise CourseError(NO_TABLE.format(path=path, slug=slug))
    for named in checks:
        if named not in course.slugs:
            said = {"slug": named, "hint": _hint(named, course.slugs)}
            raise CourseError(NO_SLUG.format(path=path, **said))
    return Visibility(all=every, checks=_checks(checks.get(slug, {}), slug, list(ids), path))


def read_leaderboard(course: Course) -> bool:
    """Whether a course asks for a leaderboard. Raises `CourseError` for what is no yes or no."""
    value = course.gradescope.get("leaderboard", False)
    if not isinstance(value, bool):
        path = str(course.root / SETTINGS)
        raise CourseError(BAD_LEADERBOARD.format(path=path, value=value))
    return value


def _checks(table: Mapping[str, Any], slug: str, ids: list[str], path: str) -> dict[str, str]:
    for check in table:
        if check not in ids:
            said = {"slug": slug, "check": check, "hint": _hint(check, ids)}
            raise CourseError(NO_CHECK.format(path=path, **said))
    return {check: _moment(value, f"checks.{slug}.{check}", path) for check, value in table.items()}


def _moment(value: object, key: str, path: str) -> str:
    if not isinstance(value, str) or value not in MOMENTS:
        known = ", ".join(MOMENTS)
        raise CourseError(BAD_MOMENT.format(path=path, key=key, value=value, known=known))
    return value


def _hint(name: str, known: Iterable[str]) -> str:
    listed = list(known)
    near = difflib.get_close_matches(name, listed, n=1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(listed) or 'none'}."
