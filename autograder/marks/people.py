"""Everyone who may have a mark: those with a result, those on the roster, those in groups."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.submission import Roster

TOGETHER = " + "  # parts the ids of those who hand in together


@dataclass(frozen=True, kw_only=True)
class People:
    """Whose marks there are.

    Attributes
    ----------
    all : the ids, in the roster's order, then those who are on no roster.
    result_of : student -> the id that their result has; who has handed in nothing is not in it.
    unlisted : those with a result who are not on the roster; empty without a roster.
    clashes : student -> the ids of several results that all lead there.
    """

    all: tuple[str, ...]
    result_of: Mapping[str, str]
    unlisted: tuple[str, ...] = ()
    clashes: Mapping[str, tuple[str, ...]]
    roster: Roster | None = None

    def named(self, text: str) -> tuple[str, ...]:
        """Those that a text means: one student, or everyone of a group."""
        whole = self._one(text)
        if whole:
            return (whole,)
        members = [self._one(part) for part in text.split(TOGETHER)]
        return tuple(members) if len(members) > 1 and all(members) else ()

    def _one(self, text: str) -> str:
        if text in self.all:
            return text
        alike = [one for one in self.all if _key(one) == _key(text)]
        if len(alike) == 1:
            return alike[0]
        return self.roster.find([text]).id if self.roster and not alike else ""


def people_of(results: Iterable[str], roster: Roster | None) -> People:
    """Everyone with a result or on the roster.

    Parameters
    ----------
    results : the ids that results have; each of a group, ``a + b``, has that result.
    """
    listed = frozenset(roster.ids) if roster else frozenset()
    leads: dict[str, list[str]] = {one: [] for one in (roster.ids if roster else ())}
    unlisted = []
    for result in results:
        for one in _members(result, listed):
            student = _on(roster, one) or one
            if student not in leads:
                leads[student] = []
                unlisted += [student] if roster else []
            leads[student].append(result)
    # A result under the student's own id counts before those that lead to it by another name.
    first = {
        student: student if student in found else found[0] for student, found in leads.items()
        if found
    }  # fmt: skip
    return People(
        all=tuple(leads),
        result_of=first,
        unlisted=tuple(unlisted),
        clashes={student: tuple(found) for student, found in leads.items() if len(found) > 1},
        roster=roster,
    )


def _members(result: str, listed: frozenset[str]) -> list[str]:
    return [result] if result in listed else result.split(TOGETHER)


def _on(roster: Roster | None, name: str) -> str:
    return roster.find([name]).id if roster else ""


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()
