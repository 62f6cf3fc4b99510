"""Who takes part, by the CSV of a platform or of nbgrader: every name of a student leads to one id.

Opens the one file that an instructor names; knows nothing of submissions.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UserError
from autograder.tables import decoded, plain, separator

from .names import folder_alias

# The first of these columns that a row has something in gives the id. Names as `plain` has them.
ID_COLUMNS = (
    "sisloginid",  # Canvas
    "username",  # Moodle, Blackboard, Brightspace
    "loginid",
    "benutzername",
    "anmeldename",
    "sisuserid",
    "orgdefinedid",
    "idnumber",
    "idnummer",
    "studentid",
    "sid",  # Gradescope
    "matrikelnummer",
    "id",  # nbgrader, or Canvas's own number
    "identifier",  # GitHub Classroom; Moodle's are of the form "Participant 1234567"
    "emailaddress",
    "email",
    "emailadresse",
    "githubusername",
)
# Further columns that a student may be known by.
_NUMBERS = ("lmsuserid", "canvasid", "userid", "githubid", "participant", "identifier")
_FULL_NAMES = ("student", "fullname", "name", "studentname", "vollständigername", "displayname")
_FIRST = ("firstname", "vorname", "givenname")
_LAST = ("lastname", "surname", "nachname", "familyname")
_NO_STUDENT = re.compile(
    r"\s*(points possible|student,? test|test student|manual posting)\b.*", re.I
)
_BLIND = re.compile(r"[^\W\d]+(?:/in|_in)?\s+(\d+)")  # "Participant 1234567"

NOT_READ = "The roster {path} cannot be read: {reason}."
NO_ID = (
    "The roster {path} has no column with an id. Its columns are: {columns}. Give the CSV of"
    " Canvas's gradebook, of Moodle's participants or grading worksheet, or one with the columns"
    " of nbgrader: id, first_name, last_name, email."
)
EMPTY = "The roster {path} has no students."
AMBIGUOUS = "`{name}` may be {ids} on the roster; the name of the file was kept as the id."


class RosterError(UserError, ValueError):
    """A roster cannot be used; the message says what to give."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """Whom a name belongs to: `id` is empty where that is nobody, or not certain."""

    id: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The ids in order, and for each text that a student may be known by, whose it is.

    ``known`` has what belongs to one person by itself (ids, emails, numbers), ``names`` what
    several may share. ``heads`` are the columns as they are called in the file, and ``cells`` has
    for each id what stands in them, by the column's name as `plain` has it.
    """

    ids: tuple[str, ...]
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    heads: tuple[str, ...] = ()
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def find(self, keys: Iterable[str]) -> Match:
        """The student who is known by one of the keys, the first of which is known best."""
        listed = [key for key in keys if key]
        for table, spelled in ((self.known, _key), (self.names, _name_key)):
            for key in listed:
                found = table.get(spelled(key), frozenset())
                if len(found) == 1:
                    return Match(id=next(iter(found)))
                if found:
                    ids = " or ".join(f"`{one}`" for one in sorted(found))
                    return Match(warnings=(AMBIGUOUS.format(name=key, ids=ids),))
        return Match()

    def missing(self, met: Iterable[str]) -> tuple[str, ...]:
        """The ids of which nothing was handed in, in the roster's order."""
        there = set(met)
        return tuple(one for one in self.ids if one not in there)


def read_roster(path: Path) -> Roster:
    """A roster from a CSV file with the columns of Canvas, Moodle, nbgrader or a like platform.

    Raises
    ------
    RosterError : it cannot be read, has no column with ids, or no students.
    """
    try:
        text = decoded(path.read_bytes()).text
    except OSError as error:
        raise RosterError(NOT_READ.format(path=path, reason=error.strerror or error)) from error
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator(text)))
    except csv.Error as error:
        raise RosterError(NOT_READ.format(path=path, reason=error)) from error
    head = next((row for row in rows if any(cell.strip() for cell in row)), [])
    columns = [plain(cell) for cell in head]
    if not set(ID_COLUMNS) & set(columns):
        shown = ", ".join(cell.strip() for cell in head[:12]) or "none"
        raise RosterError(NO_ID.format(path=path, columns=shown))
    students = [
        _Row(dict(zip(columns, map(str.strip, row), strict=False)))
        for row in rows[rows.index(head) + 1 :]
    ]
    heads = tuple(cell.strip() for cell in head)
    return _roster([row for row in students if row.is_student], heads, path)


def _roster(rows: list[_Row], heads: tuple[str, ...], path: Path) -> Roster:
    if not rows:
        raise RosterError(EMPTY.format(path=path))
    known: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for text in row.known():
            known[_key(text)].add(row.id)
        for text in row.names():
            names[_name_key(text)].add(row.id)
    return Roster(
        ids=tuple(dict.fromkeys(row.id for row in rows)),
        known={key: frozenset(ids) for key, ids in known.items()},
        names={key: frozenset(ids) for key, ids in names.items()},
        heads=heads,
        cells={row.id: row.cells for row in reversed(rows)},  # the first of several rows
    )


@dataclass(frozen=True)
class _Row:
    """One line, by column."""

    cells: Mapping[str, str]

    @property
    def id(self) -> str:
        """What the student is called in reports."""
        given = [self.cells.get(column, "") for column in ID_COLUMNS]
        plain = [text for text in given if text and not _BLIND.fullmatch(text)]
        return next(iter([*plain, *filter(None, given)]), "")

    @property
    def is_student(self) -> bool:
        """Whether it is a line of a student, and not of the points or the test student."""
        names = (self.cells.get(column, "") for column in _FULL_NAMES)
        return bool(self.id) and not any(map(_NO_STUDENT.fullmatch, names))

    def known(self) -> Iterable[str]:
        """Everything that is this student's alone."""
        for column in (*ID_COLUMNS, *_NUMBERS):
            text = self.cells.get(column, "")
            if not text:
                continue
            yield text
            if match := _BLIND.fullmatch(text):
                yield match[1]
        yield folder_alias(self.id)  # what nbgrader knows 2024/0123 as

    def names(self) -> Iterable[str]:
        """The student's name, as platforms write it."""
        first = self._of(_FIRST)
        last = self._of(_LAST)
        if first and last:
            yield f"{first} {last}"
            yield f"{last} {first}"
        for column in _FULL_NAMES:
            full = self.cells.get(column, "")
            before, comma, behind = full.partition(",")
            if comma:  # Canvas: "Doe, Jane"
                yield f"{behind} {before}"
            if full:
                yield full
        yield from (text.partition("@")[0] for text in self.known() if "@" in text)

    def _of(self, columns: Iterable[str]) -> str:
        return next((self.cells[one] for one in columns if self.cells.get(one)), "")


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()


def _name_key(text: str) -> str:
    """A name as Canvas writes it into files: ``Doe, Jane`` is ``doejane``."""
    return re.sub(r"[\W_]", "", _key(text))
