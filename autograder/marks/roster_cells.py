"""What a row of a roster says about a person, whichever platform's columns it has."""

from __future__ import annotations

from collections.abc import Mapping

from .mark import Mark

Cells = Mapping[str, str]


def names_of(cells: Cells) -> tuple[str, str]:
    """First and last name. Of a name in one column the last word is the last name."""
    first = cells.get("firstname") or cells.get("vorname", "")
    last = cells.get("lastname") or cells.get("surname") or cells.get("nachname", "")
    if first or last:
        return first, last
    full = next((cells[key] for key in ("student", "fullname", "name") if cells.get(key)), "")
    before, comma, behind = full.partition(",")
    if comma:
        return behind.strip(), before.strip()
    given, _, family = full.rpartition(" ")
    return given, family


def email_of(cells: Cells, mark: Mark) -> str:
    """The email address, which may be the student's id."""
    keys = ("email", "emailaddress", "emailadresse")
    found = next((cells[key] for key in keys if cells.get(key)), "")
    return found or (mark.student if "@" in mark.student else "")


def unless_email(student: str) -> str:
    """The id, where it is not an email address."""
    return "" if "@" in student else student
